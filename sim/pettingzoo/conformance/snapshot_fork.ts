/**
 * Whether a snapshot holds everything: putting it back, or into another environment, gives the same future.
 *
 * @module
 */
import type { AnyEnv } from "../types.ts";
import { check, checkSame } from "./check.ts";
import type { Hashed } from "./hash.ts";
import { type Move, seedSpaces, type Walk, walk } from "./walk.ts";

export interface Forkable<S> extends Hashed {
  snapshot(): S;
  restore(snapshot: S): void;
}

const CURE =
  "keep in a snapshot everything that later steps depend on: state, random streams, time, who is in play";

/** Takes a snapshot after each of `moments` steps, and plays `steps` steps from it, thrice. */
export function snapshotForkTest<S>(
  make: () => AnyEnv & Forkable<S>,
  moments: readonly number[] = [0, 1, 4, 13],
  steps = 40,
): void {
  const [env, fork] = [make(), make()];
  const [play, other] = [walk(env), walk(fork)];
  for (const moment of moments) {
    seedSpaces(env, moment);
    play.reset({ seed: 3 });
    for (let t = 0; t < moment; t++) {
      if (play.over()) play.reset();
      play.step(play.draw());
    }
    const hash = env.hash();
    const saved = env.snapshot();
    check(env.hash() === hash, `snapshot() after ${moment} steps changed the hash: it must only look`);
    const moves: Move[] = [];
    const future = follow(env, play, steps, (t) => moves[t] = play.draw());
    const again = (where: string, restored: AnyEnv & Forkable<S>, replay: Walk) => {
      restored.restore(saved);
      checkSame(`the hash after restore() ${where}, step ${moment}`, hash, restored.hash(), CURE);
      const found = follow(restored, replay, steps, (t) => moves[t]!);
      checkSame(`the future from step ${moment}, restored ${where}`, future, found, CURE);
    };
    again("into the same environment", env, play);
    fork.reset({ seed: 4 });
    again("into another environment", fork, other);
    again("once more, after both went on", env, play);
  }
}

/** Everything shown over `steps` steps, with the hash and state after each. Moves are asked for where one is due. */
function follow(env: AnyEnv & Hashed, play: Walk, steps: number, move: (t: number) => Move): unknown[] {
  const seen: unknown[] = [];
  for (let t = 0; t < steps; t++) {
    if (play.over()) play.reset();
    else play.step(move(t));
    seen.push({
      shown: play.shown(),
      hash: env.hash(),
      state: Float32Array.from(env.state()),
      agents: [...env.agents],
    });
  }
  return seen;
}
