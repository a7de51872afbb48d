/**
 * Routing network: F flows share L links of unequal speed. Whoever sends everything fills the queues, and a full queue
 * drops; whoever waits delivers nothing.
 *
 * Action       discrete: one packet on link 0, …, L − 1, or hold (the last one); continuous: [L] in [0, 1], how much to
 *              send on each link, scaled down where it is more than one packet in all
 * Links        link l serves μ_l = 0.9 F w_l packets per step on average: the slowest has weight 1, the fastest 3,
 *              evenly between, and the w_l are these weights as shares of their sum
 * Motion       with k_l packets sent on link l:  arrivals n_l = min(q_l + k_l, 6 μ_l);  dropped q_l + k_l − n_l;
 *              served min(n_l, μ_l · u), u uniform in [0.5, 1.5] and of each link its own;  q_l' = n_l − served
 * Observation  [4 L + 2]  of each link: its queue as a share of its room, its queue in steps to serve, whether it
 *              dropped, μ_l / F; then the flow's number / F, and packets that all flows held at the last step / F
 * Reward       packets delivered in all / F, shared
 * Cost         `drops_l`  team, for each link l: packets dropped there
 *              `delay`    team: packets in all queues before service / F
 * Limits       0.005 F packets per step on each link; 2 steps of delay on average (a rate)
 * Episode      60 steps
 * Random       queues begin within [0, μ_l]
 *
 * Scripted     of 6 flows and 3 links, continuous: `scripted` (sends everything, by the links' speeds) delivers 54 per
 *              flow at 0.04 to 0.12 drops per step and 3.9 steps of delay; `careful` 51 at none and 1.1; `random` 46 at
 *              up to 0.9 and 2.3
 * Source       the larger, continuous sister of `safe/routing`: finite queues as fluid, see Bertsekas, Gallager 1992,
 *              "Data networks", chapters 3 and 5
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

/** What all links serve together, per packet that all flows could send. */
const CAPACITY = 0.9;
/** The fastest link's speed, the slowest having 1. */
const FASTEST = 3;
/** Steps of mean service that fit into a queue. */
const ROOM = 6;
/** Share by which service varies. */
const JITTER = 0.5;

const params = z.strictObject({
  flows: z.int().min(2).max(32).default(6).describe("agents, one packet per step each"),
  links: z.int().min(2).max(8).default(3).describe("links, from slow to fast"),
});
type Params = z.output<typeof params>;
const fields = ({ links }: Params) => ({
  queue: column("world", links),
  dropped: column("world", links),
  waiting: column("world"),
  delivered: column("world"),
  held: column("world"),
  sent: column("agent", links),
});

type K = Kernel<Params, { agents: GroupDeclaration }, ReturnType<typeof fields>>;

export const routingNetwork = scenario({
  id: "safe/routing_network",
  summary: "Flows share links of unequal speed without dropping packets or letting them wait",
  maxCycles: 60,
  params,

  world: ({ flows }) => plain({ agents: group("flow", flows) }),
  fields,
  actions: ({ links }) => ({ discrete: links + 1, continuous: { dims: links, low: 0, high: 1 } }),

  reset: (k) => {
    speeds(k.p).forEach((mu, l) => k.fields.queue.set(l, k.uniform(0, mu)));
  },

  dynamics: (k) => {
    const { queue, dropped, waiting, delivered, held, sent } = k.fields;
    let [queued, done, given] = [k.num(0), k.num(0), k.num(0)];
    speeds(k.p).forEach((mu, l) => {
      for (const flow of k.agents) sent.set(flow, l, packets(k, flow, l));
      const arriving = k.sum(k.agents, (flow) => sent.get(flow, l));
      const all = queue.get(l).add(arriving);
      const kept = all.min(ROOM * mu);
      const served = kept.min(k.uniform(1 - JITTER, 1 + JITTER).mul(mu));
      dropped.set(l, all.sub(kept));
      queue.set(l, kept.sub(served));
      [queued, done, given] = [queued.add(kept), done.add(served), given.add(arriving)];
    });
    waiting.set(queued);
    delivered.set(done);
    held.set(given.neg().add(k.p.flows));
  },

  observe: (k, flow) => [
    ...speeds(k.p).flatMap((mu, l) => {
      const queue = k.fields.queue.get(l);
      return [queue.div(ROOM * mu), queue.div(mu), k.fields.dropped.get(l).gt(0), mu / k.p.flows];
    }),
    flow.index.div(k.p.flows),
    k.fields.held.get().div(k.p.flows),
  ],

  reward: (k) => k.fields.delivered.get().div(k.p.flows),

  costs: ({ links, flows }) => ({
    ...Object.fromEntries(Array.from({ length: links }, (_, l) => [`drops_${l}`, drops(l)])),
    delay: {
      scope: "team",
      summary: "packets that wait, as a share of the flows: steps of delay",
      of: (k: K) => k.fields.waiting.get().div(flows),
    },
  }),
  budgets: ({ links, flows }) => ({
    ...Object.fromEntries(
      Array.from(
        { length: links },
        (_, l) => [`drops_${l}`, { kind: "rate" as const, limit: 0.005 * flows }],
      ),
    ),
    delay: { kind: "rate", limit: 2 },
  }),

  view: ({ links, flows }) => ({
    camera: [-0.5, 4.5, -0.5, Math.max(links, 3) - 0.5],
    zones: Array.from({ length: links }, (_, l) => {
      return { kind: "line" as const, x: 1.5, y: l, r: 0.14, x2: 4, y2: l, color: "#e9ecef" };
    }),
    shapes,
    caption: ({ columns }, env) => {
      const at = (name: string) => columns[name]!.data[env]!.toFixed(1);
      return `delivered ${at("delivered")}, held ${at("held")} of ${flows}, waiting ${at("waiting")} packets`;
    },
  }),
  policies: {
    scripted: (spec) => sender("scripted", spec, () => 1 / CAPACITY),
    careful: (spec) => sender("careful", spec, (queued) => Math.max(0, Math.min(1, 1.5 - queued))),
  },
});

