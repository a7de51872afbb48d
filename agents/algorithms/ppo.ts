/**
 * PPO, clipped: several epochs on one rollout, with a ratio that may not wander. IPPO and MAPPO are what the
 * critic sees; a Lagrangian is what the advantage subtracts.
 *
 *     r_t(θ) = π(a_t | o_t; θ) / π(a_t | o_t; θ_old)
 *     L_clip = E[ min( r_t Â_t, clip(r_t, 1 − ε, 1 + ε) Â_t ) ]                            eq. 7
 *     L      = −L_clip − c_H H[π] + Σ_j huber(v_j − R_j)                                   eq. 9
 *     Â      = Â_reward − Σ_k λ_k Â_cost,k , centred, over σ_reward + Σ_k λ_k σ_k
 *
 * Source   Schulman et al. 2017, arXiv:1707.06347
 * Multi    critic "own" is IPPO; critic "joint" is MAPPO (Yu et al. 2022, arXiv:2103.01955)
 * Safe     Ray, Achiam and Amodei 2019, sec. 4: one critic for each cost; λ comes from `constraints`
 * Differs  actor and critics share no layer; inputs are scaled by their running moments instead of a layer norm; every
 *          critic predicts in the running scale of its targets, brought up to date once a rollout, and its loss is not
 *          clipped; a dead agent's critic sees the state before its zeros; the minibatch that trips the KL limit is not
 *          applied; λ keeps the unit reward per cost (docs/decisions/0007-priced-advantage.md)
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { fork } from "../../core/mod.ts";
import { compileUpdate, type Tensors } from "../../tensor/mod.ts";
import { type Actor, actor, actorPlayer, clipActions, distribution, fillNoise, sampler } from "../actor.ts";
import { type Critics, critics } from "../critic.ts";
import { entry } from "../entry.ts";
import { meanWhere } from "../mean_where.ts";
import { meanOf, minibatches } from "../minibatches.ts";
import { normaliser } from "../normaliser.ts";
import { priceAdvantage } from "../price.ts";
import {
  allInSequences,
  checkChunk,
  forgetAtFirst,
  recordAlive,
  recordFirst,
  recordStep,
  rollout,
  rowsOf,
  writeActions,
} from "../rollout.ts";
import { nest, storedStream } from "../state.ts";
import type { AlgorithmEntry, Learner, LearnerContext, PlayerContext } from "../types.ts";

export const ppoSettings = z.strictObject({
  critic: z.enum(["own", "joint"]).default("own").describe(
    "what the critic sees: its observation, or the state too",
  ),
  horizon: z.int().min(1).default(50).describe("T: steps of each environment between updates"),
  epochs: z.int().min(1).default(5).describe("passes over each rollout"),
  minibatches: z.int().min(1).default(8).describe("parts that each pass is cut into, at most"),
  hidden: z.array(z.int().min(1)).min(1).default([64, 64]).describe("hidden layers of actor and critics"),
  memory: z.int().min(0).default(0).describe("units of a GRU behind them; 0: none, feed-forward"),
  chunk: z.int().min(1).default(10).describe("L: steps of the sequences that a memory learns from"),
  share: z.boolean().default(true).describe("members of a group share one policy; else each has its own"),
  agentIds: z.boolean().default(false).describe("tell each member which it is"),
  gamma: z.number().min(0).max(1).default(0.99).describe("γ: discount"),
  lambda: z.number().min(0).max(1).default(0.95).describe("λ of GAE, for reward and costs"),
  clip: z.number().positive().default(0.2).describe("ε: how far the ratio may move"),
  entropy: z.number().min(0).default(0.01).describe("c_H: weight of the entropy bonus"),
  actorRate: z.number().min(0).default(5e-4).describe("Adam step size of the actor"),
  criticRate: z.number().min(0).default(1e-3).describe("Adam step size of the critics"),
  anneal: z.boolean().default(true).describe("let step sizes and entropy weight fall linearly to 0"),
  targetKl: z.number().positive().default(0.02).describe(
    "mean KL to the old policy at which an update stops",
  ),
  maxNorm: z.number().positive().default(0.5).describe(
    "largest norm of a gradient, of actor and critics each",
  ),
  huber: z.number().positive().default(10).describe("where the value loss turns linear, in deviations"),
  valueBeta: z.number().min(0).max(1).default(0.99).describe("memory of the running scale of value targets"),
});

export type PpoSettings = z.output<typeof ppoSettings>;

/** 0.5 e² within `delta`, linear beyond. */
function huberLoss(error: tf.Tensor, delta: number): tf.Tensor {
  const size = tf.abs(error);
  const inner = tf.minimum(size, delta);
  return tf.add(tf.mul(0.5, tf.square(inner)), tf.mul(delta, tf.sub(size, inner)));
}

