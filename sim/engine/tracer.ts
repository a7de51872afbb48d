/**
 * The machine that records: it runs a phase once and keeps the graph of what was computed.
 *
 * It folds constants, shares equal nodes, forwards stores to later loads, and drops stores that are overwritten before
 * anyone could look. Ranges of few members unroll; longer ones become loops with a symbolic index.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { block, remove } from "./blocks.ts";
import type { Block, Graph, Load, Loop, Node, Phase, Purpose, Range, Store, Value, When } from "./graph.ts";
import type { Column } from "./layout.ts";
import type { Machine } from "./machine.ts";
import { FreshStores, Memory } from "./memory.ts";
import { key, Nodes } from "./nodes.ts";
import { concrete, partial, UNROLL } from "./ranges.ts";
import { type Op, RULES } from "./rules.ts";
import { simplify } from "./simplify.ts";
import { ASIDE } from "./streams.ts";

/** A machine that records one phase. */
export class Tracer implements Machine {
  readonly tracing = true;
  readonly #nodes = new Nodes();
  readonly #root: Block = block("root", undefined);
  readonly #draws: Record<Purpose, number> = { reset: 0, dynamics: 0, observe: 0 };
  #block = this.#root;
  #phase: Phase = "reset";
  #known = new Memory();
  readonly #fresh = new FreshStores();
  /** What was known before each open loop. */
  readonly #saved: Memory[] = [];
  /** Open loops, outermost first, and the draws made in the running round of the innermost. */
  #loops: Loop[] = [];
  #round = 0;

  /** @param cycle the column whose value numbers the draws of a step */
  constructor(readonly cycle: Column) {}

