import assert from "node:assert/strict";
import {
  aggregate,
  interquartileMean,
  noImprovement,
  returnReached,
  stratifiedInterval,
  timeLimit,
  type TrainEvent,
} from "../../agents/mod.ts";
import { normal, seed } from "../../core/mod.ts";

Deno.test("interquartileMean() is the mean of the middle half, its edges in part", () => {
  assert.equal(interquartileMean([0, 1, 3, 100]), 2);
  assert.equal(interquartileMean([5]), 5);
  // 5 values: 1.25 are cut at each end, so the second and fourth count ¾ of themselves.
  assert.ok(Math.abs(interquartileMean([-50, 1, 2, 4, 90]) - (0.75 * 1 + 2 + 0.75 * 4) / 2.5) < 1e-12);
});

Deno.test("stratifiedInterval() holds the truth about as often as it says", () => {
  const stream = seed(9);
  let held = 0;
  for (let trial = 0; trial < 200; trial++) {
    const tasks = [0, 10].map((shift) => Array.from({ length: 20 }, () => shift + normal(stream)));
    const mean = (scores: readonly number[]) => scores.reduce((sum, x) => sum + x, 0) / scores.length;
    const [low, high] = stratifiedInterval(tasks, mean, { resamples: 300, seed: trial });
    if (low <= 5 && 5 <= high) held++;
    // Tasks 10 apart do not widen it: seeds are drawn within their task.
    assert.ok(high - low < 1);
  }
  assert.ok(held >= 180 && held <= 199, `${held} of 200`);
});

Deno.test("aggregate() of one seed is that seed", () => {
  assert.deepEqual(aggregate([3]), { iqm: 3, ci: [3, 3], mean: 3, scores: [3] });
});

const evaluation = (mean: number, best: boolean, since: number) =>
  ({ kind: "evaluation", step: 1, best, since, report: { return: { mean } } }) as unknown as TrainEvent;
const start: TrainEvent = { kind: "start", step: 0, steps: 9 };

Deno.test("callbacks end a training: when time is up, when it returns enough, when it gets no better", () => {
  let now = 0;
  const limit = timeLimit(2, () => now);
  assert.equal(limit(start), undefined);
  now = 120_000;
  assert.equal(limit(start), "stop");
  const reached = returnReached(-3);
  assert.equal(reached(evaluation(-4, true, 0)), undefined);
  assert.equal(reached(evaluation(-3, true, 0)), "finish");
  const patience = noImprovement(2);
  const said = [evaluation(1, true, 0), evaluation(0, false, 1), evaluation(0, false, 2)].map(patience);
  assert.deepEqual(said, [undefined, undefined, "finish"]);
});
