/**
 * What both ways from AEC to Parallel share.
 *
 * @module
 */
import { suggest, UserError } from "../../../core/mod.ts";
import type { Action } from "../spaces.ts";
import type { AecEnv, ParallelEnv, PerAgent, StepResult } from "../types.ts";

/** A value for each agent in play. */
export function inPlay<O, T>({ agents }: AecEnv<O>, value: (agent: string) => T): PerAgent<T> {
  return Object.fromEntries(agents.map((agent) => [agent, value(agent)]));
}

/** What the agents in play are told of the last step. */
export function told<O>(env: AecEnv<O>): StepResult<O> {
  return {
    observations: inPlay(env, (agent) => env.observe(agent)),
    rewards: { ...env.rewards },
    costs: inPlay(env, (agent) => ({ ...env.costs[agent] })),
    terminations: { ...env.terminations },
    truncations: { ...env.truncations },
    infos: inPlay(env, (agent) => ({ ...env.infos[agent] })),
  };
}

/** The steps of finished agents, which take them out of play. */
export function leaveFinished<O>(env: AecEnv<O>): void {
  while (env.numAgents > 0) {
    const agent = env.agentSelection;
    if (!env.terminations[agent] && !env.truncations[agent]) return;
    env.step(null);
  }
}

/** A Parallel environment over an AEC one, given its `reset` and `step`. */
export function overAec<O>(
  env: AecEnv<O>,
  { reset, step }: Pick<ParallelEnv<O>, "reset" | "step">,
): ParallelEnv<O> {
  return {
    metadata: env.metadata,
    possibleAgents: env.possibleAgents,
    maxNumAgents: env.maxNumAgents,
    channels: env.channels,
    observationSpace: (agent) => env.observationSpace(agent),
    actionSpace: (agent) => env.actionSpace(agent),
    stateSpace: env.stateSpace,
    renderMode: env.renderMode,
    get agents() {
      return env.agents;
    },
    get numAgents() {
      return env.numAgents;
    },
    reset,
    step(actions) {
      mustFit(env, actions);
      return step(actions);
    },
    state: () => env.state(),
    render: () => env.render(),
    close: () => env.close(),
    get unwrapped() {
      return env.unwrapped;
    },
  };
}

/** One action for each agent in play, and for no other. */
function mustFit<O>(env: AecEnv<O>, actions: Readonly<PerAgent<Action>>): void {
  const { agents, possibleAgents, metadata: { name } } = env;
  if (agents.length === 0) {
    void env.rewards; // throws where the environment was not started, or is closed
    throw new UserError("step: the episode is over: call reset() to start the next one");
  }
  for (const agent of Object.keys(actions)) {
    if (agents.includes(agent)) continue;
    if (possibleAgents.includes(agent)) {
      throw new UserError(`step: ${agent} acts no more in this episode. Acting now: ${agents.join(", ")}`);
    }
    const near = suggest(agent, possibleAgents);
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    throw new UserError(`${name} has no agent "${agent}".${hint} It has: ${possibleAgents.join(", ")}`);
  }
  const missing = agents.find((agent) => actions[agent] === undefined);
  if (missing !== undefined) {
    throw new UserError(
      `step: no action for ${missing}. step() takes one action for each agent in env.agents`,
    );
  }
}
