/**
 * Environments with one thing wrong each, to be caught.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { World } from "../../sim/mod.ts";
import {
  type AecEnv,
  aecOverWorld,
  overWorld,
  type ParallelEnv,
  type StepResult,
} from "../../sim/pettingzoo/mod.ts";
import { forwardAec, forwardParallel } from "../../sim/pettingzoo/wrappers/forward.ts";
import { type FakeOptions, fakeWorld } from "./fake_world.ts";

/** What is wrong, how it is made wrong, and what the test must say. */
export type Broken<E> = readonly [what: string, change: (env: E) => Partial<E>, message: RegExp];

export function broken<E extends AecEnv | ParallelEnv>(env: E, change: (env: E) => Partial<E>): E {
  return ("agentIter" in env
    ? forwardAec(() => env as AecEnv, change(env) as Partial<AecEnv>)
    : forwardParallel(() => env as ParallelEnv, change(env) as Partial<ParallelEnv>)) as unknown as E;
}

/** A Parallel environment whose step results are changed; `t` counts them. */
export function badSteps(change: (result: StepResult, t: number) => Partial<StepResult>) {
  return (env: ParallelEnv): Partial<ParallelEnv> => {
    let t = 0;
    return {
      step(actions) {
        const result = env.step(actions);
        return { ...result, ...change(result, t++) };
      },
    };
  };
}

/** A world of which something is changed after each step, or for good. */
export function brokenWorld(
  world: World,
  change: (world: World) => void = () => {},
  members: Partial<World> = {},
): World {
  const changed: World = {
    ...world,
    reset: (seed, episode) => world.reset(seed, episode),
    step() {
      world.step();
      change(changed);
    },
    refresh: () => world.refresh(),
    snapshot: () => world.snapshot(),
    restore: (bytes) => world.restore(bytes),
    fork: (from, to) => world.fork(from, to),
    hash: (env) => world.hash(env),
    ...members,
  };
  return changed;
}

/** The first entry of a record, with another value. */
export function first<T>(values: Readonly<Record<string, T>>, value: NoInfer<T>): Record<string, T> {
  const [key] = Object.keys(values);
  return key === undefined ? {} : { ...values, [key]: value };
}

/** All but the first entry. */
export function rest<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).slice(1));
}

/** All that an AEC environment says by agent, of the agents that `agents` names. */
export function speaksOf(env: AecEnv, agents: () => readonly string[]): Partial<AecEnv> {
  const each = <T>(values: Readonly<Record<string, T>>, missing: T): Record<string, T> => {
    return Object.fromEntries(agents().map((agent) => [agent, values[agent] ?? missing]));
  };
  return {
    get agents() {
      return agents();
    },
    get numAgents() {
      return agents().length;
    },
    get rewards() {
      return each(env.rewards, 0);
    },
    get costs() {
      return each(env.costs, Object.fromEntries(env.channels.map((channel) => [channel, 0])));
    },
    get terminations() {
      return each(env.terminations, true);
    },
    get truncations() {
      return each(env.truncations, false);
    },
    get infos() {
      return each(env.infos, {});
    },
  };
}

/** Healthy environments: three dots on a line, of which one leaves. */
export const dots = (options: FakeOptions = {}) =>
  overWorld(fakeWorld({ leaves: 2, ...options })) as ParallelEnv;
export const turns = (options: FakeOptions = {}) =>
  aecOverWorld(fakeWorld({ leaves: 2, ...options })) as AecEnv;

/** Each environment is healthy but for one thing, and `run` must say so. */
export function catches<E extends AecEnv | ParallelEnv>(
  test: string,
  make: () => E,
  run: (env: E) => unknown,
  cases: readonly Broken<E>[],
): void {
  Deno.test(`${test} lets a healthy environment pass`, () => void run(make()));
  for (const [what, change, message] of cases) {
    Deno.test(`${test} catches: ${what}`, () => {
      assert.throws(() => run(broken(make(), change)), { message });
    });
  }
}

/** The same space for every agent that exists. */
export function always<S>(space: S): (agent: string) => S {
  return (agent) => {
    if (agent === "nobody_99") throw new Error("no such agent");
    return space;
  };
}
