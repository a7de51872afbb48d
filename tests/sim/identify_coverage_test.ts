/**
 * Identification from 500 noisy steps: 95 % intervals hold the truth in at least 90 of 100 seeds, for every param that
 * can be known.
 *
 * @module
 */
import assert from "node:assert/strict";
import { identify } from "../../sim/mod.ts";
import { cartpole, pendulum, record, type Setup } from "./identify_data.ts";

/** How many seeds' intervals hold the truth, by param. */
function covered(setup: Setup, known: readonly string[], seeds: number, process: boolean, size: number) {
  const { scenario, truth } = setup;
  const free = Object.keys(truth).filter((name) => !known.includes(name));
  const fixed = Object.fromEntries(known.map((name) => [name, truth[name]!]));
  const counts: Record<string, number> = Object.fromEntries(free.map((name) => [name, 0]));
  for (let seed = 0; seed < seeds; seed++) {
    const data = record(setup, seed, { process, size });
    const noise = process ? "process" : "measurement";
    const found = identify(scenario, { data, free, fixed, noise });
    assert.deepEqual([found.rank, found.of, found.steps > 490, found.converged], [
      free.length,
      free.length,
      true,
      true,
    ]);
    for (const name of free) {
      const [low, high] = found.params[name]!.interval;
      if (low <= truth[name]! && truth[name]! <= high) counts[name]!++;
    }
  }
  return counts;
}

const subjects = [
  { name: "CartPole, force known", setup: cartpole, known: ["force"], calm: 0.4 },
  { name: "Pendulum, gravity known", setup: pendulum, known: ["gravity"], calm: 1 },
] as const;

for (const { name, setup, known, calm } of subjects) {
  Deno.test(`${name}: noise on every measured number, 90 of 100 intervals hold the truth`, () => {
    for (const [param, count] of Object.entries(covered(setup, known, 100, false, 1))) {
      assert.ok(count >= 90 && count <= 100, `${param}: ${count} of 100`);
    }
  });

  Deno.test(`${name}: noise of the process, 22 of 25 intervals hold the truth`, () => {
    for (const [param, count] of Object.entries(covered(setup, known, 25, true, calm))) {
      assert.ok(count >= 22, `${param}: ${count} of 25`);
    }
  });
}
