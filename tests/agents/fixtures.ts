import type { Learner, Metrics } from "../../agents/mod.ts";
import type { World, WorldSpec } from "../../sim/mod.ts";
import { contact, specOf } from "../constraints/fixtures.ts";

/**
 * `E` one-step worlds with one agent and two actions: action 1 is rewarded by 1 and costs 1, action 0 neither. Only
 * what a learner touches is there.
 */
export function bandit(E: number): World {
  const spec = specOf(E, 1, [contact]);
  const world = {
    spec,
    actions: new Int32Array(E),
    obs: new Float64Array(E).fill(1),
    finalObs: new Float64Array(E).fill(1),
    state: new Float64Array(E).fill(1),
    finalState: new Float64Array(E).fill(1),
    reward: new Float64Array(E),
    cost: new Float64Array(E),
    channelCost: new Float64Array(E),
    terminated: new Uint8Array(E).fill(1),
    truncated: new Uint8Array(E),
    alive: new Uint8Array(E).fill(1),
    turn: new Int32Array(E).fill(-1),
    mask: new Uint8Array(2 * E).fill(1),
    finalMask: new Uint8Array(2 * E).fill(1),
    done: new Uint8Array(E).fill(1),
    cycle: new Int32Array(E),
    step() {
      world.actions.forEach((action, e) => world.reward[e] = world.cost[e] = world.channelCost[e] = action);
    },
  };
  return world as unknown as World;
}

/** Episodes of two steps: the agent chooses 0 or 1 and is paid as much; it waits, sees the same, and loses 4. */
export function waiting(E: number): World {
  const world = bandit(E) as { -readonly [key in keyof World]: World[key] };
  for (const column of [world.terminated, world.done]) column.fill(0);
  world.step = () => {
    const waits = world.mask[0] === 0;
    world.actions.forEach((action, e) => world.reward[e] = waits ? -4 : action);
    for (const column of [world.terminated, world.done]) column.fill(waits ? 1 : 0);
    world.mask.fill(waits ? 1 : 0);
    world.cycle.fill(waits ? 0 : 1);
  };
  return world;
}

/** Train `learner` in `world`; the metrics of the last update. */
export function practise(
  learner: Learner,
  world: World,
  { horizon, updates }: { readonly horizon: number; readonly updates: number },
): Metrics {
  let metrics: Metrics = {};
  for (let update = 0; update < updates; update++) {
    for (let t = 0; t < horizon; t++) {
      learner.act(world);
      world.step();
      learner.observe(world);
    }
    metrics = learner.learn(world, { progress: 0, prices: [] });
  }
  return metrics;
}

/** The columns of one environment of two agents with two actions, which see 1 and 2, and 3 and 4 at an end. */
export function pair(spec: WorldSpec) {
  return {
    spec,
    obs: Float64Array.of(1, 2),
    finalObs: Float64Array.of(3, 4),
    state: Float64Array.of(5),
    finalState: Float64Array.of(6),
    actions: new Int32Array(2),
    reward: new Float64Array(2),
    cost: new Float64Array(),
    mask: new Uint8Array(4).fill(1),
    finalMask: new Uint8Array(4).fill(1),
    cycle: new Int32Array(1),
    done: new Uint8Array(1),
    terminated: new Uint8Array(2),
    truncated: new Uint8Array(2),
    alive: new Uint8Array(2),
  };
}
