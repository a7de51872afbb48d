import assert from "node:assert/strict";
import {
  play,
  readReplay,
  record,
  runner,
  scriptedPolicy,
  timeline,
  timelineSteps,
  verify,
  verifySteps,
} from "../../sim/mod.ts";
import type { Budget } from "../../sim/types.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";

function straightRun(steps: number) {
  const recorder = record(crossing, { seed: 4 });
  const { spec } = recorder.world;
  const robot = scriptedPolicy(crossing, spec, "robot")!;
  const run = runner(recorder.world, { robot }, 0, { advance: recorder.step });
  for (let t = 0; t < steps; t++) run.step();
  return readReplay(recorder.finish({ policy: "scripted" }));
}

Deno.test("timeline() sums rewards and costs by episode, and keeps every step's channel costs", () => {
  const replay = straightRun(120);
  const { episodes, channelCost } = timeline(replay);
  assert.deepEqual(episodes.map(({ start, length }) => [start, length]), [[0, 50], [50, 50], [100, 20]]);

  const player = play(replay);
  const { N, C } = player.world.spec;
  for (const { start, length, return: total, cost } of episodes) {
    let reward = 0;
    let contacts = 0;
    const centre = new Float64Array(N);
    for (let t = start; t < start + length; t++) {
      player.step();
      for (let n = 0; n < N; n++) {
        reward += player.world.reward[n]!;
        centre[n]! += player.world.cost[n * C + 1]!;
      }
      contacts += player.world.channelCost[0]!;
      assert.deepEqual(channelCost.slice(t * C, (t + 1) * C), player.world.channelCost);
    }
    assert.deepEqual(cost, [contacts, Math.max(...centre)]);
    assert.ok(Math.abs(total - reward / N) < 1e-12);
  }
});

Deno.test("timeline() marks every step that adds to a broken budget, and the first of each episode", () => {
  const replay = straightRun(100);
  const limits: Budget[] = [
    { channel: "contact", kind: "episode", limit: 2 },
    { channel: "centre", kind: "episode", limit: 2 },
  ];
  const { episodes, violations } = timeline(replay, limits);
  const player = play(replay);
  const { N } = player.world.spec;
  const expected: string[] = [];
  const first = [-1, -1];
  let contacts = 0;
  const centre = new Float64Array(N);
  for (let t = 0; player.step(); t++) {
    if (t === 50) {
      contacts = 0;
      centre.fill(0);
    }
    const { cost, channelCost } = player.world;
    const who = (c: number) => [0, 1, 2, 3].filter((n) => cost[2 * n + c]! > 0);
    contacts += channelCost[0]!;
    for (let n = 0; n < N; n++) centre[n]! += cost[2 * n + 1]!;
    const inCentre = who(1).filter((n) => centre[n]! > 2);
    const marks = [
      ...channelCost[0]! > 0 && contacts > 2 ? [`${t} contact ${who(0)}`] : [],
      ...inCentre.length > 0 ? [`${t} centre ${inCentre}`] : [],
    ];
    expected.push(...marks);
    const episode = t < 50 ? 0 : 1;
    if (marks.length > 0 && first[episode] === -1) first[episode] = t;
  }
  assert.ok(expected.length > 10, "driving straight breaks both budgets");
  assert.deepEqual(violations.map(({ t, channel, agents }) => `${t} ${channel} ${agents}`), expected);
  assert.deepEqual(episodes.map(({ firstViolation }) => firstViolation), first);
});

Deno.test("timeline() tells what each limit has spent after every step, and what it may", () => {
  const replay = straightRun(120);
  const { spent, allowances, episodes, channelCost } = timeline(replay);
  assert.deepEqual(allowances, [2, 2]);
  for (const { start, length, cost } of episodes) {
    let contacts = 0;
    for (let t = start; t < start + length; t++) {
      contacts += channelCost[2 * t]!;
      assert.equal(spent[2 * t], contacts);
      assert.ok(t === start || spent[2 * t + 1]! >= spent[2 * t - 1]!, "the worst agent's cost never falls");
    }
    assert.deepEqual([...spent.subarray(2 * (start + length) - 2, 2 * (start + length))], cost);
  }
});

Deno.test("timelineSteps() and verifySteps() pause after each step and end in the same result", () => {
  const replay = straightRun(60);
  const drain = <T>(work: Generator<number, T>) => {
    const seen: number[] = [];
    for (;;) {
      const next = work.next();
      if (next.done) return { seen, result: next.value };
      seen.push(next.value);
    }
  };
  const steps = Array.from({ length: 60 }, (_, t) => t + 1);
  assert.deepEqual(drain(timelineSteps(replay)), { seen: steps, result: timeline(replay) });
  assert.deepEqual(drain(verifySteps(replay)), { seen: steps, result: verify(replay) });
});

Deno.test("timeline() judges each kind of limit in its unit", () => {
  const replay = straightRun(50);
  const { channelCost } = timeline(replay);
  const contacts = Array.from({ length: 50 }, (_, t) => channelCost[2 * t]!);
  const total = contacts.reduce((sum, c) => sum + c);
  const first = (kind: Budget["kind"], limit: number) =>
    timeline(replay, [{ channel: "contact", kind, limit }]).episodes[0]!.firstViolation;
  assert.equal(first("episode", total), -1);
  assert.equal(first("episode", 0), contacts.findIndex((c) => c > 0));
  assert.equal(first("rate", total / 50), -1);
  assert.equal(first("rate", total / 51), contacts.findLastIndex((c) => c > 0));
  assert.equal(first("step", Math.max(...contacts)), -1);
  assert.equal(first("step", 1), contacts.findIndex((c) => c > 1));
  const discounted = contacts.reduce((sum, c, t) => sum + c * Math.pow(crossing.discount, t), 0);
  assert.equal(first("discounted", discounted + 1e-9), -1);
  assert.equal(first("discounted", discounted - 1e-9), contacts.findLastIndex((c) => c > 0));
  assert.throws(() => timeline(replay, [{ channel: "crash", kind: "episode", limit: 1 }]), {
    message: /no cost channel "crash". It has: contact, centre/,
  });
});
