/**
 * Recorded MPE2 episodes in one form, and worlds put into their initial state.
 *
 * @module
 */
import assert from "node:assert/strict";
import { groupsOf, makeWorld, type Scenario, type World, type WorldOptions } from "../../sim/mod.ts";

/** Points or velocities `[entities][2]`, agents first; some files leave out what never moves. */
export type Points = readonly (readonly number[])[];

/** One recorded step. What a file does not hold is undefined. */
export interface RecordedStep {
  /** By agent: a whole number, or its float32 components. */
  readonly actions: readonly Action[];
  readonly pos: Points;
  readonly vel: Points;
  /** By agent, what it said. */
  readonly said?: Points | undefined;
  readonly rewards: readonly number[];
  /** By agent. */
  readonly obs?: Points | undefined;
  readonly terminations?: readonly boolean[] | undefined;
  readonly truncations?: readonly boolean[] | undefined;
  /** State beyond agents, where steps draw random numbers of which we have others. */
  readonly things?: Points | undefined;
  readonly fields?: Fields | undefined;
}

/** State columns beyond places, from their first number on. */
export type Fields = Readonly<Record<string, readonly number[]>>;

/** An episode and the state it starts in. */
export interface RecordedEpisode {
  readonly name: string;
  readonly kind: "discrete" | "continuous";
  readonly params?: Readonly<Record<string, unknown>>;
  readonly maxCycles?: number;
  readonly agents: readonly string[];
  readonly pos: Points;
  readonly fields: Fields;
  readonly obs0?: Points | undefined;
  readonly steps: readonly RecordedStep[];
}

type Action = number | readonly number[];
type ByAgent<T> = Readonly<Record<string, T>>;
type Goal = { readonly landmark?: number } | string | null;

interface RecordedAgent {
  readonly p_pos: readonly number[];
  readonly goal_a?: Goal;
  readonly goal_b?: Goal;
  readonly key?: readonly number[];
}

interface TraceFile {
  readonly continuous_actions: boolean;
  readonly episodes: readonly {
    readonly agents: readonly string[];
    readonly world: {
      readonly agents: readonly RecordedAgent[];
      readonly landmarks: readonly { readonly p_pos: readonly number[] }[];
    };
    readonly obs0: ByAgent<readonly number[]>;
    readonly steps: readonly {
      readonly actions: ByAgent<Action>;
      readonly p_pos: Points;
      readonly p_vel: Points;
      readonly c: Points;
      readonly obs: ByAgent<readonly number[]>;
      readonly rewards: ByAgent<number>;
      readonly terminations: ByAgent<boolean>;
      readonly truncations: ByAgent<boolean>;
    }[];
  }[];
}

type CrowdedFile = Readonly<
  Record<string, {
    readonly init_pos: Points;
    readonly names: readonly string[];
    readonly goal: readonly Goal[];
    readonly steps: readonly {
      readonly a: ByAgent<Action>;
      readonly r: ByAgent<number>;
      readonly pos: Points;
      readonly vel: Points;
    }[];
  }>
>;

/** A JSON file beside the tests. */
export async function read<T>(file: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(`traces/${file}`, import.meta.url)));
}

/** The number of the landmark that a goal names, if it names one. */
function landmark(goal: Goal | undefined): number[] {
  if (typeof goal === "string") return goal.startsWith("landmark") ? [Number(goal.slice(9))] : [];
  return goal?.landmark === undefined ? [] : [goal.landmark];
}

function defined(fields: Record<string, readonly number[]>): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(fields).filter(([, values]) => values.length > 0));
}

