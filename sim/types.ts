/**
 * The contracts of the simulator: what a world reports about itself, what it fills at each step, and what a
 * policy is. Everything above `sim` (constraints, agents, server, islands) is written against these types.
 *
 * Shape letters: `E` environments, `N` agents, `O` observation, `A` actions, `C` cost channels, `S` state.
 *
 * @module
 */
import type { Stream } from "../core/mod.ts";
import type { Distribution } from "./realism/distribution.ts";
import type { Transform } from "./realism/transforms.ts";

/** The set a value is drawn from, as Gymnasium names it. */
export type Space =
  | { readonly kind: "discrete"; readonly n: number }
  | {
    readonly kind: "box";
    readonly low: number;
    readonly high: number;
    readonly shape: readonly [number];
    /** A world takes any finite number and clips it itself; without this it refuses what lies outside. */
    readonly clips?: true;
  };

/** Who a cost is charged to: one agent, both of a pair, each member of a group, or the whole team. */
export type Scope = "agent" | "pair" | "group" | "team";

/** A constrained-MDP cost channel. Costs are non-negative and counted per step. */
export interface Channel {
  readonly name: string;
  readonly scope: Scope;
  readonly summary: string;
}

/**
 * The unit of a limit:
 * `episode` E[Σ c] · `discounted` E[Σ γᵗ c] · `rate` E[c per step] · `step` c at every step ·
 * `chance` P(Σ c > limit) ≤ epsilon · `cvar` the mean of the worst `epsilon` share of Σ c.
 */
export type LimitKind = "episode" | "discounted" | "rate" | "step" | "chance" | "cvar";

/** What a scenario allows on one of its channels. */
export interface Budget {
  readonly channel: string;
  readonly kind: LimitKind;
  readonly limit: number;
  /** Tail share, for `chance` and `cvar`. */
  readonly epsilon?: number;
}

/** Agents that share roles and spaces; a policy serves one group. */
export interface Group {
  readonly name: string;
  /** Indices into `WorldSpec.agents`. */
  readonly members: readonly number[];
  readonly observation: Space;
  readonly action: Space;
}

/**
 * What runs a world. `eval`, `js` and `wasm64` give the same bits; `wasm32` computes in floats, with bits of its own.
 */
export type BackendName = "eval" | "js" | "wasm64" | "wasm32";

/** The numbers of a world: doubles, or floats on `wasm32`. */
export type Reals = Float64Array | Float32Array;

/** Everything fixed about a world: sizes, names, spaces, channels. */
export interface WorldSpec {
  readonly scenario: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What is drawn at each reset, in place of the number in `params`, and what stands between world and policies. */
  readonly realism?: {
    readonly params: Readonly<Record<string, Distribution>>;
    readonly transforms: readonly Transform[];
  };
  /** Hash of the traced graph (of id and version for class worlds), 16 hex digits. */
  readonly codeHash: string;
  readonly backend: BackendName;
  readonly E: number;
  readonly N: number;
  /** Largest observation of any agent; smaller ones are padded with zeros. */
  readonly O: number;
  /** Largest number of discrete actions, or largest continuous action dimension. */
  readonly A: number;
  readonly C: number;
  readonly S: number;
  readonly actionKind: "discrete" | "continuous";
  /** `agent_0`, … in PettingZoo's order. */
  readonly agents: readonly string[];
  readonly observationSizes: readonly number[];
  readonly actionSizes: readonly number[];
  readonly groups: readonly Group[];
  readonly channels: readonly Channel[];
  readonly budgets: readonly Budget[];
  /** True where every agent receives the same reward. */
  readonly sharedReward: boolean;
  readonly maxCycles: number;
}

/**
 * When the next episode begins, by Gymnasium's names: `same-step` within the step that ended the last one, whose
 * observation stands in the `final…` twins; `next-step` in the step after, which ignores the environment's actions and
 * gives no reward; `disabled` when `restart` is called: no step is taken before, and until then all stays as the last
 * step left it, `columns` included.
 */
export type Autoreset = "same-step" | "next-step" | "disabled";

/**
 * `E` copies of a scenario, in columns. Write `actions`, call `step()`, read the arrays: they are preallocated
 * and the next step overwrites them. An episode that ends is reset inside `step()`, unless `autoreset` says otherwise;
 * what the reset would overwrite stands in the `final…` twins, valid in rows where `done` is 1.
 */
