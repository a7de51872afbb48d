/**
 * The contracts of learning: what an algorithm is, what a learner keeps, what the training loop tells.
 *
 * Shape letters: `T` steps of a rollout, `E` environments, `M` members of a group, `B = E·M` rows, `O` observation,
 * `A` actions, `K` priced limits. Time first.
 *
 * @module
 */
import type * as z from "zod";
import type { Stream } from "../core/mod.ts";
import type { Group, Grouping, Policy, World, WorldSpec } from "../sim/mod.ts";
import type { Runtime } from "../tensor/mod.ts";
import type { Constraint, EpisodeRecord, Pricing } from "../constraints/mod.ts";
import type { Report } from "./evaluate.ts";
import type { Transitions } from "./transitions.ts";

/** The arrays that a state may hold. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Names to flat arrays: everything a learner or a run must keep to go on exactly where it stopped. */
export type State = Record<string, TypedArray>;

/** Numbers of one update, by their stable paths: `loss/policy`, `cost/contact`, … (docs/metrics.md). */
export type Metrics = Record<string, number>;

/** What an algorithm demands of the scenario; checked before step 0. */
export interface Needs {
  readonly actions?: "discrete" | "continuous";
  readonly sharedReward?: boolean;
}

/** What a player is built for: one group of one world. */
export interface PlayerContext {
  readonly spec: WorldSpec;
  readonly group: Group;
  readonly runtime: Runtime;
  /** The group's own random stream; what is random is forked from it by name. */
  readonly stream: Stream;
}

/** What a learner is built for. */
export interface LearnerContext extends PlayerContext {
  /** The multipliers of the run, where it has some; the learner keeps a critic for each. */
  readonly pricing?: Pricing | undefined;
  /** All learners of the run by group, this one among them; complete once training starts. */
  readonly peers: () => Readonly<Record<string, Learner>>;
}

/** How far the training is, and what cost is worth now. */
export interface Moment {
  /** Share of the steps done, 0 … 1. */
  readonly progress: number;
  /** `[K]` the multipliers in force. */
  readonly prices: ArrayLike<number>;
}

/**
 * A policy of one group: the arrays that it is made of, and how to play, refresh and export it. A learner is one that
 * changes them.
 */
export interface Player {
  /** What `policy` and `export` read, by reference; at first, what a learner started with the same stream has. */
  readonly policyState: State;
  /** Bring derived values up to date after arrays were written. */
  refresh(): void;
  /** The policy as it is now, for any number of rows; `mode` takes the most likely action. */
  policy(mode?: boolean): Policy;
  /** The policy as a self-contained ONNX model. */
  export(metadata: Record<string, string>): Uint8Array;
}

/** The learner of one group: a player whose policy gets better. */
export interface Learner extends Player {
  /** Everything to keep, by reference, `policyState` too: writing into these arrays restores the learner. */
  readonly state: State;
  /** Replays in `state` that only grow (rings.ts): their names and how many entries each holds. */
  readonly rings?: Readonly<Record<string, number>>;
  /** Choose actions for the group's rows of `world` and write them into `world.actions`. */
  act(world: World): void;
  /** Take note of the step that `world` just made. */
  observe(world: World): void;
  /** Update after `horizon` steps of the algorithm. */
  learn(world: World, moment: Moment): Metrics;
  /**
   * What the target policy does after a batch of transitions, for critics that see all agents: write the group's part
   * of `into`, `[batch,N,A]`.
   */
  targetActions?(batch: Transitions, into: Float32Array): void;
  /** Others played in its place until now: forget what is only true of an episode that one played all along. */
  sitOut?(): void;
  dispose(): void;
}

/** One paper: its name, its settings, what it needs, and how to start a learner or a player. */
export interface Algorithm {
  readonly name: string;
  readonly summary: string;
  readonly needs: Needs;
  /** Who shares a policy. */
  readonly groups: Grouping;
  /** Whether it learns from its own actions alone, so that another's in their place are of no use to it. */
  readonly onPolicy: boolean;
  /** The shapes of constraint that it obeys. */
  readonly obeys: readonly Constraint["shape"][];
  readonly settings: Readonly<Record<string, unknown>>;
  /** `T`: steps of each environment between two updates. */
  readonly horizon: number;
  /** The replay that it learns from, if any. */
  readonly replay?: {
    readonly of: "steps" | "episodes";
    /** Entries that it holds at most. */
    readonly capacity: number;
    /** Settings that the first gradient step waits for, each a number of entries. */
    readonly waits: Readonly<Record<string, number>>;
  };
  start(context: LearnerContext): Learner;
  /** A player of what such learners learn, without what only learning needs: no update, no replay. */
  player(context: PlayerContext): Player;
}

/** An algorithm on the shelf, not yet given its settings. */
export interface AlgorithmEntry {
  readonly name: string;
  readonly summary: string;
  readonly settings: z.ZodObject;
  make(input: Record<string, unknown>): Algorithm;
}

/** Everything a run is at the end of an update. Writing it to a file and back loses nothing. */
export interface TrainState {
  /** Environment steps done, over all environments. */
  readonly step: number;
  readonly update: number;
  readonly tensors: State;
  /** Rings among the tensors (rings.ts), and how many entries each holds. */
  readonly rings?: Readonly<Record<string, number>>;
}

/** What the training loop tells its callbacks. */
export type TrainEvent =
  | { readonly kind: "start"; readonly step: number; readonly steps: number }
  | { readonly kind: "episodes"; readonly step: number; readonly episodes: readonly EpisodeRecord[] }
  | { readonly kind: "update"; readonly step: number; readonly update: number; readonly metrics: Metrics }
  | {
    readonly kind: "evaluation";
    readonly step: number;
    readonly report: Report;
    /** Whether its policy is kept as the best. */
    readonly best: boolean;
    /** Evaluations since one that was better than all before. */
    readonly since: number;
  }
  | {
    readonly kind: "checkpoint";
    readonly step: number;
    /** Its rings are the run's own: read or copy them at once. */
    readonly state: TrainState;
  }
  | { readonly kind: "end"; readonly step: number; readonly reason: "finished" | "stopped" };

/**
 * A function of events. `"stop"` ends the training after a checkpoint, and what is left can be resumed; `"finish"` ends
 * it as if all steps were done.
 */
export type Callback = (event: TrainEvent) => void | "stop" | "finish";
