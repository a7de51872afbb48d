/** Battles against their pages: fights worked out by hand, the mirror, and how strong the script is. */
import assert from "node:assert/strict";
import { integer, seed as stream } from "../../core/mod.ts";
import { findScenario, frame, makeWorld, type World, type WorldOptions } from "../../sim/mod.ts";
import { cases, CHECKS } from "../conformance/worlds.ts";
import { fight } from "./battle_outcomes.ts";

/** What a unit can do. */
const [NOOP, STOP, NORTH, SOUTH, FORWARDS, BACK, ATTACK] = [0, 1, 2, 3, 4, 5, 6] as const;
/** Of a marksman and of a brawler, in teams of one and two. */
const THREE = { N: 3, marksmen: 0.34 };
const TEAM_HEALTH = 45 + 100 + 100;

interface Unit {
  readonly x: number;
  readonly y?: number;
  readonly health?: number;
  readonly reload?: number;
}
/** Far from everyone, and fallen. */
const GONE: Unit = { x: 0, health: 0 };

function made(id: "skirmish" | "duel", options: WorldOptions = {}): World {
  const world = makeWorld(findScenario(`battle/${id}`), { params: THREE, ...options });
  world.reset(1);
  return world;
}

/** Puts all units in their places: the first team, then the other; whole and ready unless told otherwise. */
function arrange(world: World, units: readonly Unit[]): void {
  const { place, health, reload } = world.columns as Record<string, World["columns"][string]>;
  units.forEach((unit, n) => {
    place!.data.set([unit.x, unit.y ?? 0], 2 * n);
    health!.data[n] = unit.health ?? (n % 3 === 0 ? 45 : 100);
    reload!.data[n] = unit.reload ?? 0;
  });
  world.refresh();
}

const healths = (world: World) => [...world.columns["health"]!.data];
const places = (world: World) => [...world.columns["place"]!.data];
const legal = (world: World, n: number) => {
  const { A } = world.spec;
  return [...world.mask.subarray(n * A, (n + 1) * A)];
};
function act(world: World, ...actions: number[]): void {
  world.actions.set(actions);
  world.step();
}
function close(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-9, `expected ${expected}, found ${found}`);
}

Deno.test("battle: an attack reaches to its range exactly, and only who is ready and up may make it", () => {
  const world = made("duel");
  arrange(world, [{ x: 0 }, { x: 0 }, GONE, { x: 6 }, { x: 1.5 }, { x: 1.6 }]);
  assert.deepEqual(legal(world, 0), [0, 1, 1, 1, 1, 1, 1, 1, 1], "a marksman, 6 m");
  assert.deepEqual(legal(world, 1), [0, 1, 1, 1, 1, 1, 0, 1, 0], "a brawler, 1.5 m");
  assert.deepEqual(legal(world, 2), [1, 0, 0, 0, 0, 0, 0, 0, 0], "the fallen");
  arrange(world, [{ x: 0, reload: 1 }, { x: 0 }, GONE, { x: 6.001 }, { x: 1.5, health: 0 }, { x: 1 }]);
  assert.deepEqual(legal(world, 0), [0, 1, 1, 1, 1, 1, 0, 0, 0], "reloading");
  assert.deepEqual(legal(world, 1), [0, 1, 1, 1, 1, 1, 0, 0, 1], "not at the fallen");
  arrange(world, [{ x: 0 }, GONE, GONE, { x: 6.001 }, GONE, GONE]);
  assert.equal(legal(world, 0)[ATTACK], 0);
  assert.throws(() => act(world, ATTACK, 0, 0, STOP, 0, 0), /action 6 is forbidden by its mask/);
});

Deno.test("battle: damage of all attackers lands at once, then they reload", () => {
  const world = made("duel");
  arrange(world, [{ x: 0 }, { x: 1 }, { x: -6 }, { x: 2 }, { x: 2 }, { x: 6 }]);
  act(world, ATTACK, ATTACK, STOP, ATTACK + 1, ATTACK + 1, STOP);
  assert.deepEqual(healths(world), [45, 100 - 9 - 16, 100, 45 - 9 - 16, 100, 100]);
  assert.deepEqual([...world.columns["reload"]!.data], [2, 1, 0, 2, 1, 0]);
  assert.deepEqual([...world.columns["lost"]!.data], [0, 25, 0, 25, 0, 0]);
  assert.ok(world.reward.every((reward) => reward === 0), "both teams lost as much");
  act(world, STOP, STOP, STOP, STOP, STOP, STOP);
  assert.deepEqual([...world.columns["reload"]!.data], [1, 0, 0, 1, 0, 0]);
  assert.equal(legal(world, 0)[ATTACK], 0);
  assert.equal(legal(world, 1)[ATTACK], 1);
  act(world, STOP, STOP, STOP, STOP, STOP, STOP);
  assert.equal(legal(world, 0)[ATTACK], 1);
});

