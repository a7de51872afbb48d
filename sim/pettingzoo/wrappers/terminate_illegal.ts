/**
 * An action that its mask forbids ends the episode for all: who chose it gets `illegalReward`, the others nothing.
 *
 * Source   PettingZoo @ 761353e6, TerminateIllegalWrapper
 * Differs  agents are terminated and not also truncated; no warning is printed; both APIs
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import { checkAction, maskOf } from "../actions.ts";
import { iterate } from "../agent_iter.ts";
import { aecOver } from "../aec_over.ts";
import { accumulate, clear, finishedFirst, type Ledger, openLedger, settle } from "../ledger.ts";
import type { Action } from "../spaces.ts";
import {
  type AecEnv,
  type AnyEnv,
  type Info,
  isAec,
  type ParallelEnv,
  type PerAgent,
  type ResetResult,
  type StepResult,
} from "../types.ts";
import { forwardAec, forwardParallel } from "./forward.ts";

/** Throws a UserError at the first action of an agent that is shown no mask. */
export function terminateIllegal<O>(env: AecEnv<O>, illegalReward: number): AecEnv<O>;
export function terminateIllegal<O>(env: ParallelEnv<O>, illegalReward: number): ParallelEnv<O>;
export function terminateIllegal<O>(
  env: AecEnv<O> | ParallelEnv<O>,
  illegalReward: number,
): AecEnv<O> | ParallelEnv<O> {
  return isAec(env) ? inAec(env, illegalReward) : inParallel(env, illegalReward);
}

/** Whether the mask forbids an action; where it allows none, the agent only waits. */
function isIllegal(env: AnyEnv, agent: string, action: Action, observation: unknown, info?: Info): boolean {
  checkAction(agent, action, env.actionSpace(agent));
  const mask = maskOf(observation, info);
  if (mask !== undefined) return mask.includes(1) && mask[action as number] !== 1;
  throw new UserError(
    `terminateIllegal: ${agent} is shown no actionMask, in its info or observation: without one no action is illegal`,
  );
}

function inAec<O>(env: AecEnv<O>, illegalReward: number): AecEnv<O> {
  /** What everybody was given, to go on from when the wrapper takes over. */
  let ledger: Ledger | undefined;
  /** Plays the rest of the episode after an illegal action: the steps of finished agents. */
  let ending: AecEnv<O> | undefined;
  let moves = 0;

  function pass(action: Action | null): void {
    const agent = env.agentSelection;
    env.step(action);
    if (ledger === undefined) return;
    settle(ledger, agent);
    ledger.agents = [...env.agents];
    Object.assign(ledger.rewards, env.rewards);
    Object.assign(ledger.infos, env.infos);
    for (const other of env.agents) Object.assign(ledger.costs[other]!, env.costs[other]);
    accumulate(ledger);
  }

  function end(before: Ledger): AecEnv<O> {
    const offender = env.agentSelection;
    before.agents = [...env.agents];
    const observations = Object.fromEntries(env.agents.map((agent) => [agent, env.observe(agent)]));
    settle(before, offender);
    clear(before);
    before.rewards[offender] = illegalReward;
    accumulate(before);
    before.selection = offender;
    for (const agent of before.agents) before.terminations[agent] = true;
    finishedFirst(before);
    before.skipped = undefined;
    const played = aecOver<O>(env, {
      reset: () => before,
      step: () => {},
      observe: (agent) => observations[agent],
    });
    played.resume(before);
    return played.env;
  }

  return forwardAec(() => ending ?? env, {
    reset(start) {
      ending = undefined;
      moves++;
      env.reset(start);
      ledger = openLedger(env.possibleAgents, env.agentSelection, env.channels, env.infos);
    },
    step(action) {
      moves++;
      if (ending !== undefined) return ending.step(action);
      const agent = env.agentSelection;
      const finished = env.terminations[agent] || env.truncations[agent];
      const illegal = !finished && action !== null && ledger !== undefined &&
        isIllegal(env, agent, action, env.observe(agent), env.infos[agent]);
      if (illegal) ending = end(ledger!);
      else pass(action);
    },
    agentIter: (maxIter = Infinity) => iterate(() => ending ?? env, () => moves, maxIter),
    close() {
      ending = undefined;
      env.close();
    },
  });
}

function inParallel<O>(env: ParallelEnv<O>, illegalReward: number): ParallelEnv<O> {
  let shown: ResetResult<O> = { observations: {}, infos: {} };
  let ended = false;

  function end(offenders: ReadonlySet<string>): StepResult<O> {
    ended = true;
    const each = <T>(value: (agent: string) => T): PerAgent<T> => {
      return Object.fromEntries(env.agents.map((agent) => [agent, value(agent)]));
    };
    return {
      observations: each((agent) => shown.observations[agent]!),
      infos: each((agent) => shown.infos[agent] ?? {}),
      rewards: each((agent) => offenders.has(agent) ? illegalReward : 0),
      costs: each(() => Object.fromEntries(env.channels.map((channel) => [channel, 0]))),
      terminations: each(() => true),
      truncations: each(() => false),
    };
  }

  return forwardParallel(() => env, {
    get agents() {
      return ended ? [] : env.agents;
    },
    get numAgents() {
      return ended ? 0 : env.numAgents;
    },
    reset(start) {
      ended = false;
      return shown = env.reset(start);
    },
    step(actions) {
      if (ended) throw new UserError("step: the episode is over: call reset() to start the next one");
      const offenders = env.agents.filter((agent) => {
        const action = actions[agent];
        return action !== undefined &&
          isIllegal(env, agent, action, shown.observations[agent], shown.infos[agent]);
      });
      if (offenders.length > 0) return end(new Set(offenders));
      const result = env.step(actions);
      shown = result;
      return result;
    },
  });
}
