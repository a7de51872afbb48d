/**
 * Calls out of order are errors: reset() comes first, and after the last step; one step in each round of an iteration.
 *
 * Source   PettingZoo @ 761353e6, OrderEnforcingWrapper. Environments of scenarios do this already.
 * Differs  a step after the episode is an error, not a warning; both APIs
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { iterate } from "../agent_iter.ts";
import { type AecEnv, isAec, type ParallelEnv, type Start } from "../types.ts";
import { forwardAec, forwardParallel } from "./forward.ts";

export function orderEnforcing<O>(env: AecEnv<O>): AecEnv<O>;
export function orderEnforcing<O>(env: ParallelEnv<O>): ParallelEnv<O>;
export function orderEnforcing<O>(env: AecEnv<O> | ParallelEnv<O>): AecEnv<O> | ParallelEnv<O> {
  return isAec(env) ? enforceAec(env) : enforceParallel(env);
}

/** Knows what may be called now. */
function order(env: { readonly agents: readonly string[] }) {
  let phase: "new" | "started" | "closed" = "new";
  const need = (what: string) => {
    if (phase === "started") return;
    throw new UserError(
      phase === "new"
        ? `${what}: the environment was not started: call reset() first`
        : `${what}: the environment is closed: make a new one`,
    );
  };
  return {
    /** `what` needs a reset before it. */
    need,
    /** `what` needs agents in play. */
    needAgents(what: string) {
      need(what);
      if (env.agents.length > 0) return;
      throw new UserError(`${what}: the episode is over: call reset() to start the next one`);
    },
    start() {
      if (phase === "closed") need("reset");
      phase = "started";
    },
    agents: () => phase === "started" ? env.agents : [],
    close: () => void (phase = "closed"),
  };
}

function enforceParallel<O>(env: ParallelEnv<O>): ParallelEnv<O> {
  const now = order(env);
  return forwardParallel(() => env, {
    ...guarded(env, now),
    get agents() {
      return now.agents();
    },
    get numAgents() {
      return now.agents().length;
    },
    reset(start?: Start) {
      now.start();
      return env.reset(start);
    },
    step(actions) {
      now.needAgents("step");
      return env.step(actions);
    },
  });
}

function enforceAec<O>(env: AecEnv<O>): AecEnv<O> {
  const now = order(env);
  let moves = 0;
  const after = <K extends keyof AecEnv<O>>(member: K): AecEnv<O>[K] => {
    now.need(member);
    return env[member];
  };
  return forwardAec(() => env, {
    ...guarded(env, now),
    get agents() {
      return now.agents();
    },
    get numAgents() {
      return now.agents().length;
    },
    get agentSelection() {
      return after("agentSelection");
    },
    get rewards() {
      return after("rewards");
    },
    get costs() {
      return after("costs");
    },
    get terminations() {
      return after("terminations");
    },
    get truncations() {
      return after("truncations");
    },
    get infos() {
      return after("infos");
    },
    reset(start) {
      now.start();
      moves++;
      env.reset(start);
    },
    step(action) {
      now.needAgents("step");
      moves++;
      env.step(action);
    },
    observe(agent) {
      now.need("observe");
      return env.observe(agent);
    },
    last(observe) {
      now.needAgents("last");
      return env.last(observe);
    },
    agentIter(maxIter = Infinity) {
      now.need("agentIter");
      return iterate(() => env, () => moves, maxIter);
    },
  });
}

function guarded<O>(env: AecEnv<O> | ParallelEnv<O>, now: ReturnType<typeof order>) {
  return {
    state() {
      now.need("state");
      return env.state();
    },
    render() {
      now.need("render");
      return env.render();
    },
    close() {
      now.close();
      env.close();
    },
  };
}
