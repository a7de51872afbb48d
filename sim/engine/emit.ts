/**
 * Writes a graph as JavaScript: one statement per node, loops and branches where the graph has them.
 *
 * @module
 */
import {
  type Block,
  type Graph,
  isMoot,
  type Loop,
  type Near,
  type Node,
  type Purpose,
  type Statement,
  type Value,
  type When,
} from "./graph.ts";
import type { Column } from "./layout.ts";
import { RULES } from "./rules.ts";
import { type Schedule, schedule } from "./schedule.ts";
import { counter } from "./streams.ts";

/** The text of a phase: the body of a function of the environment `e`, and what it refers to. */
export interface Text {
  readonly body: string;
  readonly columns: ReadonlySet<Column>;
}

/** What the phases of one program share, by the number in its names. */
export interface Shared {
  /** Constant tables `t0`, `t1`, … */
  readonly tables: (readonly number[])[];
  /** Loops over neighbours: each calls its grid `g0`, `g1`, … and has a list `b0`, `b1`, … for those it finds. */
  readonly searches: Search[];
  /** Whether `moves` counts the changes of places, by which grids are kept up to date. */
  readonly counted: boolean;
}

/** Who is searched, and how far. */
export interface Search extends Pick<Near, "column" | "start" | "radius"> {
  readonly count: number;
}

/**
 * Writes one phase.
 *
 * @param draws draws per run of each phase, by which cycles are told apart
 * @param shared what the phases written before refer to; this one's is added
 */
export function emit(graph: Graph, draws: Readonly<Record<Purpose, number>>, shared: Shared): Text {
  return new Writer(graph, draws, shared).text();
}

class Writer {
  readonly #lines = new Map<Block, string[]>();
  readonly #written = new Set<Node>();
  readonly #columns = new Set<Column>();
  readonly #schedule: Schedule;
  /** The needed values that each loop and branch carries or results in. */
  readonly #results = new Map<Statement, (Node & { position: number })[]>();

  constructor(
    readonly graph: Graph,
    readonly draws: Readonly<Record<Purpose, number>>,
    readonly shared: Shared,
  ) {
    this.#schedule = schedule(graph);
    for (const node of graph.nodes) {
      if (!("position" in node) || !this.#schedule.home.has(node)) continue;
      const known = this.#results.get(node.statement);
      if (known !== undefined) known.push(node);
      else this.#results.set(node.statement, [node]);
    }
  }

  text(): Text {
    const body = this.#block(this.graph.root);
    const bases = [...this.#columns].filter(({ width }) => width !== 1).map(({ id, width }) => {
      return `const ${id}_ = e * ${width};`;
    });
    return { body: [...this.#moved(), ...bases, ...body].join("\n"), columns: this.#columns };
  }

  /** The lines of a block; at its end the values in `last` are assigned to their left sides. */
  #block(block: Block, last: readonly [left: string, value: Value][] = []): string[] {
    const lines: string[] = [];
    this.#lines.set(block, lines);
    for (const statement of block.statements) {
      if (this.#schedule.live.has(statement)) this.#statement(statement, lines);
    }
    for (const [left, value] of last) {
      const text = this.#value(value);
      lines.push(`${left} = ${text};`);
    }
    return lines;
  }

  #statement(statement: Statement, lines: string[]): void {
    switch (statement.kind) {
      case "load": {
        const cell = this.#cell((statement.node as Node & { kind: "load" }).column, statement.node.args[0]!);
        this.#written.add(statement.node);
        lines.push(`const ${name(statement.node)} = ${cell};`);
        break;
      }
      case "store": {
        if (isMoot(statement)) break;
        const value = this.#value(statement.value);
        const cell = this.#cell(statement.column, statement.address);
        lines.push(`${cell} = ${value};`);
        if (statement.column.id === "$pos") lines.push(...this.#moved());
        break;
      }
      case "loop":
        this.#loop(statement, lines);
        break;
      case "when":
        this.#when(statement, lines);
        break;
      case "barrier": {
        const ended = statement.ended === 0 ? "" : ` || ${this.#value(statement.ended)}`;
        lines.push(`if (${this.#value(statement.cycle)} >= maxCycles${ended}) { finish(e); continue; }`);
        break;
      }
    }
  }

  #loop(loop: Loop, lines: string[]): void {
    const { range, index } = loop;
    const carried = loop.init.map((init, position) => ({ init, position }))
      .filter(({ position }) => this.#carries(loop, position));
    const id = name(index);
    for (const { init, position } of carried) lines.push(`let ${id}_${position} = ${this.#value(init)};`);
    const after = range.after === undefined ? undefined : this.#value(range.after);
    const search = range.near === undefined ? undefined : this.#search(range.count, range.near, after);
    const except = range.except === undefined ? undefined : this.#value(range.except);
    this.#written.add(index);
    const next = carried.map(({ position }): [string, Value] => {
      return [`const n${id}_${position}`, loop.next[position]!];
    });
    const body = this.#block(loop.body, next);
    if (search === undefined) {
      const start = after === undefined ? "0" : `${after} + 1`;
      lines.push(`for (let ${id} = ${start}; ${id} < ${range.count}; ${id}++) {`);
    } else {
      lines.push(`const ${id}_n = ${search.call};`);
      lines.push(`for (let ${id}_i = 0; ${id}_i < ${id}_n; ${id}_i++) {`);
      lines.push(`const ${id} = ${search.list}[${id}_i];`);
    }
    if (except !== undefined) lines.push(`if (${id} === ${except}) continue;`);
    lines.push(...body);
    for (const { position } of carried) lines.push(`${id}_${position} = n${id}_${position};`);
    lines.push("}");
  }

  /** Said wherever places may have changed. */
  #moved(): string[] {
    return this.shared.counted ? ["moves = moves + 1 | 0;"] : [];
  }

  /** How a search is called, and where it writes whom it finds. */
  #search(count: number, { of = -1, x, y, ...where }: Near, after = "-1"): { call: string; list: string } {
    const number = this.shared.searches.push({ count, ...where }) - 1;
    const list = `b${number}`;
    return {
      list,
      call: `g${number}.find(moves, e, ${
        [of, x, y].map((it) => this.#value(it)).join(", ")
      }, ${after}, ${list})`,
    };
  }

