/**
 * A game of turns by hand: three players take 1 to 3 stones from a heap, one after another. Who takes the last wins 1,
 * the others lose 1. Taking 3 costs 1 of "greed", and who has done so twice must leave. With `maxCycles` turns it ends
 * undecided.
 */
import { hasher, integer, seed as streamOf } from "../../core/mod.ts";
import type { World, WorldSpec } from "../../sim/types.ts";

const N = 3;
const A = 3;
/** What is seen: the heap, and whether it is one's turn. */
const O = 2;

export interface HeapOptions {
  maxCycles?: number;
  heap?: number;
}

export function heapSpec({ maxCycles = 40 }: HeapOptions = {}): WorldSpec {
  return {
    scenario: "test/heap",
    params: {},
    codeHash: "1".repeat(16),
    backend: "eval",
    E: 1,
    N,
    O,
    A,
    C: 1,
    S: 1,
    actionKind: "discrete",
    agents: ["player_0", "player_1", "player_2"],
    observationSizes: [O, O, O],
    actionSizes: [A, A, A],
    groups: [{
      name: "player",
      members: [0, 1, 2],
      observation: { kind: "box", low: 0, high: 100, shape: [O] },
      action: { kind: "discrete", n: A },
    }],
    channels: [{ name: "greed", scope: "agent", summary: "times that 3 stones were taken" }],
    budgets: [],
    sharedReward: false,
    maxCycles,
  };
}

export function heapWorld(options: HeapOptions = {}): World {
  const spec = heapSpec(options);
  /** heap, then how often each player took 3, then the run's seed */
  const state = new Float64Array(1 + N + 1);
  const world = {
    spec,
    actions: new Int32Array(N),
    obs: new Float64Array(N * O),
    finalObs: new Float64Array(N * O),
    state: new Float64Array(1),
    finalState: new Float64Array(1),
    reward: new Float64Array(N),
    cost: new Float64Array(N),
    channelCost: new Float64Array(1),
    terminated: new Uint8Array(N),
    truncated: new Uint8Array(N),
    alive: new Uint8Array(N),
    mask: new Uint8Array(N * A),
    finalMask: new Uint8Array(N * A),
    turn: new Int32Array(1),
    done: new Uint8Array(1),
    cycle: new Int32Array(1),
    episode: new Int32Array(1),
    columns: { heap: { data: state, width: state.length } },
  };

  function show(obs: Float64Array, whole: Float64Array, mask: Uint8Array): void {
    whole[0] = state[0]!;
    for (let n = 0; n < N; n++) {
      obs[n * O] = state[0]!;
      obs[n * O + 1] = world.turn[0] === n ? 1 : 0;
      for (let a = 0; a < A; a++) mask[n * A + a] = world.turn[0] === n && a < state[0]! ? 1 : 0;
    }
  }

  function begin(): void {
    const stream = { ...streamOf(state[N + 1]!), c1: world.episode[0]! };
    state[0] = options.heap ?? 12 + integer(stream, 8);
    state.fill(0, 1, N + 1);
    world.alive.fill(1);
    world.turn[0] = 0;
    world.cycle[0] = 0;
    show(world.obs, world.state, world.mask);
  }

  function step(): void {
    const n = world.turn[0]!;
    const taken = world.actions[n]! + 1;
    state[0]! -= taken;
    world.cycle[0]!++;
    for (const output of [world.reward, world.cost, world.channelCost]) output.fill(0);
    for (const flags of [world.terminated, world.truncated, world.done]) flags.fill(0);
    if (taken === 3) {
      state[1 + n]!++;
      world.cost[n] = world.channelCost[0] = 1;
    }
    const others = Array.from({ length: N - 1 }, (_, i) => (n + 1 + i) % N).filter((m) =>
      world.alive[m] === 1
    );
    const won = state[0] === 0;
    if (won) {
      world.reward.set(Array.from({ length: N }, (_, m) => m === n ? 1 : world.alive[m] === 1 ? -1 : 0));
    }
    const leaves = !won && state[1 + n]! >= 2;
    if (leaves) {
      world.terminated[n] = 1;
      world.alive[n] = 0;
    }
    const late = world.cycle[0] === spec.maxCycles;
    world.turn[0] = others[0] ?? n;
    if (won || late || (leaves && others.length === 0)) return finish(won);
    show(world.obs, world.state, world.mask);
  }

  function finish(won: boolean): void {
    for (let m = 0; m < N; m++) if (world.alive[m] === 1) (won ? world.terminated : world.truncated)[m] = 1;
    show(world.finalObs, world.finalState, world.finalMask);
    world.done[0] = 1;
    world.episode[0]!++;
    begin();
  }

  const parts = () => Object.values(world).filter((part) => ArrayBuffer.isView(part)).concat([state]);
  return {
    ...world,
    autoreset: "same-step",
    reset(seed, episode = 0) {
      state[N + 1] = seed as number;
      world.episode[0] = episode;
      for (const flags of [world.terminated, world.truncated, world.done]) flags.fill(0);
      begin();
    },
    step,
    refresh: () => show(world.obs, world.state, world.mask),
    snapshot() {
      const bytes = parts().map((part) => new Uint8Array(part.buffer.slice(0)));
      return Uint8Array.from(bytes.flatMap((part) => [...part]));
    },
    restore(bytes) {
      let at = 0;
      for (const part of parts()) {
        new Uint8Array(part.buffer).set(bytes.subarray(at, at + part.byteLength));
        at += part.byteLength;
      }
    },
    restart() {
      throw new Error("episodes begin by themselves");
    },
    fork() {
      throw new Error("there is one environment only");
    },
    hash() {
      const hash = hasher();
      for (const part of [state, world.alive, world.turn, world.cycle, world.episode]) hash.array(part);
      return hash.hex();
    },
  };
}
