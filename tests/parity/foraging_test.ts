/**
 * Level-based foraging against lbforaging 2.0.0, from its recorded starts: places, food, rewards, observations, valid
 * actions and ends, equal at every step and to the bit.
 */
import assert from "node:assert/strict";
import { findScenario, makeWorld, type World } from "../../sim/mod.ts";

type Triple = readonly [row: number, column: number, level: number];
interface Shown {
  readonly players: readonly Triple[];
  /** In reading order, what is gone left out. */
  readonly food: readonly Triple[];
  /** float32 */
  readonly obs: readonly (readonly number[])[];
  readonly valid: readonly (readonly number[])[];
}
interface Step extends Shown {
  readonly a: readonly number[];
  readonly r: readonly number[];
  readonly done: boolean;
}
interface Game {
  readonly params: Readonly<Record<string, unknown>>;
  readonly episodes: readonly {
    readonly seed: number;
    readonly start: Shown;
    readonly steps: readonly Step[];
  }[];
}

const file = new URL("traces/grid/foraging.json", import.meta.url);
const { games } = JSON.parse(await Deno.readTextFile(file)) as { games: readonly Game[] };
const foraging = findScenario("grid/foraging");

/** Puts a world into a recorded start. */
function put(world: World, { players, food }: Shown): void {
  const { columns } = world;
  const write = (names: readonly string[], things: readonly Triple[]) => {
    names.forEach((name, part) => {
      const { data } = columns[name]!;
      data.forEach((_, i) => data[i] = things[i]?.[part] ?? (part < 2 ? -1 : 0));
    });
  };
  write(["row", "col", "level"], players);
  write(["foodRow", "foodCol", "foodLevel"], food);
  columns["spawned"]!.data[0] = food.reduce((sum, [, , level]) => sum + level, 0);
  world.refresh();
}

function things(world: World, names: readonly string[]): number[][] {
  const count = world.columns[names[0]!]!.width;
  return Array.from({ length: count }, (_, i) => names.map((name) => world.columns[name]!.data[i]!));
}

function rows(data: ArrayLike<number>, count: number): number[][] {
  const width = data.length / count;
  return Array.from(
    { length: count },
    (_, n) => Array.prototype.slice.call(data, n * width, (n + 1) * width),
  );
}

for (const { params, episodes } of games) {
  for (const backend of ["js", "eval", "wasm64"] as const) {
    Deno.test(`grid/foraging (${backend}) is lbforaging step by step: ${JSON.stringify(params)}`, () => {
      const world = makeWorld(foraging, { params, backend });
      const { N } = world.spec;
      for (const { seed, start, steps } of episodes) {
        world.reset(seed);
        put(world, start);
        assert.deepEqual(rows(world.obs, N), start.obs, `seed ${seed}, start`);
        assert.deepEqual(rows(world.mask, N), start.valid, `seed ${seed}, start`);
        let { valid } = start;
        for (const [t, step] of steps.entries()) {
          const when = `seed ${seed}, step ${t}`;
          world.actions.set(step.a.map((action, n) => valid[n]![action] === 1 ? action : 0));
          world.step();
          assert.deepEqual([...world.reward], step.r.map((r) => r + 0), when);
          assert.equal(world.done[0], Number(step.done), when);
          if (step.done) {
            assert.deepEqual(rows(world.finalObs, N), step.obs, when);
            const [ended, cut] = step.food.length === 0 ? [1, 0] : [0, 1];
            assert.deepEqual([world.terminated[0], world.truncated[0]], [ended, cut], when);
            continue;
          }
          assert.deepEqual(rows(world.obs, N), step.obs, when);
          assert.deepEqual(rows(world.mask, N), step.valid, when);
          assert.deepEqual(things(world, ["row", "col", "level"]), step.players, when);
          const lying = things(world, ["foodRow", "foodCol", "foodLevel"]).filter(([, , level]) =>
            level! > 0
          );
          assert.deepEqual(lying, step.food, when);
          valid = step.valid;
        }
      }
    });
  }
}

Deno.test("grid/foraging: the recordings hold players that share a cell, load alone, together and in vain", () => {
  const steps = games.flatMap(({ episodes }) => episodes.flatMap((episode) => episode.steps));
  const shared = ({ players }: Step) =>
    new Set(players.map(([row, col]) => `${row} ${col}`)).size < players.length;
  const gains = steps.map(({ r }) => r.filter((x) => x > 0).length);
  assert.ok(steps.some(shared) && gains.includes(1) && gains.some((count) => count > 1));
  assert.ok(steps.some(({ r }) => r.some((x) => x < 0)) && steps.some(({ food }) => food.length === 0));
});
