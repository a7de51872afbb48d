/** `paddock list scenarios`: what a person and a machine learn of a scenario before anything runs. */
import assert from "node:assert/strict";
import { describe, findScenario, makeWorld, scenarios } from "../../sim/mod.ts";
import { type CatalogueEntry, catalogueEntry } from "../../server/catalogue.ts";
import { scenarioRows, scenarioSheet, spaceText } from "../../server/commands/list/scenarios.ts";
import { paddock } from "../commands/command.ts";

const entries: CatalogueEntry[] = scenarios.map(catalogueEntry);

Deno.test("list scenarios --json states the whole shelf, and is what catalogueEntry() says", async () => {
  const { code, out } = await paddock(["list", "scenarios", "--json"]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(entries)));
});

for (const [i, scenario] of scenarios.entries()) {
  Deno.test(`the catalogue states what a world of ${scenario.id} is like`, () => {
    const entry = entries[i]!;
    const spec = describe(scenario);
    assert.equal(entry.actions[0], spec.actionKind, "the default kind comes first");
    for (const actions of entry.actions) {
      const world = makeWorld(scenario, { actions, backend: "eval" });
      assert.equal(entry.stateSize, world.spec.S);
      assert.equal(entry.codeHash[actions], world.spec.codeHash);
      world.spec.groups.forEach(({ name, members, observation, action }, g) => {
        const group = entry.groups[g]!;
        assert.deepEqual(group.spaces[actions], { observation, action });
        assert.deepEqual([group.name, group.agents], [name, members.map((n) => world.spec.agents[n])]);
      });
    }
    assert.deepEqual(entry.channels, spec.channels);
    assert.ok(entry.channels.every(({ summary }) => summary !== ""), "each channel says what one unit is");
    assert.deepEqual(entry.budgets, spec.budgets);
    const { properties = {} } = entry.params as { properties?: Record<string, { default?: unknown }> };
    for (const [name, setting] of Object.entries(properties)) {
      assert.deepEqual(setting.default, spec.params[name], `default of ${name}`);
    }
  });
}

Deno.test("returns come with their interval, for each policy and kind of action; none of other code", () => {
  const crossing = findScenario("safe/crossing");
  const { returns, policies } = catalogueEntry(crossing);
  for (const kind of ["discrete", "continuous"] as const) {
    assert.deepEqual(Object.keys(returns[kind]!), policies);
    for (const { return: { mean, ci: [low, high] }, costs, episodes } of Object.values(returns[kind]!)) {
      assert.ok(low < mean && mean < high && episodes >= 30);
      assert.deepEqual(Object.keys(costs), ["contact", "centre"]);
    }
  }
  const changed = { ...findScenario("mpe/simple_v3"), id: crossing.id };
  assert.deepEqual(catalogueEntry(changed).returns, { discrete: {}, continuous: {} });
});

Deno.test("the table has a line for each scenario, with random and scripted returns", () => {
  const [head, ...rows] = scenarioRows(entries);
  assert.deepEqual(head, ["id", "agents", "steps", "random", "scripted", "", "limits"]);
  assert.deepEqual(rows.map(([id]) => id), scenarios.map(({ id }) => id));
  const crossing = rows.find(([id]) => id === "safe/crossing")!;
  assert.deepEqual(crossing.slice(1, 3), ["4", "50"]);
  assert.ok(Number(crossing[4]) > Number(crossing[3]));
  assert.equal(crossing[6], "contact ≤ 2 episode, centre ≤ 2 episode");
});

Deno.test("one scenario by its id: groups with their spaces, costs, limits, params, returns of each group", () => {
  const lines = scenarioSheet(catalogueEntry(findScenario("mpe/simple_tag_v3")));
  const text = lines.map((line) => line.join(" ")).join("\n");
  for (
    const part of [
      "group agent agent_0; observation Box(−∞, ∞; 14); discrete actions Discrete(5); continuous actions Box(0, 1; 5)",
      "cost collision pair:",
      "limit outside 1 episode",
      "param numAdversaries predators (3); integer 1 … ",
      "random play discrete: return",
    ]
  ) assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
  assert.match(text, /scripted play .*, adversary \d.*, agent -\d/);
});

Deno.test("list scenarios ID tells of one; runs take no name, and an id alone is told where it goes", async () => {
  const one = await paddock(["list", "scenarios", "safe/crossing", "--json"]);
  assert.equal(JSON.parse(one.out).id, "safe/crossing");
  const misspelt = await paddock(["list", "scenarios", "safe/crosing"]);
  assert.equal(misspelt.code, 2);
  assert.match(misspelt.err, /Did you mean "safe\/crossing"/);
  const runs = await paddock(["list", "runs", "safe/crossing"]);
  assert.equal(runs.code, 2);
  assert.match(runs.err, /runs are listed all at once: leave out "safe\/crossing"/);
  const short = await paddock(["list", "safe/crossing"]);
  assert.equal(short.code, 2);
  assert.match(short.err, /deno task paddock list scenarios safe\/crossing/);
});

Deno.test("list scenarios FAMILY and list algorithms NAME tell of these alone", async () => {
  const grids = await paddock(["list", "scenarios", "grid", "--json"]);
  const ids = JSON.parse(grids.out).map(({ id }: CatalogueEntry) => id);
  assert.deepEqual(ids, scenarios.map(({ id }) => id).filter((id) => id.startsWith("grid/")));
  const mappo = await paddock(["list", "algorithms", "mappo", "--json"]);
  assert.equal(JSON.parse(mappo.out).name, "mappo");
  const misspelt = await paddock(["list", "algorithms", "mapo"]);
  assert.equal(misspelt.code, 2);
  assert.match(misspelt.err, /no algorithm "mapo"\. Did you mean "mappo"\?/);
});

Deno.test("spaces are written as Gymnasium names them", () => {
  assert.equal(spaceText({ kind: "discrete", n: 5 }), "Discrete(5)");
  assert.equal(spaceText({ kind: "box", low: -1, high: 1, shape: [2] }), "Box(-1, 1; 2)");
  assert.equal(spaceText({ kind: "box", low: -Infinity, high: Infinity, shape: [7] }), "Box(−∞, ∞; 7)");
});
