/**
 * Duel: two teams of marksmen and brawlers, red and blue, and both learn. The world is its own mirror image, and each
 * team sees it from its own side, so that one network can play either.
 *
 * World        as `battle/skirmish`, but blue starts where red's mirror image stands (east and west swapped)
 * Action       [6 + N]  0 nothing, for the fallen only; 1 stop; 2 north, 3 south, 4 forwards, 5 back: forwards is east for
 *              red and west for blue; 6 + i attacks foe i, legal where it stands within range and the unit has reloaded
 * Motion       as `battle/skirmish`: all damage lands at once, so that neither side profits from the order
 * Observation  [6 + 7 (2N − 1)]  as `battle/skirmish`, from the unit's own side: x and offsets count forwards
 * State        of every unit, red first, x / 10 m, y / 6 m (from neither side), health, time to reload, 1 for a marksman
 *              (zeros for the fallen); the share of time gone
 * Reward       red: its points minus blue's; blue: the opposite. Points: 6 for all damage, 4 for all foes felled (4 / N
 *              each), 10 for the win, which neither has where both fall. Within ±20
 * Cost         `losses`     group: 1 per unit of the team that falls
 *              `red_lost`   team: 1 at the end of a battle that red loses; `blue_lost` likewise. They are there to be
 *              read: 1 − red_lost − blue_lost is the share of draws
 * Limit        losses 0.8 N per battle, of both teams in all
 * End          a unit that falls is terminated, acts no more and earns no more; with `fallen` = stay it lives on in name,
 *              does nothing (action 0) and earns as its team does, which teams learn from faster. Terminated for all when
 *              either team has fallen
 * Truncation   after `steps`
 * Random       red's units start up to 1 m off their places, along both axes
 *
 * Scripted     as `battle/skirmish`. Of 2000 battles `scripted` beats `random` in all but 1 (out of time), always draws
 *              with itself, as all do whose mirror images face them, and loses 89 % to `veteran`, which loses 8 %
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
