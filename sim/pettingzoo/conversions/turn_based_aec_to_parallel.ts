/**
 * A turn-based AEC game as a Parallel environment: all agents send an action, and that of the agent whose turn it is
 * counts. `infos[agent].activeAgent` says whose turn is next.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/utils/conversions.py, turn_based_aec_to_parallel_wrapper
 * Differs  `activeAgent` is told after reset too, and every action must be in its agent's space
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { checkAction } from "../actions.ts";
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

/** @throws UserError when `env` is not an AEC environment, or one whose agents act at once */
export function turnBasedAecToParallel<O>(env: AecEnv<O>): ParallelEnv<O> {
  if (!isAec(env)) {
    throw new UserError(
      "turnBasedAecToParallel: expected an AEC environment, found a Parallel one: use it as it is",
    );
  }
  if (env.metadata.isParallelizable) {
    throw new UserError(
      `turnBasedAecToParallel: the agents of ${env.metadata.name} act at once (metadata.isParallelizable): use ` +
        "aecToParallel, which counts all their actions",
    );
  }

  function infos(): ResetResult<O>["infos"] {
    return inPlay(env, (agent) => ({ ...env.infos[agent], activeAgent: env.agentSelection }));
  }

  function reset(start = {}): ResetResult<O> {
    env.reset(start);
    leaveFinished(env);
    return { observations: inPlay(env, (agent) => env.observe(agent)), infos: infos() };
  }

  function step(actions: Readonly<PerAgent<Action>>): StepResult<O> {
    const active = env.agentSelection;
    for (const agent of env.agents) checkAction(agent, actions[agent], env.actionSpace(agent));
    env.step(actions[active]!);
    const result = told(env);
    leaveFinished(env);
    return { ...result, infos: { ...result.infos, ...infos() } };
  }

  return overAec(env, { reset, step });
}
