/**
 * Whether two environments that are seeded alike play alike, to the bit, for as long as the test lasts.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/test/seed_test.py
 * Differs  compares everything shown at each step, so that the message names what differs first
 *
 * @module
 */
import type { AecEnv, AnyEnv } from "../types.ts";
import { checkSame } from "./check.ts";
import { type Move, seedSpaces, type Walk, walk } from "./walk.ts";

const CURE = "draw every random number from streams that reset({ seed }) seeds";

/** @param cycles rounds of all agents, over as many episodes as that takes */
export function seedTest<O>(make: () => AecEnv<O>, cycles = 500): void {
  const first = make();
  sameUnderSeed([first, make()], cycles * first.possibleAgents.length);
}

/** Two environments of one making, over `steps` steps; then the first once more, seeded anew. */
export function sameUnderSeed(envs: readonly [AnyEnv, AnyEnv], steps: number): void {
  const [a, b] = envs.map(walk) as [Walk, Walk];
  for (const env of envs) seedSpaces(env, 42);
  const both = (act: (play: Walk) => void) => [a, b].map((play) => (act(play), play.shown()));
  const [start, twin] = both((play) => play.reset({ seed: 42 }));
  checkSame("after reset({ seed: 42 })", start, twin, CURE);
  for (let t = 0; t < steps; t++) {
    if (a.over()) {
      const [begun, same] = both((play) => play.reset());
      checkSame(`reset before step ${t}`, begun, same, CURE);
    }
    const moves = [a, b].map((play) => play.draw());
    checkSame(
      `the sampled actions of step ${t}`,
      ...moves as [Move, Move],
      "let space.seed() restart what sample() draws from",
    );
    const [shown, same] = both((play) => play.step(moves[0]!));
    checkSame(`step ${t}`, shown, same, CURE);
    checkSame(`the state after step ${t}`, envs[0].state(), envs[1].state(), CURE);
  }
  a.reset({ seed: 42 });
  checkSame(
    "an environment that has been played, after the same seed again",
    start,
    a.shown(),
    "let reset({ seed }) forget everything that was before",
  );
}
