/**
 * What every environment over a world of its own has, whichever API shows it: names, spaces, channels, pictures, and
 * which episode comes next.
 *
 * @module
 */
import { suggest, UserError } from "../../core/mod.ts";
import { makeWorld, type WorldOptions } from "../engine/world.ts";
import { frame } from "../frame.ts";
import { given, type Scenario } from "../language/scenario.ts";
import type { Channel, Group, World, WorldSpec } from "../types.ts";
import { ansi } from "./ansi.ts";
import { lastMaskOf } from "./last_masks.ts";
import { type Sight, sightOf } from "./sight.ts";
import { type ActionSpace, type BoxSpace, boxSpace, discreteSpace } from "./spaces.ts";
import type { Metadata, Rendering, RenderMode, Start } from "./types.ts";

export interface EnvOptions extends Omit<WorldOptions, "envs" | "autoreset"> {
  /** Seed of the episodes before the first `reset({ seed })`: 0 if not given. */
  readonly seed?: number;
  /** What `render()` gives. */
  readonly renderMode?: RenderMode;
}

/** Everything an episode goes on from; plain data. */
export interface Snapshot {
  readonly world: Uint8Array;
  readonly seed: number;
  readonly phase: Phase;
  /** The agents in play, and those of which the last results spoke. */
  readonly agents: readonly string[];
  readonly told: readonly string[];
}

export type Phase = "new" | "running" | "over" | "closed";

/** What an environment made of a scenario has besides the API. */
export interface Simulated<S = Snapshot> {
  readonly spec: WorldSpec;
  /** One environment. Read it freely; what you write into its columns counts after `refresh()`. */
  readonly world: World;
  readonly scenario: Scenario | undefined;
  readonly options: EnvOptions;
  /** Seed of the running episode, or of the one that is over; its number is `world.episode[0]`. */
  readonly seed: number;
  /** What is known of a cost channel. */
  channel(name: string): Channel;
  /** Show the state that stands in `world.columns` now. Only while an episode runs. */
  refresh(): void;
  /** 64 bits over all that later steps depend on, 16 hex digits. */
  hash(): string;
  snapshot(): S;
  /** Go back to a snapshot of this environment, or of another one made alike. */
  restore(snapshot: S): void;
}

export interface Home {
  readonly world: World;
  readonly names: readonly string[];
  readonly sight: Sight;
  readonly metadata: Metadata;
  readonly channels: readonly string[];
  readonly observationSpaces: readonly BoxSpace[];
  readonly actionSpaces: readonly ActionSpace[];
  readonly stateSpace: BoxSpace;
  readonly renderMode: RenderMode | undefined;
  /** @throws UserError naming the nearest agent */
  indexOf(agent: string): number;
  /** @throws UserError naming the nearest channel */
  channel(name: string): Channel;
  render(phase: Phase): Rendering;
  /** Put the world at the start of the next episode; a seed starts its first. */
  begin(phase: Phase, start: Start): void;
  /** Seed of the episodes that come. */
  seed: number;
}

export interface Origin {
  readonly scenario?: Scenario;
  readonly options?: EnvOptions;
}

/**
 * A world of one environment, which after an episode's last step shows its end until the next one is asked for.
 *
 * @throws UserError naming a wrong param or option
 */
export function worldFor(scenario: Scenario, options: EnvOptions): World {
  const { seed: _seed, renderMode: _renderMode, ...making } = options;
  return makeWorld(scenario, { ...making, autoreset: "disabled" });
}

/** All environments of a world of one. */
const ONLY = Uint8Array.of(1);

