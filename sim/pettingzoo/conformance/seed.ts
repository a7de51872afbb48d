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
import { seedSpaces, walk } from "./walk.ts";

const CURE = "draw every random number from streams that reset({ seed }) seeds";

/** @param cycles rounds of all agents, over as many episodes as that takes */
export function seedTest<O>(make: () => AecEnv<O>, cycles = 500): void {
  const first = make();
  sameUnderSeed([first, make()], cycles * first.possibleAgents.length);
}

/** Two environments of one making, over `steps` steps; then the first once more, seeded anew. */
export function sameUnderSeed(envs: readonly [AnyEnv, AnyEnv], steps: number): void {
  const [a, b] = envs.map(walk) as [ReturnType<typeof walk>, ReturnType<typeof walk>];
  for (const env of envs) seedSpaces(env, 42);
  const start = a.reset({ seed: 42 });
  checkSame("after reset({ seed: 42 })", start, b.reset({ seed: 42 }), CURE);
  for (let t = 0; t < steps; t++) {
    if (a.over()) checkSame(`reset before step ${t}`, a.reset(), b.reset(), CURE);
    const [move, same] = [a.draw(), b.draw()];
    checkSame(
      `the sampled actions of step ${t}`,
      move,
      same,
      "let space.seed() restart what sample() draws from",
    );
    checkSame(`step ${t}`, a.step(move), b.step(same), CURE);
    checkSame(`the state after step ${t}`, envs[0].state(), envs[1].state(), CURE);
  }
  checkSame(
    "an environment that has been played, after the same seed again",
    start,
    a.reset({ seed: 42 }),
    "let reset({ seed }) forget everything that was before",
  );
}
