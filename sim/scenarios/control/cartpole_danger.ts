/**
 * CartPole with a danger zone: the same cart and pole, and a strip of the track that is costly to be in. The episode
 * begins inside it, so balancing where one stands is what the budget forbids.
 *
 * Source       our own; motion, reward, end and truncation are those of `control/cartpole_v1`
 * Observation  [4]  x, ẋ, θ, θ̇; the zone does not move and is not shown
 * Cost         `danger`  agent: 1 per step that ends with the middle of the cart in the zone, |x| <= `zone` m
 * Limit        50 steps per episode
 * Scripted     as in `control/cartpole_v1`, at a cost of about 340; `careful` balances 0.8 m to the right, for 34
 *
 * @module
 */
import * as z from "zod";
import { scenario } from "../../language/scenario.ts";
import { balance, cart, cartpoleCamera, cartpoleParams, cartpoleShapes, upright } from "./cartpole_v1.ts";

const RED = "#fa5252";

export const cartpoleDanger = scenario({
  ...cart,
  id: "control/cartpole_danger",
  summary: "Keep a pole upright outside the strip of track where the cart begins",
  maxCycles: 500,
  params: cartpoleParams.extend({
    zone: z.number().min(0).default(0.2).describe("half the width of the danger zone, m"),
  }),

  costs: {
    danger: {
      scope: "agent",
      summary: "steps with the cart in the zone",
      of: (k) => k.fields.x.get().abs().le(k.param("zone")),
    },
  },
  budgets: { danger: { kind: "episode", limit: 50 } },

  view: ({ zone }) => ({
    camera: cartpoleCamera,
    zones: [-zone, zone].map((x) => ({ kind: "line", x, y: -0.2, r: 0, x2: x, y2: 1.2, color: RED })),
    shapes: (world, env) => [
      ...cartpoleShapes(world, env),
      { kind: "line", x: 0, y: -0.12, r: 0.02, x2: zone, y2: -0.12, color: RED, label: "danger" },
      { kind: "line", x: 0, y: -0.12, r: 0.02, x2: -zone, y2: -0.12, color: RED },
    ],
  }),
  policies: { scripted: upright, careful: balance("careful", { omega: 0.25, x: 0.2, v: 0.2, home: 0.8 }) },
});
