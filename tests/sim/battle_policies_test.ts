/** Who fights a battle: what scripted foes order, the mirror they keep, and how strong the script is. */
import assert from "node:assert/strict";
import { integer, seed as stream } from "../../core/mod.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import {
  act,
  arrange,
  ATTACK,
  BACK,
  FORWARDS,
  GONE,
  made,
  NOOP,
  NORTH,
  SOUTH,
  STOP,
  THREE,
  type Unit,
} from "./battle_arranged.ts";
import { fight } from "./battle_outcomes.ts";

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
