/**
 * The expression graph that a traced scenario becomes.
 *
 * A node is a value; it has no place until `schedule.ts` finds one, unless it is pinned: what reads changing memory, or
 * belongs to a loop or a branch. A statement is an effect in a block. Equal nodes are one node.
 *
 * @module
 */
import type { Column } from "./layout.ts";
import type { Op } from "./rules.ts";

/** A node, or a number known while tracing. */
export type Value = number | Node;

/** Which of an environment's random streams a draw comes from. */
export type Purpose = "reset" | "dynamics" | "observe";

/** The parts of an episode, in order; rewards, costs and ends are judged, without draws. */
export type Phase = Purpose | "judge";

interface NodeBase {
  /** Its arguments have smaller ids. */
  readonly id: number;
  readonly args: readonly Value[];
  /** The block it is pinned to. */
  readonly pinned?: Block;
}

export type Node =
  & NodeBase
  & (
    | { readonly kind: "op"; readonly op: Op }
    | { readonly kind: "table"; readonly values: readonly number[] }
    | { readonly kind: "load"; readonly column: Column; readonly statement?: Statement }
    | {
      readonly kind: "draw";
      readonly purpose: Purpose;
      /** Its number within one round of the innermost loop. */
      readonly local: number;
      readonly loops: readonly Loop[];
    }
    | { readonly kind: "index" }
    | { readonly kind: "carry"; readonly statement: Loop; readonly position: number }
    | { readonly kind: "folded"; readonly statement: Loop; readonly position: number }
    | { readonly kind: "chosen"; readonly statement: When; readonly position: number }
  );

/** Statements in order, inside a loop, a branch or at the root. */
export interface Block {
  readonly kind: "root" | "loop" | "branch";
  readonly parent: Block | undefined;
  readonly depth: number;
  readonly loopDepth: number;
  /** The loop or branch whose body it is. */
  owner?: Loop | When;
  readonly statements: Statement[];
  /** Columns written in it or in blocks inside. */
  readonly written: Set<Column>;
}

interface StatementBase {
  readonly block: Block;
}

export interface Load extends StatementBase {
  readonly kind: "load";
  node: Node;
}

export interface Store extends StatementBase {
  readonly kind: "store";
  readonly column: Column;
  readonly address: Value;
  readonly value: Value;
}

/** Which members of a group a loop visits: those after one, all but one, or all. */
export interface Range {
  readonly count: number;
  /** A loop even where it is short. */
  readonly loop?: boolean;
  readonly after?: Value;
  readonly except?: Value;
  /** Who is farther away changes nothing in the loop, so that a backend may leave them out. */
  readonly near?: Near;
}

/** The neighbourhood of a point, among members whose x and y stand at `start + 2 · index` of a column. */
export interface Near {
  readonly column: Column;
  readonly start: number;
  /** The member that stands at the point, if one does. */
  readonly of?: Value;
  readonly x: Value;
  readonly y: Value;
  readonly radius: number;
}

export interface Loop extends StatementBase {
  readonly kind: "loop";
  readonly range: Range;
  readonly body: Block;
  index: Node;
  readonly init: readonly Value[];
  next: readonly Value[];
  /** Draws made before it in a round of the loop around it, and in each of its own rounds. */
  readonly drawsBefore: number;
  drawsPerRound: number;
}

export interface When extends StatementBase {
  readonly kind: "when";
  readonly condition: Value;
  readonly yes: Block;
  readonly no: Block;
  yesValues: readonly Value[];
  noValues: readonly Value[];
}

/** The end of an episode is judged here: where it ended, the rest of the step belongs to the next episode. */
export interface Barrier extends StatementBase {
  readonly kind: "barrier";
  readonly cycle: Value;
  readonly ended: Value;
}

export type Statement = Load | Store | Loop | When | Barrier;

/** What one phase was traced to. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly root: Block;
  /** Draws per run of the phase, for each purpose. */
  readonly draws: Readonly<Record<Purpose, number>>;
}

/** Outputs that start at 0, in which a place is either always written or never. */
const ZEROED = new Set(["obs", "state"]);

/**
 * Whether a store changes nothing: a constant 0 to an output that starts at 0. Where the state decides the place,
 * something else may stand there.
 */
export function isMoot({ column, address, value }: Pick<Store, "column" | "address" | "value">): boolean {
  return value === 0 && ZEROED.has(column.id) && steady(address);
}

/** Whether an address depends on loops alone, not on the state. */
function steady(address: Value): boolean {
  if (typeof address === "number" || address.kind === "index") return true;
  return address.kind === "op" && address.args.every(steady);
}

/** The nearest block around both. */
export function common(a: Block, b: Block): Block {
  while (a !== b) {
    if (a.depth >= b.depth) a = a.parent!;
    else b = b.parent!;
  }
  return a;
}
