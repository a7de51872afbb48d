/**
 * An environment that passes everything on to another: what a wrapper starts from.
 *
 * @module
 */
import type { AecEnv, Environment, ParallelEnv } from "../types.ts";

type Getter<E> = () => E;

/** Passes on to what `env()` is at the moment, but for what `changes` does itself. */
export function forwardParallel<O>(
  env: Getter<ParallelEnv<O>>,
  changes: Partial<ParallelEnv<O>> = {},
): ParallelEnv<O> {
  const wrapper = {
    reset: (start) => env().reset(start),
    step: (actions) => env().step(actions),
  } satisfies Partial<ParallelEnv<O>>;
  return merge(common(env), wrapper, changes) as ParallelEnv<O>;
}

/** Passes on to what `env()` is at the moment, but for what `changes` does itself. */
export function forwardAec<O>(env: Getter<AecEnv<O>>, changes: Partial<AecEnv<O>> = {}): AecEnv<O> {
  const wrapper: Partial<AecEnv<O>> = {
    get agentSelection() {
      return env().agentSelection;
    },
    get rewards() {
      return env().rewards;
    },
    get costs() {
      return env().costs;
    },
    get terminations() {
      return env().terminations;
    },
    get truncations() {
      return env().truncations;
    },
    get infos() {
      return env().infos;
    },
    reset: (start) => env().reset(start),
    step: (action) => env().step(action),
    observe: (agent) => env().observe(agent),
    last: (observe) => env().last(observe),
    agentIter: (maxIter) => env().agentIter(maxIter),
  };
  return merge(common(env), wrapper, changes) as AecEnv<O>;
}

function common<O>(env: Getter<Environment<O>>): Environment<O> {
  return {
    get metadata() {
      return env().metadata;
    },
    get possibleAgents() {
      return env().possibleAgents;
    },
    get agents() {
      return env().agents;
    },
    get numAgents() {
      return env().numAgents;
    },
    get maxNumAgents() {
      return env().maxNumAgents;
    },
    get channels() {
      return env().channels;
    },
    get stateSpace() {
      return env().stateSpace;
    },
    get renderMode() {
      return env().renderMode;
    },
    get unwrapped() {
      return env().unwrapped;
    },
    observationSpace: (agent) => env().observationSpace(agent),
    actionSpace: (agent) => env().actionSpace(agent),
    state: () => env().state(),
    render: () => env().render(),
    close: () => env().close(),
  };
}

/** One object of all, getters kept; later ones win. */
function merge(...parts: readonly object[]): object {
  return parts.reduce(
    (merged, part) => Object.defineProperties(merged, Object.getOwnPropertyDescriptors(part)),
    {},
  );
}
