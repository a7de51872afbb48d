/**
 * Writes a graph as a kernel: the counterpart of `emit.ts` in WebAssembly, for one environment or several in lanes.
 *
 * Loops stay loops: all lanes go round together. A branch runs where the condition holds in some lane; what it computes
 * counts, and what it stores is stored, in those lanes only.
 *
 * @module
 */
import {
  type Block,
  type Graph,
  isMoot,
  type Loop,
  type Node,
  type Purpose,
  type Range,
  type Statement,
  type Value,
  type When,
} from "../graph.ts";
import type { Column } from "../layout.ts";
import { type Schedule, schedule } from "../schedule.ts";
import { ASIDE, counter } from "../streams.ts";
import { Access } from "./access.ts";
import type { Code, Growing } from "./encode.ts";
import type { Frame } from "./frame.ts";
import { at, code, i32Const, scaled } from "./instructions.ts";
import { type Kind, Kinds } from "./kinds.ts";
import type { FunctionName } from "./library.ts";
import { append, type Func, get, set } from "./module.ts";
import {
  BLOCK,
  BR,
  BR_IF,
  ELSE,
  END,
  f32,
  f64,
  I32,
  i32,
  IF,
  LOCAL_GET,
  LOOP,
  type Type,
  v128,
} from "./opcodes.ts";
import { operate } from "./operations.ts";
import { type Address, type Place, Rows } from "./rows.ts";
import type { Searches } from "./searches.ts";
import { Uses } from "./uses.ts";

/** What kernels of one module share. */
export interface Surroundings {
  readonly places: ReadonlyMap<string, Place>;
  readonly columns: ReadonlyMap<string, Column>;
  readonly maxCycles: number;
  /** Draws per run of a phase. */
  readonly draws: Readonly<Record<Purpose, number>>;
  /** Where the numbers of a reset are, drawn before it. */
  readonly drawn: number;
  readonly spans: (column: Column) => { readonly low: number; readonly high: number };
  /** The offset of a constant table. */
  table(values: readonly number[]): number;
  /** Draws a number, from the words of key and counter. */
  draw(key0: Code, key1: Code, episode: Code, count: Code): Code;
  /** Searches for neighbours of one environment's entity. */
  readonly searches: Searches;
  /** A function of the library, in every lane. */
  library(name: FunctionName, args: readonly Code[], place: { func: Func; into: Growing }): Code;
}

export class Kernel {
  readonly #schedule: Schedule;
  readonly #uses: Uses;
  readonly #kinds: Kinds;
  readonly #access: Access;
  readonly #buffers = new Map<Block, Growing>();
  /** Code that reads what stands computed. */
  readonly #written = new Map<Node, Code>();
  /** The needed values that each loop and branch carries or results in. */
  readonly #results = new Map<Statement, (Node & { position: number })[]>();
  /** Where the running branches' conditions hold; undefined where they hold everywhere. */
  #mask: Code | undefined;
  /** In which lanes the episode ended; after `body`, if the graph judges that. */
  done: Code | undefined;

  constructor(readonly graph: Graph, readonly frame: Frame, readonly around: Surroundings) {
    this.#schedule = schedule(graph);
    this.#uses = new Uses(graph, this.#schedule);
    this.#kinds = new Kinds(around.spans);
    this.#access = new Access(new Rows(frame, around.places, (block) => this.#buffer(block)));
    for (const node of graph.nodes) {
      if (!("position" in node) || !this.#schedule.home.has(node)) continue;
      const known = this.#results.get(node.statement);
      if (known !== undefined) known.push(node);
      else this.#results.set(node.statement, [node]);
    }
  }

  /** The code of the whole graph. */
  body(): Code {
    const { root } = this.graph;
    this.#open(root);
    this.#moved(root);
    const staged = this.#stagedColumns(root);
    for (const column of staged.read) this.#access.stage(column, "in", this.#buffer(root));
    this.#statements(root);
    this.#access.flush();
    return this.#buffer(root);
  }

  /** State columns that are staged, and those of them that change. */
  #stagedColumns(root: Block): { read: Column[]; written: Column[] } {
    const { places, columns } = this.around;
    const staged = [...columns.values()].filter(({ id, role }) => {
      return role === "state" && places.get(id)?.staged !== undefined;
    });
    const written = new Set([...root.written].map(({ id }) => id));
    return { read: staged, written: staged.filter(({ id }) => written.has(id)) };
  }

