/** The grid family by hand: moves, conflicts, loads, rewards, costs, starts, and what cannot be. */
import assert from "node:assert/strict";
import { findScenario, frame, makeWorld } from "../../sim/mod.ts";
import { act, column, legal, places, type State, worldIn } from "./grid_world.ts";
import { near, outcomes } from "./outcomes.ts";

const [STAY, NORTH, SOUTH, WEST, EAST, LOAD] = [0, 1, 2, 3, 4, 5];

/** A team return is the mean over agents times their number. */
function returns(id: string, policy: string, params = {}, episodes = 200) {
  return outcomes(findScenario(id), policy, { params, episodes });
}

Deno.test("grid/cooperative_goals: who enters an empty cell moves, who meets another stays and is charged", () => {
  const goals = { goalRow: [4, 4], goalCol: [0, 4] };
  const cases: [State, number[], number[][], number[]][] = [
    [{ row: [0, 2], col: [0, 2] }, [SOUTH, WEST], [[1, 0], [2, 1]], [0, 0]],
    [{ row: [0, 0], col: [0, 2] }, [EAST, WEST], [[0, 0], [0, 2]], [1, 1]], // the same cell
    [{ row: [0, 0], col: [0, 1] }, [EAST, WEST], [[0, 0], [0, 1]], [1, 1]], // change places
    [{ row: [0, 0], col: [0, 1] }, [EAST, EAST], [[0, 0], [0, 2]], [1, 0]], // follow closely
    [{ row: [0, 0], col: [0, 1] }, [EAST, STAY], [[0, 0], [0, 1]], [1, 0]], // one that stands
  ];
  for (const [state, actions, after, bumps] of cases) {
    const world = worldIn("grid/cooperative_goals", {}, { ...goals, ...state });
    act(world, actions);
    assert.deepEqual(places(world), after);
    assert.deepEqual([...world.cost], bumps);
    assert.deepEqual([...world.reward], [-0.01, -0.01]);
  }
});

Deno.test("grid/cooperative_goals: nothing is paid until every goal has a robot, then all are", () => {
  const state = { goalRow: [0, 4], goalCol: [1, 4], row: [4, 0], col: [3, 1] };
  const world = worldIn("grid/cooperative_goals", {}, state);
  assert.deepEqual([...world.state], [4, 3, 0, 1, 0, 1, 4, 4]);
  const toGoals = [1, -0.8, 0.4, 0, 1, 0, 0.2, 0]; // seen, rows, columns, taken; the first goal has the other robot
  const expected = [0.8, 0.6, 0, 1, 0, 0, ...toGoals, 1, -0.8, -0.4].map((x, i) =>
    i === 9 ? 1 : i === 8 ? -0.4 : x
  );
  world.obs.subarray(0, world.spec.O).forEach((x, i) =>
    assert.ok(Math.abs(x - expected[i]!) < 1e-12, `${i}`)
  );
  act(world, [STAY, STAY]);
  assert.deepEqual([[...world.reward], world.done[0]], [[-0.01, -0.01], 0]);
  act(world, [EAST, STAY]);
  assert.deepEqual([[...world.reward], [...world.terminated]], [[1, 1], [1, 1]]);
  assert.equal(world.spec.sharedReward, true);
});

