/**
 * Plays whole episodes of a scenario with policies that need no learning, and says what they brought.
 *
 * @module
 */
import { seedFor } from "../../agents/evaluate.ts";
import { bindLimits, type EpisodeRecord, mean, meanInterval, monitor } from "../../constraints/mod.ts";
import {
  episodeSums,
  type Group,
  makeWorld,
  type Policy,
  randomPolicy,
  runner,
  type Scenario,
  type World,
  type WorldSpec,
} from "../../sim/mod.ts";
import { type ActionKind, kindsOf, policyNames } from "../../server/catalogue.ts";
import type { Estimate, PolicyReturns, Returns, ReturnsByKind } from "../../sim/returns/mod.ts";

/** The seed of every measurement, as `paddock evaluate` takes it. */
export const SEED = 1;

/** How many episodes' returns are kept to the bit. */
export const KEPT = 4;

/** Agent-steps that a measurement may take, and the fewest and most episodes that it makes of them. */
const BUDGET = 60_000;
const FEWEST = 30;
const MOST = 400;

/** The policy of that name for every group. */
export function policiesOf(scenario: Scenario, spec: WorldSpec, name: string): Record<string, Policy> {
  const of = (group: Group) =>
    name === "random" ? randomPolicy(spec, group) : scenario.policies[name]!(spec, group);
  return Object.fromEntries(spec.groups.map((group) => [group.name, of(group)]));
}

/** Everything there is to measure of a scenario. */
export function measure(scenario: Scenario): ReturnsByKind {
  return Object.fromEntries(
    kindsOf(scenario).map(({ actions, spec }): [ActionKind, Returns] => [actions, {
      codeHash: spec.codeHash,
      seed: SEED,
      policies: Object.fromEntries(
        policyNames(scenario).map((name) => [name, estimate(scenario, actions, name, episodesFor(spec))]),
      ),
    }]),
  );
}

/** Many where episodes are short, fewer where they are long. */
export function episodesFor({ maxCycles, N }: WorldSpec): number {
  return Math.max(FEWEST, Math.min(MOST, Math.floor(BUDGET / (maxCycles * N))));
}

/** What the policy brings in environments 0, 1, … up to `episodes`. */
export function estimate(
  scenario: Scenario,
  actions: ActionKind,
  name: string,
  episodes: number,
): PolicyReturns {
  const world = makeWorld(scenario, { actions, envs: episodes });
  const { spec } = world;
  const { records, reward } = firstEpisodes(world, policiesOf(scenario, spec, name));
  const groupReturn = ({ members }: Group, env: number) =>
    mean(members.map((member) => reward[env * spec.N + member]!));
  return {
    episodes,
    return: estimated(records.map((record) => record.return)),
    groups: Object.fromEntries(
      spec.groups.map((group) => [group.name, estimated(records.map((_, env) => groupReturn(group, env)))]),
    ),
    length: estimated(records.map(({ length }) => length)),
    costs: Object.fromEntries(
      spec.channels.map(({ name }, c) => [name, estimated(records.map(({ costs }) => costs[c]!))]),
    ),
    first: records.slice(0, KEPT).map((record) => record.return),
  };
}

/** The first episode of every environment: its record, and the rewards `[E,N]` that it brought. */
function firstEpisodes(
  world: World,
  policies: Readonly<Record<string, Policy>>,
): { records: EpisodeRecord[]; reward: Float64Array } {
  const { spec } = world;
  const { E, N } = spec;
  const seed = seedFor("evaluation", SEED);
  world.reset(seed);
  const watch = monitor(spec, bindLimits(spec, spec.budgets));
  const run = runner(world, policies, seed);
  const running = episodeSums(world);
  const records: (EpisodeRecord | undefined)[] = new Array(E).fill(undefined);
  const reward = new Float64Array(E * N);
  for (let left = E; left > 0;) {
    run.step();
    running.add();
    const ended = watch.step(world);
    let at = 0;
    for (let env = 0; env < E; env++) {
      if (world.done[env] === 0) continue;
      const record = ended[at++]!;
      if (records[env] !== undefined) continue;
      records[env] = record;
      reward.set(running.final.reward.subarray(env * N, (env + 1) * N), env * N);
      left--;
    }
  }
  return { records: records as EpisodeRecord[], reward };
}

function estimated(values: readonly number[]): Estimate {
  const [low, high] = meanInterval(values);
  return { mean: rounded(mean(values)), ci: [rounded(low), rounded(high)] };
}

/** Six significant digits: far finer than any interval here, and no noise in the file. */
function rounded(x: number): number {
  return Number(x.toPrecision(6)) + 0;
}
