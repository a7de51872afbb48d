/**
 * Capacity: two agents share a line that carries one of them; one shot. How well they can do depends on what they share.
 *
 * Action       [2]  0 wait, 1 send
 * Observation  [1]  the number 1; with `identity` two more, one-hot, who one is; with `signal` one more, the same random
 *              number from [0, 1) for both
 * Reward       shared: the number of agents that send
 * Cost         `overload`  team: 1 if both send;   `use`  agent: 1 if it sends
 * Limit        overload 0.2, use 0.6 for each agent, in expectation per episode
 * Optimum      1.2 with a central controller, or with identity and signal: (send, wait) and (wait, send) with 0.4
 *              each, both with 0.2; 0.6 + 1/3 = 0.9333 where each draws alone; 2 √0.2 = 0.8944 where both draw from
 *              one policy and do not know who they are
 * Scripted     the optimum for what the agents see
 *
 * @module
 */
import * as z from "zod";
import { uniform } from "../../../core/mod.ts";
import { scenario } from "../../language/scenario.ts";
import { tabulate } from "../../language/tables.ts";
import { column, group, plain } from "../../language/world.ts";
import type { Shape, World } from "../../types.ts";
import { text } from "../pictures.ts";

/** Whether an episode was played of which the rewards still tell. */
const shown = ({ cycle, episode }: World, env: number) => cycle[env]! + episode[env]! > 0;

export const capacity = scenario({
  id: "matrix/capacity",
  summary: "Two agents share a line that carries one of them",
  maxCycles: 1,
  params: z.strictObject({
    identity: z.boolean().default(false).describe("whether agents see who they are"),
    signal: z.boolean().default(false).describe("whether both see the same random number"),
  }),

  world: () => plain({ agents: group("agent", 2) }),
  /** `over` is 1 after the only step. */
  fields: { over: column("world"), signal: column("world") },
  actions: { discrete: 2 },

  reset: (k) => {
    if (k.p.signal) k.fields.signal.set(k.uniform());
  },
  dynamics: (k) => k.fields.over.set(1),
  observe: (k, agent) => [
    1,
    k.p.identity ? k.oneHot(agent.index, 2) : [],
    k.p.signal ? k.fields.signal.get() : [],
  ],
  reward: (k) => k.once("sent", () => k.sum(k.agents, (agent) => k.action(agent))),
  terminate: { scope: "team", of: (k) => k.fields.over.get().eq(1) },

  costs: {
    overload: {
      scope: "team",
      summary: "both send at once",
      of: (k) => k.all(k.agents, (agent) => k.action(agent).eq(1)),
    },
    use: { scope: "agent", summary: "an agent sends", of: (k, agent) => k.action(agent) },
  },
  budgets: { overload: { kind: "episode", limit: 0.2 }, use: { kind: "episode", limit: 0.6 } },

  tables: () =>
    tabulate({
      parts: [{ column: "over", at: 0, size: 2 }],
      actions: [2, 2],
      channels: [{ name: "overload" }, { name: "use", agent: 0 }, { name: "use", agent: 1 }],
      start: [0],
      discount: 0.99,
      outcomes: ([over], [first, second]) => {
        const [a, b] = over === 1 ? [0, 0] : [first!, second!];
        return [{ p: 1, next: [1], reward: a + b, costs: [a * b, a, b] }];
      },
    }),

  view: {
    camera: [-1, 1, -0.6, 0.6],
    shapes: (world, env) => {
      const sent = shown(world, env) ? world.reward[2 * env]! : 0;
      const load = sent === 0 ? "#ced4da" : sent === 1 ? "#40c057" : "#fa5252";
      const way = (agent: number): Shape[] => {
        const at = { x: -0.8, y: 0.3 - 0.6 * agent };
        return [
          { kind: "line", ...at, r: 0.01, x2: 0, y2: 0, color: "#868e96" },
          { kind: "disc", ...at, r: 0.12, color: "#4c6ef5", agent },
        ];
      };
      const line: Shape = { kind: "line", x: 0, y: 0, r: 0.08, x2: 0.8, y2: 0, color: load };
      return [line, ...way(0), ...way(1), text({ x: 0.4, y: -0.2 }, "carries one", 0.04)];
    },
    caption: (world, env) => shown(world, env) ? `sent: ${world.reward[2 * env]}` : "nothing sent yet",
  },
  policies: {
    scripted: ({ params }) => {
      const { identity, signal } = params as { identity: boolean; signal: boolean };
      return {
        name: "scripted",
        hiddenSize: 0,
        act({ rows, obs, streams }, into) {
          const O = obs.length / rows;
          for (let r = 0; r < rows; r++) {
            const second = identity && obs[r * O + 2] === 1;
            const drawn = uniform(streams[r]!);
            const u = obs[r * O + O - 1]!;
            if (signal && identity) into[r] = (second ? u >= 0.4 : u < 0.6) ? 1 : 0;
            else into[r] = drawn < (identity ? (second ? 1 / 3 : 0.6) : Math.sqrt(0.2)) ? 1 : 0;
          }
        },
      };
    },
  },
});
