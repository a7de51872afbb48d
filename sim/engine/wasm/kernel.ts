/**
 * Writes a graph as a kernel: the counterpart of `emit.ts` in WebAssembly, for one environment or several in lanes.
 *
 * Loops stay loops: all lanes go round together. A branch runs where the condition holds in some lane; what it computes
 * counts, and what it stores is stored, in those lanes only.
 *
 * @module
 */
import { type Block, type Graph, isMoot, type Node, type Statement, type Value } from "../graph.ts";
import type { Column } from "../layout.ts";
import { type Schedule, schedule } from "../schedule.ts";
import { Access } from "./access.ts";
import { writeBranches } from "./branches.ts";
import type { Code, Growing } from "./encode.ts";
import type { Frame } from "./frame.ts";
import { Kinds } from "./kinds.ts";
import { writeLoop } from "./loops.ts";
import { append } from "./module.ts";
import { Rows } from "./rows.ts";
import type { Surroundings } from "./surroundings.ts";
import { Uses } from "./uses.ts";
import { Values } from "./values.ts";

export class Kernel {
  readonly #schedule: Schedule;
  readonly kinds: Kinds;
  readonly access: Access;
  readonly values: Values;
  readonly #buffers = new Map<Block, Growing>();
  /** The needed values that each loop and branch carries or results in. */
  readonly results = new Map<Statement, (Node & { position: number })[]>();
  /** Where the running branches' conditions hold; undefined where they hold everywhere. */
  mask: Code | undefined;
  /** In which lanes the episode ended; after `body`, if the graph judges that. */
  done: Code | undefined;

  constructor(readonly graph: Graph, readonly frame: Frame, readonly around: Surroundings) {
    this.#schedule = schedule(graph);
    this.kinds = new Kinds(around.spans);
    this.access = new Access(new Rows(frame, around.places, (block) => this.buffer(block)));
    const uses = new Uses(graph, this.#schedule);
    this.values = new Values(frame, around, this.access, this.kinds, uses, this.#schedule);
    for (const node of graph.nodes) {
      if (!("position" in node) || !this.#schedule.home.has(node)) continue;
      const known = this.results.get(node.statement);
      if (known !== undefined) known.push(node);
      else this.results.set(node.statement, [node]);
    }
  }

  /** The code of the whole graph. */
  body(): Code {
    const { root } = this.graph;
    this.open(root);
    this.#moved(root);
    const staged = this.#stagedColumns(root);
    for (const column of staged.read) this.access.stage(column, "in", this.buffer(root));
    this.statements(root);
    this.access.flush();
    return this.buffer(root);
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

  /** The code of an open block. */
  buffer(block: Block): Growing {
    return this.#buffers.get(block)!;
  }

  /** Begins the code of a block. */
  open(block: Block): void {
    this.#buffers.set(block, []);
  }

  /** Writes what a block does, as far as it is needed. */
  statements(block: Block): void {
    for (const statement of block.statements) {
      if (this.#schedule.live.has(statement)) this.#statement(statement, block);
    }
  }

  #statement(statement: Statement, block: Block): void {
    switch (statement.kind) {
      case "load":
        return void this.values.written.set(statement.node, this.values.load(statement.node, block));
      case "store":
        return this.#store(statement.column, statement.address, statement.value, block);
      case "loop":
        this.access.flush();
        this.access.invalidate(statement.body.written, block);
        return writeLoop(this, statement, block);
      case "when":
        this.access.flush();
        return writeBranches(this, statement, block);
      case "barrier":
        return this.#barrier(statement.cycle, statement.ended, block);
    }
  }

  #barrier(cycle: Value, ended: Value, block: Block): void {
    const { lanes } = this.frame;
    const { maxCycles } = this.around;
    this.access.flush();
    const over = this.kinds.of(cycle) === "ints"
      ? lanes.leInts(lanes.int(maxCycles), this.values.ints(cycle, block))
      : lanes.le(lanes.number(maxCycles), this.values.float(cycle, block));
    const done = ended === 0 ? over : lanes.or(over, this.values.truth(ended, block));
    this.done = this.frame.keep(done, lanes.mask, this.buffer(block));
    for (const column of this.#stagedColumns(block).written) {
      this.access.stage(column, "out", this.buffer(block));
    }
  }

  #store(column: Column, address: Value, value: Value, block: Block): void {
    if (isMoot({ column, address, value })) return;
    const { format } = this.access.rows.place(column);
    const whole = format === "i32" || format === "u8";
    const { lanes } = this.frame;
    const where = this.values.address(address, block);
    let number = whole && this.mask === undefined
      ? this.values.ints(value, block)
      : this.values.float(value, block);
    if (this.mask !== undefined) {
      const old = this.values.loadAt(column, where, block);
      number = lanes.select(this.mask, number, whole ? lanes.fromInts(old) : old);
      if (whole) number = lanes.toInts(number);
    }
    const kept = this.values.local(number, whole ? lanes.ints : lanes.float, block);
    if ("places" in where) this.access.scatter(column, where.places, kept, block);
    else this.access.store(column, where, kept, block);
    if (column.id === "$pos") this.#moved(block);
  }

  /** Said wherever places may have changed. */
  #moved(block: Block): void {
    const { searches } = this.around;
    if (this.frame.lanes.count === 1 && searches.counted) append(this.buffer(block), searches.moved());
  }
}
