/**
 * A Parallel environment as an AEC one: actions wait until the last agent has acted, then all of them count.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/utils/conversions.py, parallel_to_aec_wrapper
 * Differs  an action outside its space is refused when it is given, not when the cycle ends
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { aecOver, type Driver, type Played } from "../aec_over.ts";
import { clear, finishedFirst, type Ledger, openLedger } from "../ledger.ts";
import type { Action } from "../spaces.ts";
import { type AecEnv, isAec, type ParallelEnv, type PerAgent, type StepResult } from "../types.ts";
import { ORIGIN, originOf } from "./origin.ts";

/** @throws UserError when `env` is not a Parallel environment */
export function parallelToAec<O>(env: ParallelEnv<O>): AecEnv<O> {
  if (isAec(env)) {
    throw new UserError("parallelToAec: expected a Parallel environment, found an AEC one: use it as it is");
  }
  return originOf<AecEnv<O>>(env) ?? inCycles(env).env;
}

/** The actions that wait, and what the last cycle showed; plain data but for the observations. */
export interface Cycle<O> {
  pending: PerAgent<Action>;
  /** Who acts in this cycle, in order. */
  order: readonly string[];
  observations: PerAgent<O>;
}

/** `parallelToAec` with its insides. */
export function inCycles<O>(env: ParallelEnv<O>): Played<O> & { readonly cycle: Cycle<O> } {
  const cycle: Cycle<O> = { pending: {}, order: [], observations: {} };

  function begin(order: readonly string[]): void {
    cycle.order = [...order];
    cycle.pending = {};
  }

  function act(ledger: Ledger, action: Action): void {
    const { pending, order } = cycle;
    const place = order.indexOf(ledger.selection);
    // The environment looks at an action when the cycle ends; whoever gave it may have changed it by then.
    pending[ledger.selection] = typeof action === "number" ? action : Float64Array.from(action);
    if (place < order.length - 1) {
      if (place === 0) clear(ledger);
      ledger.selection = order[place + 1]!;
      return;
    }
    const result = env.step(pending);
    cycle.observations = result.observations;
    begin(env.agents);
    write(result, env, ledger);
  }

  const driver: Driver<O> = {
    reset(start) {
      const { observations, infos } = env.reset(start);
      cycle.observations = observations;
      begin(env.agents);
      return openLedger(env.agents, env.agents[0]!, env.channels, infos);
    },
    step: act,
    observe: (agent) => cycle.observations[agent],
  };
  const played = aecOver(env, driver);
  return { ...played, env: Object.assign(played.env, { [ORIGIN]: env }), cycle };
}

/** What a cycle gave. Those it finished come after those in play, in PettingZoo's order. */
function write<O>(result: StepResult<O>, env: ParallelEnv<O>, into: Ledger): void {
  const left = env.possibleAgents.filter((agent) => agent in result.rewards && !env.agents.includes(agent));
  into.agents = [...env.agents, ...left];
  into.selection = env.agents[0] ?? left[0]!;
  into.skipped = undefined;
  for (const agent of into.agents) {
    into.rewards[agent] = into.cumulativeRewards[agent] = result.rewards[agent] ?? 0;
    into.costs[agent] = { ...result.costs[agent] };
    into.cumulativeCosts[agent] = { ...result.costs[agent] };
    into.terminations[agent] = result.terminations[agent] ?? false;
    into.truncations[agent] = result.truncations[agent] ?? false;
    into.infos[agent] = result.infos[agent] ?? {};
  }
  finishedFirst(into);
}
