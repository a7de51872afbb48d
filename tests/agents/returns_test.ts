import assert from "node:assert/strict";
import fc from "fast-check";
import { gae, lambdaReturns, type Signal } from "../../agents/returns.ts";

function advantages(signal: Signal, gamma: number, lambda: number) {
  const into = {
    advantage: new Float32Array(signal.reward.length),
    target: new Float32Array(signal.reward.length),
  };
  gae(signal, gamma, lambda, into);
  return into;
}

Deno.test("gae() is hand-computed over three steps", () => {
  // γ = 0.5, λ = 0.5: δ = (1 + 1 − 1, 1 + 1.5 − 2, 1 + 2 − 3) = (1, 0.5, 0); Â = (1 + 0.25·0.5, 0.5, 0)
  const { advantage, target } = advantages(
    {
      reward: Float32Array.of(1, 1, 1),
      value: Float32Array.of(1, 2, 3),
      done: new Uint8Array(3),
      final: new Float32Array(3),
      last: Float32Array.of(4),
    },
    0.5,
    0.5,
  );
  assert.deepEqual([...advantage], [1.125, 0.5, 0]);
  assert.deepEqual([...target], [2.125, 2.5, 3]);
});

Deno.test("gae() bootstraps a truncated episode from its final value, and a terminated one from nothing", () => {
  // Row 0 is truncated at its first step with a final value of 6, row 1 terminates there.
  const { advantage } = advantages(
    {
      reward: Float32Array.of(1, 1, 1, 1),
      value: Float32Array.of(2, 2, 5, 5),
      done: Uint8Array.of(1, 1, 0, 0),
      final: Float32Array.of(6, 0, 0, 0),
      last: Float32Array.of(8, 8),
    },
    0.5,
    1,
  );
  assert.deepEqual([...advantage], [1 + 3 - 2, 1 - 2, 1 + 4 - 5, 1 + 4 - 5]);
});

Deno.test("gae() equals the sum over all later steps", () => {
  const column = (n: number) =>
    fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n, maxLength: n });
  fc.assert(
    fc.property(
      column(12),
      column(12),
      column(12),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      (r, v, f, d) => {
        const T = 6;
        const B = 2;
        const gamma = 0.9;
        const lambda = 0.8;
        const signal = {
          reward: Float32Array.from(r),
          value: Float32Array.from(v),
          done: Uint8Array.from(d, (x) => x ? 1 : 0),
          final: Float32Array.from(f),
          last: Float32Array.of(0.5, -0.5),
        };
        const { advantage } = advantages(signal, gamma, lambda);
        for (let b = 0; b < B; b++) {
          for (let t = 0; t < T; t++) {
            let sum = 0;
            let weight = 1;
            for (let s = t; s < T; s++) {
              const i = s * B + b;
              const ended = signal.done[i] === 1;
              const next = ended ? signal.final[i]! : s + 1 < T ? signal.value[i + B]! : signal.last[b]!;
              sum += weight * (signal.reward[i]! + gamma * next - signal.value[i]!);
              if (ended) break;
              weight *= gamma * lambda;
            }
            assert.ok(Math.abs(sum - advantage[t * B + b]!) < 1e-4);
          }
        }
      },
    ),
    { seed: 11, numRuns: 50 },
  );
});

Deno.test("lambdaReturns(): each value has a future of its own, where it is told so", () => {
  // One episode of 3 steps and two values: the first terminates at its first step, the second is cut by time.
  const episode = {
    reward: Float32Array.of(1, 2, 100, 3, 100, 4),
    value: Float32Array.of(9, 9, 100, 4, 100, 6, 100, 8),
    goesOn: Float32Array.of(0, 1, 0, 1, 0, 1),
    filled: Float32Array.of(1, 1, 0, 1, 0, 1),
  };
  const into = new Float32Array(6).fill(-1);
  lambdaReturns(episode, { V: 2, gamma: 0.5, lambda: 0 }, into);
  assert.deepEqual([...into], [1, 2 + 2, -1, 3 + 3, -1, 4 + 4]);
  lambdaReturns(episode, { V: 2, gamma: 0.5, lambda: 1 }, into);
  assert.deepEqual([...into], [1, 2 + 0.5 * (3 + 0.5 * 8), -1, 3 + 0.5 * 8, -1, 4 + 4]);
  // One future for both: the episode goes on, and the first earns on.
  const shared = { ...episode, goesOn: Float32Array.of(1, 1, 1), filled: Float32Array.of(1, 1, 1) };
  lambdaReturns(shared, { V: 2, gamma: 0.5, lambda: 0 }, into);
  assert.deepEqual([...into], [1 + 50, 2 + 2, 100 + 50, 3 + 3, 100 + 50, 4 + 4]);
});
