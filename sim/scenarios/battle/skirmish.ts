/**
 * Skirmish: PAGE
 *
 * @module
 */
import * as z from "zod";
import type { Bool } from "../../language/values.ts";
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
  sees,
  stands,
  suffer,
  truth,
  wins,
} from "../../battle/rules.ts";
import { policies, script } from "../../battle/script.ts";
import { params } from "../../battle/units.ts";

export const skirmish = scenario({
  id: "battle/skirmish",
  summary: "A small team of marksmen and brawlers fights as many scripted foes",
  maxCycles: ({ steps }) => steps,
  params: params.extend({
    aim: z.enum(["nearest", "weakest"]).default("nearest").describe(
      "whom scripted units attack of those in range",
    ),
  }),

  world: ({ N }) => plain({ agents: group("unit", N), foes: group("foe", N) }),
  fields,
  actions: ({ N }) => ({ discrete: ATTACK + N }),

  reset: (k) => {
    for (const unit of k.agents) muster(k, unit, 1);
    for (const foe of k.foes) muster(k, foe, -1);
  },

  dynamics: (k) => {
    for (const foe of k.foes) k.fields.order.set(foe, script(k, foe, k.agents, -1, k.p.aim));
    for (const unit of k.agents) k.fields.order.set(unit, k.action(unit));
    suffer(k, k.agents, k.foes);
    suffer(k, k.foes, k.agents);
    march(k, k.agents, 1);
    march(k, k.foes, -1);
  },

  mask: (k, unit) => legal(k, unit, k.foes),
  observe: (k, unit) => sees(k, unit, k.others(unit), k.foes, 1),
  state: (k) => [truth(k, k.agents), truth(k, k.foes), k.cycle.div(k.p.steps)],

  reward: { scope: "team", of: (k) => points(k, k.agents, k.foes) },
  terminate: {
    scope: "agent",
    of: (k, unit) => stands(k, unit).not().or(k.once("over", () => allFell(k, k.foes).or(outOfTime(k)))),
  },

  costs: {
    losses: {
      scope: "team",
      summary: "units of the team that fall",
      of: (k) => k.sum(k.agents, (unit) => falls(k, unit)),
    },
    defeat: {
      scope: "team",
      summary: "battles that end without a win: lost, drawn or out of time",
      of: (k) => {
        const over = allFell(k, k.agents).or(outOfTime(k));
        return over.and(wins(k, k.agents, k.foes).not());
      },
    },
  },
  budgets: ({ N }) => ({
    losses: { kind: "episode", limit: 0.4 * N },
    defeat: { kind: "episode", limit: 0.1 },
  }),

  view: picture(({ N }) => N),
  policies,
});

function outOfTime(k: K): Bool {
  return k.cycle.ge(k.p.steps);
}
