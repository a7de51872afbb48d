/**
 * How often each value of a graph is read: what is read once is computed where it is read.
 *
 * @module
 */
import type { Block, Graph, Node, Range, Value } from "../graph.ts";
import type { Schedule } from "../schedule.ts";

export class Uses {
  readonly #counts = new Map<Node, number>();

  constructor({ nodes, root }: Graph, { live, home }: Schedule) {
    for (const node of nodes) if (home.has(node)) node.args.forEach((arg) => this.#add(arg));
    this.#visit(root, live);
  }

  once(node: Node): boolean {
    return this.#counts.get(node) === 1;
  }

  #add(value: Value): void {
    if (typeof value === "object") this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  #visit(block: Block, live: Schedule["live"]): void {
    for (const statement of block.statements) {
      if (!live.has(statement)) continue;
      switch (statement.kind) {
        case "load":
          break;
        case "store":
          this.#add(statement.address);
          this.#add(statement.value);
          break;
        case "loop":
          for (const value of [...statement.init, ...statement.next]) this.#add(value);
          this.#add(statement.range.after ?? 0);
          this.#add(statement.range.except ?? 0);
          for (const value of neighbourhood(statement.range)) this.#add(value);
          this.#visit(statement.body, live);
          break;
        case "when":
          this.#add(statement.condition);
          for (const value of [...statement.yesValues, ...statement.noValues]) this.#add(value);
          this.#visit(statement.yes, live);
          this.#visit(statement.no, live);
          break;
        case "barrier":
          this.#add(statement.cycle);
          this.#add(statement.ended);
      }
    }
  }
}

function neighbourhood({ near }: Range): Value[] {
  return near === undefined ? [] : [near.x, near.y, near.of ?? 0];
}
