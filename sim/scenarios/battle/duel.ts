/**
 * Duel: PAGE
 *
 * @module
 */
import * as z from "zod";
import type { Entities, Entity } from "../../language/kernel.ts";
import { scenario } from "../../language/scenario.ts";
import { group, plain } from "../../language/world.ts";
import { picture } from "../../battle/picture.ts";
import {
  allFell,
  ATTACK,
  falls,
  fields,
  type K,
  legal,
  march,
  muster,
  points,
  recruit,
  sees,
  stands,
  suffer,
  truth,
  type Way,
  wins,
} from "../../battle/rules.ts";
import { policies } from "../../battle/script.ts";
import { params } from "../../battle/units.ts";

export const duel = scenario({
  id: "battle/duel",
  summary: "Two teams of marksmen and brawlers, each other's mirror image, and both learn",
  maxCycles: ({ steps }) => steps,
  params: params.extend({
    fallen: z.enum(["leave", "stay"]).default("leave").describe(
      "leave: who falls has ended and earns no more; stay: it does nothing until the end and earns as its team does",
    ),
  }),

  world: ({ N }) => plain({ agents: [group("red", N), group("blue", N)] }),
  fields,
  actions: ({ N }) => ({ discrete: ATTACK + N }),

  reset: (k) => {
    const blue = k.group("blue");
    for (const unit of k.group("red")) muster(k, unit, 1);
    for (const unit of blue) {
      const { x, y } = k.fields.place.get(k.at(k.group("red"), unit.index));
      recruit(k, unit, k.vec(x.neg(), y));
    }
  },

  dynamics: (k) => {
    const [red, blue] = [k.group("red"), k.group("blue")];
    for (const unit of k.agents) k.fields.order.set(unit, k.action(unit));
    suffer(k, red, blue);
    suffer(k, blue, red);
    march(k, red, 1);
    march(k, blue, -1);
  },

  mask: (k, unit) => legal(k, unit, foesOf(k, unit)),
  observe: (k, unit) => sees(k, unit, k.others(unit, unit.group), foesOf(k, unit), wayOf(unit)),
  state: (k) => [truth(k, k.agents), k.cycle.div(k.p.steps)],

  reward: (k, unit) => {
    const [red, blue] = [k.group("red"), k.group("blue")];
    const lead = k.once("lead", () => points(k, red, blue).sub(points(k, blue, red)));
    return unit.group === "red" ? lead : lead.neg();
  },
  terminate: ({ fallen }) =>
    fallen === "leave"
      ? { scope: "agent", of: (k, unit) => stands(k, unit).not().or(over(k)) }
      : { scope: "team", of: over },

  costs: {
    losses: {
      scope: "group",
      summary: "units of the team that fall",
      of: (k, team) => k.sum(team, (unit) => falls(k, unit)),
    },
    red_lost: {
      scope: "team",
      summary: "battles that red loses",
      of: (k) => wins(k, k.group("blue"), k.group("red")),
    },
    blue_lost: {
      scope: "team",
      summary: "battles that blue loses",
      of: (k) => wins(k, k.group("red"), k.group("blue")),
    },
  },
  budgets: ({ N }) => ({ losses: { kind: "episode", limit: 0.8 * N } }),

  view: picture(({ N }) => 2 * N),
  policies,
});

function foesOf(k: K, unit: Entity): Entities {
  return k.group(unit.group === "red" ? "blue" : "red");
}

function wayOf(unit: Entity): Way {
  return unit.group === "red" ? 1 : -1;
}

function over(k: K) {
  return k.once("over", () => allFell(k, k.group("red")).or(allFell(k, k.group("blue"))));
}
