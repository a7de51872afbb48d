/**
 * What `reset` and `step` of the Parallel API return: objects by agent, made once for each set of agents and then
 * written over. Rewards read the world directly; what seldom changes is written only when it does.
 *
 * @module
 */
import type { World } from "../types.ts";
import type { Sight } from "./sight.ts";
import type { Costs, Info, PerAgent, ResetResult, StepResult } from "./types.ts";
import { numbersIn } from "./views.ts";

export interface Results {
  readonly names: readonly string[];
  readonly reset: ResetResult;
  readonly step: StepResult;
  /** Take over what the world's last step gave; says whether it finished any of these agents. */
  fill(): boolean;
}

export function resultsOf(world: World, sight: Sight): (agents: readonly number[]) => Results {
  const { spec: { N, agents: names }, terminated, truncated } = world;
  const infos: Info[] = names.map((_, n) => sight.masks === undefined ? {} : { actionMask: sight.masks[n]! });
  const costs = costsOf(world);
  let all: Results | undefined;

  function make(agents: readonly number[]): Results {
    const keyed = <T>(value: (n: number) => T): PerAgent<T> => {
      return Object.fromEntries(agents.map((n) => [names[n]!, value(n)]));
    };
    const reset = { observations: keyed((n) => sight.observations[n]!), infos: keyed((n) => infos[n]!) };
    const terminations = keyed(() => false);
    const truncations = keyed(() => false);
    let told = false;

    function fill(): boolean {
      let finished = 0;
      for (let i = 0; i < agents.length; i++) finished |= terminated[agents[i]!]! | truncated[agents[i]!]!;
      if (finished !== 0 || told) tell();
      told = finished !== 0;
      costs.fill();
      return told;
    }

    function tell(): void {
      for (const n of agents) {
        terminations[names[n]!] = terminated[n] === 1;
        truncations[names[n]!] = truncated[n] === 1;
      }
    }

    return {
      names: agents.map((n) => names[n]!),
      reset,
      step: {
        ...reset,
        rewards: numbersIn(world.reward, names, agents),
        costs: keyed((n) => costs.of[n]!),
        terminations,
        truncations,
      },
      fill,
    };
  }

  return (agents) => agents.length === N ? all ??= make(agents) : make(agents);
}

/** Each agent's costs. */
function costsOf({ spec: { N, C, channels }, cost }: World): { of: readonly Costs[]; fill(): void } {
  const names = channels.map(({ name }) => name);
  const of = Array.from({ length: N }, () => Object.fromEntries(names.map((name) => [name, 0])));
  const last = new Float64Array(N * C);
  return {
    of,
    fill() {
      for (let i = 0; i < last.length; i++) {
        const now = cost[i]!;
        if (now === last[i]) continue;
        last[i] = now;
        of[Math.floor(i / C)]![names[i % C]!] = now;
      }
    },
  };
}
