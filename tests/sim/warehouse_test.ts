/** The warehouse by hand: orders, batteries, prevented moves, what cannot be, and its scripted drivers. */
import assert from "node:assert/strict";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { act, column, legal, places, worldIn } from "./grid_world.ts";
import { near, outcomes } from "./outcomes.ts";

const [STAY, NORTH, SOUTH, WEST, EAST, HANDLE] = [0, 1, 2, 3, 4, 5];

const warehouse = findScenario("grid/warehouse");
/** Two robots, aisles at columns 1 and 3, rows 1 and 2; the station at (2, 5), the charger at (4, 4). */
const SMALL = { N: 2, aisles: 2, depth: 2, battery: 60 };

Deno.test("grid/warehouse: an order is fetched, handed over, and paid by halves; the next is drawn", () => {
  const state = { row: [2, 0], col: [1, 0], battery: [50, 50], carries: [0, 0], order: [1, 2] };
  const world = worldIn("grid/warehouse", SMALL, state);
  assert.deepEqual(legal(world, 0), [STAY, NORTH, SOUTH, HANDLE], "shelves at both sides of an aisle");
  assert.deepEqual([...world.state.subarray(6)], [0, 0, 50 / 60, 0, 1, 3]);
  act(world, [HANDLE, STAY]);
  assert.deepEqual([[...world.reward], column(world, "carries"), column(world, "battery")], [[0.5, 0.5], [
    1,
    0,
  ], [49, 50]]);
  assert.deepEqual(legal(world, 0), [STAY, NORTH, SOUTH]);
  world.columns["row"]!.data[0] = 2;
  world.columns["col"]!.data[0] = 5;
  world.refresh();
  act(world, [HANDLE, STAY]);
  assert.deepEqual([[...world.reward], column(world, "carries")], [[0.5, 0.5], [0, 0]]);
  assert.ok(column(world, "order").every((order) => order >= 0 && order < 4));
});

Deno.test("grid/warehouse: moves cost battery, chargers give it back, an empty robot stands still", () => {
  const state = { row: [3, 0], col: [4, 0], battery: [41, 1], carries: [0, 0], order: [0, 0] };
  const world = worldIn("grid/warehouse", SMALL, state);
  act(world, [SOUTH, EAST]);
  assert.deepEqual([places(world), column(world, "battery")], [[[4, 4], [0, 1]], [40, 0]]);
  assert.deepEqual([[...world.cost], [...world.channelCost]], [[0, 0, 0, 1], [0, 1]]);
  assert.deepEqual([legal(world, 0), legal(world, 1)], [[STAY, NORTH], [STAY]]);
  act(world, [STAY, STAY]);
  assert.deepEqual(column(world, "battery"), [50, 0]);
  act(world, [STAY, STAY]);
  act(world, [STAY, STAY]);
  assert.deepEqual(column(world, "battery"), [60, 0], "full");
});

Deno.test("grid/warehouse: a move that another prevents is charged and still costs battery", () => {
  const state = { row: [0, 0], col: [1, 2], battery: [50, 50], carries: [0, 0], order: [0, 0] };
  const world = worldIn("grid/warehouse", SMALL, state);
  act(world, [EAST, WEST]);
  assert.deepEqual([places(world), column(world, "battery")], [[[0, 1], [0, 2]], [49, 49]]);
  assert.deepEqual([...world.cost], [1, 0, 1, 0]);
});

Deno.test("grid/warehouse: what does not fit is refused with a cure", () => {
  const refuse = (params: Record<string, unknown>, message: RegExp) => {
    assert.throws(() => makeWorld(warehouse, { params }), message);
  };
  refuse({ N: 5, aisles: 1 }, /5 robots do not fit into a cross aisle of 4 cells: lower N or add aisles/);
  refuse({ chargers: 5 }, /at most 4 chargers fit below 3 aisles, not 5: lower chargers/);
  refuse(
    { battery: 20 },
    /a battery of 20 may not last for a round of 30 actions when half full: raise battery to 60/,
  );
});

Deno.test("grid/warehouse: the scripted robots carry on at no cost, random ones strand", () => {
  const [scripted, random] = ["scripted", "random"].map((policy) => outcomes(warehouse, policy));
  near(scripted!.return, 23.4, "scripted");
  near(random!.return, 0.6, "random");
  assert.deepEqual([scripted!.costs["collision"]!.mean, scripted!.costs["empty"]!.mean], [0, 0]);
  assert.ok(random!.costs["collision"]!.mean > 5 && random!.costs["empty"]!.mean > 90);
  const crowd = outcomes(warehouse, "scripted", { params: { N: 8, chargers: 2, aisles: 5 }, episodes: 50 });
  assert.ok(
    crowd.return.mean > 35 && crowd.costs["empty"]!.mean === 0 && crowd.costs["collision"]!.mean === 0,
  );
});
