/**
 * A world of dots on a line, by hand: what the tests of the runner and the Parallel API need and no more. Agent n
 * moves by `action - 1` (discrete) or by its action (continuous); agent 1 leaves after `leaves` steps.
 */
import type { World, WorldSpec } from "../../sim/types.ts";

export interface FakeOptions {
  E?: number;
  kind?: "discrete" | "continuous";
  maxCycles?: number;
  leaves?: number;
}

export function fakeSpec({ E = 1, kind = "discrete", maxCycles = 5 }: FakeOptions = {}): WorldSpec {
  const action = kind === "discrete"
    ? { kind: "discrete", n: 3 } as const
    : { kind: "box", low: -1, high: 1, shape: [1] } as const;
  const observation = (
    size: number,
  ) => ({ kind: "box", low: -Infinity, high: Infinity, shape: [size] } as const);
  const A = kind === "discrete" ? 3 : 1;
  return {
    scenario: "test/dots",
    params: {},
    codeHash: "0".repeat(16),
    backend: "eval",
    E,
    N: 3,
    O: 2,
    A,
    C: 1,
    S: 3,
    actionKind: kind,
    agents: ["lead_0", "dot_0", "dot_1"],
    observationSizes: [2, 1, 1],
    actionSizes: [A, A, A],
    groups: [
      { name: "lead", members: [0], observation: observation(2), action },
      { name: "dot", members: [1, 2], observation: observation(1), action },
    ],
    channels: [{ name: "far", scope: "agent", summary: "1 per step beyond 2" }],
    budgets: [],
    sharedReward: false,
    maxCycles,
  };
}

export function fakeWorld(options: FakeOptions = {}): World {
  const spec = fakeSpec(options);
  const { E, N, O, A, C, S, maxCycles } = spec;
  const discrete = spec.actionKind === "discrete";
  const x = new Float64Array(E * N);
  let seeded = 0;
  const world = {
    spec,
    actions: discrete ? new Int32Array(E * N) : new Float32Array(E * N * A),
    obs: new Float64Array(E * N * O),
    finalObs: new Float64Array(E * N * O),
    state: new Float64Array(E * S),
    finalState: new Float64Array(E * S),
    reward: new Float64Array(E * N),
    cost: new Float64Array(E * N * C),
    channelCost: new Float64Array(E * C),
    terminated: new Uint8Array(E * N),
    truncated: new Uint8Array(E * N),
    alive: new Uint8Array(E * N),
    mask: new Uint8Array(E * N * A).fill(1),
    finalMask: new Uint8Array(E * N * A).fill(1),
    turn: new Int32Array(E).fill(-1),
    done: new Uint8Array(E),
    cycle: new Int32Array(E),
    episode: new Int32Array(E),
    columns: { x: { data: x, width: N } },
  };

  function begin(e: number): void {
    world.cycle[e] = 0;
    for (let n = 0; n < N; n++) {
      x[e * N + n] = (seeded + world.episode[e]! + n) % 4 / 2;
      world.alive[e * N + n] = 1;
    }
    show(e, world.obs, world.state);
  }

  function show(e: number, obs: Float64Array, state: Float64Array): void {
    for (let n = 0; n < N; n++) {
      obs[(e * N + n) * O] = x[e * N + n]!;
      if (n === 0) obs[e * N * O + 1] = world.cycle[e]!;
      state[e * N + n] = x[e * N + n]!;
    }
  }

  function advance(e: number): void {
    world.cycle[e]!++;
    world.channelCost[e] = 0;
    const over = world.cycle[e] === maxCycles;
    for (let n = 0; n < N; n++) {
      const i = e * N + n;
      if (world.alive[i]) x[i]! += discrete ? world.actions[i]! - 1 : world.actions[i]!;
      world.reward[i] = -Math.abs(x[i]!);
      world.cost[i] = Math.abs(x[i]!) > 2 ? 1 : 0;
      world.channelCost[e]! += world.cost[i]!;
      world.terminated[i] = world.alive[i] && n === 1 && world.cycle[e] === options.leaves ? 1 : 0;
      world.truncated[i] = over && world.alive[i] && !world.terminated[i] ? 1 : 0;
      if (world.terminated[i]) world.alive[i] = 0;
    }
    world.done[e] = over ? 1 : 0;
    show(e, over ? world.finalObs : world.obs, over ? world.finalState : world.state);
    if (!over) return;
    world.episode[e]!++;
    begin(e);
  }

  const missing = () => {
    throw new Error("the fake world does not do this");
  };
  return {
    ...world,
    autoreset: "same-step",
    reset(seed, episode = 0) {
      seeded = seed as number;
      for (let e = 0; e < E; e++) {
        world.episode[e] = episode;
        begin(e);
      }
    },
    step() {
      for (let e = 0; e < E; e++) advance(e);
    },
    restart: missing,
    refresh: missing,
    snapshot: missing,
    restore: missing,
    fork: missing,
    hash: missing,
  };
}
