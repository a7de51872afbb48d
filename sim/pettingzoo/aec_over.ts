/**
 * The AEC API over a ledger and whatever plays: the members, the order of calls, the steps of finished agents.
 *
 * @module
 */
import { suggest, UserError } from "../../core/mod.ts";
import { checkAction } from "./actions.ts";
import { iterate } from "./agent_iter.ts";
import { deadStep, isFinished, type Ledger } from "./ledger.ts";
import type { Action } from "./spaces.ts";
import type { AecEnv, Environment, Start } from "./types.ts";

/** What plays. */
export interface Driver<O> {
  /** Starts an episode. */
  reset(start: Start): Ledger;
  /** The action of `ledger.selection`, who is in play and whose space it is in. */
  step(ledger: Ledger, action: Action): void;
  observe(agent: string): O | undefined;
}

export interface Played<O> {
  readonly env: AecEnv<O>;
  /** Undefined before the first reset. */
  ledger(): Ledger | undefined;
  resume(ledger: Ledger | undefined): void;
}

/** @param base gives the members that both APIs have, but for the agents in play */
export function aecOver<O>(base: Omit<Environment<O>, "agents" | "numAgents">, driver: Driver<O>): Played<O> {
  let ledger: Ledger | undefined;
  let closed = false;
  /** Counts resets and steps, so that an iteration can tell whether there was one. */
  let moves = 0;

  /** The ledger, for what only a started environment has. */
  function page(what: string): Ledger {
    if (ledger !== undefined && !closed) return ledger;
    throw new UserError(
      closed
        ? `${what}: the environment is closed: make a new one`
        : `${what}: the environment was not started: call reset() first`,
    );
  }

  function step(action: Action | null): void {
    const now = page("step");
    if (now.agents.length === 0) {
      throw new UserError("step: the episode is over: call reset() to start the next one");
    }
    moves++;
    const agent = now.selection;
    if (isFinished(now, agent)) return deadStep(now, action);
    const space = base.actionSpace(agent);
    const mask = base.metadata.refusesIllegal ? now.infos[agent]?.actionMask : undefined;
    checkAction(agent, action, space, mask?.includes(1) ? mask : undefined);
    driver.step(now, action);
  }

  function observe(agent: string): O {
    const { agents } = page("observe");
    const seen = driver.observe(agent);
    if (seen !== undefined && agents.includes(agent)) return seen;
    if (base.possibleAgents.includes(agent)) {
      throw new UserError(`observe: ${agent} is out of play. In play: ${agents.join(", ") || "nobody"}`);
    }
    const near = suggest(agent, base.possibleAgents);
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    throw new UserError(
      `${base.metadata.name} has no agent "${agent}".${hint} It has: ${base.possibleAgents.join(", ")}`,
    );
  }

  const env: AecEnv<O> = {
    metadata: base.metadata,
    possibleAgents: base.possibleAgents,
    maxNumAgents: base.maxNumAgents,
    channels: base.channels,
    observationSpace: (agent) => base.observationSpace(agent),
    actionSpace: (agent) => base.actionSpace(agent),
    stateSpace: base.stateSpace,
    renderMode: base.renderMode,
    get agents() {
      return closed ? [] : ledger?.agents ?? [];
    },
    get numAgents() {
      return env.agents.length;
    },
    get agentSelection() {
      return page("agentSelection").selection;
    },
    get rewards() {
      return page("rewards").rewards;
    },
    get costs() {
      return page("costs").costs;
    },
    get terminations() {
      return page("terminations").terminations;
    },
    get truncations() {
      return page("truncations").truncations;
    },
    get infos() {
      return page("infos").infos;
    },
    reset(start = {}) {
      if (closed) throw new UserError("reset: the environment is closed: make a new one");
      moves++;
      ledger = driver.reset(start);
    },
    step,
    observe,
    last(wanted = true) {
      const now = page("last");
      const agent = now.selection;
      if (now.agents.length === 0) {
        throw new UserError("last: the episode is over: call reset() to start the next one");
      }
      return {
        observation: wanted ? observe(agent) : null,
        reward: now.cumulativeRewards[agent]!,
        costs: { ...now.cumulativeCosts[agent] },
        termination: now.terminations[agent]!,
        truncation: now.truncations[agent]!,
        info: now.infos[agent]!,
      };
    },
    agentIter(maxIter = Infinity) {
      page("agentIter");
      return iterate(() => env, () => moves, maxIter);
    },
    state: () => (page("state"), base.state()),
    render: () => (page("render"), base.render()),
    close() {
      closed = true;
      base.close();
    },
    get unwrapped() {
      return base.unwrapped;
    },
  };
  return {
    env,
    ledger: () => ledger,
    resume: (saved) => {
      ledger = saved;
      moves++;
    },
  };
}