/** The episodes of `<env>_<discrete|continuous>.json`. */
export async function recorded(env: string, kind: "discrete" | "continuous"): Promise<RecordedEpisode[]> {
  const { episodes } = await read<TraceFile>(`mpe/${env}_${kind}.json`);
  return episodes.map(({ agents, world, obs0, steps }, i) => {
    const list = <T>(values: ByAgent<T>) => agents.map((agent) => values[agent]!);
    return {
      name: `${env}, ${kind}, episode ${i}`,
      kind,
      agents,
      pos: [...world.agents, ...world.landmarks].map((entity) => entity.p_pos),
      fields: defined({
        goal: world.agents.flatMap(({ goal_a, goal_b }) => landmark(goal_b ?? goal_a)),
        key: world.agents.flatMap(({ key }) => key === undefined ? [] : [key.indexOf(1)]),
      }),
      obs0: list(obs0),
      steps: steps.map((step) => ({
        actions: list(step.actions),
        pos: step.p_pos,
        vel: step.p_vel,
        said: step.c,
        rewards: list(step.rewards),
        obs: list(step.obs),
        terminations: list(step.terminations),
        truncations: list(step.truncations),
      })),
    };
  });
}

/** The episodes of `crowded.json`, in which everything starts in a heap or out of bounds, by the environment's short name. */
export async function crowded(env: string): Promise<RecordedEpisode[]> {
  const file = await read<CrowdedFile>("mpe/crowded.json");
  return Object.entries(file).filter(([key]) => key.startsWith(`${env}/`)).map(([key, episode]) => ({
    name: `crowded ${key}`,
    kind: key.includes("/cont/") ? "continuous" : "discrete",
    agents: Object.keys(episode.steps[0]!.a),
    pos: episode.init_pos,
    fields: defined({ goal: episode.goal.flatMap(landmark) }),
    steps: episode.steps.map(({ a, r, pos, vel }) => ({
      actions: Object.values(a),
      pos,
      vel,
      rewards: Object.values(r),
    })),
  }));
}

/** A file of `tools/mpe2_traces.py`. */
interface MoreFile {
  readonly episodes: readonly {
    readonly params: Readonly<Record<string, unknown>>;
    readonly maxCycles: number;
    readonly continuous: boolean;
    readonly seed: number;
    readonly agents: readonly string[];
    readonly start: { readonly pos: Points; readonly fields: Fields; readonly obs: Points };
    readonly steps: readonly {
      readonly a: readonly Action[];
      readonly pos: Points;
      readonly vel: Points;
      readonly r: readonly number[];
      readonly c?: Points;
      readonly obs?: Points;
      readonly terminated?: true;
      readonly things?: Points;
      readonly fields?: Fields;
    }[];
  }[];
  readonly resets: readonly { readonly seed: number; readonly pos: Points; readonly fields: Fields }[];
}

/** The episodes that `tools/mpe2_traces.py` recorded of an environment. */
export async function more(env: string): Promise<RecordedEpisode[]> {
  const { episodes } = await read<MoreFile>(`mpe/more/${env}.json`);
  return episodes.map(({ params, maxCycles, continuous, seed, agents, start, steps }) => ({
    name: `${env} ${JSON.stringify(params)}, ${
      continuous ? "continuous" : "discrete"
    }, seed ${seed}, ${maxCycles} steps`,
    kind: continuous ? "continuous" : "discrete",
    params,
    maxCycles,
    agents,
    pos: start.pos,
    fields: start.fields,
    obs0: start.obs,
    steps: steps.map(({ a, r, c, terminated, ...step }, t) => ({
      ...step,
      actions: a,
      said: c,
      rewards: r,
      terminations: agents.map(() => terminated === true),
      truncations: agents.map(() => terminated !== true && t === steps.length - 1),
    })),
  }));
}

/** What `reset(seed)` and two `reset()` after it gave, for each of some seeds. */
export async function resets(env: string): Promise<MoreFile["resets"]> {
  return (await read<MoreFile>(`mpe/more/${env}.json`)).resets;
}

