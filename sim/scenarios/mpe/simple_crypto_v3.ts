/**
 * Simple crypto: Alice has a message and a key, Bob has the key, Eve has neither and hears Alice too. Bob should find
 * out the message, and Eve should not.
 *
 * Source       Lowe et al. 2017, MADDPG, arXiv:1706.02275, "covert communication"; MPE2 at dbd68d2, simple_crypto_v3
 * Agents       eve_0; bob_0; alice_0. None of them moves.
 * Action       one of 4 symbols, or 4 numbers in [0, 1] said as they are
 * Observation  alice [8]  message, key; bob [8]  key, what Alice said; eve [4]  what Alice said.
 *              Message and key are the first or the second of 4 symbols.
 * Reward       with d(x) = Σ (what x says − message)²: eve −d(eve), alice and bob d(eve) − d(bob); who says only zeros
 *              does not count
 * Cost         "leak": each step in which Eve says the message, charged to Alice; at chance it is a quarter of them
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { particleStep } from "../../language/particle_step.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num } from "../../language/values.ts";
import { column, type Field, group, type GroupDeclaration, particles } from "../../language/world.ts";
import { goals, speech } from "../../mpe/pictures.ts";
import { largest, steer } from "../../mpe/steer.ts";

const SYMBOLS = 4;
const still = { fixed: true, collide: false };

export const simpleCrypto = scenario({
  id: "mpe/simple_crypto_v3",
  summary: "Alice tells Bob a secret that Eve must not find out",
  maxCycles: 25,
  params: z.strictObject({}),

  world: () =>
    particles({
      agents: [
        group("eve", 1, { ...still, speaks: SYMBOLS, color: "#bf4040" }),
        group("bob", 1, { ...still, speaks: SYMBOLS, color: "#404040" }),
        group("alice", 1, { ...still, speaks: SYMBOLS, color: "#404040" }),
      ],
      landmarks: group("landmark", 2, { ...still, color: ["#ff0000", "#00ff00"] }),
    }),
  fields: { goal: column("world"), key: column("world") },

  reset: (k) => {
    k.fields.goal.set(k.integer(2));
    k.fields.key.set(k.integer(2));
    for (const e of k.entities) k.place(e, k.uniform2(-1, 1));
  },

  dynamics: particleStep,

  observe: (k, a) => {
    const symbol = (index: Num) => k.oneHot(index, SYMBOLS);
    const heard = k.group("alice").map((alice) => alice.said);
    if (a.group === "eve") return heard;
    const key = symbol(k.fields.key.get());
    return a.group === "bob" ? [key, heard] : [symbol(k.fields.goal.get()), key];
  },

  reward: (k, a) => {
    const eve = k.once("eve", () => k.sum(k.group("eve"), (e) => miss(k, e)));
    if (a.group === "eve") return eve.neg();
    return k.once("good", () => eve.sub(k.sum(k.group("bob"), (b) => miss(k, b))));
  },

  costs: {
    leak: {
      scope: "agent",
      summary: "Eve says the message, per step",
      of: (k, a) =>
        a.group === "alice" ? k.any(k.group("eve"), (e) => distance(k, e).lt(0.5).and(silent(e).not())) : 0,
    },
  },
  budgets: { leak: { kind: "rate", limit: 0.25 } },

  view: { camera: [-1.2, 1.2], shapes: goals, caption: speech(["eve_0", "bob_0", "alice_0"]) },
  policies: {
    /** Alice says message + key, modulo 2; Bob takes the key away again; Eve says what she hears. */
    scripted: (spec, group) =>
      steer(spec, group, {
        wish: (obs) => {
          if (group.name === "eve") return { say: largest(obs) };
          return { say: (largest(obs.subarray(0, SYMBOLS)) + largest(obs.subarray(SYMBOLS))) % 2 };
        },
      }),
  },
});

type K = Kernel<object, { agents: GroupDeclaration[] }, { goal: Field<"world", "number"> }>;

/** Whether an agent said only zeros. */
function silent({ said }: Entity) {
  return said.map((part) => part.eq(0)).reduce((all, zero) => all.and(zero));
}

/** Σ (what it said − message)² */
function distance(k: K, { said }: Entity): Num {
  const goal = k.fields.goal.get();
  return said.map((part, symbol) => part.sub(goal.eq(symbol).num()).square()).reduce((sum, d) => sum.add(d));
}

/** The same, or 0 for one who was silent. */
function miss(k: K, agent: Entity): Num {
  return k.select(silent(agent), 0, distance(k, agent));
}
