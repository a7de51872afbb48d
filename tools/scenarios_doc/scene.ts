/**
 * One telling moment of a scenario: scripted play, some way into an episode.
 *
 * @module
 */
import { frame, given, makeWorld, runner, type Scenario, type World } from "../../sim/mod.ts";
import { picture } from "../../sim/picture.ts";
import { policiesOf } from "../returns/measure.ts";

const SEED = 1;

/** Steps that a trail reaches back. */
const TRAIL = 12;

/** How far into the episode, and who plays. */
interface Moment {
  /** Share of the episode's steps, 0 … 1. */
  readonly share: number;
  readonly policy?: string;
}

const USUAL: Moment = { share: 0.4 };

/** Where another moment tells more. A scenario without an entry shows the usual one. */
const MOMENTS: Readonly<Record<string, Moment>> = {
  "classic/connect_four_v3": { share: 0.8 },
  "classic/tictactoe_v3": { share: 0.7 },
  "control/pendulum_v1": { share: 0.12 },
  "driving/intersection": { share: 0.5, policy: "careful" },
  "matrix/capacity": { share: 1, policy: "random" },
  "matrix/two_by_two": { share: 1 },
  "matrix/two_step": { share: 0.5 },
  "safe/cooling_zones": { share: 0.5, policy: "careful" },
  "safe/crossing": { share: 0.26, policy: "careful" },
  "safe/dosage_continuous": { share: 0.3, policy: "careful" },
  "safe/merge": { share: 0.3, policy: "careful" },
  "safe/portfolio": { share: 0.5, policy: "careful" },
  "safe/power_grid": { share: 0.4, policy: "careful" },
  "safe/routing_network": { share: 0.4, policy: "careful" },
};

export interface Scene {
  readonly svg: string;
  readonly policy: string;
  readonly step: number;
}

/** The picture of a scenario with its default params. */
export function sceneOf(scenario: Scenario): Scene {
  const own = Object.keys(scenario.policies);
  const usual = own.includes("scripted") ? "scripted" : own[0] ?? "random";
  const { share, policy = usual } = MOMENTS[scenario.id] ?? USUAL;
  const step = Math.floor(share * episodeLength(scenario, policy));
  const { world, run } = start(scenario, policy);
  const view = given(scenario.view ?? { camera: [-1, 1] as const }, world.spec.params);
  const trails: number[][] = world.spec.agents.map(() => []);
  for (let t = 0; t < step; t++) {
    if (view.trails && t >= step - TRAIL) note(scenario, world, trails);
    run.step();
  }
  return { svg: picture(frame(scenario, world, 0), { trails }), policy, step };
}

function start(scenario: Scenario, policy: string) {
  const world = makeWorld(scenario, { autoreset: "disabled" });
  world.reset(SEED);
  return { world, run: runner(world, policiesOf(scenario, world.spec, policy), SEED) };
}

function episodeLength(scenario: Scenario, policy: string): number {
  const { world, run } = start(scenario, policy);
  let steps = 0;
  do {
    run.step();
    steps++;
  } while (world.done[0] === 0);
  return steps;
}

function note(scenario: Scenario, world: World, into: number[][]): void {
  for (const { agent, x, y } of frame(scenario, world, 0).shapes) {
    if (agent !== undefined) into[agent]!.push(x, y);
  }
}