/** A world of one environment in the recorded initial state, with every velocity 0. */
export function replayed(scenario: Scenario, episode: RecordedEpisode, options: WorldOptions): World {
  const { params = {}, maxCycles = 25 } = episode;
  const world = makeWorld(scenario, { actions: episode.kind, params, maxCycles, ...options });
  assert.deepEqual(world.spec.agents, episode.agents);
  for (const { data } of Object.values(world.columns)) data.fill(0);
  world.columns["pos"]!.data.set(episode.pos.flat());
  write(world, episode.fields);
  world.refresh();
  return world;
}

/** Writes state columns; one that is shorter than recorded takes the first numbers. */
function write(world: World, fields: Fields): void {
  for (const [name, values] of Object.entries(fields)) {
    const { data, width } = world.columns[name]!;
    data.set(values.slice(0, width));
  }
}

/** Goes on from the recorded places and velocities of a step. */
export function place(
  scenario: Scenario,
  world: World,
  { pos, vel, things = [], fields = {} }: RecordedStep,
): void {
  world.columns["pos"]!.data.set([...pos, ...things].flat());
  write(world, fields);
  world.columns["vel"]!.data.set(movers(scenario, world).flatMap((i) => vel[i]!));
  world.refresh();
}

/** Writes a recorded action of every agent. */
export function act({ actions, spec }: World, recorded: RecordedStep): void {
  recorded.actions.forEach((action, agent) => {
    if (typeof action === "number") actions[agent] = action;
    else actions.set(action, agent * spec.A);
  });
}

/** Which entities move, and which agents speak, as the world's columns count them. */
function declared(scenario: Scenario, { spec }: World) {
  assert.ok("world" in scenario, `${scenario.id} is not traced`);
  const { agents, ...things } = scenario.world(spec.params).sets;
  return [agents, ...Object.values(things)].flatMap(groupsOf)
    .flatMap((group) => Array.from({ length: group.count }, () => group));
}

function movers(scenario: Scenario, world: World): number[] {
  return declared(scenario, world).flatMap(({ fixed }, i) => fixed ? [] : [i]);
}

/** The largest difference between a world and what was recorded after a step, by what differs. */
export type Differences = Record<"pos" | "vel" | "said" | "rewards" | "obs", number>;

export const NO_DIFFERENCES: Differences = { pos: 0, vel: 0, said: 0, rewards: 0, obs: 0 };

/** How far a world stands from a recorded step; infinite where a number is missing. */
export function difference(scenario: Scenario, world: World, step: RecordedStep): Differences {
  const { N, O, observationSizes } = world.spec;
  const shown = world.done[0] === 1 ? world.finalObs : world.obs;
  const obs = Array.from({ length: N }, (_, n) => shown.subarray(n * O, n * O + observationSizes[n]!));
  const row = (name: string, from: number, width: number) =>
    world.columns[name]!.data.subarray(from * width, (from + 1) * width);
  const speakers = declared(scenario, world).flatMap(({ speaks }, i) => speaks > 0 ? [i] : []);
  const running = world.done[0] === 0; // afterwards the columns hold the next episode
  return {
    pos: running ? worst(step.pos.map((point, i) => gap(row("pos", i, 2), point))) : 0,
    vel: running ? worst(movers(scenario, world).map((i, at) => gap(row("vel", at, 2), step.vel[i]!))) : 0,
    said: running && step.said !== undefined
      ? worst(speakers.map((i, at) => gap(row("said", at, step.said![i]!.length), step.said![i]!)))
      : 0,
    rewards: gap(world.reward, step.rewards),
    obs: step.obs === undefined ? 0 : worst(step.obs.map((expected, n) => gap(obs[n]!, expected))),
  };
}

/** The largest difference between two rows of numbers; infinite where one is longer. */
export function gap(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity;
  return worst(expected.map((value, i) => value === found[i] ? 0 : Math.abs(found[i]! - value)));
}

/** The largest of some differences; NaN counts as infinite. */
export function worst(values: readonly number[]): number {
  return values.reduce((most, value) => value <= most ? most : Number.isNaN(value) ? Infinity : value, 0);
}
