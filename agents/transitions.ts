/**
 * Replay of single transitions of all agents, for learners that bootstrap one step. Flat arrays, oldest overwritten.
 *
 * Shape letters: `K` transitions, `N` agents, `O` observation and `A` action of the largest agent, `S` state.
 *
 * @module
 */
import { integer, type Stream } from "../core/mod.ts";
import type { World, WorldSpec } from "../sim/mod.ts";
import { nest } from "./state.ts";
import type { State } from "./types.ts";

/** Columns of `K` transitions. */
export interface Transitions {
  /** `[K,N,O]` before and after the step. */
  readonly obs: Float32Array;
  readonly nextObs: Float32Array;
  /** `[K,S]` */
  readonly state: Float32Array;
  readonly nextState: Float32Array;
  /** `[K,N,A]` legal actions before and after the step. */
  readonly mask: Float32Array;
  readonly nextMask: Float32Array;
  /** `[K,N,A]` the action: one-hot where discrete. */
  readonly action: Float32Array;
  /** `[K,N]` */
  readonly reward: Float32Array;
  /**
   * `[K,N]` 1 where the agent's future still counts: it went on, or only its time was up. Where the reward is shared, the
   * dead earn on with their team.
   */
  readonly goesOn: Float32Array;
  /** `[K,N]` 1 where the agent was alive before the step. */
  readonly alive: Float32Array;
}

/** A ring of transitions. */
export interface TransitionRing {
  /** Transitions stored now, at most the capacity. */
  count(): number;
  /** Note what all see before they act. */
  before(world: World): void;
  /** Store what the step brought, one transition for each environment. */
  after(world: World): void;
  /** An empty batch. */
  batch(size: number): Transitions;
  /** Fill `into` with `size` transitions, drawn with replacement. */
  sample(stream: Stream, size: number, into: Transitions): void;
  readonly state: State;
}

/** An empty ring of `capacity` transitions. */
export function transitions(spec: WorldSpec, capacity: number): TransitionRing {
  const { E, N, O, A, S } = spec;
  const batch = (K: number): Transitions => ({
    obs: new Float32Array(K * N * O),
    nextObs: new Float32Array(K * N * O),
    state: new Float32Array(K * S),
    nextState: new Float32Array(K * S),
    mask: new Float32Array(K * N * A),
    nextMask: new Float32Array(K * N * A),
    action: new Float32Array(K * N * A),
    reward: new Float32Array(K * N),
    goesOn: new Float32Array(K * N),
    alive: new Float32Array(K * N),
  });
  const ring = batch(capacity);
  /** What was seen before the running step, `[E, …]`. */
  const seen = {
    obs: new Float32Array(E * N * O),
    state: new Float32Array(E * S),
    mask: new Float32Array(E * N * A),
    alive: new Float32Array(E * N),
  };
  const total = new Float64Array(1);
  const count = () => Math.min(total[0]!, capacity);
  const discrete = spec.actionKind === "discrete";
  const team = spec.sharedReward;

  return {
    count,
    batch,
    before(world) {
      seen.obs.set(world.obs);
      seen.state.set(world.state);
      seen.mask.set(world.mask);
      seen.alive.set(world.alive);
    },
    after(world) {
      for (let e = 0; e < E; e++) {
        const k = total[0]! % capacity;
        const done = world.done[e] !== 0;
        const over = done && !world.truncated.subarray(e * N, (e + 1) * N).includes(1);
        ring.obs.set(seen.obs.subarray(e * N * O, (e + 1) * N * O), k * N * O);
        ring.state.set(seen.state.subarray(e * S, (e + 1) * S), k * S);
        ring.mask.set(seen.mask.subarray(e * N * A, (e + 1) * N * A), k * N * A);
        ring.alive.set(seen.alive.subarray(e * N, (e + 1) * N), k * N);
        ring.nextObs.set((done ? world.finalObs : world.obs).subarray(e * N * O, (e + 1) * N * O), k * N * O);
        ring.nextState.set((done ? world.finalState : world.state).subarray(e * S, (e + 1) * S), k * S);
        ring.nextMask.set(
          (done ? world.finalMask : world.mask).subarray(e * N * A, (e + 1) * N * A),
          k * N * A,
        );
        for (let n = 0; n < N; n++) {
          const row = e * N + n;
          const into = (k * N + n) * A;
          if (discrete) {
            ring.action.fill(0, into, into + A);
            ring.action[into + world.actions[row]!] = 1;
          } else ring.action.set((world.actions as Float32Array).subarray(row * A, (row + 1) * A), into);
          ring.reward[k * N + n] = world.reward[row]!;
          ring.goesOn[k * N + n] = (team ? over : world.terminated[row] !== 0) ? 0 : 1;
        }
        total[0]!++;
      }
    },
    sample(stream, size, into) {
      for (let i = 0; i < size; i++) {
        const k = integer(stream, count());
        for (const name of Object.keys(into) as (keyof Transitions)[]) {
          const width = ring[name].length / capacity;
          into[name].set(ring[name].subarray(k * width, (k + 1) * width), i * width);
        }
      }
    },
    state: { total, ...nest("ring", { ...ring }), ...nest("seen", { ...seen }) },
  };
}
