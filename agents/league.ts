/**
 * A league: everybody plays everybody on a scenario of two sides, and both of them.
 *
 * A game is two episodes from the same start. In the first, one entrant plays the first group and the other the
 * second; then they change sides. Where there is one group of two agents that share no reward, each agent is a side.
 * Who made more of the two sides together has won, so that it does not matter which side is the easier one.
 *
 * @module
 */
import { UsageError } from "../core/mod.ts";
import { makeWorld, type Policy, runner, type World, type WorldSpec } from "../sim/mod.ts";
import { monitor } from "../constraints/mod.ts";
import { seedFor, type Setting, worldOptions } from "./evaluate.ts";
import type { Game } from "./ratings.ts";

/** Who takes part. */
export interface Entrant {
  readonly name: string;
  /** Its policy for each group. */
  readonly policies: (spec: WorldSpec) => Readonly<Record<string, Policy>>;
}

export interface LeagueOptions extends Setting {
  readonly entrants: readonly Entrant[];
  /** Games of every two entrants. */
  readonly games: number;
  readonly seed: number;
}

/** Returns nearer than this count as equal. */
const tie = 1e-9;

/** All games. Throws a UsageError where the scenario has not two sides, or fewer than two entrants take part. */
export function playLeague(options: LeagueOptions): Game[] {
  const { entrants, games, seed } = options;
  if (entrants.length < 2) throw new UsageError("a league needs two entrants at least");
  const world = arena(options);
  const players = entrants.map(({ policies }) => policies(world.spec));
  const played: Game[] = [];
  for (let first = 0; first < entrants.length; first++) {
    for (let second = first + 1; second < entrants.length; second++) {
      const there = sides(world, players[first]!, players[second]!, seed);
      const back = sides(world, players[second]!, players[first]!, seed);
      for (let e = 0; e < games; e++) {
        const margin = there[0]![e]! + back[1]![e]! - there[1]![e]! - back[0]![e]!;
        played.push({ first, second, score: margin > tie ? 1 : margin < -tie ? 0 : 0.5 });
      }
    }
  }
  return played;
}

/** The world of all games: its sides are the two groups, or two agents of one group that play against each other. */
function arena(options: LeagueOptions): World {
  const { scenario, games: envs } = options;
  const world = makeWorld(scenario, { ...worldOptions(options), envs });
  const { groups, N, sharedReward } = world.spec;
  if (groups.length === 2) return world;
  if (N === 2 && !sharedReward) {
    return makeWorld(scenario, { ...worldOptions(options), envs, groups: "agent" });
  }
  const names = groups.map(({ name, members }) => `${name} (${members.length})`).join(", ");
  throw new UsageError(
    `a league needs two sides, two groups or two agents with rewards of their own, and ${scenario.id} has ${names}. ` +
      "Compare its policies with evaluate",
  );
}

type Players = Readonly<Record<string, Policy>>;

/** Returns of both groups, `[2][E]`, in the first episode of every environment. */
function sides(world: World, first: Players, second: Players, seed: number): Float64Array[] {
  const { spec } = world;
  const [one, two] = spec.groups.map(({ name }) => name) as [string, string];
  const start = seedFor("league", seed);
  world.reset(start);
  const run = runner(world, { [one]: first[one]!, [two]: second[two]! }, start);
  const watch = monitor(spec, []);
  const returns = [new Float64Array(spec.E).fill(NaN), new Float64Array(spec.E).fill(NaN)];
  let left = spec.E;
  while (left > 0) {
    run.step();
    const ended = watch.step(world);
    let at = 0;
    for (let e = 0; e < spec.E; e++) {
      if (world.done[e] === 0) continue;
      const { groups } = ended[at++]!;
      if (!Number.isNaN(returns[0]![e])) continue;
      returns.forEach((column, g) => column[e] = groups[g]!);
      left--;
    }
  }
  return returns;
}
