import type { World } from "../../sim/mod.ts";
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
