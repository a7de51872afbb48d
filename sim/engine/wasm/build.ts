/**
 * From a program to the bytes of a module: `step` for all environments, and what a world needs for a single one.
 *
 * @module
 */
import type { BackendName } from "../../types.ts";
import type { Column } from "../layout.ts";
import { type Program, specOf } from "../program.ts";
import { defineDraw, defineFill, MANY } from "./draws.ts";
import { type Bytes, type Code, double, single } from "./encode.ts";
import { defineCheck, defineFinish, defineReset, type Ending, forEach } from "./episode.ts";
import { Frame } from "./frame.ts";
import { at, call, code, i32Const } from "./instructions.ts";
import { Kernel } from "./kernel.ts";
import { type Lanes, oneLane, vectorLanes } from "./lanes.ts";
import { Library } from "./library.ts";
import { append, type Func, get, ModuleWriter, set } from "./module.ts";
import { BR_IF, END, I32, i32, IF, LOOP, v128 } from "./opcodes.ts";
import { type Place, SIZES } from "./rows.ts";
import { largestSearch, type Listed, MANY_MEMBERS, Searches } from "./searches.ts";
import { staged } from "./staging.ts";
import type { Surroundings } from "./surroundings.ts";

/** Constants in memory. */
interface Datum {
  readonly offset: number;
  readonly bytes: Bytes;
}

export interface Built {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of memory that it needs. */
  readonly memory: number;
  /** What is to be written there. */
  readonly data: readonly Datum[];
  /** Searches that it calls `find` for, by their number. */
  readonly searches: readonly Listed[];
}

/**
 * @param offsets where columns lie, by id, of those that a world keeps
 * @param size bytes that they take up
 * @param outside whether the world ends episodes itself
 */
