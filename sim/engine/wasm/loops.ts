/**
 * Loops of a kernel.
 *
 * @module
 */
import type { Block, Loop, Range, Value } from "../graph.ts";
import type { Code } from "./encode.ts";
import { at, code, i32Const, scaled } from "./instructions.ts";
import type { Kernel } from "./kernel.ts";
import { append, get, set } from "./module.ts";
import { BLOCK, BR, BR_IF, END, f64, I32, i32, LOOP } from "./opcodes.ts";

/** Writes a loop: all lanes go round together. */
export function writeLoop(kernel: Kernel, loop: Loop, block: Block): void {
  const { frame, values, access, kinds } = kernel;
  const { lanes } = frame;
  const { range, index, body } = loop;
  const outer = kernel.buffer(block);
  const results = (kernel.results.get(loop) ?? []).filter(({ kind }) =>
    kind === "carry" || kind === "folded"
  );
  const positions = [...new Set(results.map(({ position }) => position))];
  const carried = positions.map((position) => {
    const node = results.find((result) => result.position === position)!;
    const truth = kinds.truth(node);
    const type = truth ? lanes.mask : lanes.float;
    const local = frame.func.local(type);
    const as = (value: Value, where: Block) =>
      truth ? values.truth(value, where) : values.float(value, where);
    return { position, type, local, as, init: as(loop.init[position]!, block) };
  });
  const bound = (value: Value | undefined) => value === undefined ? undefined : boundOf(kernel, value, block);
  const after = bound(range.after);
  const except = bound(range.except);
  const i = frame.func.local(I32);
  for (const { local, init } of carried) append(outer, code(init, set(local)));
  const found = searched(kernel, range, after?.one, block);
  const round = found === undefined ? i : frame.func.local(I32);
  const first = after?.one === undefined ? i32Const(0) : code(after.one, i32Const(1), i32.add);
  append(outer, code(found === undefined ? first : i32Const(0), set(round)));

  for (const node of results) {
    values.written.set(node, get(carried.find(({ position }) => position === node.position)!.local));
  }
  values.written.set(index, get(i));
  kernel.open(body);
  const mask = kernel.mask;
  const apart = [
    ...after?.many === undefined ? [] : [lanes.ltInts(after.many, lanes.spreadInt(get(i)))],
    ...except?.many === undefined ? [] : [lanes.not(lanes.eqInts(except.many, lanes.spreadInt(get(i))))],
  ];
  if (apart.length > 0) {
    const all = [...mask === undefined ? [] : [mask], ...apart].reduce(lanes.and);
    kernel.mask = frame.keep(all, lanes.mask, kernel.buffer(body));
  }
  kernel.statements(body);
  access.flush();
  const inner = kernel.buffer(body);
  const next = carried.map(({ position, type, local, as }) => {
    const value = as(loop.next[position]!, body);
    const chosen = apart.length === 0 ? value : lanes.select(kernel.mask!, value, get(local));
    return { local, value: frame.keep(chosen, type, inner) };
  });
  for (const { local, value } of next) append(inner, code(value, set(local)));
  kernel.mask = mask;

  append(outer, code(BLOCK, LOOP, get(round), found?.count ?? i32Const(range.count), i32.ge, [BR_IF, 1]));
  if (found !== undefined) append(outer, code(scaled(get(round), 4), at(i32.load, found.list), set(i)));
  if (except?.one !== undefined) append(outer, code(BLOCK, get(i), except.one, i32.eq, [BR_IF, 0]));
  append(outer, inner);
  if (except?.one !== undefined) append(outer, END);
  append(outer, code(get(round), i32Const(1), i32.add, set(round), [BR, 0], END, END));
}

/** How many of a range are found near, and where the list of them is; for one environment at a time. */
function searched(
  kernel: Kernel,
  range: Range,
  after: Code | undefined,
  block: Block,
): { count: Code; list: number } | undefined {
  const { frame, values } = kernel;
  const { near, count } = range;
  if (near === undefined || frame.lanes.count > 1) return undefined;
  const widen = frame.lanes.size === 4 ? f64.promote : [];
  const [x, y] = [near.x, near.y].map((value) => code(values.float(value, block), widen)) as [Code, Code];
  const of = near.of === undefined ? i32Const(-1) : values.ints(near.of, block);
  const { call, list } = kernel.around.searches.add({ ...near, count }, [
    get(frame.env),
    of,
    x,
    y,
    after ?? i32Const(-1),
  ]);
  return { count: frame.keep(call, I32, kernel.buffer(block)), list };
}

/** A bound of a loop: one number for all lanes, or one for each. */
function boundOf(kernel: Kernel, value: Value, block: Block): { readonly one?: Code; readonly many?: Code } {
  const { frame, values, kinds } = kernel;
  const { lanes } = frame;
  if (kinds.of(value) === "int" || typeof value === "number") return { one: values.int(value, block) };
  const ints = values.local(values.ints(value, block), lanes.ints, block);
  return lanes.count === 1 ? { one: ints } : { many: ints };
}
