/**
 * Portfolio: a desk of traders, each with an asset of its own whose drift it knows. Every unit of position pays the
 * drift and carries the noise; the desk as a whole must not lose too much from its peak, nor hold too much at once.
 *
 * Positions    p in [-2, 2] units of each trader's own asset, 0 at first
 * Action       discrete: sell one, hold, buy one; continuous: [1] in [-1, 1], units to buy
 * Market       per day, of trader i:  return rᵢ = μᵢ + 0.25 εᵢ,   drift μᵢ' = 0.95 μᵢ + √(1 − 0.95²) · 0.1 · ηᵢ;
 *              εᵢ = 0.6 ε + 0.8 εᵢ° shares a part with all others, and so does ηᵢ; the parts are standard normal
 * Wealth       W' = W + Σᵢ (pᵢ' rᵢ − fee · |pᵢ' − pᵢ|): the desk's, with p' the position after the trade
 * Observation  [5]  own position / 2, own drift / 0.1, Σ|p| / (2 N), drawdown of the desk / limit, units traded so far
 *              by oneself / limit
 * Reward       pᵢ' μᵢ − fee · |pᵢ' − pᵢ|: what the trader earned by expectation, without the luck
 * Cost         `gross`     team: 1 per day with Σ|p| above 4 N / 3
 *              `drawdown`  team: 1 per day with the wealth √(3 N) or more below its peak
 *              `turnover`  agent: units traded
 * Limits       gross on 5 % of the days; any drawdown in at most 5 % of the episodes; 8 units of turnover per episode
 *              for the busiest trader
 * Episode      60 days
 * Random       drifts begin as N(0, 0.1)
 *
 * Scripted     of 3 traders: `scripted` (all in, with the drift) returns 8.6 each with gross on 80 % of the days, a
 *              drawdown in 35 % of the episodes and 22 units traded; `careful` 3.4 at 0 %, 0 % and 4.2; `random` -0.6
 * Source       our own; drawdown as a limit: Grossman, Zhou 1993, "Optimal investment strategies for controlling
 *              drawdowns"; the drift is an autoregression of order 1
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { type Rule, ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import type { Policy, Shape, World, WorldSpec } from "../../types.ts";
import { text } from "../pictures.ts";

/** Largest position, in units. */
const MOST = 2;
/** Standard deviations of a day's return and of the drift; how much of the drift is left a day later. */
const NOISE = 0.25;
const DRIFT = 0.1;
const MEMORY = 0.95;
/** Weight of what moves all assets alike, and of what moves one; their squares add up to 1. */
const COMMON = 0.6;
const OWN = 0.8;
/** Units that a trader may move per episode. */
const TURNOVER = 8;

const params = z.strictObject({
  N: z.int().min(1).max(10).default(3).describe("traders"),
  fee: z.number().min(0).max(1).default(0.02).describe("per unit traded"),
});
const fields = {
  position: column("agent"),
  drift: column("agent"),
  traded: column("agent"),
  turnover: column("agent"),
  earned: column("agent"),
  wealth: column("world"),
  peak: column("world"),
} as const;

type K = Kernel<z.output<typeof params>, { agents: GroupDeclaration }, typeof fields>;

export const portfolio = scenario({
  id: "safe/portfolio",
  summary:
    "Traders follow drifts of their own while the desk bounds its exposure, its drawdown and its turnover",
  maxCycles: 60,
  params,

  world: ({ N }) => plain({ agents: group("trader", N) }),
  fields,
  actions: { discrete: 3, continuous: { dims: 1, low: -1, high: 1 } },

  reset: (k) => {
    for (const trader of k.agents) k.fields.drift.set(trader, k.normal(0, DRIFT));
  },

  dynamics: (k) => {
    const { position, drift, traded, turnover, earned, wealth, peak } = k.fields;
    const [luck, news] = [k.normal(), k.normal()];
    for (const trader of k.agents) {
      const before = position.get(trader);
      const after = before.add(order(k, trader)).clamp(-MOST, MOST);
      const units = after.sub(before).abs();
      const mu = drift.get(trader);
      const fee = units.mul(k.param("fee"));
      position.set(trader, after);
      traded.set(trader, units);
      turnover.set(trader, turnover.get(trader).add(units));
      earned.set(trader, after.mul(mu).sub(fee));
      wealth.set(wealth.get().add(after.mul(mu.add(shared(luck, k.normal()).mul(NOISE)))).sub(fee));
      const shock = shared(news, k.normal()).mul(DRIFT * Math.sqrt(1 - MEMORY * MEMORY));
      drift.set(trader, mu.mul(MEMORY).add(shock));
    }
    peak.set(peak.get().max(wealth.get()));
  },

  observe: (k, trader) => [
    k.fields.position.get(trader).div(MOST),
    k.fields.drift.get(trader).div(DRIFT),
    k.once("gross", () => gross(k)).div(MOST * k.p.N),
    drawdown(k).div(lowest(k.p.N)),
    k.fields.turnover.get(trader).div(TURNOVER),
  ],

  reward: (k, trader) => k.fields.earned.get(trader),

  costs: {
    gross: {
      scope: "team",
      summary: "days with more than two thirds of all positions in use",
      of: (k) => gross(k).gt(4 * k.p.N / 3 + 1e-9),
    },
    drawdown: {
      scope: "team",
      summary: "days on which the desk is √(3 N) or more below its peak",
      of: (k) => drawdown(k).ge(lowest(k.p.N)),
    },
    turnover: { scope: "agent", summary: "units traded", of: (k, trader) => k.fields.traded.get(trader) },
  },
  budgets: {
    gross: { kind: "rate", limit: 0.05 },
    drawdown: { kind: "chance", limit: 0, epsilon: 0.05 },
    turnover: { kind: "episode", limit: TURNOVER },
  },

  view: ({ N }) => ({
    camera: [-1, N + 1.5, -3, 3],
    zones: [
      { kind: "line", x: -0.5, y: 0, r: 0, x2: N - 0.5, y2: 0, color: "#868e96" },
      ...[-MOST, MOST].map((y) => {
        return { kind: "line" as const, x: -0.5, y, r: 0, x2: N - 0.5, y2: y, color: "#ced4da" };
      }),
    ],
    shapes,
    caption: ({ columns }, env) => {
      const [wealth, peak] = ["wealth", "peak"].map((name) => columns[name]!.data[env]!.toFixed(2));
      return `wealth ${wealth}, peak ${peak}; bars: positions, rings: drifts / 0.1`;
    },
  }),
  policies: {
    scripted: (spec) => trader("scripted", spec, (_, drift) => drift < 0 ? -MOST : MOST),
    careful: (spec) => trader("careful", spec, prudent),
  },
});

