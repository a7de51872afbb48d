/**
 * Two-step: the first agent's first choice picks one of two matrix games, which both then play.
 *
 * Source       Rashid et al. 2018, QMIX, arXiv:1803.11485, section 5 and appendix
 * Action       [2]  A or B
 * Observation  [3]  one-hot state: 1, 2A, 2B
 * Reward       step 1: 0; step 2: 7 in 2A whatever is chosen; in 2B [[0, 1], [1, 8]] by both choices (shared)
 * End          the second choice terminates the game
 * Optimum      8 through 2B. A sum of each agent's own values (VDN) cannot hold 2B's table and settles for 7.
 *
 * @module
 */
import * as z from "zod";
import { scenario } from "../../language/scenario.ts";
import { column, group, plain } from "../../language/world.ts";
import type { Shape } from "../../types.ts";
import { text } from "../pictures.ts";

/** Shared payoff in 2B, by both choices: entry 2 · first + second. */
const PAYOFF_2B = [0, 1, 1, 8];

export const twoStep = scenario({
  id: "matrix/two_step",
  summary: "a first choice picks the matrix game that both then play",
  maxCycles: 2,
  params: z.strictObject({}),

  world: () => plain({ agents: group("agent", 2) }),
  /** `state` 0 is the first step, 1 is 2A, 2 is 2B; `payoff` is what the last step paid. */
  fields: { state: column("world"), payoff: column("world") },
  actions: { discrete: 2 },

  reset: () => {},

  dynamics: (k) => {
    const { state, payoff } = k.fields;
    const first = k.action(k.at(k.agents, 0));
    const second = k.action(k.at(k.agents, 1));
    const now = state.get();
    const game = k.select(now.eq(1), 7, k.at(PAYOFF_2B, first.mul(2).add(second)));
    payoff.set(k.select(now.eq(0), 0, game));
    state.set(k.select(now.eq(0), first.add(1), now));
  },

  observe: (k) => k.oneHot(k.fields.state.get(), 3),
  reward: (k) => k.fields.payoff.get(),
  /** The second choice ends the game; nothing is worth anything after it. */
  terminate: { scope: "team", of: (k) => k.cycle.ge(2) },

  view: {
    camera: [-0.1, 2.1, -0.1, 2.1],
    shapes: ({ columns }, env) => {
      const state = columns["state"]!.data[env]!;
      const box = (at: number, x: number, y: number, ...lines: string[]): Shape[] => [
        { kind: "cell", x, y, r: 0.4, color: at === state ? "#4c6ef5" : "#ced4da" },
        ...lines.map((line, i) => text({ x, y: y + 0.24 - 0.2 * i }, line, 0.04)),
      ];
      return [
        { kind: "line", x: 0.8, y: 1.2, r: 0.01, x2: 0.6, y2: 0.9, color: "#868e96" },
        { kind: "line", x: 1.2, y: 1.2, r: 0.01, x2: 1.4, y2: 0.9, color: "#868e96" },
        ...box(0, 1, 1.6, "1", "agent 0:", "A or B"),
        ...box(1, 0.5, 0.5, "2A", "7   7", "7   7"),
        ...box(2, 1.5, 0.5, "2B", "0   1", "1   8"),
      ];
    },
    caption: (world, env) => `state ${["1", "2A", "2B"][world.columns["state"]!.data[env]!]}`,
  },
});