/**
 * The loss of one minibatch.
 *
 * @param p parameters of `actor` and `critic`
 * @param batch columns `[U,L, …]` of the rollout: obs, criticObs, mask, action, logp, advantage, acted (the actor's rows),
 * target, earns (the critics' rows), and with a memory `first`, `hidden [U,H]` and `criticHidden`
 * @param hyper `clip`, `entropy`, `targetKl`
 */
export function ppoLoss(
  net: Actor,
  values: Critics["values"],
  huber: number,
  p: Readonly<Record<string, Tensors>>,
  batch: Tensors,
  hyper: Tensors,
): { loss: tf.Tensor; metrics: Tensors; stop: tf.Tensor } {
  const acted = batch.acted!;
  const advantage = batch.advantage!;
  const out = net.network.along(p.actor!, batch.obs!, batch.hidden, batch.first);
  const pi = distribution(net, p.actor!, out, batch.mask!);
  const change = tf.sub(pi.logp(batch.action!), batch.logp!);
  const ratio = tf.exp(change);
  const low = tf.sub(1, hyper.clip!);
  const high = tf.add(1, hyper.clip!);
  const clipped = tf.minimum(tf.maximum(ratio, low), high);
  const policy = tf.neg(meanWhere(tf.minimum(tf.mul(ratio, advantage), tf.mul(clipped, advantage)), acted));
  const entropy = meanWhere(pi.entropy(), acted);
  const kl = meanWhere(tf.sub(tf.sub(ratio, 1), change), acted);
  const clipFraction = meanWhere(tf.cast(tf.notEqual(clipped, ratio), "float32"), acted);

  const predicted = values(p.critic!, batch.criticObs!, batch.criticHidden, batch.first);
  const errors = tf.sum(huberLoss(tf.sub(predicted, batch.target!), huber), -1);
  const value = meanWhere(errors, batch.earns!);
  return {
    loss: tf.sub(tf.add(policy, value), tf.mul(hyper.entropy!, entropy)),
    metrics: { policy, value, entropy, kl, clipFraction },
    stop: tf.greater(kl, hyper.targetKl!),
  };
}

/** What acts for one group, and the scale of what it sees. */
function acting(set: PpoSettings, { spec, group }: PlayerContext) {
  const net = actor(spec, group, { hidden: set.hidden, memory: set.memory, ids: set.agentIds });
  return { net, scale: normaliser(net.O) };
}

