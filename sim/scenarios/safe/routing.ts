/**
 * Routing: two flows share two links with short queues, and may hold a packet back.
 *
 * State        packets queued q₀, q₁ in 0..3; start (0, 0)
 * Action       [3]  send to link 0, send to link 1, hold
 * Step         arrivals nₗ = min(qₗ + kₗ, 3) for the kₗ flows on link l; then a link with packets serves one, link 0 with
 *              probability 0.9 and link 1 with 0.6, independently: qₗ' = nₗ − served
 * Observation  [10]  both queues (4 each) and which flow one is (2), one-hot
 * Reward       shared: packets served
 * Cost         `drops_0`, `drops_1`  team: qₗ + kₗ − nₗ;   `delay`  team: n₀ + n₁
 * Limit        drops 0.5 for each link, delay 30, discounted by γ = 0.95
 * Truncation   after 200 steps
 * Optimum      24 for a central controller, at costs (0, 0, 30); multiplier of the delay 0.6
 * Scripted     flow 0 sends to link 0 when that is empty, else holds, and flow 1 always holds; `greedy`: each flow sends
 *              to the link of its number when that is empty, which breaks the limit of the delay
 *
 * @module
 */
import * as z from "zod";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import { both, type Chance, tabulate } from "../../language/tables.ts";
import { column, group, plain } from "../../language/world.ts";
import { stack } from "../pictures.ts";

const ROOM = 3;
const LINKS = [0, 1];
/** Chance that a link serves. */
const SERVES = [0.9, 0.6];
const DISCOUNT = 0.95;

export const routing = scenario({
  id: "safe/routing",
  summary: "Two flows share two links with short queues",
  maxCycles: 200,
  discount: DISCOUNT,
  params: z.strictObject({}),

  world: () => plain({ agents: group("flow", 2) }),
  /** By link, but for `waiting`: queued packets, and of the last step those dropped and served, and the delay. */
  fields: {
    queue: column("world", 2),
    dropped: column("world", 2),
    served: column("world", 2),
    waiting: column("world"),
  },
  actions: { discrete: 3 },

  reset: () => {},

  dynamics: (k) => {
    const { queue, dropped, served, waiting } = k.fields;
    const arrived = LINKS.map((link) => {
      const before = queue.get(link).add(k.sum(k.agents, (flow) => k.action(flow).eq(link)));
      const fits = before.min(ROOM);
      const serves = k.uniform().lt(SERVES[link]!).and(fits.gt(0)).num();
      dropped.set(link, before.sub(fits));
      served.set(link, serves);
      queue.set(link, fits.sub(serves));
      return fits;
    });
    waiting.set(arrived[0]!.add(arrived[1]!));
  },

  observe: (k, flow) => [
    ...LINKS.map((link) => k.oneHot(k.fields.queue.get(link), ROOM + 1)),
    k.oneHot(flow.index, 2),
  ],

  reward: (k) => k.once("served", () => k.fields.served.get(0).add(k.fields.served.get(1))),

  costs: {
    drops_0: { scope: "team", summary: "packets dropped at link 0", of: (k) => k.fields.dropped.get(0) },
    drops_1: { scope: "team", summary: "packets dropped at link 1", of: (k) => k.fields.dropped.get(1) },
    delay: {
      scope: "team",
      summary: "packets queued before service, per step",
      of: (k) => k.fields.waiting.get(),
    },
  },
  budgets: {
    drops_0: { kind: "discounted", limit: 0.5 },
    drops_1: { kind: "discounted", limit: 0.5 },
    delay: { kind: "discounted", limit: 30 },
  },

  tables: () =>
    tabulate({
      parts: LINKS.map((at) => ({ column: "queue", at, size: ROOM + 1 })),
      actions: [3, 3],
      channels: [{ name: "drops_0" }, { name: "drops_1" }, { name: "delay" }],
      start: [0, 0],
      discount: DISCOUNT,
      outcomes: (queue, actions) => {
        const links = LINKS.map((link) => {
          const before = queue[link]! + actions.filter((action) => action === link).length;
          const fits = Math.min(before, ROOM);
          const serves = SERVES[link]!;
          const after: Chance<number>[] = fits === 0 ? [[1, 0]] : [[serves, fits - 1], [1 - serves, fits]];
          return { before, fits, after };
        });
        const costs = [...links.map(({ before, fits }) => before - fits), links[0]!.fits + links[1]!.fits];
        return both(links[0]!.after, links[1]!.after).map(([p, next]) => {
          const reward = links[0]!.fits - next[0] + links[1]!.fits - next[1];
          return { p, next, reward, costs };
        });
      },
    }),

  view: {
    camera: [-0.7, 2.7, -0.8, 3.3],
    shapes: ({ columns }, env) =>
      LINKS.flatMap((link) => {
        const count = columns["queue"]!.data[2 * env + link]!;
        return stack({ x: 2 * link, count, most: ROOM, color: "#4c6ef5", label: `link ${link}` });
      }),
    caption: ({ columns }, env) => {
      const last = (name: string) => columns[name]!.data[2 * env]! + columns[name]!.data[2 * env + 1]!;
      return `served ${last("served")}, dropped ${last("dropped")}`;
    },
  },
  policies: {
    scripted: ruled("scripted", (obs) => flowOf(obs) === 0 ? sendIfEmpty(obs, 0) : HOLD),
    greedy: ruled("greedy", (obs) => sendIfEmpty(obs, flowOf(obs))),
  },
});

const HOLD = 2;

/** Which flow sees this. */
function flowOf(obs: Float32Array): number {
  return obs[2 * (ROOM + 1)] === 1 ? 0 : 1;
}

function sendIfEmpty(obs: Float32Array, link: number): number {
  return obs[link * (ROOM + 1)] === 1 ? link : HOLD;
}