Deno.test("grid/cooperative_goals: walls and edges are illegal, and view hides what is far", () => {
  const params = { width: 4, height: 3, walls: [5], view: 1 };
  const state = { row: [1, 0], col: [0, 3], goalRow: [0, 2], goalCol: [1, 3] };
  const world = worldIn("grid/cooperative_goals", params, state);
  assert.deepEqual(legal(world, 0), [STAY, NORTH, SOUTH]);
  assert.deepEqual(legal(world, 1), [STAY, SOUTH, WEST]);
  const shown = [...world.obs.subarray(0, world.spec.O)];
  assert.deepEqual(shown, [1 / 3, 0, 0, 0, 1, 1, 1, -1 / 3, 0.25, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.throws(() => act(world, [EAST, STAY]), /robot_0: action 4 is forbidden by its mask/);
});

Deno.test("grid/cooperative_goals: layouts that cannot be are refused with a cure", () => {
  const refuse = (params: Record<string, unknown>, message: RegExp) => {
    assert.throws(() => makeWorld(findScenario("grid/cooperative_goals"), { params }), message);
  };
  refuse(
    { N: 3, width: 2, height: 2 },
    /3 robots and 3 goals need 6 cells, 4 are open: lower N to 2 or below/,
  );
  refuse({ walls: [25] }, /walls has cell 25, and the last of 5 x 5 cells is 24: leave it out/);
  refuse({ width: 3, height: 3, walls: [3, 4, 5] }, /no way from cell 0 to cell 6: take one of them away/);
  refuse({ width: 1, height: 2, N: 1, walls: [0, 1] }, /1 robots and 1 goals need 2 cells, 0 are open/);
  makeWorld(findScenario("grid/cooperative_goals"), { params: { N: 2, width: 2, height: 2 } });
});

Deno.test("grid/cooperative_goals: the scripted robots are done, with walls too; random ones are not", () => {
  const id = "grid/cooperative_goals";
  near(returns(id, "scripted").return, 0.974, "scripted");
  near(returns(id, "random").return, -0.36, "random");
  near(returns(id, "random").costs["bump"]!, 2.6, "bumps");
  const door = returns(id, "scripted", { walls: [10, 11, 13, 14] });
  near(door.return, 0.967, "through a door");
  assert.equal(door.costs["bump"]!.mean, 0);
  assert.ok(returns(id, "scripted", { N: 8, width: 10, height: 10 }, 50).return.mean > 0.9);
});

/** Two players of levels 1 and 2 around a food of level 3 at (3, 3), and one of level 1 at (6, 6). */
const FOOD = { foodRow: [3, 6], foodCol: [3, 6], foodLevel: [3, 1], spawned: [4], level: [1, 2] };

Deno.test("grid/foraging: a contested cell refuses all, places may be changed", () => {
  const cases: [State, number[], number[][], number[]][] = [
    [{ row: [0, 0], col: [0, 2] }, [EAST, WEST], [[0, 0], [0, 2]], [1, 1]],
    [{ row: [0, 0], col: [0, 1] }, [EAST, WEST], [[0, 1], [0, 0]], [0, 0]],
    [{ row: [0, 0], col: [0, 1] }, [EAST, STAY], [[0, 0], [0, 1]], [1, 0]],
    [{ row: [0, 0], col: [0, 1] }, [EAST, EAST], [[0, 1], [0, 2]], [0, 0]],
  ];
  for (const [state, actions, after, contests] of cases) {
    const world = worldIn("grid/foraging", {}, { ...FOOD, ...state });
    act(world, actions);
    assert.deepEqual(places(world), after);
    assert.deepEqual([...world.cost], contests);
  }
});

Deno.test("grid/foraging: food is loaded by those who are strong enough together, and paid by level", () => {
  const world = worldIn("grid/foraging", { penalty: 0.25 }, { ...FOOD, row: [3, 2], col: [2, 3] });
  assert.deepEqual(legal(world, 0), [STAY, NORTH, SOUTH, WEST, LOAD]);
  assert.deepEqual(legal(world, 1), [STAY, NORTH, WEST, EAST, LOAD]);
  assert.deepEqual([...world.obs.subarray(0, 12)], [3, 3, 3, 6, 6, 1, 3, 2, 1, 2, 3, 2]);
  act(world, [LOAD, STAY]);
  assert.deepEqual([...world.reward], [-0.25, 0], "too weak alone");
  act(world, [LOAD, LOAD]);
  assert.deepEqual([...world.reward], [1 * 3 / (3 * 4), 2 * 3 / (3 * 4)]);
  assert.deepEqual([...world.obs.subarray(0, 6)], [6, 6, 1, -1, -1, 0], "what is left comes first");
  assert.deepEqual(column(world, "foodLevel"), [0, 1]);
  assert.deepEqual(legal(world, 0), [STAY, NORTH, SOUTH, WEST, EAST]);
  world.columns["row"]!.data.set([6, 0]);
  world.columns["col"]!.data.set([5, 0]);
  world.refresh();
  act(world, [LOAD, STAY]);
  assert.deepEqual([[...world.reward], [...world.terminated]], [[1 / 4, 0], [1, 1]]);
});

Deno.test("grid/foraging: food starts inside, apart, in reading order, and never too heavy", () => {
  for (
    const params of [{}, { coop: true }, { size: 5, players: 8, food: 5 }, {
      size: 12,
      players: 5,
      food: 6,
      maxLevel: 4,
    }]
  ) {
    const { size, players, food, coop, maxLevel } = {
      size: 8,
      players: 2,
      food: 2,
      coop: false,
      maxLevel: 2,
      ...params,
    };
    const world = makeWorld(findScenario("grid/foraging"), { params, envs: 300 });
    world.reset(3);
    const rows = (
      name: string,
      env: number,
      count: number,
    ) => [...world.columns[name]!.data.subarray(env * count, (env + 1) * count)];
    for (let env = 0; env < 300; env++) {
      const at = rows("row", env, players).map((row, i) => row * size + rows("col", env, players)[i]!);
      assert.equal(new Set(at).size, players);
      const levels = rows("level", env, players).toSorted((a, b) => a - b);
      assert.ok(levels[0]! >= 1 && levels.at(-1)! <= maxLevel);
      const heaviest = levels.slice(0, 3).reduce((a, b) => a + b, 0);
      const [y, x, z] = ["foodRow", "foodCol", "foodLevel"].map((name) => rows(name, env, food)) as [
        number[],
        number[],
        number[],
      ];
      const lying = z.filter((level) => level > 0).length;
      assert.ok(lying >= 1 && (size < 8 || lying === food));
      assert.equal(world.columns["spawned"]!.data[env], z.reduce((a, b) => a + b, 0));
      for (let i = 0; i < food; i++) {
        if (i >= lying) {
          assert.deepEqual([y[i], x[i], z[i]], [-1, -1, 0]);
          continue;
        }
        assert.ok(z[i]! <= heaviest && (!coop || z[i] === heaviest));
        assert.ok(Math.min(y[i]!, x[i]!) >= 1 && Math.max(y[i]!, x[i]!) <= size - 2);
        assert.ok(!at.includes(y[i]! * size + x[i]!));
        if (i > 0) assert.ok(y[i]! * size + x[i]! > y[i - 1]! * size + x[i - 1]!);
        for (let j = 0; j < i; j++) assert.ok(Math.abs(y[i]! - y[j]!) + Math.abs(x[i]! - x[j]!) > 2);
      }
    }
  }
});

Deno.test("grid/foraging: each start is as likely as the original's draws make it", () => {
  const inside = [6, 7, 8, 11, 12, 13, 16, 17, 18];
  const expected = new Map<string, number>();
  const add = (cells: number[], p: number) => {
    const name = `${cells.toSorted((a, b) => a - b)}`;
    expected.set(name, (expected.get(name) ?? 0) + p);
  };
  const apart = (a: number, b: number) => {
    return Math.abs(Math.floor(a / 5) - Math.floor(b / 5)) + Math.abs(a % 5 - b % 5) > 2;
  };
  for (let player = 0; player < 25; player++) {
    const first = inside.filter((cell) => cell !== player);
    for (const a of first) {
      const second = first.filter((cell) => apart(a, cell));
      if (second.length === 0) add([a], 1 / 25 / first.length);
      for (const b of second) add([a, b], 1 / 25 / first.length / second.length);
    }
  }
  const envs = 20_000;
  for (const backend of ["js", "wasm64"] as const) {
    const world = makeWorld(findScenario("grid/foraging"), {
      params: { size: 5, players: 1 },
      envs,
      backend,
    });
    world.reset(11);
    const [y, x] = [world.columns["foodRow"]!.data, world.columns["foodCol"]!.data];
    const seen = new Map<string, number>();
    for (let env = 0; env < envs; env++) {
      const cells = [0, 1].map((i) => y[2 * env + i]! * 5 + x[2 * env + i]!).filter((cell) => cell >= 0);
      seen.set(`${cells}`, (seen.get(`${cells}`) ?? 0) + 1);
    }
    assert.ok([...seen.keys()].every((name) => expected.has(name)));
    for (const [name, p] of expected) {
      const count = seen.get(name) ?? 0;
      assert.ok(Math.abs(count - envs * p) < 5 * Math.sqrt(envs * p), `${name}: ${count}, not ${envs * p}`);
    }
  }
});

Deno.test("grid/foraging: what does not fit is refused with a cure", () => {
  const refuse = (params: Record<string, unknown>, message: RegExp) => {
    assert.throws(() => makeWorld(findScenario("grid/foraging"), { params }), message);
  };
  refuse({ size: 5, players: 9 }, /9 players leave no room for food on the 9 cells inside: raise size/);
  refuse(
    { size: 5, food: 6 },
    /at most 5 foods fit on 5 x 5 cells, 6 are asked for: raise size or lower food/,
  );
});

Deno.test("grid/foraging: the scripted players load all food, random ones a fifth of it", () => {
  const half = 0.5; // of an episode that loads all, for each of two players
  near(returns("grid/foraging", "scripted").return, half, "scripted");
  near(returns("grid/foraging", "scripted", { coop: true }).return, half, "scripted, coop");
  near(returns("grid/foraging", "random").return, 0.11, "random");
  near(returns("grid/foraging", "random", { coop: true }).return, 0.005, "random, coop");
  assert.ok(returns("grid/foraging", "scripted", { sight: 2 }).return.mean > 0.35);
});

Deno.test("grid: every agent is drawn once, within the picture", () => {
  for (const id of ["grid/cooperative_goals", "grid/foraging", "grid/warehouse"]) {
    const world = makeWorld(findScenario(id));
    world.reset(1);
    const { shapes, camera: [xmin, xmax, ymin, ymax] } = frame(findScenario(id), world, 0);
    assert.deepEqual(shapes.flatMap(({ agent }) => agent ?? []), world.spec.agents.map((_, n) => n));
    for (const { x, y, r } of shapes) {
      assert.ok(x - r >= xmin && x + r <= xmax && y - r >= ymin && y + r <= ymax, id);
    }
  }
});
