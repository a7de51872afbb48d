/**
 * Random play through either API, for tests that do not care which.
 *
 * @module
 */
import { sampleActions, sampleNext } from "../actions.ts";
import { copy } from "../copy.ts";
import { type AecEnv, type AnyEnv, isAec, type ParallelEnv, type ResetResult, type Start } from "../types.ts";

/** One environment being played. `Move` is what its `step` takes. */
export interface Walk {
  reset(start?: Start): void;
  /** A legal move, drawn from the action spaces. */
  draw(): Move;
  step(move: Move): void;
  /** A copy of everything that it shows. */
  shown(): unknown;
  /** Whether nobody is in play. */
  over(): boolean;
}

export type Move = Parameters<ParallelEnv["step"]>[0] | Parameters<AecEnv["step"]>[0];

export function walk(env: AnyEnv): Walk {
  return isAec(env) ? walkAec(env) : walkParallel(env);
}

function walkParallel(env: ParallelEnv<unknown>): Walk {
  let last: ResetResult<unknown>;
  return {
    reset: (start) => void (last = env.reset(start)),
    draw: () => sampleActions(env, last),
    step: (move) => void (last = env.step(move as Parameters<ParallelEnv["step"]>[0])),
    shown: () => ({ ...copy(last), agents: [...env.agents] }),
    over: () => env.numAgents === 0,
  };
}

function walkAec(env: AecEnv<unknown>): Walk {
  return {
    reset: (start) => env.reset(start),
    draw: () => sampleNext(env),
    step: (move) => env.step(move as Parameters<AecEnv["step"]>[0]),
    shown() {
      if (env.numAgents === 0) return { agents: [] };
      const { agents, agentSelection, rewards, costs, terminations, truncations, infos } = env;
      const last = env.last();
      return copy({ agents, agentSelection, rewards, costs, terminations, truncations, infos, last });
    },
    over: () => env.numAgents === 0,
  };
}

/** Seeds every action space, each otherwise. */
export function seedSpaces(env: AnyEnv, seed: number): void {
  env.possibleAgents.forEach((agent, i) => env.actionSpace(agent).seed(seed + i));
}
