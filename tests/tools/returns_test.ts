/** sim/scenarios/returns.json: measured with the present code, and measured again it says the same. */
import assert from "node:assert/strict";
import { evaluate } from "../../agents/evaluate.ts";
import { kindsOf, policyNames } from "../../server/catalogue.ts";
import { findScenario, scenarios } from "../../sim/mod.ts";
import { referenceReturns, type Returns } from "../../sim/returns/mod.ts";
import { changes } from "../../tools/returns.ts";
import { estimate, KEPT, policiesOf } from "../../tools/returns/measure.ts";

const cure = (id: string) =>
  `run "deno task returns ${id}", and say in the changelog why the numbers changed`;

for (const scenario of scenarios) {
  const { id } = scenario;

  Deno.test(`the reference returns of ${id} are those of its present code`, () => {
    const measured = referenceReturns[id];
    assert.ok(measured, `sim/scenarios/returns.json lacks ${id}: ${cure(id)}`);
    const kinds = kindsOf(scenario);
    assert.deepEqual(Object.keys(measured), kinds.map(({ actions }) => actions), cure(id));
    for (const { actions, spec } of kinds) {
      const { codeHash, policies }: Returns = measured[actions]!;
      assert.equal(codeHash, spec.codeHash, `${id} is not what was measured: ${cure(id)}`);
      assert.deepEqual(Object.keys(policies), policyNames(scenario), cure(id));
      for (const { groups, costs } of Object.values(policies)) {
        assert.deepEqual(Object.keys(groups), spec.groups.map(({ name }) => name), cure(id));
        assert.deepEqual(Object.keys(costs), spec.channels.map(({ name }) => name), cure(id));
      }
    }
  });

  Deno.test(`the first episodes of ${id} return again what was recorded`, () => {
    for (const { actions } of kindsOf(scenario)) {
      for (const name of policyNames(scenario)) {
        const recorded = referenceReturns[id]?.[actions]?.policies[name]?.first;
        const found = estimate(scenario, actions, name, KEPT).first;
        assert.deepEqual(found, recorded, `${id}, ${name}, ${actions}: ${cure(id)}`);
      }
    }
  });
}

Deno.test("no reference returns are left of scenarios that are gone", () => {
  const known = new Set(scenarios.map(({ id }) => id));
  const gone = Object.keys(referenceReturns).filter((id) => !known.has(id));
  assert.deepEqual(gone, [], 'run "deno task returns"');
});

Deno.test("a measurement is what `paddock evaluate` reports of as many episodes", () => {
  const scenario = findScenario("safe/crossing");
  const { report } = evaluate({
    scenario,
    policies: (spec) => policiesOf(scenario, spec, "scripted"),
    episodes: 40,
    seed: 1,
    algorithm: "scripted",
  });
  const found = estimate(scenario, "discrete", "scripted", 40);
  const near = (a: number, b: number) => assert.ok(Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b)));
  near(found.return.mean, report.return.mean);
  found.return.ci.forEach((end, i) => near(end, report.return.ci[i]!));
  for (const [channel, { mean }] of Object.entries(found.costs)) near(mean, report.costs[channel]!.mean);
});

Deno.test("groups are apart: prey and predators of simple_tag earn what each of them earns", () => {
  const { return: all, groups } = estimate(findScenario("mpe/simple_tag_v3"), "discrete", "scripted", 20);
  const { adversary, agent } = groups;
  assert.ok(adversary!.mean > 0 && agent!.mean < 0);
  assert.ok(Math.abs((3 * adversary!.mean + agent!.mean) / 4 - all.mean) < 1e-3);
});

Deno.test("the tool says what changed", () => {
  const before = { a: {}, b: {}, c: {} };
  const after = { b: {}, c: { discrete: { codeHash: "1", seed: 1, policies: {} } }, d: {} };
  assert.deepEqual(changes(before, after), ["gone     a", "changed  c", "new      d"]);
});
