/**
 * Whether the state is in its space, finite and of one size throughout an episode.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/test/state_test.py
 *
 * @module
 */
import type { AnyEnv } from "../types.ts";
import { check } from "./check.ts";
import { walk } from "./walk.ts";

/** Plays `episodes` of them. */
export function stateTest(env: AnyEnv, episodes = 2): void {
  const play = walk(env);
  play.reset({ seed: 0 });
  const { length } = env.state();
  for (let episode = 0; episode < episodes; episode++) {
    if (episode > 0) play.reset();
    checkState(env, length);
    while (!play.over()) {
      play.step(play.draw());
      checkState(env, length);
    }
  }
}

function checkState(env: AnyEnv, length: number): void {
  const state = env.state();
  check(state instanceof Float32Array, `the state is ${state}: it is a Float32Array`);
  check(state.length === length, `the state has ${state.length} numbers, and had ${length}: keep its size`);
  const at = state.findIndex((x) => !Number.isFinite(x));
  check(at === -1, `the state is ${state[at]} at index ${at}: states are finite numbers`);
  check(
    env.stateSpace.contains(state),
    "the state is out of stateSpace: widen the space, or correct the state",
  );
}
