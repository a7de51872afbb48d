import assert from "node:assert/strict";
import { chartsOf } from "../../islands/curves/charts.ts";
import { align, append, historyOf } from "../../islands/curves/history.ts";

const update = (step: number, metrics: Record<string, number>) =>
  ({ id: step, run: "r", step, steps: 100, status: "running", metrics }) as const;

Deno.test("append() adds what is later than a curve's end and ignores what is known", () => {
  const history = historyOf([{ tag: "a", step: [1, 2], value: [10, 20] }]);
  append(update(2, { a: 99 }), history);
  append(update(3, { a: 30, b: 1 }), history);
  assert.deepEqual(history.get("a"), { step: [1, 2, 3], value: [10, 20, 30] });
  assert.deepEqual(history.get("b"), { step: [3], value: [1] });
});

Deno.test("append() halves a long curve and keeps its last point", () => {
  const history = historyOf([]);
  for (let step = 1; step <= 4001; step++) append(update(step, { a: step }), history);
  const { step, value } = history.get("a")!;
  assert.equal(step.length, 2001);
  assert.deepEqual([step[0], step.at(-1), value.at(-1)], [1, 4001, 4001]);
});

Deno.test("align() puts curves of different steps on one axis", () => {
  const a = { step: [1, 3], value: [10, 30] };
  const b = { step: [2, 3], value: [200, 300] };
  assert.deepEqual(align([a]), [[1, 3], [10, 30]]);
  assert.deepEqual(align([a, b]), [[1, 2, 3], [10, null, 30], [null, 200, 300]]);
});

Deno.test("chartsOf() holds each cost against its limit, limited ones first, and all multipliers together", () => {
  const tags = [
    "episode/return",
    "cost/contact",
    "cost/centre",
    "limit/centre",
    "constraint/lambda/contact",
    "constraint/lambda/centre",
    "violations/contact",
    "policy/kl",
  ];
  const history = historyOf(tags.map((tag) => ({ tag, step: [1], value: [1] })));
  const limits = [{ channel: "contact", scope: "pair", kind: "episode", limit: 2 }] as const;
  const { main, diagnostics } = chartsOf(history, limits);
  assert.deepEqual(main.map(({ title }) => title), [
    "Return",
    "Cost: contact",
    "Cost: centre",
    "Multipliers",
    "Over the limit: contact",
  ]);
  assert.deepEqual(main.map(({ limit }) => limit), [undefined, 2, undefined, undefined, undefined]);
  assert.equal(main[2]!.limitTag, "limit/centre");
  assert.deepEqual(main[3]!.lines.map(({ name }) => name), ["λ contact", "λ centre"]);
  assert.deepEqual(diagnostics.map(({ title }) => title), ["policy/kl"]);
});

Deno.test("chartsOf() draws the groups of a metric into one chart, their returns beside that of all", () => {
  const tags = ["episode/return", "prey/episode/return", "hunter/episode/return", "evaluation/return"];
  const learners = ["prey/policy/kl", "hunter/policy/kl", "hunter/loss/value"];
  const history = historyOf([...tags, ...learners].map((tag) => ({ tag, step: [1], value: [1] })));
  const { main, diagnostics } = chartsOf(history, []);
  const namesOf = ({ title, lines }: { title: string; lines: readonly { name: string }[] }) =>
    `${title}: ${lines.map(({ name }) => name).join(", ")}`;
  assert.deepEqual(main.map(namesOf), ["Return: all, hunter, prey"]);
  assert.deepEqual(diagnostics.map(namesOf), [
    "evaluation/return: return",
    "loss/value: hunter",
    "policy/kl: hunter, prey",
  ]);
});