  graph(): Graph {
    this.enter("judge");
    return { nodes: this.#nodes.all, root: this.#root, draws: this.#draws };
  }

  enter(phase: Phase): void {
    if (this.#phase !== "judge") this.#draws[this.#phase] = this.#round;
    this.#phase = phase;
    this.#round = 0;
  }

  /** Whether state is only read in this phase. */
  get #frozen(): boolean {
    return this.#phase === "judge" || this.#phase === "observe";
  }

  apply(op: Op, a: Value, b?: Value, c?: Value): Value {
    if (typeof a !== "object" && typeof b !== "object" && typeof c !== "object") {
      return RULES[op].apply(a, b as number, c as number);
    }
    const args = [a, b, c].filter((arg) => arg !== undefined);
    return simplify(op, args, this) ??
      this.#nodes.share(`${op} ${args.map(key).join(" ")}`, { kind: "op", op, args });
  }

  table(values: readonly number[], index: Value): Value {
    if (typeof index === "number") return values[index]!;
    return this.#nodes.share(`[${values}] ${key(index)}`, { kind: "table", values, args: [index] });
  }

  load(column: Column, address: Value): Value {
    const known = this.#known.get(column, address);
    if (known !== undefined) return known;
    if (column.role === "input" || this.#frozen && column.role === "state") {
      return this.#nodes.share(`load ${column.id} ${key(address)}`, {
        kind: "load",
        column,
        args: [address],
      });
    }
    this.#fresh.read(column);
    const statement: Load = { kind: "load", block: this.#block, node: undefined as unknown as Node };
    statement.node = this.#nodes.add({
      kind: "load",
      column,
      args: [address],
      pinned: this.#block,
      statement,
    });
    this.#block.statements.push(statement);
    this.#known.learn(column, address, statement.node);
    return statement.node;
  }

  store(column: Column, address: Value, value: Value): void {
    if (this.#frozen && column.role === "state") {
      throw new UserError(`${column.name} is state: write it in reset or dynamics`);
    }
    const previous = this.#fresh.get(column, address);
    if (previous?.block === this.#block) remove(this.#block.statements, previous);
    this.#known.write(column, address, value);
    const statement: Store = { kind: "store", block: this.#block, column, address, value };
    this.#block.statements.push(statement);
    this.#block.written.add(column);
    this.#fresh.add(statement);
  }

  draw(): Value {
    const purpose = this.#phase;
    if (purpose === "judge") {
      throw new UserError("draw random numbers in reset, dynamics or observe: rewards and costs take none");
    }
    if (this.#block.kind === "branch" || this.#loops.some(({ range }) => partial(range))) {
      throw new UserError(
        "draw random numbers before k.when, k.once and k.others: each phase takes a fixed number of draws",
      );
    }
    const cycle = purpose === "reset" ? [] : [this.load(this.cycle, 0)];
    const args = [...cycle, ...this.#loops.map((loop) => loop.index)];
    const local = this.#round++;
    return this.#nodes.add({ kind: "draw", purpose, local, loops: [...this.#loops], args });
  }

  aside(n: number): Value {
    return this.#nodes.share(`aside ${n}`, {
      kind: "draw",
      purpose: "reset",
      local: ASIDE + n,
      loops: [],
      args: [],
    });
  }

  integer(n: Value): Value {
    return this.apply("floor", this.apply("mul", this.draw(), n));
  }

  loops({ count, loop }: Range): boolean {
    return count > UNROLL || loop === true;
  }

  *each(range: Range): Iterable<Value> {
    if (!this.loops(range)) {
      yield* typeof range.except === "object" ? this.#without(range.count, range.except) : concrete(range);
      return;
    }
    const loop = this.#open(range, []);
    let finished = false;
    try {
      yield loop.index;
      finished = true;
    } finally {
      if (!finished) {
        // deno-lint-ignore no-unsafe-finally -- an error thrown by the body still wins over this one
        throw new UserError("a loop over entities ends at its end: no break, return or find in it");
      }
    }
    this.#close(loop);
  }

  fold(range: Range, init: readonly Value[], body: (index: Value, carried: Value[]) => Value[]): Value[] {
    if (!this.loops(range)) return this.#unrolled(range, init, body);
    const loop = this.#open(range, init);
    const carried = init.map((_, position) => {
      return this.#nodes.add({ kind: "carry", args: [], pinned: loop.body, statement: loop, position });
    });
    loop.next = body(loop.index, carried);
    this.#close(loop);
    return init.map((_, position) => {
      return this.#nodes.add({ kind: "folded", args: [], pinned: this.#block, statement: loop, position });
    });
  }

  /** The indices of a short range but one that is not known yet: those below it as they are, those from it on one later. */
  *#without(count: number, except: Value): Iterable<Value> {
    for (let i = 0; i < count - 1; i++) {
      yield this.apply("add", this.apply("num", this.apply("le", except, i)), i);
    }
  }

  /** A short range; where the one to leave out is not known yet, its round changes nothing. */
  #unrolled(
    range: Range,
    init: readonly Value[],
    body: (index: Value, carried: Value[]) => Value[],
  ): Value[] {
    let carried = [...init];
    const { except } = range;
    for (const index of concrete(range)) {
      const next = body(index, carried);
      const skip = typeof except === "object" ? this.apply("eq", except, index) : 0;
      carried = next.map((value, i) => this.apply("select", skip, carried[i]!, value));
    }
    return carried;
  }

  when(condition: Value, yes: () => Value[], no: () => Value[]): Value[] {
    if (typeof condition === "number") return condition ? yes() : no();
    const outer = this.#block;
    const statement: When = {
      kind: "when",
      block: outer,
      condition,
      yes: block("branch", outer),
      no: block("branch", outer),
      yesValues: [],
      noValues: [],
    };
    statement.yes.owner = statement.no.owner = statement;
    statement.yesValues = this.#branch(statement.yes, yes);
    statement.noValues = this.#branch(statement.no, no);
    this.#forget(statement.yes.written);
    this.#forget(statement.no.written);
    outer.statements.push(statement);
    return statement.yesValues.map((value, position) => {
      if (value === statement.noValues[position]) return value;
      return this.#nodes.add({ kind: "chosen", args: [], pinned: outer, statement, position });
    });
  }

  hoist<T>(build: () => T): T {
    const { block: inner, loops, known } = { block: this.#block, loops: this.#loops, known: this.#known };
    this.#block = this.#root;
    this.#loops = [];
    this.#known = known.copy(({ role }) => role === "state");
    const built = build();
    this.#block = inner;
    this.#loops = loops;
    this.#known = known;
    return built;
  }

  barrier(cycle: Value, ended: Value): boolean {
    this.#fresh.clear();
    this.#block.statements.push({ kind: "barrier", block: this.#block, cycle, ended });
    return false;
  }

  #open(range: Range, init: readonly Value[]): Loop {
    const outer = this.#block;
    const body = block("loop", outer);
    const loop: Loop = {
      kind: "loop",
      block: outer,
      range,
      body,
      index: undefined as unknown as Node,
      init,
      next: [],
      drawsBefore: this.#round,
      drawsPerRound: 0,
    };
    body.owner = loop;
    loop.index = this.#nodes.add({ kind: "index", args: [], pinned: body });
    this.#saved.push(this.#known);
    this.#known = this.#known.copy(({ role }) => this.#frozen && role === "state");
    this.#fresh.clear();
    this.#block = body;
    this.#loops = [...this.#loops, loop];
    this.#round = 0;
    return loop;
  }

  #close(loop: Loop): void {
    loop.drawsPerRound = this.#round;
    this.#round = loop.drawsBefore + loop.range.count * loop.drawsPerRound;
    this.#loops = this.#loops.slice(0, -1);
    this.#block = loop.block;
    this.#known = this.#saved.pop()!;
    this.#forget(loop.body.written);
    this.#block.statements.push(loop);
  }

  #branch(branch: Block, body: () => Value[]): Value[] {
    const known = this.#known;
    this.#known = known.copy();
    this.#fresh.clear();
    this.#block = branch;
    const values = body();
    this.#block = branch.parent!;
    this.#known = known;
    return values;
  }

  /** After a block: what it wrote is no longer known. */
  #forget(written: ReadonlySet<Column>): void {
    this.#fresh.clear();
    this.#known.forget(written);
    for (const column of written) this.#block.written.add(column);
  }
}
