import assert from "node:assert/strict";
import {
  ago,
  bytes,
  compact,
  duration,
  estimate,
  limitText,
  percent,
  plural,
} from "../../islands/parts/format.ts";
import { evaluated, reading, trained } from "../../islands/parts/reading.ts";
import type { EvaluationReport, LimitInfo } from "../../islands/protocol.ts";

Deno.test("compact() keeps three digits and a true minus sign", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [2, "2"],
    [-48.26, "\u221248.3"],
    [0.0425, "0.0425"],
    [999.4, "999"],
    [1234, "1234"],
    [9_996, "10k"],
    [393_216, "393k"],
    [999_600, "1M"],
    [1_024_000, "1.02M"],
    [0.00042, "4.2e-4"],
    [NaN, "–"],
  ];
  for (const [x, text] of cases) assert.equal(compact(x), text);
});

Deno.test("estimate() gives mean and interval the decimals that the interval deserves", () => {
  assert.deepEqual(estimate(10.041, [10.021, 10.062]), { mean: "10.041", ci: "10.021 – 10.062" });
  assert.deepEqual(estimate(-48.26, [-52.1, -44.4]), { mean: "\u221248.3", ci: "\u221252.1 – \u221244.4" });
  assert.deepEqual(estimate(-0.001, [-0.3, 0.3]), { mean: "0.00", ci: "\u22120.30 – 0.30" });
  assert.deepEqual(estimate(0, [0, 0]), { mean: "0", ci: "0 – 0" });
});

Deno.test("percent() never rounds a rare thing to nothing", () => {
  const cases: [number, string][] = [[0, "0 %"], [0.0004, "< 0.1 %"], [0.0049, "0.5 %"], [0.27, "27 %"], [
    1,
    "100 %",
  ]];
  for (const [x, text] of cases) assert.equal(percent(x), text);
});

Deno.test("times, sizes and counts read as people say them", () => {
  assert.equal(duration(40), "40 s");
  assert.equal(duration(3 * 3600 + 125), "3 h 2 min");
  assert.equal(ago("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:03:10Z")), "3 min ago");
  assert.equal(ago("2026-01-01T00:00:00Z", 0), "just now");
  assert.equal(bytes(3950), "3.95 kB");
  assert.equal(plural(1, "run"), "1 run");
  assert.equal(plural(1200, "step"), "1,200 steps");
});

const limit: LimitInfo = { channel: "contact", scope: "pair", kind: "episode", limit: 2 };

Deno.test("limitText() states unit and scope", () => {
  assert.equal(limitText(limit), "≤ 2 per episode, all pairs");
  assert.equal(
    limitText({ ...limit, scope: "agent", kind: "chance", epsilon: 0.1 }),
    "P(cost > 2) ≤ 10 %, worst agent",
  );
});

Deno.test("reading() is close where only its interval reaches beyond the bound", () => {
  assert.equal(reading(1.5, 2, [1.2, 1.8]).standing, "within");
  assert.equal(reading(1.9, 2, [1.6, 2.2]).standing, "close");
  assert.equal(reading(2.1, 2, [1.8, 2.4]).standing, "over");
  assert.equal(reading(2, 2).standing, "within");
});

Deno.test("evaluated() reads the number that the limit's kind judges", () => {
  const report: EvaluationReport = {
    scenario: "s",
    algorithm: "a",
    episodes: 100,
    seed: 1,
    stochastic: true,
    return: { mean: 0, ci: [0, 0] },
    groups: {},
    costs: {
      contact: {
        mean: 1,
        ci: [0.9, 1.1],
        limit: 2,
        kind: "episode",
        pViolation: { p: 0.08, ci: [0.04, 0.15] },
        cvar95: 3,
        worst: 5,
      },
    },
  };
  assert.deepEqual(evaluated(limit, report), {
    value: 1,
    ci: [0.9, 1.1],
    bound: 2,
    standing: "within",
    share: false,
  });
  const chance = evaluated({ ...limit, kind: "chance", epsilon: 0.1 }, report)!;
  assert.deepEqual([chance.value, chance.bound, chance.standing, chance.share], [0.08, 0.1, "close", true]);
  assert.equal(evaluated({ ...limit, kind: "cvar" }, report)!.standing, "over");
  assert.equal(evaluated({ ...limit, kind: "step" }, report)!.value, 5);
  assert.equal(evaluated({ ...limit, channel: "other" }, report), undefined);
  assert.equal(evaluated(limit, undefined), undefined);
});

Deno.test("trained() reads the training's newest mean, or its share of broken episodes", () => {
  const latest = { "cost/contact": 2.5, "violations/contact": 0.03 };
  assert.equal(trained(limit, latest)!.standing, "over");
  assert.equal(trained({ ...limit, kind: "chance" }, latest)!.value, 0.03);
  assert.equal(trained(limit, {}), undefined);
});
