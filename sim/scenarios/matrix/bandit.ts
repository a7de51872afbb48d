/**
 * Bandit: one state, a safe action that pays nothing and a risky one that pays and costs 1. The smallest constrained
 * problem: return and cost are equal, and only a mixture spends a budget exactly.
 *
 * Action       [2]  0 safe, 1 risky
 * Observation  [1]  the number 1
 * Reward       1 for the risky action
 * Cost         `risk`  agent: 1 for the risky action
 * Limit        2.5 discounted, γ = 0.9: out of 10, the cost of risking always
 * Optimum      risky with probability limit · (1 − γ) = 0.25: return 2.5, multiplier 1
 * Truncation   after 100 rounds, when γ¹⁰⁰ = 3 · 10⁻⁵ of the future is left
 *
 * @module
 */
import * as z from "zod";
import { uniform } from "../../../core/mod.ts";
import { scenario } from "../../language/scenario.ts";
import { tabulate } from "../../language/tables.ts";
import { column, group, plain } from "../../language/world.ts";
import { cells, text } from "../pictures.ts";

const DISCOUNT = 0.9;
const LIMIT = 2.5;

export const bandit = scenario({
  id: "matrix/bandit",
  summary: "A safe action that pays nothing, a risky one that pays and costs",
  maxCycles: 100,
  discount: DISCOUNT,
  params: z.strictObject({}),

  world: () => plain({ agents: group("agent", 1) }),
  /** Never anything but 0. */
  fields: { state: column("world") },
  actions: { discrete: 2 },

  reset: () => {},
  dynamics: () => {},
  observe: () => 1,
  reward: (k, agent) => k.action(agent),

  costs: {
    risk: { scope: "agent", summary: "times the risky action was taken", of: (k, agent) => k.action(agent) },
  },
  budgets: { risk: { kind: "discounted", limit: LIMIT } },

  tables: () =>
    tabulate({
      parts: [{ column: "state", at: 0, size: 1 }],
      actions: [2],
      channels: [{ name: "risk", agent: 0 }],
      start: [0],
      discount: DISCOUNT,
      outcomes: (_, [risky]) => [{ p: 1, next: [0], reward: risky!, costs: [risky!] }],
    }),

  view: {
    camera: [-0.1, 2.1, -0.1, 1.1],
    shapes: ({ cycle, reward }, env) => {
      const chosen = cycle[env] === 0 ? -1 : reward[env]!;
      return [
        ...cells(1, 2, (cell) => cell !== chosen ? "#ced4da" : cell === 1 ? "#fa5252" : "#40c057"),
        text({ x: 0.5, y: 0.15 }, "safe: pays 0", 0.03),
        text({ x: 1.5, y: 0.15 }, "risky: pays 1, costs 1", 0.03),
        { kind: "disc", x: chosen < 0 ? 1 : chosen + 0.5, y: 0.5, r: 0.15, color: "#4c6ef5", agent: 0 },
      ];
    },
    caption: (world, env) => world.cycle[env] === 0 ? "" : world.reward[env] === 1 ? "risky" : "safe",
  },
  policies: {
    scripted: () => ({
      name: "scripted",
      hiddenSize: 0,
      act({ rows, streams }, into) {
        for (let r = 0; r < rows; r++) into[r] = uniform(streams[r]!) < LIMIT * (1 - DISCOUNT) ? 1 : 0;
      },
    }),
  },
});
