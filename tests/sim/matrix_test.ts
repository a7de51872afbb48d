/**
 * The matrix scenarios against their tables, and their scripted policies against what theory says.
 *
 * @module
 */
import assert from "node:assert/strict";
import {
  findScenario,
  frame,
  makeWorld,
  type Policy,
  runner,
  scriptedPolicy,
  type World,
} from "../../sim/mod.ts";
import { equilibria, gameName, gameOf } from "../../sim/scenarios/matrix/two_by_two.ts";
import type { Payoffs } from "../../sim/scenarios/matrix_game.ts";

/** By scenario and params: the payoffs of the page, written out again. */
const PAGES: readonly (readonly [string, Record<string, unknown>, Payoffs])[] = [
  ["matrix/climbing", {}, both([[11, -30, 0], [-30, 7, 0], [0, 6, 5]])],
  ["matrix/penalty", {}, both([[-100, 0, 10], [0, 2, 0], [10, 0, -100]])],
  ["matrix/penalty", { k: -25 }, both([[-25, 0, 10], [0, 2, 0], [10, 0, -25]])],
  ...[
    ["prisoners_dilemma", [[3, 0], [5, 1]], [[3, 5], [0, 1]]],
    ["stag_hunt", [[4, 0], [3, 3]], [[4, 3], [0, 3]]],
    ["chicken", [[0, 7], [2, 6]], [[0, 2], [7, 6]]],
    ["matching_pennies", [[1, -1], [-1, 1]], [[-1, 1], [1, -1]]],
    ["battle_of_sexes", [[2, 0], [0, 1]], [[1, 0], [0, 2]]],
  ].flatMap(([game, row, column]) =>
    ["matrix/two_by_two", "matrix/iterated"].map((id) => [id, { game }, { row, column }] as never)
  ),
];

function both(table: number[][]): Payoffs {
  return { row: table, column: table };
}

for (const [id, params, { row, column }] of PAGES) {
  Deno.test(`${id} ${JSON.stringify(params)} pays what its page says`, () => {
    const world = makeWorld(findScenario(id), { params: { ...params, rounds: 20 } });
    assert.deepEqual(world.spec.agents, ["row_0", "column_0"]);
    for (let a = 0; a < row.length; a++) {
      for (let b = 0; b < row.length; b++) {
        world.actions.set([a, b]);
        world.step();
        assert.deepEqual([...world.reward], [row[a]![b], column[a]![b]]);
      }
    }
  });
}

Deno.test("the equilibria of the 2 × 2 games are those the page names", () => {
  const found = Object.fromEntries(
    gameName.options.map((game) => [game, equilibria(gameOf(game).payoffs).map((entry) => entry.join(""))]),
  );
  assert.deepEqual(found, {
    prisoners_dilemma: ["11"],
    stag_hunt: ["00", "11"],
    chicken: ["01", "10"],
    matching_pennies: [],
    battle_of_sexes: ["00", "11"],
  });
});

Deno.test("the mixed equilibria of the 2 × 2 games make the other indifferent", () => {
  /** The chance of the first action, row's and column's. */
  const mixed = {
    stag_hunt: [3 / 4, 3 / 4],
    chicken: [1 / 3, 1 / 3],
    matching_pennies: [1 / 2, 1 / 2],
    battle_of_sexes: [2 / 3, 1 / 3],
  } as const;
  for (const [game, [p, q]] of Object.entries(mixed)) {
    const { row, column } = gameOf(game as keyof typeof mixed).payoffs;
    const expected = (pay: readonly number[], chance: number) => pay[0]! * chance + pay[1]! * (1 - chance);
    assert.ok(Math.abs(expected(row[0], q) - expected(row[1], q)) < 1e-12, game);
    const turned = [0, 1].map((b) => [column[0][b]!, column[1][b]!]);
    assert.ok(Math.abs(expected(turned[0]!, p) - expected(turned[1]!, p)) < 1e-12, game);
  }
});

/** Actions and rewards of both over an episode of named policies. */
function match(game: string, row: string, column: string, rounds = 12, memory = 1): [string, number, number] {
  const scenario = findScenario("matrix/iterated");
  const world = makeWorld(scenario, { params: { game, rounds, memory } });
  const named = (group: string, name: string) => scriptedPolicy(scenario, world.spec, group, name)!;
  const run = runner(world, { row: named("row", row), column: named("column", column) }, 0);
  let played = "";
  const total: [number, number] = [0, 0];
  for (let t = 0; t < rounds; t++) {
    run.step();
    played += `${world.actions[0]}${world.actions[1]} `;
    total[0] += world.reward[0]!;
    total[1] += world.reward[1]!;
  }
  assert.equal(world.done[0], 1);
  assert.deepEqual([...world.truncated], [1, 1]);
  return [played.trim(), ...total];
}

Deno.test("iterated: tit for tat opens kindly, answers in kind and forgives", () => {
  const dilemma = "prisoners_dilemma";
  assert.deepEqual(match(dilemma, "scripted", "scripted", 5), ["00 00 00 00 00", 15, 15]);
  assert.deepEqual(match(dilemma, "scripted", "second", 5), ["01 11 11 11 11", 4, 9]);
  assert.deepEqual(match(dilemma, "first", "scripted", 4), ["00 00 00 00", 12, 12]);
});