/** Start the PPO learner of one group. */
function start(set: PpoSettings, name: string, context: LearnerContext): Learner {
  const { spec, group, pricing, runtime, stream } = context;
  const own = acting(set, context);
  const { net, scale } = own;
  const { A, H, sight } = net;
  const chunk = H > 0 ? set.chunk : 1;
  const { critic: view, horizon } = set;
  const roll = rollout({ spec, group, sight, view, horizon, chunk, memory: H });
  const { T, B, L, U, O, O_critic } = roll;
  const critic = critics({ pricing, runtime, scale, ...set }, roll);
  const heads = critic.heads.length;
  const act = sampler(net, runtime, B);
  const order = minibatches(fork(stream, "shuffle"), U, set);
  /** The numbers of an update, where a share `left` of what anneals is left. */
  const hyperAt = (left: number) => ({
    "lr.actor": set.actorRate * left,
    "lr.critic": set.criticRate * left,
    clip: set.clip,
    entropy: set.entropy * left,
    targetKl: set.targetKl,
  });
  const update = compileUpdate({
    runtime,
    groups: { actor: net.layout, critic: critic.layout },
    hyper: hyperAt(1),
    data: {
      obs: { shape: [U, L, O] },
      criticObs: { shape: [U, L, O_critic] },
      mask: { shape: [U, L, A] },
      action: net.kind === "discrete" ? { shape: [U, L], dtype: "int32" } : { shape: [U, L, A] },
      logp: { shape: [U, L] },
      advantage: { shape: [U, L] },
      acted: { shape: [U, L] },
      target: { shape: [U, L, heads] },
      earns: { shape: [U, L] },
      ...H > 0 && {
        first: { shape: [U, L] },
        hidden: { shape: [U, H] },
        criticHidden: { shape: [U, heads * H] },
      },
    },
    epochs: set.epochs,
    minibatch: order.size,
    maxNorm: set.maxNorm,
    loss: (p, batch, hyper) => ppoLoss(net, critic.values, set.huber, p, batch, hyper),
  });
  const theta = update.state["actor.theta"]!;
  const criticTheta = update.state["critic.theta"]!;
  const player = actorPlayer(name, own, context, theta);
  criticTheta.set(critic.layout.init(fork(stream, "critic")));

  const noise = storedStream(fork(stream, "act"));
  const raw = new Float32Array(B * O);
  const memory = new Float32Array(B * H);
  const advantage = new Float32Array(T * B);
  const target = new Float32Array(T * B * heads);

  return {
    ...player,
    state: {
      ...update.state,
      scale: scale.state,
      noise: noise.words,
      order: order.words,
      ...H > 0 && { memory },
      ...nest("critic", critic.state),
    },

    act(world) {
      const { t } = roll;
      const at = t * B;
      const obs = roll.obs.subarray(at * O, (at + B) * O);
      const mask = roll.mask.subarray(at * A, (at + B) * A);
      recordAlive(roll, world);
      sight.rows(world.obs, raw);
      scale.update(raw, roll.alive.subarray(at, at + B));
      scale.apply(raw, obs);
      critic.observe(world);
      rowsOf(world.mask, spec, group, spec.A, A, mask);
      recordFirst(roll, world);
      forgetAtFirst(roll, t, memory);
      if (t % L === 0) roll.hidden.set(memory, at / L * H);

      fillNoise(net.kind, noise.stream, act.noise);
      const { action, logp } = act.run(theta, obs, mask, memory);
      roll.action.set(action, at * (action.length / B));
      roll.logp.set(logp, at);
      writeActions(clipActions(net, action), spec, group, world.actions);
    },

    observe: (world) => recordStep(roll, world),

    learn(world, moment) {
      const estimate = critic.estimate(roll, world, criticTheta);
      priceAdvantage(estimate.advantage, moment.prices, roll.acted, advantage);
      critic.scaleTargets(estimate.target, roll.earns, target);
      const { obs, criticObs, mask, action, logp, acted, earns, first } = roll;
      const columns = {
        ...{ obs, criticObs, mask, action, logp, advantage, acted, target, earns },
        ...H > 0 && { first },
      };
      const { metrics, minibatches: applied } = update.run(
        {
          ...allInSequences(roll, columns),
          ...H > 0 && { hidden: roll.hidden, criticHidden: critic.hidden },
        },
        order.draw(),
        hyperAt(set.anneal ? 1 - moment.progress : 1),
      );
      roll.t = 0;
      roll.truncations.length = 0;
      scale.refresh();
      critic.refresh();
      return {
        "loss/policy": meanOf(metrics.policy!),
        "loss/value": meanOf(metrics.value!),
        "policy/entropy": meanOf(metrics.entropy!),
        "policy/kl": metrics.kl!.at(-1)!,
        "policy/clip_fraction": meanOf(metrics.clipFraction!),
        "policy/minibatches": applied,
      };
    },

    sitOut() {
      memory.fill(0);
      critic.forget();
    },
    refresh() {
      player.refresh();
      critic.refresh();
    },
    dispose() {
      act.dispose();
      critic.dispose();
      update.dispose();
    },
  };
}

/** PPO under a name of the family: what its critics see unless told otherwise. */
function named(name: string, summary: string, critic: PpoSettings["critic"]): AlgorithmEntry {
  const schema = ppoSettings.extend({ critic: ppoSettings.shape.critic.default(critic) });
  return entry(name, summary, schema, (set) => {
    checkChunk(name, set);
    return {
      needs: {},
      onPolicy: true,
      obeys: ["prices"],
      horizon: set.horizon,
      groups: set.share ? "role" : "agent",
      start: (context) => start(set, name, context),
      player: (context) => actorPlayer(name, acting(set, context), context),
    };
  });
}

/** Each agent its own critic input: independent PPO. */
export const ippo = named("ippo", "PPO for each group, critics see their own observation", "own");
/** Critics see the state of all agents. */
export const mappo = named("mappo", "PPO for each group, critics see the state of all", "joint");
