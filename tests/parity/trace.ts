/**
 * Recorded MPE episodes in one form, and worlds put into their initial state.
 *
 * @module
 */
import { makeWorld, type Scenario, type World, type WorldOptions } from "../../sim/mod.ts";

/** One recorded step. */
export interface RecordedStep {
  /** By agent: a whole number, or its float32 components. */
  readonly actions: readonly (number | readonly number[])[];
  /** `[entities][2]` after the step, agents first; some files leave out what never moves. */
  readonly pos: readonly (readonly number[])[];
  readonly vel: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  /** By agent, where recorded. */
  readonly obs?: readonly (readonly number[])[];
  readonly truncations?: readonly boolean[];
}

export interface RecordedEpisode {
  readonly name: string;
  readonly kind: "discrete" | "continuous";
  readonly initial: readonly (readonly number[])[];
  readonly obs0?: readonly (readonly number[])[];
  readonly steps: readonly RecordedStep[];
}

type ByAgent<T> = Readonly<Record<string, T>>;
type Action = number | readonly number[];
type Points = readonly (readonly number[])[];

interface TraceFile {
  readonly continuous_actions: boolean;
  readonly episodes: readonly {
    readonly agents: readonly string[];
    readonly world: Readonly<
      Record<"agents" | "landmarks", readonly { readonly p_pos: readonly number[] }[]>
    >;
    readonly obs0: ByAgent<readonly number[]>;
    readonly steps: readonly {
      readonly actions: ByAgent<Action>;
      readonly p_pos: Points;
      readonly p_vel: Points;
      readonly obs: ByAgent<readonly number[]>;
      readonly rewards: ByAgent<number>;
      readonly truncations: ByAgent<boolean>;
    }[];
  }[];
}

type CrowdedFile = Readonly<
  Record<string, {
    readonly init_pos: Points;
    readonly names: readonly string[];
    readonly steps: readonly {
      readonly a: ByAgent<Action>;
      readonly r: ByAgent<number>;
      readonly pos: Points;
      readonly vel: Points;
    }[];
  }>
>;

async function read(file: string): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(new URL(`traces/mpe/${file}`, import.meta.url)));
}

/** The episodes of `<env>_<discrete|continuous>.json`. */
export async function recorded(file: string): Promise<RecordedEpisode[]> {
  const { continuous_actions: continuous, episodes } = await read(file) as TraceFile;
  return episodes.map(({ agents, world, obs0, steps }) => {
    const list = <T>(values: ByAgent<T>) => agents.map((agent) => values[agent]!);
    return {
      name: file,
      kind: continuous ? "continuous" : "discrete",
      initial: [...world.agents, ...world.landmarks].map((entity) => entity.p_pos),
      obs0: list(obs0),
      steps: steps.map((step) => ({
        actions: list(step.actions),
        pos: step.p_pos,
        vel: step.p_vel,
        rewards: list(step.rewards),
        obs: list(step.obs),
        truncations: list(step.truncations),
      })),
    };
  });
}

/** The episodes of `crowded.json` that belong to an environment, named as there: `simple_spread`. */
export async function crowded(env: string): Promise<RecordedEpisode[]> {
  const file = await read("crowded.json") as CrowdedFile;
  return Object.entries(file).filter(([key]) => key.startsWith(`${env}/`)).map((
    [key, { init_pos, steps }],
  ) => ({
    name: `crowded ${key}`,
    kind: key.includes("/cont/") ? "continuous" : "discrete",
    initial: init_pos,
    steps: steps.map(({ a, r, pos, vel }) => ({
      actions: Object.values(a),
      pos,
      vel,
      rewards: Object.values(r),
    })),
  }));
}

/** A world of one environment in the recorded initial state, with every velocity 0. */
export function replayed(scenario: Scenario, episode: RecordedEpisode, options: WorldOptions): World {
  const world = makeWorld(scenario, { actions: episode.kind, ...options });
  world.columns["pos"]!.data.set(episode.initial.flat());
  world.columns["vel"]!.data.fill(0);
  world.refresh();
  return world;
}
