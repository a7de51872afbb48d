/**
 * Action masks as part of what agents observe, as PettingZoo's classic games show them: `{ observation, actionMask }`.
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { dictSpace, multiBinarySpace, type Space } from "../spaces.ts";
import {
  type AecEnv,
  type Info,
  isAec,
  type ParallelEnv,
  type PerAgent,
  type ResetResult,
} from "../types.ts";
import { forwardAec, forwardParallel } from "./forward.ts";

/** An observation with its mask: 1 where an action is legal. */
export interface Masked<O> {
  readonly observation: O;
  readonly actionMask: Uint8Array;
}

/** Where an environment shows no mask, all actions are legal. Throws a UserError where actions are continuous. */
export function maskInObservation<O>(env: AecEnv<O>): AecEnv<Masked<O>>;
export function maskInObservation<O>(env: ParallelEnv<O>): ParallelEnv<Masked<O>>;
export function maskInObservation<O>(
  env: AecEnv<O> | ParallelEnv<O>,
): AecEnv<Masked<O>> | ParallelEnv<Masked<O>> {
  const spaces: PerAgent<Space<Masked<O>>> = {};
  const open: PerAgent<Uint8Array> = {};
  for (const agent of env.possibleAgents) {
    const space = env.actionSpace(agent);
    if (space.kind !== "discrete") {
      throw new UserError(`maskInObservation: the actions of ${agent} are continuous, and have no mask`);
    }
    const observation: Space<O> = env.observationSpace(agent);
    spaces[agent] = dictSpace<Masked<O>>({ observation, actionMask: multiBinarySpace(space.n, agent) });
    open[agent] = new Uint8Array(space.n).fill(1);
  }
  const masked = (agent: string, observation: O, info: Info | undefined): Masked<O> => {
    return { observation, actionMask: info?.actionMask ?? open[agent]! };
  };
  const observationSpace = (agent: string) => {
    void env.observationSpace(agent); // throws for an agent that does not exist
    return spaces[agent]!;
  };
  const forget = ({ actionMask: _, ...info }: Info): Info => info;
  const forgetAll = (infos: PerAgent<Info>) => {
    return Object.fromEntries(Object.entries(infos).map(([agent, info]) => [agent, forget(info)]));
  };
  if (isAec(env)) {
    const observe = (agent: string) => masked(agent, env.observe(agent), env.infos[agent]);
    return forwardAec<Masked<O>>(() => env as AecEnv<never>, {
      observationSpace,
      observe,
      get infos() {
        return forgetAll(env.infos);
      },
      last(wanted = true) {
        const last = env.last(false);
        const observation = wanted ? observe(env.agentSelection) : null;
        return { ...last, observation, info: forget(last.info) };
      },
    });
  }
  const show = <R extends ResetResult<O>>(result: R) => ({
    ...result,
    observations: Object.fromEntries(
      Object.entries(result.observations).map((
        [agent, observation],
      ) => [agent, masked(agent, observation, result.infos[agent])]),
    ),
    infos: forgetAll(result.infos),
  });
  return forwardParallel<Masked<O>>(() => env as ParallelEnv<never>, {
    observationSpace,
    reset: (start) => show(env.reset(start)),
    step: (actions) => show(env.step(actions)),
  });
}