Deno.test("iterated: pavlov stays where it won and leaves where it lost", () => {
  assert.deepEqual(match("prisoners_dilemma", "pavlov", "second", 4)[0], "01 11 01 11");
  assert.deepEqual(match("prisoners_dilemma", "pavlov", "pavlov", 3)[0], "00 00 00");
  assert.deepEqual(match("matching_pennies", "pavlov", "first", 3)[0], "00 00 00");
  assert.deepEqual(match("matching_pennies", "first", "pavlov", 3)[0], "00 01 01");
});

Deno.test("iterated: players see the last rounds, the last one first, each from its own place", () => {
  const world = makeWorld(findScenario("matrix/iterated"), { params: { memory: 2 } });
  const seen = () => [[...world.obs.subarray(0, 8)], [...world.obs.subarray(8)]];
  assert.deepEqual(seen(), [new Array(8).fill(0), new Array(8).fill(0)]);
  world.actions.set([0, 1]);
  world.step();
  assert.deepEqual(seen(), [[1, 0, 0, 1, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0, 0, 0]]);
  world.actions.set([1, 1]);
  world.step();
  assert.deepEqual(seen(), [[0, 1, 0, 1, 1, 0, 0, 1], [0, 1, 0, 1, 0, 1, 1, 0]]);
  world.actions.set([1, 0]);
  world.step();
  assert.deepEqual(seen()[0], [0, 1, 1, 0, 0, 1, 0, 1]);
  assert.match(
    frame(findScenario("matrix/iterated"), world, 0).caption,
    /round 3 of 100: defect, cooperate: 5, 0/,
  );
});

Deno.test("climbing and penalty: the scripted policies earn the optimum, the cautious ones what is safe", () => {
  const optimum = { "matrix/climbing": [275, 125], "matrix/penalty": [250, 50] } as const;
  for (const [id, expected] of Object.entries(optimum)) {
    const totals = ["scripted", "cautious"].map((name) => {
      const scenario = findScenario(id);
      const world = makeWorld(scenario);
      const policy = (group: string) => scriptedPolicy(scenario, world.spec, group, name)!;
      const run = runner(world, { row: policy("row"), column: policy("column") }, 0);
      let total = 0;
      for (let t = 0; t < 25; t++) {
        run.step();
        total += world.reward[0]!;
      }
      assert.ok(world.spec.maxCycles === 25);
      return total;
    });
    assert.deepEqual(totals, expected);
  }
});

/** Mean reward and channel costs of one step in each of many environments. */
function oneShot(world: World, policy: Policy): { reward: number; costs: number[] } {
  const { E, N, C } = world.spec;
  runner(world, { agent: policy }, 5).step();
  assert.ok(world.done.every((done) => done === 1) && world.terminated.every((end) => end === 1));
  const sum = new Array<number>(N * C).fill(0);
  let reward = 0;
  for (let e = 0; e < E; e++) {
    reward += world.reward[e * N]! / E;
    for (let i = 0; i < N * C; i++) sum[i]! += world.cost[e * N * C + i]! / E;
  }
  return { reward, costs: sum };
}

Deno.test("capacity: the scripted policies reach the three optima within their limits", () => {
  const scenario = findScenario("matrix/capacity");
  const envs = 40_000;
  const cases = [
    [{}, 2 * Math.sqrt(0.2), [Math.sqrt(0.2), Math.sqrt(0.2)]],
    [{ identity: true }, 0.6 + 1 / 3, [0.6, 1 / 3]],
    [{ identity: true, signal: true }, 1.2, [0.6, 0.6]],
    [{ signal: true }, 2 * Math.sqrt(0.2), [Math.sqrt(0.2), Math.sqrt(0.2)]],
  ] as const;
  for (const [params, optimum, use] of cases) {
    const world = makeWorld(scenario, { envs, params });
    world.reset(3);
    const { reward, costs } = oneShot(world, scriptedPolicy(scenario, world.spec, "agent")!);
    const near = (found: number, expected: number, what: string) => {
      assert.ok(Math.abs(found - expected) < 4 * 0.7 / Math.sqrt(envs), `${what}: ${found} for ${expected}`);
    };
    near(reward, optimum, JSON.stringify(params));
    near(costs[0]!, 0.2, "overload, charged to the first");
    near(costs[2]!, 0.2, "overload, charged to the second");
    near(costs[1]!, use[0], "use of the first");
    near(costs[3]!, use[1], "use of the second");
  }
});

Deno.test("bandit: the scripted mixture spends the discounted budget", () => {
  const scenario = findScenario("matrix/bandit");
  const envs = 4000;
  const world = makeWorld(scenario, { envs });
  world.reset(2);
  const run = runner(world, { agent: scriptedPolicy(scenario, world.spec, "agent")! }, 1);
  let total = 0;
  let weight = 1;
  for (let t = 0; t < 100; t++) {
    run.step();
    assert.deepEqual([...world.reward], [...world.channelCost]);
    for (let e = 0; e < envs; e++) total += weight * world.reward[e]! / envs;
    weight *= 0.9;
  }
  assert.deepEqual(world.spec.budgets, [{ channel: "risk", kind: "discounted", limit: 2.5 }]);
  assert.ok(Math.abs(total - 2.5) < 4 / Math.sqrt(envs), `${total}`);
  assert.ok(world.truncated.every((cut) => cut === 1));
});

Deno.test("matrix games refuse what they cannot be", () => {
  const make = (id: string, params: Record<string, unknown>) => () => makeWorld(findScenario(id), { params });
  assert.throws(make("matrix/penalty", { k: 3 }), /matrix\/penalty.*k/s);
  assert.throws(make("matrix/iterated", { game: "poker" }), /game/);
  assert.throws(make("matrix/two_by_two", { rounds: 0 }), /rounds/);
});
