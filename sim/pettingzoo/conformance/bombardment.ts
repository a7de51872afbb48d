/**
 * Whether an environment bears being reset again and again.
 *
 * Source   PettingZoo @ 761353e6, pettingzoo/test/bombardment_test.py
 *
 * @module
 */
import type { AnyEnv } from "../types.ts";
import { check, checkAgents } from "./check.ts";
import { walk } from "./walk.ts";

/** A step now and then leaves an episode unfinished. */
export function bombardmentTest(env: AnyEnv, resets = 10_000): void {
  const play = walk(env);
  play.reset({ seed: 0 });
  const first = sizes(play.shown());
  for (let i = 1; i < resets; i++) {
    play.reset();
    const now = sizes(play.shown());
    check(
      now === first,
      `reset ${i} shows ${now}, the first showed ${first}: let every episode start alike in size`,
    );
    checkAgents(env);
    check(env.numAgents > 0, `there are no agents after reset ${i}: an episode needs at least one`);
    if (i % 7 === 0) play.step(play.draw());
  }
}

/** The shape of all that was shown: keys, and lengths of arrays. */
function sizes(shown: unknown): string {
  if (ArrayBuffer.isView(shown)) return `[${(shown as Float32Array).length}]`;
  if (typeof shown !== "object" || shown === null) return typeof shown;
  return `{${Object.entries(shown).map(([key, value]) => `${key}: ${sizes(value)}`).join(", ")}}`;
}