Deno.test("battle: who falls in a step still deals its attack of that step", () => {
  const world = made("duel");
  arrange(world, [{ x: 0, health: 9 }, { x: -3 }, GONE, { x: 4, health: 5 }, { x: 6 }, GONE]);
  act(world, ATTACK, STOP, NOOP, ATTACK, STOP, NOOP);
  assert.deepEqual(healths(world), [0, 100, 0, 0, 100, 0]);
  assert.deepEqual(
    [...world.terminated],
    [1, 0, 1, 1, 0, 1],
    "of those that fell, and of those put down by hand",
  );
  assert.deepEqual([...world.alive], [0, 1, 0, 0, 1, 0]);
  const { O, C } = world.spec;
  assert.ok(world.obs.subarray(0, O).every((x) => x === 0), "the fallen see nothing");
  assert.deepEqual(legal(world, 0), [1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(world.channelCost[0], 2, "losses of both");
  assert.deepEqual([world.cost[0], world.cost[C]], [1, 1], "charged to the red");
  close(world.reward[1]!, (5 - 9) * 6 / TEAM_HEALTH);
  close(world.reward[4]!, (9 - 5) * 6 / TEAM_HEALTH);
});

Deno.test("battle: units walk at their speed, from their own side, and stop at the edge", () => {
  const world = made("duel");
  arrange(world, [{ x: -9.5, y: 5.5 }, { x: 0 }, { x: 1 }, { x: 9.5, y: -5.5 }, { x: 3 }, { x: 4 }]);
  act(world, BACK, FORWARDS, NORTH, BACK, FORWARDS, SOUTH);
  const expected = [-10, 5.5, 0.8, 0, 1, 0.8, 10, -5.5, 3 - 0.8, 0, 4, -0.8];
  places(world).forEach((x, i) => close(x, expected[i]!));
  act(world, NORTH, STOP, STOP, SOUTH, STOP, STOP);
  close(places(world)[1]!, 6);
  close(places(world)[7]!, -6);
});

Deno.test("battle/skirmish: a unit sees itself, its team and its foes within sight; the state shows all", () => {
  const world = made("skirmish", { params: { ...THREE, sight: 8 } });
  arrange(world, [{ x: 1, y: 3, health: 9, reload: 1 }, { x: -3, y: 0 }, GONE, { x: 9.1, y: 3 }, {
    x: 1,
    y: -1,
  }, { x: 1, y: 11.1 }]);
  const [self, mate, foe] = [
    [0.1, 0.5, 0.2, 0.5, 1, 0],
    [1, -0.5, -0.375, 0.625, 1, 0, 0],
    [1, 0, -0.5, 0.5, 1, 0, 0],
  ];
  const none = new Array<number>(7).fill(0);
  const expected = [...self!, ...mate!, ...none, ...none, ...foe!, ...none];
  assert.equal(world.spec.O, 6 + 7 * 5);
  expected.forEach((x, i) => close(world.obs[i]!, x));
  assert.equal(world.spec.S, 6 * 5 + 1);
  [0.1, 0.5, 0.2, 0.5, 1, -0.3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0.91, 0.5, 1, 0, 1]
    .forEach((x, i) => close(world.state[i]!, x));
});

Deno.test("battle/skirmish: damage, kills and the win are paid to the whole team, the fallen too", () => {
  const world = made("skirmish");
  arrange(world, [{ x: 0, health: 9 }, { x: 9, y: 5 }, GONE, { x: 5, health: 7 }, {
    x: 0.5,
    health: 100,
    reload: 9,
  }, GONE]);
  act(world, ATTACK, STOP, NOOP);
  for (const reward of world.reward) close(reward, 7 * 6 / TEAM_HEALTH + 4 / 3);
  assert.deepEqual(healths(world), [0, 100, 0, 0, 100, 0], "foe 0 attacked the nearest");
  assert.equal(world.spec.sharedReward, true);
  assert.deepEqual([...world.channelCost], [1, 0]);
  arrange(world, [GONE, { x: 0 }, GONE, GONE, { x: 1, health: 3, reload: 9 }, GONE]);
  act(world, NOOP, ATTACK + 1, NOOP);
  for (const reward of world.reward) close(reward, 3 * 6 / TEAM_HEALTH + 4 / 3 + 10);
  assert.equal(world.done[0], 1);
  assert.deepEqual([...world.terminated], [0, 1, 0]);
  assert.deepEqual([...world.channelCost], [0, 0], "won: no defeat");
});

Deno.test("battle/skirmish: a battle that both lose, and one out of time, are defeats without the win's points", () => {
  const world = made("skirmish");
  arrange(world, [GONE, { x: 0, health: 16 }, GONE, GONE, { x: 1, health: 16 }, GONE]);
  act(world, NOOP, ATTACK + 1, NOOP);
  close(world.reward[0]!, 16 * 6 / TEAM_HEALTH + 4 / 3);
  assert.deepEqual([world.done[0], ...world.channelCost], [1, 1, 1]);

  const late = made("skirmish", { params: { ...THREE, steps: 10 } });
  const away: Unit[] = [GONE, { x: -10, y: 6 }, GONE, GONE, { x: 10, y: -6 }, GONE];
  for (let t = 1; t <= 10; t++) {
    arrange(late, away);
    act(late, NOOP, STOP, NOOP);
    assert.deepEqual([late.done[0], late.terminated[1], late.channelCost[1]], t < 10 ? [0, 0, 0] : [1, 1, 1]);
  }
  const cut = made("skirmish", { maxCycles: 1 });
  act(cut, STOP, STOP, STOP);
  assert.deepEqual(
    [cut.truncated[1], cut.terminated[1], cut.channelCost[1]],
    [1, 0, 0],
    "cut short is no defeat",
  );
});

Deno.test("battle/skirmish: foes attack the nearest or the weakest, walk the longer leg, wait in the middle", () => {
  const orders = (aim: string, units: readonly Unit[]) => {
    const world = made("skirmish", { params: { ...THREE, aim, sight: 6 } });
    arrange(world, units);
    act(world, ...units.slice(0, 3).map(({ health }) => health === 0 ? NOOP : STOP));
    return [...world.columns["order"]!.data.subarray(3)];
  };
  const row: Unit[] = [{ x: 0, health: 8 }, { x: 1, y: 0 }, { x: 1, y: 0, health: 50 }];
  assert.deepEqual(orders("nearest", [...row, { x: 3 }, { x: 2 }, { x: -1.5 }]), [
    ATTACK + 1,
    ATTACK + 1,
    ATTACK,
  ]);
  assert.deepEqual(orders("weakest", [...row, { x: 3 }, { x: 2 }, { x: -1.5 }]), [
    ATTACK,
    ATTACK + 2,
    ATTACK,
  ]);
  const lone: Unit[] = [{ x: 0 }, GONE, GONE];
  assert.deepEqual(orders("nearest", [...lone, { x: 3, reload: 2 }, { x: 5, y: 3 }, GONE]), [
    STOP,
    FORWARDS,
    NOOP,
  ]);
  assert.deepEqual(orders("nearest", [...lone, { x: -7, y: 1 }, { x: 2, y: -3 }, { x: -2, y: 3 }]), [
    BACK,
    NORTH,
    SOUTH,
  ]);
  const far: Unit[] = [{ x: -10, y: 6 }, GONE, GONE];
  assert.deepEqual(orders("nearest", [...far, { x: 0.4, y: -0.4 }, { x: 8, y: -6 }, { x: 3, y: -5 }]), [
    STOP,
    FORWARDS,
    NORTH,
  ]);
});

Deno.test("battle/duel: mirrored orders keep the mirror, step by step", () => {
  for (const N of [3, 5, 10]) {
    const world = makeWorld(findScenario("battle/duel"), { params: { N }, envs: 4 });
    world.reset(3);
    const luck = stream(N);
    const { O, A } = world.spec;
    for (let t = 0; t < 150; t++) {
      for (let env = 0; env < 4; env++) {
        for (let i = 0; i < N; i++) {
          const [red, blue] = [env * 2 * N + i, env * 2 * N + N + i];
          const seen = (n: number) => [...world.obs.subarray(n * O, (n + 1) * O)];
          assert.deepEqual(seen(red).map((x) => x + 0), seen(blue).map((x) => x + 0));
          const open = [...world.mask.subarray(red * A, (red + 1) * A).keys()].filter((a) =>
            world.mask[red * A + a]
          );
          assert.deepEqual(open, [...Array(A).keys()].filter((a) => world.mask[blue * A + a]));
          const attacks = open.filter((a) => a >= ATTACK);
          const from = attacks.length > 0 ? attacks : open;
          world.actions[red] = world.actions[blue] = from[integer(luck, from.length)]!;
        }
      }
      world.step();
      assert.ok(world.reward.every((reward) => reward === 0));
      assert.ok(world.channelCost.every((cost, c) => c % 3 === 0 || cost === 0), "nobody wins");
    }
    assert.ok(world.episode.every((episode) => episode >= 1));
  }
});

Deno.test("battle/skirmish: from a mirrored start the scripted team and its foes stay each other's mirror", () => {
  for (const aim of ["nearest", "weakest"]) {
    const found = fight("skirmish", { policies: ["scripted"], params: { aim }, battles: 40, mirrored: true });
    assert.equal(found.drawn, 40, JSON.stringify(found));
  }
});

Deno.test("battle: the script beats random teams, is even with itself, and loses to focus and retreat", () => {
  const random = fight("skirmish", { policies: ["random"], battles: 400 });
  assert.ok(random.lost >= 380 && random.won === 0, JSON.stringify(random));
  const even = fight("skirmish", { policies: ["scripted"], battles: 1000 });
  assert.ok(Math.abs(even.won - even.lost) <= 100 && even.drawn <= 100, JSON.stringify(even));
  const veteran = fight("skirmish", { policies: ["veteran"], battles: 400 });
  assert.ok(veteran.won >= 320, JSON.stringify(veteran));
  for (const policies of [["scripted", "random"], ["random", "scripted"]]) {
    const found = fight("duel", { policies, battles: 300 });
    assert.ok(found[policies[0] === "scripted" ? "won" : "lost"] >= 285, JSON.stringify(found));
  }
  assert.equal(fight("duel", { policies: ["scripted", "scripted"], battles: 100 }).drawn, 100);
});

Deno.test("battle/duel: who falls leaves, or stays and earns as its team does", () => {
  const rewards = (fallen: string) => {
    const world = made("duel", { params: { ...THREE, fallen } });
    arrange(world, [{ x: 0, health: 5 }, { x: 4 }, { x: 4 }, { x: 5 }, { x: 5 }, { x: 9 }]);
    act(world, STOP, STOP, STOP, ATTACK, STOP, STOP);
    assert.equal(world.terminated[0], fallen === "leave" ? 1 : 0);
    assert.deepEqual(legal(world, 0), [1, 0, 0, 0, 0, 0, 0, 0, 0]);
    act(world, NOOP, ATTACK + 1, STOP, STOP, STOP, STOP);
    return [...world.reward];
  };
  const lead = 16 * 6 / TEAM_HEALTH;
  const check = (found: number[], expected: number[]) => found.forEach((x, i) => close(x, expected[i]!));
  check(rewards("leave"), [0, lead, lead, -lead, -lead, -lead]);
  check(rewards("stay"), [lead, lead, lead, -lead, -lead, -lead]);
});

for (const params of [{ N: 12 }, { N: 3, marksmen: 0 }]) {
  for (const id of ["battle/skirmish", "battle/duel"]) {
    const aim = id === "battle/skirmish" && { aim: "weakest" };
    for (const it of cases(findScenario(id), { params: { ...params, ...aim } })) {
      for (
        const check of [
          "every backend of its domain gives the same bits",
          "finite numbers, costs >= 0, flags that agree",
        ]
      ) {
        Deno.test(`${it.name}: ${check}`, () => CHECKS[check]!(it));
      }
    }
  }
}

Deno.test("battle: params out of range are refused with what would do", () => {
  const make = (params: Record<string, unknown>) => () => made("skirmish", { params });
  assert.throws(make({ N: 2 }), /battle\/skirmish.N: expected .* 3.*, found 2/);
  assert.throws(make({ marksmen: 3 }), /battle\/skirmish.marksmen: expected .* 1.*, found 3/);
  assert.throws(make({ aim: "neerest" }), /Did you mean "nearest"/);
  assert.throws(make({ units: 4 }), /has no setting "units"/);
});

Deno.test("battle: the picture shows who stands with health and reach, who fell, and who attacks whom", () => {
  const scenario = findScenario("battle/skirmish");
  const world = made("skirmish");
  arrange(world, [{ x: 0 }, { x: -3 }, GONE, { x: 5 }, GONE, GONE]);
  act(world, ATTACK, STOP, NOOP);
  const { shapes, caption } = frame(scenario, world, 0);
  const count = (kind: string) => shapes.filter((shape) => shape.kind === kind).length;
  assert.deepEqual([count("disc"), count("ring")], [3, 3]);
  assert.deepEqual(shapes.filter(({ agent }) => agent !== undefined).map(({ agent }) => agent), [0, 1]);
  assert.equal(count("line"), 4 + 3 * 2 + 2 + 3 * 2, "edges, crosses, attacks, bars");
  assert.equal(caption, "2 standing, health 136 : 1 standing, health 36");
});