export function homeOf(world: World, { scenario, options = {} }: Origin): Home {
  const { spec } = world;
  const names = spec.agents;
  const index = new Map(names.map((name, n) => [name, n]));
  const inTurns = world.turn[0] !== -1;
  const { renderMode } = options;
  const home: Home = {
    world,
    names,
    sight: sightOf(world, isMasked(world, scenario), lastMaskOf(world, scenario)),
    metadata: {
      name: spec.scenario,
      isParallelizable: !inTurns,
      renderModes: ["frame", "ansi", "human"],
      refusesIllegal: refusesIllegal(world, scenario),
    },
    channels: spec.channels.map(({ name }) => name),
    observationSpaces: names.map((name, n) => observationSpaceOf(spec, n, name)),
    actionSpaces: names.map((name, n) => actionSpaceOf(spec, n, name)),
    stateSpace: boxSpace({ low: -Infinity, high: Infinity, shape: [spec.S] }, "state"),
    renderMode,
    seed: options.seed ?? 0,
    indexOf: (agent) => index.get(agent) ?? unknown(spec, "agent", agent, names),
    channel: (name) => {
      return spec.channels.find((channel) => channel.name === name) ??
        unknown(spec, "cost channel", name, home.channels);
    },
    render: (phase) => render(phase, world, scenario, renderMode),
    begin(phase, { seed }) {
      if (phase === "closed") throw new UserError("reset: the environment is closed: make a new one");
      if (seed !== undefined || phase === "new") {
        world.reset(seed ?? home.seed);
        home.seed = seed ?? home.seed;
      } else if (phase === "running") world.reset(home.seed, world.episode[0]! + 1);
      else if (world.autoreset !== "same-step") world.restart(ONLY);
    },
  };
  return home;
}

function unknown(spec: WorldSpec, what: string, name: string, names: readonly string[]): never {
  const near = suggest(name, names);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  const has = names.length === 0 ? "none" : names.join(", ");
  throw new UserError(`${spec.scenario} has no ${what} "${name}".${hint} It has: ${has}`);
}

/** Refuses what only a running episode can do. */
export function mustRun(phase: Phase, what = "step"): void {
  if (phase === "running") return;
  if (phase === "closed") throw new UserError(`${what}: the environment is closed: make a new one`);
  throw new UserError(
    phase === "new"
      ? `${what}: the environment was not started: call reset() first`
      : `${what}: the episode is over: call reset() to start the next one`,
  );
}

/** Whether agents are told which discrete actions are legal. */
function isMasked(world: World, scenario: Scenario | undefined): boolean {
  const { actionKind, actionSizes, A } = world.spec;
  if (actionKind !== "discrete") return false;
  if (scenario?.mask !== undefined || world.turn[0] !== -1) return true;
  return actionSizes.some((size, n) => world.mask.subarray(n * A, n * A + size).includes(0));
}

/** A scenario may answer illegal actions itself, as by making who takes one lose. */
function refusesIllegal({ spec: { params } }: World, scenario: Scenario | undefined): boolean {
  if (scenario === undefined || !("illegal" in scenario) || scenario.illegal === undefined) return true;
  return given(scenario.illegal, params) === "refuse";
}

function render(phase: Phase, world: World, scenario: Scenario | undefined, mode?: RenderMode): Rendering {
  if (phase === "new") throw new UserError("render: the environment was not started: call reset() first");
  if (mode === undefined || scenario === undefined) {
    throw new UserError('render: say how when making the environment: renderMode "frame", "ansi" or "human"');
  }
  const picture = frame(scenario, phase === "over" ? atTheEnd(world) : world, 0);
  if (mode === "frame") return picture;
  const text = ansi(picture);
  if (mode === "ansi") return text;
  // deno-lint-ignore no-console -- printing is what mode "human" is for
  console.log(text);
  return undefined;
}

/** Nobody acts in a world whose episode is over; a picture of it shows those who did until then. */
function atTheEnd(world: World): World {
  const alive = world.terminated.map((ended, n) => ended | world.truncated[n]!);
  return world.autoreset === "same-step" ? world : { ...world, alive };
}

function observationSpaceOf(spec: WorldSpec, n: number, name: string): BoxSpace {
  const { observation } = groupOf(spec, n);
  const [low, high] = observation.kind === "box"
    ? [observation.low, observation.high]
    : [0, observation.n - 1];
  return boxSpace({ low, high, shape: [spec.observationSizes[n]!] }, name);
}

function actionSpaceOf(spec: WorldSpec, n: number, name: string): ActionSpace {
  const { action } = groupOf(spec, n);
  return action.kind === "discrete" ? discreteSpace(action.n, name) : boxSpace(action, name);
}

function groupOf(spec: WorldSpec, n: number): Group {
  return spec.groups.find(({ members }) => members.includes(n))!;
}