/** Units to buy, as the trader orders. */
function order(k: K, trader: Entity): Num {
  return k.actionKind === "discrete" ? k.action(trader).sub(1) : k.action(trader);
}

/** A standard normal number with a part in common with others. */
function shared(common: Num, own: Num): Num {
  return common.mul(COMMON).add(own.mul(OWN));
}

/** How far the desk may fall below its peak: 3 for three traders, by the root of their number. */
function lowest(N: number): number {
  return Math.sqrt(3 * N);
}

function gross(k: K): Num {
  return k.sum(k.agents, (trader) => k.fields.position.get(trader).abs());
}

function drawdown(k: K): Num {
  return k.fields.peak.get().sub(k.fields.wealth.get());
}

/** The position that a trader wants: from its own, the drift / 0.1, the drawdown / limit and the turnover / limit. */
type Wish = (position: number, drift: number, drawdown: number, turnover: number) => number;

function trader(name: string, { actionKind }: WorldSpec, wish: Wish): Policy {
  const rule: Rule = (obs) => {
    const position = MOST * obs[0]!;
    const buy = wish(position, obs[1]!, obs[3]!, obs[4]!) - position;
    if (actionKind === "continuous") return [Math.max(-1, Math.min(1, buy))];
    if (buy > 0.5) return 2;
    return buy < -0.5 ? 0 : 1;
  };
  return ruled(name, rule)();
}

/**
 * One unit, where the drift is clear: it is taken up beyond one standard deviation and kept until the drift turns.
 * Nothing from half of the allowed drawdown on, and nothing new once three quarters of the turnover are used.
 */
function prudent(position: number, drift: number, drawdown: number, turnover: number): number {
  if (drawdown > 0.5) return 0;
  if (position !== 0 && position * drift > 0) return position;
  if (Math.abs(drift) < 1 || turnover > 0.75) return 0;
  return drift < 0 ? -1 : 1;
}

/** A bar for each position, a dot for each drift, and a gauge of the drawdown. */
function shapes({ columns, spec: { N } }: World, env: number): Shape[] {
  const at = (name: string, n: number) => columns[name]!.data[env * N + n]!;
  const traders = Array.from({ length: N }, (_, n) => n).flatMap((n): Shape[] => {
    const [position, drift] = [at("position", n), at("drift", n)];
    return [
      { kind: "line", x: n, y: 0, r: 0.12, x2: n, y2: position, color: position < 0 ? "#f08c00" : "#4c6ef5" },
      { kind: "disc", x: n, y: position, r: 0.14, color: position < 0 ? "#f08c00" : "#4c6ef5", agent: n },
      {
        kind: "ring",
        x: n + 0.3,
        y: Math.max(-2.9, Math.min(2.9, drift / DRIFT)),
        r: 0.06,
        color: "#868e96",
      },
    ];
  });
  const lost = Math.min(1.2, (columns["peak"]!.data[env]! - columns["wealth"]!.data[env]!) / lowest(N));
  return [
    ...traders,
    { kind: "line", x: N + 0.5, y: -2, r: 0.12, x2: N + 0.5, y2: 2, color: "#ced4da" },
    {
      kind: "line",
      x: N + 0.5,
      y: -2,
      r: 0.12,
      x2: N + 0.5,
      y2: 4 * lost - 2,
      color: lost < 1 ? "#fab005" : "#fa5252",
    },
    text({ x: N + 0.5, y: -2.45 }, "drawdown"),
  ];
}
