/**
 * Skirmish: a team of marksmen and brawlers against as many foes, who follow a script. The script fights soundly but
 * alone: whoever is nearest is attacked. A team beats it by felling one foe after another and by stepping back from
 * brawlers, and loses as soon as everyone fights for itself.
 *
 * World        a field of 20 × 12 m, the team in the west, its foes in the east; units are points that do not collide.
 *              By default 3 marksmen (health 45, range 6 m, damage 9, then 2 steps of reload, 1 m per step) and 2 brawlers
 *              (100, 1.5 m, 16, 1 step, 0.8 m) on either side
 * Action       [6 + N]  0 nothing, for the fallen only; 1 stop; 2 north, 3 south, 4 forwards (east), 5 back (west); 6 + i
 *              attacks foe i, legal where it stands within range (the bound included) and the unit has reloaded
 * Motion       all choose by what stood before the step; then all damage lands at once, so that two can fell each other;
 *              then all who walk have walked
 * Observation  [6 + 7 (2N − 1)]  own x / 10 m, y / 6 m, health and time to reload as shares, 1 for a marksman, the share
 *              of time gone; of each other unit of the team, then of each foe, by index: 1, offset forwards and north /
 *              sight, distance / sight, health, time to reload, 1 for a marksman; zeros for one that fell or is beyond
 *              sight (9 m); all zeros for who fell
 * State        of every unit x / 10 m, y / 6 m, health, time to reload, 1 for a marksman (zeros for the fallen); the share
 *              of time gone
 * Reward       of the team, its fallen included, 20 for a win: 6 for all damage (each point of health alike), 4 for all
 *              foes felled (4 / N each), 10 at the win. Nothing is taken off for one's own losses
 * Cost         `losses`  team: 1 per unit of the team that falls
 *              `defeat`  team: 1 at the end of a battle that is not won: lost, drawn (both fall) or out of time
 * Limits       losses 0.4 N per battle; defeat 0.1 per battle
 * Winning      the share of battles won is 1 − `cost/defeat` in a run's curves and in every report. Besides: the return is
 *              20 where a battle is won and at most 10 where it is not
 * End          a unit that falls is terminated: it acts no more, and its only action is 0. The battle is terminated for
 *              all when either side has fallen, or when `steps` are over, which is a defeat
 * Random       each unit starts up to 1 m off its place, along both axes
 *
 * Scripted     `scripted` is the foes' own script: attack the nearest (`aim`: or the weakest) in range, else stand and
 *              reload, else walk to the nearest in sight, else to the middle; it chooses anew at every step. `veteran`
 *              attacks the weakest in range and steps back from brawlers. Of 2000 battles, in per cent:
 *
 *                                won   lost   drawn   out of time   return   losses
 *                   random       0.0   99.8     0.0           0.2     1.76     5.00
 *                   scripted    48.6   46.4     5.0           0.0    13.86     4.12
 *                   veteran     87.0   11.0     2.0           0.0    18.53     3.17
 * Source       the task of Samvelyan et al. 2019, "The StarCraft multi-agent challenge", arXiv:1902.04043; units, field
 *              and rules are Paddock's own
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
