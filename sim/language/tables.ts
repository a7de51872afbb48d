/**
 * Finite scenarios as tables: every transition, reward and cost of a constrained Markov decision process, for exact
 * optima and for tests.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";

/** One number of a state: a state column of the world holds whole numbers from `least` on, `size` different ones. */
export interface StatePart {
  readonly column: string;
  /** Place within the column's row. */
  readonly at: number;
  readonly size: number;
  /** Default 0; in the tables the least is always 0. */
  readonly least?: number;
}

/** A cost as the tables count it. */
export interface TableChannel {
  readonly name: string;
  /** The agent that is charged, for channels of agent scope: each agent has its own limit. */
  readonly agent?: number;
}

/**
 * A finite constrained Markov decision process with `S` states, `A` joint actions and `K` channels. State
 * (i₀, i₁, …) has index (i₀ · size₁ + i₁) · size₂ + …, and joint actions likewise by agent.
 */
export interface Tables {
  readonly S: number;
  readonly A: number;
  readonly parts: readonly StatePart[];
  /** How many actions each agent has. */
  readonly actions: readonly number[];
  readonly channels: readonly TableChannel[];
  /** Index of the state in which an episode begins. */
  readonly start: number;
  readonly discount: number;
  /** `[S·A + 1]` the transitions of state s and action a are those from `rows[s·A + a]` to before `rows[s·A + a + 1]`. */
  readonly rows: Int32Array;
  /** Of each transition: the state it leads to. */
  readonly next: Int32Array;
  /** Of each transition. */
  readonly probability: Float64Array;
  /** `[S·A]` expected over transitions. */
  readonly reward: Float64Array;
  /** `[K]` of `[S·A]`, expected over transitions. */
  readonly cost: readonly Float64Array[];
}

/** One thing that can happen after a joint action. */
export interface Outcome {
  readonly p: number;
  readonly next: readonly number[];
  readonly reward: number;
  /** `[K]` */
  readonly costs: readonly number[];
}

/** A finite process in the words of its page. */
export interface Process {
  readonly parts: readonly StatePart[];
  readonly actions: readonly number[];
  readonly channels: readonly TableChannel[];
  readonly start: readonly number[];
  readonly discount: number;
  /** Everything that can happen; equal next states may come several times. */
  readonly outcomes: (state: readonly number[], actions: readonly number[]) => Iterable<Outcome>;
}

/** Writes a process out in full. */
export function tabulate({ parts, actions, channels, start, discount, outcomes }: Process): Tables {
  const sizes = parts.map(({ size }) => size);
  const [S, A] = [product(sizes), product(actions)];
  const rows = new Int32Array(S * A + 1);
  const next: number[] = [];
  const probability: number[] = [];
  const reward = new Float64Array(S * A);
  const cost = channels.map(() => new Float64Array(S * A));
  for (let row = 0; row < S * A; row++) {
    const chances = new Map<number, number>();
    for (const it of outcomes(digits(Math.floor(row / A), sizes), digits(row % A, actions))) {
      const to = indexOf(it.next, sizes);
      chances.set(to, (chances.get(to) ?? 0) + it.p);
      reward[row]! += it.p * it.reward;
      it.costs.forEach((value, channel) => cost[channel]![row]! += it.p * value);
    }
    const total = [...chances.values()].reduce((sum, p) => sum + p, 0);
    if (Math.abs(total - 1) > 1e-12) throw new UserError(`tabulate: chances sum to ${total} at row ${row}`);
    for (const [to, p] of [...chances].sort(([a], [b]) => a - b)) {
      next.push(to);
      probability.push(p);
    }
    rows[row + 1] = next.length;
  }
  return {
    S,
    A,
    parts,
    actions,
    channels,
    start: indexOf(start, sizes),
    discount,
    rows,
    next: Int32Array.from(next),
    probability: Float64Array.from(probability),
    reward,
    cost,
  };
}

/** A chance and what comes of it. */
export type Chance<T> = readonly [p: number, value: T];

/** Both of two independent things: all pairs, with the products of their chances. */
export function both<A, B>(a: readonly Chance<A>[], b: readonly Chance<B>[]): Chance<readonly [A, B]>[] {
  return a.flatMap(([p, x]) => b.map(([q, y]): Chance<readonly [A, B]> => [p * q, [x, y]]));
}

/** The index of a state or joint action. */
export function indexOf(digits: readonly number[], sizes: readonly number[]): number {
  return digits.reduce((index, digit, i) => {
    if (Number.isInteger(digit) && digit >= 0 && digit < sizes[i]!) return index * sizes[i]! + digit;
    throw new UserError(
      `tables: expected a whole number from 0 to ${sizes[i]! - 1} at place ${i}, found ${digit}`,
    );
  }, 0);
}

/** The state or joint action of an index. */
export function digits(index: number, sizes: readonly number[]): number[] {
  const found = new Array<number>(sizes.length);
  for (let i = sizes.length - 1; i >= 0; i--) {
    found[i] = index % sizes[i]!;
    index = Math.floor(index / sizes[i]!);
  }
  return found;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