  #when(when: When, lines: string[]): void {
    const results = this.#results.get(when) ?? [];
    const condition = this.#value(when.condition);
    const assign = (values: readonly Value[]) => {
      return results.map((node): [string, Value] => [name(node), values[node.position]!]);
    };
    const yes = this.#block(when.yes, assign(when.yesValues));
    const no = this.#block(when.no, assign(when.noValues));
    for (const node of results) this.#written.add(node);
    const plain = no.length === results.length;
    if (results.length > 0) {
      lines.push(...plain ? no.map((line) => `let ${line}`) : [`let ${results.map(name)};`]);
    }
    lines.push(`if (${condition}) {`, ...yes, plain ? "}" : "} else {", ...plain ? [] : [...no, "}"]);
  }

  /** Whether a carried value of a loop is needed by anyone. */
  #carries(loop: Loop, position: number): boolean {
    return this.#results.get(loop)?.some((node) => node.position === position) ?? false;
  }

  /** The name of a value that stands written, in its own block or around. */
  #value(value: Value): string {
    if (typeof value === "number") return literal(value);
    if (value.kind === "carry" || value.kind === "folded") {
      return `${name(value.statement.index)}_${value.position}`;
    }
    if (!this.#written.has(value)) {
      this.#written.add(value);
      const text = this.#expression(value);
      this.#lines.get(this.#schedule.home.get(value)!)!.push(`const ${name(value)} = ${text};`);
    }
    return name(value);
  }

  #expression(node: Node): string {
    switch (node.kind) {
      case "op": {
        const [a = "", b = "", c = ""] = node.args.map((arg) => this.#value(arg));
        return RULES[node.op].js(a, b, c);
      }
      case "table":
        return `${this.#table(node.values)}[${this.#value(node.args[0]!)}]`;
      case "load":
        return this.#cell(node.column, node.args[0]!);
      case "draw":
        return this.#draw(node);
      default:
        throw new Error(`a ${node.kind} stands in its own block`);
    }
  }

  #draw(node: Node & { kind: "draw" }): string {
    const args = node.args.map((arg) => this.#value(arg));
    let place = `${node.local}`;
    node.loops.toReversed().forEach((loop, i) => {
      place = `${args[args.length - 1 - i]} * ${loop.drawsPerRound} + ${place}`;
      if (loop.drawsBefore > 0) place = `${loop.drawsBefore} + ${place}`;
    });
    if (node.purpose !== "reset") place = `${args[0]} * ${this.draws[node.purpose]} + ${place}`;
    const start = counter(node.purpose, 0);
    return `draw(key[2 * e], key[2 * e + 1], episode[e], ${start === 0 ? place : `${start} + ${place}`})`;
  }

  #table(values: readonly number[]): string {
    const { tables } = this.shared;
    let index = tables.findIndex((table) => {
      return table.length === values.length && table.every((entry, i) => Object.is(entry, values[i]));
    });
    if (index < 0) index = tables.push(values) - 1;
    return `t${index}`;
  }

  #cell(column: Column, address: Value): string {
    this.#columns.add(column);
    const { id, width } = column;
    if (width === 1) return `${id}[e]`;
    return address === 0 ? `${id}[${id}_]` : `${id}[${id}_ + ${this.#value(address)}]`;
  }
}

function name(node: Node): string {
  return `v${node.id}`;
}

/** A number that reads back to the same bits; negative ones in parentheses. */
function literal(value: number): string {
  if (Object.is(value, -0)) return "(-0)";
  return value < 0 ? `(${value})` : `${value}`;
}