export function build(
  program: Program,
  backend: BackendName,
  E: number,
  columns: readonly Column[],
  { offsets, size, outside }: {
    readonly offsets: Readonly<Record<string, number>>;
    readonly size: number;
    readonly outside: boolean;
  },
): Built {
  const bytes = backend === "wasm64" ? 8 : 4;
  const { plan: { maxCycles }, sizes: { N }, graphs, draws } = program;
  const spec = specOf(program, backend, E);
  const module = new ModuleWriter();
  const library = new Library(module);
  const finishOutside = module.import("finish", [I32], []);
  const searched = Math.max(...Object.values(graphs).map(largestSearch));
  const one = oneLane(bytes);

  let memory = size;
  const room = (needed: number) => {
    const offset = memory + 15 & ~15;
    memory = offset + needed;
    return offset;
  };
  const searches = new Searches(module, searched > 0, room);
  const copied = staged(graphs.step);
  const places = new Map<string, Place>(columns.map(({ id, format, role, width }) => {
    const place = { offset: offsets[id] ?? 0, format, row: width * SIZES[format] };
    return [id, role === "scratch" ? { ...place, staged: room(16 * width) } : place];
  }));
  const turned = new Map(places);
  for (const { id, width } of columns) {
    if (copied.has(id)) turned.set(id, { ...places.get(id)!, staged: room(16 * width) });
  }
  const data = new Map<string, Datum>();
  const datum = (bytes: Bytes) => {
    const key = bytes.join();
    let known = data.get(key);
    if (known === undefined) data.set(key, known = { offset: room(bytes.length), bytes });
    return known.offset;
  };
  const table = (values: readonly number[]) => datum(values.flatMap(bytes === 8 ? double : single));
  // Loading a constant vector from a known place takes one instruction, building it three.
  const many = vectorLanes(bytes, (unit) => {
    const vector = Array.from({ length: 16 }, (_, i) => unit[i % unit.length]!);
    return code(i32Const(0), at(v128.load, datum(vector)));
  });
  const drawn = room((draws.reset + MANY) * bytes);
  const drawers = new Map<Lanes, Func>();
  const around = (lanes: Lanes): Surroundings => ({
    places: lanes.count === 1 ? places : turned,
    columns: new Map(columns.map((column) => [column.id, column])),
    maxCycles,
    draws,
    drawn,
    spans: spansOf(maxCycles, spec.A),
    table,
    draw: (...words) => {
      let func = drawers.get(lanes);
      if (func === undefined) drawers.set(lanes, func = defineDraw(module, lanes));
      return code(...words, call(func.index));
    },
    searches,
    library: (name, args, place) => library.call(lanes, name, args, place),
  });
  const [aroundOne, aroundMany] = [around(one), around(many)];

  const alone = (graph: typeof graphs.step, name?: string): Func => {
    const func = module.define([I32], [], name);
    const frame = new Frame(func, one, 0);
    const body = new Kernel(graph, frame, aroundOne).body();
    append(func.body, frame.enter());
    append(func.body, body);
    return func;
  };
  const reset = alone(graphs.reset);
  const observe = alone(graphs.observe, "observe");
  const ending: Ending = {
    places,
    N,
    maxCycles,
    episodic: columns.filter(({ role, id }) => role === "state" || id === "gone").map(({ id }) => id),
    fill: draws.reset > 0
      ? defineFill(module, { count: draws.reset, offset: drawn, size: bytes }).index
      : undefined,
    reset: reset.index,
    observe: observe.index,
  };
  const begun = defineReset(module, ending).index;
  const finish = outside ? finishOutside : defineFinish(module, ending, begun).index;
  defineCheck(module, spec, places.get("actions")!);

  /** Ends the episodes of the lanes in which they are over; counts them. */
  const finishing = (kernel: Kernel, lanes: Lanes, env: number, func: Func, ended: number): Code => {
    const bits = func.local(I32);
    const lane = (i: number) => {
      const here = i === 0 ? get(env) : code(get(env), i32Const(i), i32.add);
      const count = code(get(ended), i32Const(1), i32.add, set(ended));
      return code(get(bits), i32Const(1 << i), i32.and, IF, here, call(finish), count, END);
    };
    const all = Array.from({ length: lanes.count }, (_, i) => lane(i));
    return code(lanes.bits(kernel.done!), set(bits), get(bits), IF, all.flat(), END);
  };

  const step = module.define([], [I32], "step");
  const env = step.local(I32);
  const ended = step.local(I32);
  const whole = largestSearch(graphs.step) > MANY_MEMBERS ? 0 : E - E % many.count;
  if (whole > 0) {
    const frame = new Frame(step, many, env);
    const kernel = new Kernel(graphs.step, frame, aroundMany);
    const body = kernel.body();
    append(
      step.body,
      code(frame.enter(), LOOP, body, finishing(kernel, many, env, step, ended), frame.advance()),
    );
    append(step.body, code(get(env), i32Const(whole), i32.lt, [BR_IF, 0], END));
  }
  if (whole < E) {
    const single = module.define([I32], [I32]);
    const frame = new Frame(single, one, 0);
    const kernel = new Kernel(graphs.step, frame, aroundOne);
    const body = kernel.body();
    const count = single.local(I32);
    append(single.body, code(frame.enter(), body, finishing(kernel, one, 0, single, count), get(count)));
    append(
      step.body,
      forEach(env, whole, E, code(get(ended), get(env), call(single.index), i32.add, set(ended))),
    );
  }
  append(step.body, get(ended));
  return { bytes: module.encode(memory), memory, data: [...data.values()], searches: searches.all };
}

/** What whole-number columns hold. */
function spansOf(maxCycles: number, A: number): Surroundings["spans"] {
  return ({ id, format }) => {
    if (id === "cycle") return { low: 0, high: maxCycles };
    if (id === "actions") return { low: 0, high: A - 1 };
    return format === "u8" ? { low: 0, high: 255 } : { low: -2147483648, high: 2147483647 };
  };
}
