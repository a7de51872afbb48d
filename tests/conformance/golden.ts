/**
 * What the golden file holds of a world: the hashes after 1, 10 and 100 steps of random play, and a trail that says
 * where two plays part. It runs on any engine.
 *
 * @module
 */
import { hasher } from "../../core/mod.ts";
import {
  type BackendName,
  findScenario,
  makeWorld,
  type Scenario,
  scenarios,
  type World,
} from "../../sim/mod.ts";
import { everything } from "../sim/everything.ts";
import { play as act, streams } from "./random_play.ts";

/** Steps at which the hash is kept. */
const MARKS = [1, 10, 100] as const;
const STEPS = 100;
const SEEDS = [1, 2] as const;
/** Environments: a pair for two-lane backends, and one over. */
const ENVS = 3;

/** The plays of one subject. */
export interface Golden {
  /** `seed 1`, … -> step -> hash of everything that any step so far reported, 16 hex digits. */
  readonly hashes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Column -> base64 of one byte for each step, chained over the plays: from where two of them part, they differ. */
  readonly trail: Readonly<Record<string, string>>;
}

/** What is played, once with each seed. */
export interface Subject {
  readonly scenario: Scenario;
  readonly actions: "discrete" | "continuous";
  /** Where its resets draw from, if not from the world's own streams. */
  readonly reset?: "numpy";
}

/** What a subject is called in the file. */
export const nameOf = ({ scenario, actions, reset }: Subject): string => {
  return `${scenario.id}, ${actions}${reset === undefined ? "" : `, ${reset}`}`;
};

/** Every scenario of the shelf, and one that says all the language can, in every kind of action; and numpy's resets. */
export function subjects(): Subject[] {
  const plays: Subject[] = [...scenarios, everything].flatMap((scenario) =>
    (["discrete", "continuous"] as const).filter((actions) => offers(scenario, actions))
      .map((actions) => ({ scenario, actions }))
  );
  return [...plays, { scenario: findScenario("mpe/simple_spread_v3"), actions: "discrete", reset: "numpy" }];
}

/** A scenario that fails for another reason is kept, so that its test says why. */
function offers(scenario: Scenario, actions: "discrete" | "continuous"): boolean {
  try {
    makeWorld(scenario, { actions, backend: "eval" });
    return true;
  } catch (error) {
    return !String(error).includes(`no ${actions} actions`);
  }
}

/** Plays a subject. */
export function golden(subject: Subject, backend: BackendName): Golden {
  const plays = SEEDS.map((seed) => play(subject, seed, backend));
  const trails = plays[0]!.columns.map(() => new Uint8Array(STEPS));
  const hashes: Record<string, Record<string, string>> = {};
  for (let t = 1; t <= STEPS; t++) {
    for (const { seed, step, columns, hash } of plays) {
      step();
      columns.forEach(({ chain }, i) => trails[i]![t - 1]! += chain.words()[0]);
      if ((MARKS as readonly number[]).includes(t)) (hashes[`seed ${seed}`] ??= {})[t] = hash();
    }
  }
  const text = (trail: Uint8Array) => btoa(String.fromCharCode(...trail));
  return {
    hashes,
    trail: Object.fromEntries(trails.map((trail, i) => [plays[0]!.columns[i]!.name, text(trail)])),
  };
}

/** One play, hashed column by column as it goes. */
function play(
  { scenario, actions, reset }: Subject,
  seed: number,
  backend: BackendName,
) {
  const world = makeWorld(scenario, { envs: ENVS, actions, reset: reset ?? "streams", backend });
  world.reset(seed);
  const own = streams(ENVS, 10 * seed);
  const columns = columnsOf(world).map(([name, data]) => ({ name, data, chain: hasher() }));
  return {
    seed,
    columns,
    step(): void {
      act(world, own);
      world.step();
      for (const { data, chain } of columns) data().forEach(chain.array);
    },
    hash(): string {
      const whole = hasher();
      for (const { chain } of columns) chain.words().forEach(whole.u32);
      return whole.hex();
    },
  };
}

/** State columns by their names, then what a step reports. */
function columnsOf(world: World): [name: string, data: () => readonly ArrayLike<number>[]][] {
  const { done, columns } = world;
  const own = world.state === world.obs ? [] : [world.state];
  const last = world.finalState === world.finalObs ? [world.finalObs] : [world.finalObs, world.finalState];
  return [
    ...Object.entries(columns).map((
      [name, { data }],
    ): [string, () => ArrayLike<number>[]] => [name, () => [data]]),
    ["(observations)", () => [world.obs, ...own]],
    ["(last observations)", () => done.includes(1) ? last : []],
    ["(rewards)", () => [world.reward]],
    ["(costs)", () => [world.cost, world.channelCost]],
    ["(flags)", () => [
      world.mask,
      world.alive,
      world.turn,
      world.terminated,
      world.truncated,
      done,
      world.cycle,
      world.episode,
    ]],
  ];
}

/** Where two plays part, as a sentence; undefined where they are the same. */
export function parting(expected: Golden, found: Golden): string | undefined {
  const names = [...new Set([...Object.keys(expected.trail), ...Object.keys(found.trail)])];
  const firsts = names.map((name) => firstStep(expected.trail[name], found.trail[name]));
  const step = Math.min(...firsts);
  if (step <= STEPS) {
    return `differs from step ${step} on, in ${names.filter((_, i) => firsts[i] === step).join(", ")}`;
  }
  for (const [seed, hashes] of Object.entries(expected.hashes)) {
    for (const mark of MARKS) {
      if (hashes[mark] !== found.hashes[seed]?.[mark]) return `has another hash at step ${mark} of ${seed}`;
    }
  }
  return undefined;
}

/** Counted from 1; beyond the last step where there is none. */
function firstStep(expected: string | undefined, found: string | undefined): number {
  if (expected === undefined || found === undefined) return 1;
  const [a, b] = [atob(expected), atob(found)];
  let t = 0;
  while (t < STEPS && a[t] === b[t]) t++;
  return t + 1;
}