/** Mean service of each link, in packets per step. */
function speeds({ flows, links }: Pick<Params, "flows" | "links">): number[] {
  const weights = Array.from({ length: links }, (_, l) => 1 + (FASTEST - 1) * l / (links - 1));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => CAPACITY * flows * weight / sum);
}

function drops(link: number) {
  return {
    scope: "team" as const,
    summary: `packets dropped on link ${link}`,
    of: (k: K) => k.fields.dropped.get(link),
  };
}

/** How much a flow sends on a link. */
function packets(k: K, flow: Entity, link: number): Num {
  if (k.actionKind === "discrete") return k.action(flow).eq(link).num();
  const total = Array.from({ length: k.p.links }, (_, l) => k.action(flow, l)).reduce((sum, x) => sum.add(x));
  return k.action(flow, link).div(total.max(1));
}

/**
 * Shares links out by their speeds, `share` of what each serves on average, seen how many steps its queue takes. Where
 * only whole packets go, flow i takes the link into whose part of [0, 1] its number falls, and holds beyond them all.
 */
function sender(
  name: string,
  { actionKind, params }: WorldSpec,
  share: (queued: number) => number,
): Policy {
  const { flows, links } = params as Params;
  const mean = speeds({ flows, links });
  const rule: Rule = (obs) => {
    const wanted = mean.map((mu, l) => mu * share(obs[4 * l + 1]!) / flows);
    if (actionKind === "continuous") return wanted;
    let place = obs[4 * links]! + 0.5 / flows;
    for (let l = links - 1; l >= 0; l--) {
      place -= wanted[l]!;
      if (place < 0) return l;
    }
    return links;
  };
  return ruled(name, rule)();
}

/** Flows at the left, links as bars at the right that fill as they queue, and turn red as they drop. */
function shapes({ columns, spec }: World, env: number): Shape[] {
  const { flows, links } = spec.params as Params;
  const height = (n: number) => (n + 0.5) * Math.max(links, 3) / flows - 0.5;
  const at = (name: string, l: number) => columns[name]!.data[env * links + l]!;
  const queues = speeds({ flows, links }).map((mu, l): Shape => {
    const x2 = 1.5 + 2.5 * at("queue", l) / (ROOM * mu);
    return {
      kind: "line",
      x: 1.5,
      y: l,
      r: 0.14,
      x2,
      y2: l,
      color: at("dropped", l) > 0 ? "#fa5252" : "#74c0fc",
    };
  });
  const sources = Array.from({ length: flows }, (_, n): Shape => {
    return { kind: "disc", x: 0, y: height(n), r: Math.min(0.09, 1 / flows), color: "#4c6ef5", agent: n };
  });
  const ways = Array.from({ length: flows }, (_, n) =>
    Array.from({ length: links }, (_, l): Shape[] => {
      const sent = columns["sent"]!.data[(env * flows + n) * links + l]!;
      if (sent < 0.02) return [];
      return [{ kind: "line", x: 0, y: height(n), r: 0.02 * sent, x2: 1.4, y2: l, color: "#adb5bd" }];
    }).flat()).flat();
  const names = Array.from({ length: links }, (_, l) => text({ x: 2.75, y: l + 0.3 }, `link ${l}`, 0.08));
  return [...ways, ...queues, ...sources, ...names];
}
