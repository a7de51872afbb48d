/**
 * Whether the state's hash tells states apart and nothing else: equal at each step of two environments played alike,
 * another one as the episode goes on, and untouched by looking.
 *
 * @module
 */
import type { Simulated } from "../home.ts";
import type { AnyEnv } from "../types.ts";
import { check, checkSame } from "./check.ts";
import { seedSpaces, walk } from "./walk.ts";

export type Hashed = Pick<Simulated, "hash">;

/** @param steps over as many episodes as that takes */
export function hashTest(make: () => AnyEnv & Hashed, steps = 200): void {
  const envs = [make(), make()] as const;
  const [a, b] = [walk(envs[0]), walk(envs[1])];
  for (const env of envs) seedSpaces(env, 1);
  a.reset({ seed: 5 });
  b.reset({ seed: 5 });
  const seen = new Set<string>();
  for (let t = 0; t < steps; t++) {
    const hash = envs[0].hash();
    check(/^[0-9a-f]{16}$/.test(hash), `hash() is ${hash}: it is 16 hexadecimal digits`);
    checkSame(
      `the hash before step ${t}`,
      hash,
      envs[1].hash(),
      "hash the state, and nothing that differs between two environments played alike",
    );
    envs[0].state();
    const move = a.over() ? undefined : a.draw();
    checkSame(
      `hash() before step ${t}, after looking`,
      hash,
      envs[0].hash(),
      "looking must not change the state",
    );
    seen.add(hash);
    if (move === undefined) {
      a.reset();
      b.reset();
    } else {
      a.step(move);
      b.step(move);
    }
  }
  check(
    seen.size > steps / 4,
    `${steps} steps went through ${seen.size} hashes: hash everything that later steps depend on, time included`,
  );
}
