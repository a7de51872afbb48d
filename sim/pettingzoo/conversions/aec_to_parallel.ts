/**
 * An AEC environment as a Parallel one: a step is one round of all agents in order.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/utils/conversions.py, aec_to_parallel_wrapper
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import type { Action } from "../spaces.ts";
import {
  type AecEnv,
  isAec,
  type ParallelEnv,
  type PerAgent,
  type ResetResult,
  type StepResult,
} from "../types.ts";
import { inPlay, leaveFinished, overAec, told } from "./from_aec.ts";
import { ORIGIN, originOf } from "./origin.ts";

/**
 * @throws UserError when `env` is not an AEC environment, or one that changes before all agents have acted; its step
 *   throws one when agents do not act in their order
 */
export function aecToParallel<O>(env: AecEnv<O>): ParallelEnv<O> {
  if (!isAec(env)) {
    throw new UserError("aecToParallel: expected an AEC environment, found a Parallel one: use it as it is");
  }
  if (!env.metadata.isParallelizable) {
    throw new UserError(
      `aecToParallel: ${env.metadata.name} may change before all agents have acted (its metadata.isParallelizable ` +
        "is false). If it is a turn-based game, use turnBasedAecToParallel; if it changes only once all have acted, " +
        "set isParallelizable",
    );
  }
  const origin = originOf<ParallelEnv<O>>(env);
  if (origin !== undefined) return origin;

  function reset(start = {}): ResetResult<O> {
    env.reset(start);
    return { observations: inPlay(env, (agent) => env.observe(agent)), infos: { ...env.infos } };
  }

  function step(actions: Readonly<PerAgent<Action>>): StepResult<O> {
    const round = env.agents;
    const rewards: PerAgent<number> = Object.fromEntries(round.map((agent) => [agent, 0]));
    const costs = Object.fromEntries(round.map((agent) => [agent, zeros(env.channels)]));
    for (const agent of round) {
      if (agent !== env.agentSelection) refuse(env, agent);
      env.step(actions[agent]!);
      for (const other of env.agents) {
        rewards[other] = (rewards[other] ?? 0) + env.rewards[other]!;
        const into = costs[other] ??= zeros(env.channels);
        for (const channel in env.costs[other]) into[channel]! += env.costs[other][channel]!;
      }
    }
    const result = { ...told(env), rewards, costs };
    leaveFinished(env);
    return result;
  }

  return Object.assign(overAec(env, { reset, step }), { [ORIGIN]: env });
}

function zeros(channels: readonly string[]): Record<string, number> {
  return Object.fromEntries(channels.map((channel) => [channel, 0]));
}

function refuse<O>({ agentSelection, terminations, truncations, metadata }: AecEnv<O>, agent: string): never {
  const finished = terminations[agentSelection] || truncations[agentSelection];
  throw new UserError(
    `${metadata.name}: it is ${agent}'s turn in the round, and ${agentSelection} is to act` +
      (finished ? ", which is finished: agents may be finished only when a round ends" : "") +
      ". An AEC environment that all agents step in their order can be made Parallel, no other",
  );
}
