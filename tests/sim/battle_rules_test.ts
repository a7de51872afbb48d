/** Battles against their pages: fights worked out by hand, what is seen, paid and charged, params and pictures. */
import assert from "node:assert/strict";
import { findScenario, frame } from "../../sim/mod.ts";
import { cases, CHECKS } from "../conformance/worlds.ts";
import {
  act,
  arrange,
  ATTACK,
  BACK,
  close,
  FORWARDS,
  GONE,
  healths,
  legal,
  made,
  NOOP,
  NORTH,
  places,
  SOUTH,
  STOP,
  TEAM_HEALTH,
  THREE,
  type Unit,
} from "./battle_arranged.ts";

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