export interface World<R extends Reals = Reals> {
  readonly spec: WorldSpec;
  readonly autoreset: Autoreset;
  /** Discrete: `Int32Array [E,N]`. Continuous: `Float32Array [E,N,A]`. */
  readonly actions: Int32Array | Float32Array;
  /** `[E,N,O]` */
  readonly obs: R;
  /** `[E,N,O]` observation after the last step of an episode, before the reset. */
  readonly finalObs: R;
  /** `[E,S]` what a centralised critic may see. */
  readonly state: R;
  /** `[E,S]` */
  readonly finalState: R;
  /** `[E,N]` */
  readonly reward: R;
  /** `[E,N,C]` a pair's cost is charged to both, a group's or team's to each member. */
  readonly cost: R;
  /** `[E,C]` each event counted once. */
  readonly channelCost: R;
  /** `[E,N]` */
  readonly terminated: Uint8Array;
  /** `[E,N]` */
  readonly truncated: Uint8Array;
  /** `[E,N]` 1 where the agent still acts in the state that `obs` shows. */
  readonly alive: Uint8Array;
  /** `[E,N,A]` 1 where a discrete action is legal. All ones for continuous actions. */
  readonly mask: Uint8Array;
  /**
   * `[E,N,A]` the actions that would be legal in the state where the episode ended, as `mask` says it of a running one:
   * what a truncated agent could have done next. Where the scenario has no masks, it is `mask` itself: all ones.
   */
  readonly finalMask: Uint8Array;
  /** `[E]` index of the only agent to act, or -1 where all act at once. */
  readonly turn: Int32Array;
  /** `[E]` 1 where the episode ended with this step; its row was reset, or will be, as `autoreset` says. */
  readonly done: Uint8Array;
  /** `[E]` steps taken in the running episode (0 right after a reset). */
  readonly cycle: Int32Array;
  /** `[E]` index of the running episode (0, 1, …). */
  readonly episode: Int32Array;
  /** `[E]` stage of a curriculum, where params have one: write it, and the next reset of the environment draws from it. */
  readonly stage?: R;

  /**
   * Start episode `episode` (default 0) of every environment. A number seeds them all, with streams keyed by (seed,
   * environment); of a list of E numbers, each seeds its environment as if it were alone in a world.
   */
  reset(seed: number | readonly number[], episode?: number): void;
  /** Start the next episode of every environment whose entry of `which` [E] is 1, whether or not the last one ended. */
  restart(which: Uint8Array): void;
  /** Advance every environment by one step. Throws a UserError that names agent, value and cure on an action out of its space. */
  step(): void;
  /** Recompute `obs`, `state`, `mask` and `alive` from `columns`, after writing a state of one's own into them. */
  refresh(): void;
  /** One copy of everything a later step depends on (streams, counters and outputs included). */
  snapshot(): Uint8Array;
  restore(bytes: Uint8Array): void;
  /** Copy environment `from` into slot `to`; the two then evolve alike under equal actions. */
  fork(from: number, to: number): void;
  /** 64-bit hash of environment `env`'s state (columns, cycle, episode), 16 hex digits; -0 and NaN are canonical. */
  hash(env: number): string;
  /** The state columns, for views and replays: name -> `[E, width]` row-major. */
  readonly columns: Readonly<Record<string, { readonly data: R; readonly width: number }>>;
}

/** What a policy sees of the `rows` it acts for (one row = one agent of one environment). */
export interface PolicyInput {
  readonly rows: number;
  /** `[rows,O]` of the group's own size. */
  readonly obs: Float32Array;
  /** `[rows,A]` */
  readonly mask: Uint8Array;
  /** `[rows]` which member of its group each row is. */
  readonly member: Int32Array;
  /** `[rows,H]`, updated in place; zeroed by the runner at autoreset. */
  readonly hidden: Float32Array;
  /** One stream per row. Ignored by deterministic policies. */
  readonly streams: readonly Stream[];
}

/** Rows of observations in, rows of actions out. */
export interface Policy {
  readonly name: string;
  /** Size `H` of the recurrent state; 0 for a feed-forward policy. */
  readonly hiddenSize: number;
  /** Writes `into`: `Int32Array [rows]` (discrete) or `Float32Array [rows,A]` (continuous). */
  act(input: PolicyInput, into: Int32Array | Float32Array): void;
}

/** One thing to draw, in world units. `x, y` is its centre. */
export interface Shape {
  readonly kind: "disc" | "zone" | "ring" | "line" | "cell" | "text";
  readonly x: number;
  readonly y: number;
  /** Radius of a disc, zone or ring; half the side of a cell, half the width of a line, half the height of a text. */
  readonly r: number;
  /** Second end of a line. */
  readonly x2?: number;
  readonly y2?: number;
  readonly color: string;
  readonly label?: string;
  /** Index of the agent it stands for. */
  readonly agent?: number;
}

/** One picture of one environment. */
export interface Frame {
  /** `[xmin, xmax, ymin, ymax]` */
  readonly camera: readonly [number, number, number, number];
  readonly shapes: readonly Shape[];
  /** A line of text under the picture, for worlds without geometry. */
  readonly caption: string;
}
