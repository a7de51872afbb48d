/**
 * Whether results depend on the order of agents where they must not: in the keys of an action dictionary; and, where a
 * reward is shared, among agents that can change places.
 *
 * @module
 */
import { sampleActions } from "../actions.ts";
import { copy } from "../copy.ts";
import type { AnyEnv, ParallelEnv, StepResult } from "../types.ts";
import { check, checkSame } from "./check.ts";
import { seedSpaces } from "./walk.ts";

export interface Symmetry<E> {
  /** Whether all agents get one reward; for an environment of a scenario, what its spec says if not given. */
  readonly shared?: boolean;
  /** For agents that can change places: makes two of them do so right after a reset, by their names. */
  readonly swap?: (env: E, one: string, other: string) => void;
  /** Largest difference between the rewards before and after a swap, relative: sums are in another order. */
  readonly tolerance?: number;
}

/** Plays `steps` steps, over as many episodes as that takes. */
export function agentOrderTest<O, E extends ParallelEnv<O>>(
  make: () => E,
  { shared, swap, tolerance = 1e-9 }: Symmetry<E> = {},
  steps = 60,
): void {
  checkKeyOrder(make, steps);
  const one = make();
  if (shared ?? saysShared(one)) checkShared(one, steps);
  if (swap !== undefined) checkSwap(make, swap, tolerance, steps);
}

function saysShared({ unwrapped }: AnyEnv): boolean {
  return "spec" in unwrapped && (unwrapped.spec as { sharedReward?: boolean }).sharedReward === true;
}

/** Plays episodes; `step` gets the actions. */
function play<O>(env: ParallelEnv<O>, steps: number, step: (actions: Actions) => StepResult<O>): void {
  seedSpaces(env, 8);
  let shown = env.reset({ seed: 2 });
  for (let t = 0; t < steps; t++) {
    shown = step(sampleActions(env, shown));
    if (env.numAgents === 0) shown = env.reset();
  }
}
type Actions = ReturnType<typeof sampleActions>;

function checkKeyOrder<O>(make: () => ParallelEnv<O>, steps: number): void {
  const [env, twin] = [make(), make()];
  twin.reset({ seed: 2 });
  play(env, steps, (actions) => {
    if (twin.numAgents === 0) twin.reset();
    const result = env.step(actions);
    const reversed = Object.fromEntries(Object.entries(actions).reverse());
    checkSame(
      "the same actions with their keys in another order",
      copy(result),
      copy(twin.step(reversed)),
      "read each agent's action by its name, in the order of agents",
    );
    return result;
  });
}

function checkShared<O>(env: ParallelEnv<O>, steps: number): void {
  play(env, steps, (actions) => {
    const result = env.step(actions);
    const [[first, reward] = [], ...others] = Object.entries(result.rewards);
    for (const [agent, other] of others) {
      check(
        other === reward,
        `the reward is shared, and ${first} gets ${reward}, ${agent} ${other}: compute it once`,
      );
    }
    return result;
  });
}

/** Two agents change places and actions: everybody's shared reward must stay what it was. */
function checkSwap<O, E extends ParallelEnv<O>>(
  make: () => E,
  swap: NonNullable<Symmetry<E>["swap"]>,
  tolerance: number,
  steps: number,
): void {
  const [env, twin] = [make(), make()];
  const [one, other] = [env.possibleAgents[0]!, env.possibleAgents.at(-1)!];
  const begin = (start = {}) => {
    twin.reset(start);
    swap(twin, one, other);
  };
  begin({ seed: 2 });
  const name = (agent: string) => agent === one ? other : agent === other ? one : agent;
  play(env, steps, (actions) => {
    if (twin.numAgents === 0) begin();
    const result = env.step(actions);
    const swapped = twin.step(
      Object.fromEntries(env.possibleAgents.map((agent) => [agent, actions[name(agent)]!])),
    );
    for (const [agent, reward] of Object.entries(result.rewards)) {
      const found = swapped.rewards[name(agent)]!;
      check(
        Math.abs(found - reward) <= tolerance * Math.max(1, Math.abs(reward)),
        `${one} and ${other} changed places, and the reward of ${agent} went from ${reward} to ${found}: let it not ` +
          "depend on the order of agents",
      );
    }
    return result;
  });
}
