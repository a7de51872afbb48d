/**
 * What an environment is to a PettingZoo user: the members of both APIs, in camelCase, with costs beside rewards.
 * Anyone may implement these; the conformance tests say whether an implementation keeps to them.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/utils/env.py
 * Differs  dictionaries are plain objects; tuples are objects with named fields; costs
 *
 * @module
 */
import type { Frame } from "../types.ts";
import type { Action, ActionSpace, Space } from "./spaces.ts";

/** One value for each agent. */
export type PerAgent<T> = Record<string, T>;

/** One agent's costs, by channel. */
export type Costs = Record<string, number>;

/** What an agent is told besides. */
export interface Info {
  /** 1 where an action is legal; there where the environment restricts actions. */
  actionMask?: Uint8Array;
  /** Whose action counts next, in a turn-based game seen through the Parallel API. */
  activeAgent?: string;
  [more: string]: unknown;
}

/** `frame` a picture as data, `ansi` text, `human` text printed to the console. */
export type RenderMode = "frame" | "ansi" | "human";
export type Rendering = Frame | string | undefined;

export interface Metadata {
  readonly name: string;
  /** Whether agents act at once: an AEC environment of this kind changes only when the last agent has acted. */
  readonly isParallelizable: boolean;
  readonly renderModes: readonly RenderMode[];
  /** Whether an action that its mask forbids is an error; else the environment has its own answer to it. */
  readonly refusesIllegal?: boolean;
}

export interface Start {
  readonly seed?: number;
  readonly options?: Record<string, unknown>;
}

/** What both APIs have. `O` is what an agent observes. */
export interface Environment<O> {
  readonly metadata: Metadata;
  /** Every agent that may ever appear. */
  readonly possibleAgents: readonly string[];
  /** The agents in play. Empty before the first reset and once the episode is over. */
  readonly agents: readonly string[];
  readonly numAgents: number;
  readonly maxNumAgents: number;
  /** Names of the cost channels: the keys of each agent's costs. */
  readonly channels: readonly string[];
  /** The same object at every call. */
  observationSpace(agent: string): Space<O>;
  /** The same object at every call. */
  actionSpace(agent: string): ActionSpace;
  readonly stateSpace: Space<Float32Array>;
  /** What a centralised critic may see `[S]`. */
  state(): Float32Array;
  readonly renderMode: RenderMode | undefined;
  /** A picture in `renderMode`; nothing in mode `human`. */
  render(): Rendering;
  close(): void;
  /** The environment inside all wrappers. */
  readonly unwrapped: AnyEnv;
}

export interface ResetResult<O = Float32Array> {
  readonly observations: PerAgent<O>;
  readonly infos: PerAgent<Info>;
}

/** Speaks of the agents that acted. */
export interface StepResult<O = Float32Array> extends ResetResult<O> {
  readonly rewards: PerAgent<number>;
  /** `costs[agent][channel]`: a pair's cost is charged to both, a group's or team's to each member. */
  readonly costs: PerAgent<Costs>;
  readonly terminations: PerAgent<boolean>;
  readonly truncations: PerAgent<boolean>;
}

/** All agents act at once. */
export interface ParallelEnv<O = Float32Array> extends Environment<O> {
  reset(start?: Start): ResetResult<O>;
  /** One action for each of `agents`. */
  step(actions: Readonly<PerAgent<Action>>): StepResult<O>;
}

/** What the agent to act is told. */
export interface Last<O = Float32Array> {
  /** Null where `last(false)` asked for none. */
  readonly observation: O | null;
  /** The sum of its rewards since it last acted. */
  readonly reward: number;
  /** The sums of its costs since it last acted. */
  readonly costs: Costs;
  readonly termination: boolean;
  readonly truncation: boolean;
  readonly info: Info;
}

/** Agents act one after another; one that is finished acts once more, with null, and is gone. */
export interface AecEnv<O = Float32Array> extends Environment<O> {
  /** The agent to act now. */
  readonly agentSelection: string;
  /** Of the last step alone; `last()` has the sums. Keys are `agents`, here and below. */
  readonly rewards: PerAgent<number>;
  readonly costs: PerAgent<Costs>;
  readonly terminations: PerAgent<boolean>;
  readonly truncations: PerAgent<boolean>;
  readonly infos: PerAgent<Info>;
  reset(start?: Start): void;
  /** The action of `agentSelection`: null if it is finished, and only then. */
  step(action: Action | null): void;
  observe(agent: string): O;
  last(observe?: boolean): Last<O>;
  /** `agentSelection` again and again, until no agent is left or after `maxIter` times; step once per round. */
  agentIter(maxIter?: number): Iterable<string>;
}

export type AnyEnv = ParallelEnv<unknown> | AecEnv<unknown>;

export function isAec<O>(env: ParallelEnv<O> | AecEnv<O>): env is AecEnv<O> {
  return "agentIter" in env;
}