  #buffer(block: Block): Growing {
    return this.#buffers.get(block)!;
  }

  #open(block: Block): void {
    this.#buffers.set(block, []);
  }

  #statements(block: Block): void {
    for (const statement of block.statements) {
      if (this.#schedule.live.has(statement)) this.#statement(statement, block);
    }
  }

  #statement(statement: Statement, block: Block): void {
    switch (statement.kind) {
      case "load":
        return void this.#written.set(statement.node, this.#load(statement.node, block));
      case "store":
        return this.#store(statement.column, statement.address, statement.value, block);
      case "loop":
        this.#access.flush();
        this.#access.invalidate(statement.body.written, block);
        return this.#loop(statement, block);
      case "when":
        this.#access.flush();
        return this.#when(statement, block);
      case "barrier":
        return this.#barrier(statement.cycle, statement.ended, block);
    }
  }

  #barrier(cycle: Value, ended: Value, block: Block): void {
    const { lanes } = this.frame;
    const { maxCycles } = this.around;
    this.#access.flush();
    const over = this.#kinds.of(cycle) === "ints"
      ? lanes.leInts(lanes.int(maxCycles), this.#ints(cycle, block))
      : lanes.le(lanes.number(maxCycles), this.#float(cycle, block));
    const done = ended === 0 ? over : lanes.or(over, this.#truth(ended, block));
    this.done = this.frame.keep(done, lanes.mask, this.#buffer(block));
    for (const column of this.#stagedColumns(block).written) {
      this.#access.stage(column, "out", this.#buffer(block));
    }
  }

  #store(column: Column, address: Value, value: Value, block: Block): void {
    if (isMoot({ column, address, value })) return;
    const { format } = this.#access.rows.place(column);
    const whole = format === "i32" || format === "u8";
    const { lanes } = this.frame;
    const where = this.#address(address, block);
    let number = whole && this.#mask === undefined ? this.#ints(value, block) : this.#float(value, block);
    if (this.#mask !== undefined) {
      const old = this.#loadAt(column, where, block);
      number = lanes.select(this.#mask, number, whole ? lanes.fromInts(old) : old);
      if (whole) number = lanes.toInts(number);
    }
    const kept = this.#local(number, whole ? lanes.ints : lanes.float, block);
    if ("places" in where) this.#access.scatter(column, where.places, kept, block);
    else this.#access.store(column, where, kept, block);
    if (column.id === "$pos") this.#moved(block);
  }

  /** Said wherever places may have changed. */
  #moved(block: Block): void {
    const { searches } = this.around;
    if (this.frame.lanes.count === 1 && searches.counted) append(this.#buffer(block), searches.moved());
  }

  #load(node: Node, block: Block): Code {
    const { column } = node as Node & { kind: "load" };
    return this.#loadAt(column, this.#address(node.args[0]!, block), block);
  }

  #loadAt(column: Column, where: Address | { places: Code }, block: Block): Code {
    if (!("places" in where)) return this.#access.load(column, where, block);
    const value = this.#access.gather(column, where.places, block);
    const { format } = this.#access.rows.place(column);
    return format === "i32" || format === "u8" ? this.frame.lanes.toInts(value) : value;
  }

  /** A place in a row that all lanes share, or one for each. */
  #address(address: Value, block: Block): Address | { readonly places: Code } {
    let fixed = 0;
    let rest = address;
    while (typeof rest === "object" && rest.kind === "op" && rest.op === "add") {
      const [a, b] = rest.args as [Value, Value];
      if (typeof b === "number") [rest, fixed] = [a, fixed + b];
      else if (typeof a === "number") [rest, fixed] = [b, fixed + a];
      else break;
    }
    if (typeof rest === "number") return { name: "", base: undefined, fixed: fixed + rest };
    if (this.#kinds.of(rest) === "int") {
      return { name: `${rest.id}`, base: this.#local(this.#int(rest, block), I32, block), fixed };
    }
    const { lanes } = this.frame;
    const places = this.#local(this.#ints(address, block), lanes.ints, block);
    if (lanes.count > 1) return { places };
    return { name: `lane ${typeof address === "object" ? address.id : ""}`, base: places, fixed: 0 };
  }

  #loop(loop: Loop, block: Block): void {
    const { frame } = this;
    const { lanes } = frame;
    const { range, index, body } = loop;
    const outer = this.#buffer(block);
    const results = (this.#results.get(loop) ?? []).filter(({ kind }) =>
      kind === "carry" || kind === "folded"
    );
    const positions = [...new Set(results.map(({ position }) => position))];
    const carried = positions.map((position) => {
      const node = results.find((result) => result.position === position)!;
      const truth = this.#kinds.truth(node);
      const type = truth ? lanes.mask : lanes.float;
      const local = frame.func.local(type);
      const as = (value: Value, where: Block) =>
        truth ? this.#truth(value, where) : this.#float(value, where);
      return { position, type, local, as, init: as(loop.init[position]!, block) };
    });
    const bound = (value: Value | undefined) => value === undefined ? undefined : this.#bound(value, block);
    const after = bound(range.after);
    const except = bound(range.except);
    const i = frame.func.local(I32);
    for (const { local, init } of carried) append(outer, code(init, set(local)));
    const found = this.#search(range, after?.one, block);
    const round = found === undefined ? i : frame.func.local(I32);
    const first = after?.one === undefined ? i32Const(0) : code(after.one, i32Const(1), i32.add);
    append(outer, code(found === undefined ? first : i32Const(0), set(round)));

    for (const node of results) {
      this.#written.set(node, get(carried.find(({ position }) => position === node.position)!.local));
    }
    this.#written.set(index, get(i));
    this.#open(body);
    const mask = this.#mask;
    const apart = [
      ...after?.many === undefined ? [] : [lanes.ltInts(after.many, lanes.spreadInt(get(i)))],
      ...except?.many === undefined ? [] : [lanes.not(lanes.eqInts(except.many, lanes.spreadInt(get(i))))],
    ];
    if (apart.length > 0) {
      const all = [...mask === undefined ? [] : [mask], ...apart].reduce(lanes.and);
      this.#mask = frame.keep(all, lanes.mask, this.#buffer(body));
    }
    this.#statements(body);
    this.#access.flush();
    const inner = this.#buffer(body);
    const next = carried.map(({ position, type, local, as }) => {
      const value = as(loop.next[position]!, body);
      const chosen = apart.length === 0 ? value : lanes.select(this.#mask!, value, get(local));
      return { local, value: frame.keep(chosen, type, inner) };
    });
    for (const { local, value } of next) append(inner, code(value, set(local)));
    this.#mask = mask;

    append(outer, code(BLOCK, LOOP, get(round), found?.count ?? i32Const(range.count), i32.ge, [BR_IF, 1]));
    if (found !== undefined) append(outer, code(scaled(get(round), 4), at(i32.load, found.list), set(i)));
    if (except?.one !== undefined) append(outer, code(BLOCK, get(i), except.one, i32.eq, [BR_IF, 0]));
    append(outer, inner);
    if (except?.one !== undefined) append(outer, END);
    append(outer, code(get(round), i32Const(1), i32.add, set(round), [BR, 0], END, END));
  }

  /** How many of a range are found near, and where the list of them is; for one environment at a time. */
  #search(range: Range, after: Code | undefined, block: Block): { count: Code; list: number } | undefined {
    const { near, count } = range;
    if (near === undefined || this.frame.lanes.count > 1) return undefined;
    const widen = this.frame.lanes.size === 4 ? f64.promote : [];
    const [x, y] = [near.x, near.y].map((value) => code(this.#float(value, block), widen)) as [Code, Code];
    const of = near.of === undefined ? i32Const(-1) : this.#ints(near.of, block);
    const { call, list } = this.around.searches.add({ ...near, count }, [
      get(this.frame.env),
      of,
      x,
      y,
      after ?? i32Const(-1),
    ]);
    return { count: this.frame.keep(call, I32, this.#buffer(block)), list };
  }

  /** A bound of a loop: one number for all lanes, or one for each. */
  #bound(value: Value, block: Block): { readonly one?: Code; readonly many?: Code } {
    const { lanes } = this.frame;
    if (this.#kinds.of(value) === "int" || typeof value === "number") return { one: this.#int(value, block) };
    const ints = this.#local(this.#ints(value, block), lanes.ints, block);
    return lanes.count === 1 ? { one: ints } : { many: ints };
  }

  #when(when: When, block: Block): void {
    const { frame } = this;
    const { lanes } = frame;
    const results = this.#results.get(when) ?? [];
    const outer = this.#buffer(block);
    const uniform = this.#kinds.uniform(when.condition) || lanes.count === 1;
    const condition = uniform
      ? this.#local(this.#bool(when.condition, block), I32, block)
      : this.#local(this.#truth(when.condition, block), lanes.mask, block);
    const mask = this.#mask;
    const within = (test: Code) => mask === undefined ? test : lanes.and(mask, test);
    const locals = results.map((node) =>
      frame.func.local(this.#kinds.truth(node) ? lanes.mask : lanes.float)
    );

    const branch = (body: Block, values: readonly Value[], test: () => Code) => {
      this.#open(body);
      if (!uniform) this.#mask = test();
      this.#statements(body);
      this.#access.flush();
      const found = results.map((node) => {
        const value = values[node.position]!;
        return this.#kinds.truth(node) ? this.#truth(value, body) : this.#float(value, body);
      });
      this.#mask = mask;
      return { code: this.#buffer(body), values: found };
    };
    // Guards are computed before the branches, whose buffers open only then.
    const yesGuard = uniform ? condition : this.#local(within(condition), lanes.mask, block);
    const yes = branch(when.yes, when.yesValues, () => yesGuard);
    const noGuard = uniform ? [] : code(lanes.not(condition));
    const noMask = uniform ? [] : frame.keep(within(noGuard), lanes.mask, outer);
    const no = branch(when.no, when.noValues, () => noMask);
    this.#access.invalidate([...when.yes.written, ...when.no.written], block);
    results.forEach((node, i) => this.#written.set(node, get(locals[i]!)));

    const assign = (values: readonly Code[], from = (value: Code, _local: number) => value) => {
      return values.flatMap((value, i) => code(from(value, locals[i]!), set(locals[i]!)));
    };
    if (uniform) {
      append(outer, code(condition, IF, yes.code, assign(yes.values)));
      append(outer, code(ELSE, no.code, assign(no.values), END));
      return;
    }
    const where = (value: Code, local: number) => lanes.select(condition, value, get(local));
    const unless = (value: Code, local: number) => lanes.select(condition, get(local), value);
    if (no.code.length === 0) {
      append(outer, assign(no.values));
      append(outer, code(lanes.any(yesGuard), IF, yes.code, assign(yes.values, where), END));
      return;
    }
    append(outer, code(lanes.any(yesGuard), IF, yes.code, assign(yes.values), END));
    append(outer, code(lanes.any(noMask), IF, no.code, assign(no.values, unless), END));
  }

  /** A value in the form that its kind says; computed in its own block if it is not computed yet. */
  #value(node: Node, block: Block): Code {
    const known = this.#written.get(node);
    if (known !== undefined) return known;
    const home = this.#schedule.home.get(node)!;
    if (node.kind === "load") {
      const loaded = this.#load(node, home);
      this.#written.set(node, loaded);
      return loaded;
    }
    const expression = this.#expression(node, home);
    if (home === block && this.#uses.once(node)) return expression;
    const kind = this.#kinds.of(node);
    const { lanes } = this.frame;
    const type: Type = {
      int: I32,
      bool: I32,
      ints: lanes.ints,
      mask: lanes.mask,
      float: lanes.float,
      number: I32,
    }[
      kind
    ] as Type;
    const kept = this.frame.keep(expression, type, this.#buffer(home));
    this.#written.set(node, kept);
    return kept;
  }

  #expression(node: Node, home: Block): Code {
    switch (node.kind) {
      case "op":
        return operate(node, this.#kinds.of(node) as Kind, {
          lanes: this.frame.lanes,
          kinds: this.#kinds,
          float: (value) => this.#float(value, home),
          truth: (value) => this.#truth(value, home),
          ints: (value) => this.#ints(value, home),
          int: (value) => this.#int(value, home),
          bool: (value) => this.#bool(value, home),
          keep: (value) => this.#local(value, this.frame.lanes.float, home),
          library: (name, args) => {
            return this.around.library(name, args, { func: this.frame.func, into: this.#buffer(home) });
          },
        });
      case "table":
        return this.#table(node.values, node.args[0]!, home);
      case "draw":
        return this.#draw(node, home);
      default:
        throw new Error(`a ${node.kind} stands in its own block`);
    }
  }

  /** Few different entries are compared and chosen; else every lane looks its own up. */
  #table(values: readonly number[], index: Value, home: Block): Code {
    const { lanes } = this.frame;
    const { size } = lanes;
    const load = size === 8 ? f64.load : f32.load;
    if (this.#kinds.of(index) === "int" || lanes.count === 1) {
      const place = this.#kinds.of(index) === "int" ? this.#int(index, home) : this.#ints(index, home);
      return lanes.spreadFloat(code(scaled(place, size), at(load, this.around.table(values))));
    }
    const places = this.#local(this.#ints(index, home), lanes.ints, home);
    const entries = values.flatMap((value, i) => Object.is(value, 0) ? [] : [{ value, i }]);
    if (entries.length <= 4) {
      if (entries.length === 0) return lanes.number(0);
      return entries
        .map(({ value, i }) => lanes.where(lanes.eqInts(places, lanes.int(i)), lanes.number(value)))
        .reduce((sum, entry) => code(sum, entry, v128.or));
    }
    let result = lanes.number(0);
    for (let lane = 0; lane < lanes.count; lane++) {
      const value = code(scaled(lanes.intOf(places, lane), size), at(load, this.around.table(values)));
      result = lanes.withFloat(result, lane, value);
    }
    return result;
  }

  #draw(node: Node & { kind: "draw" }, home: Block): Code {
    const { lanes } = this.frame;
    const { draws, drawn, columns } = this.around;
    const { purpose, loops, args } = node;
    const indices = args.slice(args.length - loops.length);
    let place = i32Const(node.local);
    loops.toReversed().forEach((loop, i) => {
      const round = code(
        this.#int(indices[loops.length - 1 - i]!, home),
        i32Const(loop.drawsPerRound),
        i32.mul,
      );
      place = code(place, round, i32.add, i32Const(loop.drawsBefore), i32.add);
    });
    if (purpose === "reset" && node.local < ASIDE && lanes.count === 1) {
      return code(scaled(place, lanes.size), at(lanes.size === 8 ? f64.load : f32.load, drawn));
    }
    const start = code(place, i32Const(counter(purpose, 0) | 0), i32.add);
    const cycle = () => lanes.mulInts(this.#ints(args[0]!, home), lanes.int(draws[purpose]));
    const count = purpose === "reset"
      ? lanes.spreadInt(start)
      : lanes.addInts(lanes.spreadInt(start), cycle());
    const word = (column: string, fixed: number) => {
      return this.#access.load(columns.get(column)!, { name: "", base: undefined, fixed }, home);
    };
    return this.around.draw(word("key", 0), word("key", 1), word("episode", 0), count);
  }

  #float(value: Value, block: Block): Code {
    const { lanes } = this.frame;
    if (typeof value === "number") return lanes.number(value);
    const found = this.#value(value, block);
    switch (this.#kinds.of(value)) {
      case "int":
        return lanes.fromInts(lanes.spreadInt(found));
      case "ints":
        return lanes.fromInts(found);
      case "bool":
        return lanes.num(lanes.spread(found));
      case "mask":
        return lanes.num(found);
      default:
        return found;
    }
  }

  #truth(value: Value, block: Block): Code {
    const { lanes } = this.frame;
    if (typeof value === "number") return lanes.truth(Boolean(value));
    const found = this.#value(value, block);
    switch (this.#kinds.of(value)) {
      case "bool":
        return lanes.spread(found);
      case "mask":
        return found;
      case "int":
        return lanes.spread(code(found, i32.eqz, i32.eqz));
      case "ints":
        return lanes.not(lanes.eqInts(found, lanes.int(0)));
      default:
        return lanes.lt(lanes.number(0), lanes.abs(found));
    }
  }

  #ints(value: Value, block: Block): Code {
    const { lanes } = this.frame;
    if (typeof value === "number") return lanes.int(value);
    const found = this.#value(value, block);
    switch (this.#kinds.of(value)) {
      case "int":
      case "bool":
        return lanes.spreadInt(found);
      case "ints":
        return found;
      default:
        return lanes.toInts(this.#float(value, block));
    }
  }

  /** One whole number for all lanes. */
  #int(value: Value, block: Block): Code {
    return typeof value === "number" ? i32Const(value) : this.#value(value, block);
  }

  /** One truth for all lanes; of a single lane, that lane's. */
  #bool(value: Value, block: Block): Code {
    if (typeof value === "number") return i32Const(value ? 1 : 0);
    const kind = this.#kinds.of(value);
    if (kind === "int") return code(this.#value(value, block), i32.eqz, i32.eqz);
    return kind === "bool" ? this.#value(value, block) : this.#truth(value, block);
  }

  /** A value that is read more than once. */
  #local(value: Code, type: Parameters<Frame["keep"]>[1], block: Block): Code {
    const simple = value[0] === LOCAL_GET && value.length <= 6 &&
      value.slice(1, -1).every((byte) => typeof byte === "number" && byte >= 128);
    return simple ? value : this.frame.keep(value, type, this.#buffer(block));
  }
}
