/**
 * Recordings of CartPole and Pendulum for identification, with params of their own and noise of a known size.
 *
 * @module
 */
import { fork, integer, normal, seed, type Stream, uniform } from "../../core/mod.ts";
import { findScenario, makeWorld, type Scenario } from "../../sim/mod.ts";
import type { Recording } from "../../sim/identify/mod.ts";

export interface Setup {
  readonly scenario: Scenario;
  readonly truth: Readonly<Record<string, number>>;
  /** Columns, and the standard deviation of each one's noise. */
  readonly noise: Readonly<Record<string, number>>;
  readonly act: (state: readonly number[], stream: Stream) => number;
  /** Steps after which an episode is cut. */
  readonly longest: number;
}

export const cartpole: Setup = {
  scenario: findScenario("control/cartpole_v1"),
  truth: { gravity: 9, massCart: 1.3, massPole: 0.25, length: 0.6, force: 10 },
  noise: { x: 0.001, xDot: 0.005, theta: 0.001, thetaDot: 0.005 },
  /** Balances, and now and then does not. */
  act: ([x = 0, v = 0, theta = 0, omega = 0], stream) => {
    const chance = uniform(stream);
    const held = theta + omega / 2 + x / 20 + v / 10 > 0 ? 1 : 0;
    return chance < 0.3 ? integer(stream, 2) : held;
  },
  longest: 500,
};

export const pendulum: Setup = {
  scenario: findScenario("control/pendulum_v1"),
  truth: { gravity: 9, mass: 1.2, length: 0.8 },
  noise: { theta: 0.01, thetaDot: 0.05 },
  act: (_, stream) => uniform(stream, -2, 2),
  longest: 200,
};

/**
 * 500 steps, in as many episodes as they take, the noise either on what is measured or on each step's end.
 *
 * @param size factor of the noise; 0 for none
 */
export function record(
  { scenario, truth, noise, act, longest }: Setup,
  number: number,
  { size = 1, steps = 500, process = false } = {},
): Recording[] {
  const names = Object.keys(noise);
  const world = makeWorld(scenario, { params: truth, maxCycles: steps + 1 });
  const root = seed(number);
  const [errors, play] = [fork(root, "errors"), fork(root, "actions")];
  const recordings: Recording[] = [];
  const cells = names.map((name) => world.columns[name]!.data);
  const exact = () => cells.map((data) => data[0]!);
  const off = (name: string) => size * noise[name]! * normal(errors);
  const look = () => exact().map((x, i) => process ? x : x + off(names[i]!));
  let left = steps;
  for (let episode = 0; left > 0; episode++) {
    world.reset(number, episode);
    const moments = [look()];
    const actions: number[] = [];
    while (left > 0 && actions.length < longest) {
      const action = act(exact(), play);
      world.actions[0] = action;
      const played = world.actions[0]!;
      world.step();
      left--;
      if (world.done[0] === 1) break;
      if (process) {
        cells.forEach((data, i) => data[0]! += off(names[i]!));
        world.refresh();
      }
      actions.push(played);
      moments.push(look());
    }
    if (actions.length === 0) continue;
    const states = Object.fromEntries(names.map((name, i) => [name, moments.map((row) => row[i]!)]));
    recordings.push({ states, actions });
  }
  return recordings;
}
