import assert from "node:assert/strict";
import {
  bindLimits,
  costReport,
  type EpisodeRecord,
  monitor,
  type Steps,
  timeToFirst,
} from "../../constraints/mod.ts";
import { centre, contact, specOf } from "./fixtures.ts";

const spec = specOf(1, 2, [contact, centre]);

/** A step of one environment with two agents: rewards, `[N,C]` costs, `[C]` channel costs. */
function step(reward: number[], cost: number[], channelCost: number[], done = false): Steps {
  return {
    reward: Float64Array.from(reward),
    cost: Float64Array.from(cost),
    channelCost: Float64Array.from(channelCost),
    done: Uint8Array.of(done ? 1 : 0),
  };
}

Deno.test("monitor() sums an episode, judges by scope, and marks the first violation", () => {
  const limits = bindLimits(spec, [
    { channel: "contact", kind: "episode", limit: 1 },
    { channel: "centre", kind: "episode", limit: 5 },
  ]);
  const watch = monitor(spec, limits);
  assert.deepEqual(watch.step(step([1, 3], [1, 2, 1, 0], [1, 2])), []);
  assert.deepEqual(watch.step(step([0, 0], [1, 2, 1, 1], [1, 3])), []);
  const [record] = watch.step(step([1, 1], [0, 0, 0, 0], [0, 0], true));
  assert.equal(record!.return, 3);
  assert.equal(record!.length, 3);
  assert.deepEqual([...record!.costs], [2, 4]); // contact: both events; centre: the worse agent
  assert.deepEqual([...record!.firstViolation], [2, 0]);
  assert.deepEqual([...watch.sums.reward], [0, 0]);
});

Deno.test("monitor() keeps each cost in the unit of its limit", () => {
  const limits = bindLimits(spec, [
    { channel: "contact", kind: "discounted", limit: 10 },
    { channel: "centre", kind: "step", limit: 1 },
  ]);
  const watch = monitor(spec, limits, 0.5);
  watch.step(step([0, 0], [1, 1, 1, 0], [1, 1]));
  const [record] = watch.step(step([0, 0], [1, 2, 1, 0], [1, 2], true));
  assert.deepEqual([...record!.costs], [1.5, 2]); // 1 + 0.5·1; the largest step of the worse agent
  assert.deepEqual([...record!.firstViolation], [0, 2]);

  const rate = monitor(spec, bindLimits(spec, [{ channel: "contact", kind: "rate", limit: 0.1 }]));
  rate.step(step([0, 0], [1, 0, 1, 0], [1, 0]));
  assert.deepEqual([...rate.step(step([0, 0], [0, 0, 0, 0], [0, 0], true))[0]!.costs], [0.5, 0]);
});

Deno.test("costReport() states mean, interval, violations, tail and worst", () => {
  const limits = bindLimits(spec, [{ channel: "contact", kind: "episode", limit: 2 }]);
  const episodes: EpisodeRecord[] = Array.from({ length: 20 }, (_, i) => ({
    return: 0,
    length: 1,
    costs: Float64Array.of(i < 5 ? 10 : 0, 1),
    groups: new Float64Array(1),
    firstViolation: new Int32Array(2),
  }));
  const { contact: found, centre: free } = costReport(spec, limits, episodes);
  assert.equal(found!.mean, 2.5);
  assert.equal(found!.pViolation.p, 0.25);
  assert.ok(found!.pViolation.ci[0] > 0.1 && found!.pViolation.ci[1] < 0.48);
  assert.deepEqual([found!.cvar95, found!.worst, found!.limit, found!.kind], [10, 10, 2, "episode"]);
  assert.deepEqual([free!.limit, free!.kind, free!.pViolation.p], [null, null, 0]);
});

Deno.test("timeToFirst() is the mean over the episodes that broke the limit", () => {
  const episode = (first: number): EpisodeRecord => ({
    return: 0,
    length: 9,
    costs: Float64Array.of(0),
    groups: new Float64Array(1),
    firstViolation: Int32Array.of(first),
  });
  assert.equal(timeToFirst([episode(3), episode(0), episode(5)], 0), 4);
  assert.equal(timeToFirst([episode(0)], 0), undefined);
});
