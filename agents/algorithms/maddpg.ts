/**
 * MADDPG: deterministic policy gradients with a critic that sees every agent's observation and action. Independent
 * DDPG is the same with a critic that sees its own.
 *
 *     y_i     = r_i + γ Q'_i(x', a'_1, …, a'_N) ,  a'_j = μ'_j(o'_j)                          eq. 6
 *     L(θ_i)  = E[ ( Q_i(x, a_1, …, a_N) − y_i )² ]                                          eq. 6
 *     J(μ_i)  = E[ Q_i(x, a_1, …, μ_i(o_i), …, a_N) ] − c mean(raw²)                          eq. 5
 *
 * A discrete action is the Gumbel-softmax of the legal logits: hard when acting and in a'_j, relaxed in J. `raw` is what
 * the actor's last layer gives: the logits, or continuous actions before tanh and box.
 *
 * Source   Lowe et al. 2017, arXiv:1706.02275; Lillicrap et al. 2016, arXiv:1509.02971 (DDPG); Jang et al. 2017,
 *          arXiv:1611.01144 (Gumbel-softmax)
 * Differs  the members of a group share actor and critic, which is told whose value it is; a continuous policy
 *          explores by Gaussian noise; discrete a'_j are hard samples, where the authors' code relaxes them; forbidden
 *          actions never reach the critic, and J is over the agents that can act
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { fillGumbel, fillNormal, fork } from "../../core/mod.ts";
import {
  compileForward,
  compileUpdate,
  layout,
  mlp,
  mlpParts,
  stopGradient,
  type Tensors,
} from "../../tensor/mod.ts";
import {
  compileActor,
  type DeterministicActor,
  deterministicActor,
  deterministicPlayer,
  inBox,
  legal,
  rawOutput,
} from "../deterministic.ts";
import { entry } from "../entry.ts";
import { meanWhere } from "../mean_where.ts";
import { pairs } from "../pairs.ts";
import { rewardScale, scaleRewardSetting } from "../reward_scale.ts";
import { rowsOf, writeActions } from "../rollout.ts";
import { nest, storedStream } from "../state.ts";
import { follow } from "../target.ts";
import { transitions } from "../transitions.ts";
import type { AlgorithmEntry, Learner, LearnerContext } from "../types.ts";

export const maddpgSettings = z.strictObject({
  critic: z.enum(["joint", "own"]).default("joint").describe("what the critic sees: all agents, or its own"),
  horizon: z.int().min(1).default(25).describe("steps of each environment between updates"),
  updates: z.int().min(1).default(2).describe("gradient steps of each update"),
  batch: z.int().min(1).default(512).describe("transitions of each gradient step"),
  capacity: z.int().min(1).default(200_000).describe("transitions that the replay holds"),
  start: z.int().min(1).default(5000).describe("transitions before the first gradient step"),
  hidden: z.array(z.int().min(1)).min(1).default([64, 64]).describe("hidden layers of actor and critic"),
  gamma: z.number().min(0).max(1).default(0.95).describe("γ: discount"),
  actorRate: z.number().min(0).default(1e-3).describe("Adam step size of the actor"),
  criticRate: z.number().min(0).default(1e-3).describe("Adam step size of the critic"),
  tau: z.number().positive().max(1).default(0.01).describe(
    "share that the targets take over at each gradient step",
  ),
  maxNorm: z.number().positive().default(0.5).describe(
    "largest norm of a gradient, of actor and critic each",
  ),
  regulariser: z.number().min(0).default(1e-3).describe("c: weight of the squared raw outputs"),
  temperature: z.number().positive().default(1).describe("of the Gumbel-softmax; for discrete actions alone"),
  noise: z.number().min(0).default(0.2).describe(
    "deviation of the exploration, in half widths of the box; for continuous actions alone",
  ),
  scaleReward: scaleRewardSetting,
  agentIds: z.boolean().default(false).describe("tell each member which it is"),
  share: z.boolean().default(true).describe("members of a group share one policy; else each has its own"),
});

export type MaddpgSettings = z.output<typeof maddpgSettings>;

const relu = { activation: tf.relu };

/** Q of rows: `[rows, what the critic sees]`, all actions, and whose value it is. */
function criticValue(p: Tensors, seen: tf.Tensor, actions: tf.Tensor, whose: tf.Tensor): tf.Tensor {
  return tf.reshape(mlp(p, "q", tf.concat([seen, actions, whose], -1), relu), [-1]);
}

/**
 * The losses of actor and critic, of rows that are pairs of a transition and a member of the group.
 *
 * @param batch seen `[rows,X]`, actions `[rows,N·A]`, own `[rows,N·A]` 1 in the member's place, whose `[rows,M]`,
 * obs `[rows,O]`, mask and noise `[rows,A]`, target `[rows]`, alive `[rows]`
 */
export function maddpgLoss(
  net: Pick<DeterministicActor, "discrete" | "A" | "low" | "high">,
  set: Pick<MaddpgSettings, "regulariser" | "temperature"> & {
    /** Width of one agent's action among those the critic sees. */
    readonly padded: number;
    /** Whether the dead earn on with their team, and their values are learned too. */
    readonly team?: boolean;
  },
  p: Readonly<Record<string, Tensors>>,
  batch: Tensors,
): { loss: tf.Tensor; metrics: Tensors } {
  const { seen, actions, own, whose, obs, mask, noise, target, alive } = batch as Record<string, tf.Tensor>;
  const errors = tf.square(tf.sub(criticValue(p.critic!, seen!, actions!, whose!), target!));
  const critic = set.team ? tf.mean(errors) : meanWhere(errors, alive!);

  const raw = rawOutput(p.actor!, obs!);
  const chosen = net.discrete
    ? tf.softmax(tf.div(tf.add(legal(raw, mask!), noise!), set.temperature))
    : inBox(net, raw);
  // Who waits for its turn lives, and has no legal action.
  const acts = net.discrete ? tf.mul(alive!, tf.max(mask!, -1)) : alive!;
  const padded = set.padded;
  const wide = tf.pad(chosen, [[0, 0], [0, padded - net.A]]);
  const everywhere = tf.tile(wide, [1, own!.shape[1]! / padded]);
  const joint = tf.add(tf.mul(actions!, tf.sub(1, own!)), tf.mul(everywhere, own!));
  const frozen = Object.fromEntries(Object.entries(p.critic!).map(([name, x]) => [name, stopGradient(x)]));
  const value = meanWhere(criticValue(frozen, seen!, joint, whose!), acts);
  const size = meanWhere(tf.mean(tf.square(raw), -1), acts);
  const actor = tf.sub(tf.mul(set.regulariser, size), value);
  return { loss: tf.add(critic, actor), metrics: { critic, value } };
}

/** Start the learner of one group. */
function start(set: MaddpgSettings, name: string, context: LearnerContext): Learner {
  const { spec, group, runtime, stream, peers } = context;
  const joint = set.critic === "joint";
  const net = deterministicActor(context, set);
  const { discrete, sight, O, A } = net;
  const M = group.members.length;
  const B = spec.E * M;
  const pair = pairs(spec, group, sight, set.batch, joint);
  const { rows, X, J } = pair;
  const criticLayout = layout(mlpParts("q", [X + J + M, ...set.hidden, 1]));
  const ring = transitions(spec, set.capacity);
  const scale = rewardScale(spec, group, set.gamma, set.scaleReward);
  const act = compileActor(net, runtime, B);
  const targetActor = compileActor(net, runtime, rows);
  const targetCritic = compileForward({
    runtime,
    inputs: {
      theta: { shape: [criticLayout.size] },
      seen: { shape: [rows, X] },
      actions: { shape: [rows, J] },
      whose: { shape: [rows, M] },
    },
    fn: ({ theta, seen, actions, whose }) => ({
      value: criticValue(criticLayout.unpack(theta!), seen!, actions!, whose!),
    }),
  });
  const update = compileUpdate({
    runtime,
    groups: { actor: net.layout, critic: criticLayout },
    hyper: { "lr.actor": set.actorRate, "lr.critic": set.criticRate },
    data: {
      seen: { shape: [rows, X] },
      actions: { shape: [rows, J] },
      own: { shape: [rows, J] },
      whose: { shape: [rows, M] },
      obs: { shape: [rows, O] },
      mask: { shape: [rows, A] },
      noise: { shape: [rows, A] },
      target: { shape: [rows] },
      alive: { shape: [rows] },
    },
    epochs: 1,
    minibatch: rows,
    maxNorm: set.maxNorm,
    loss: (p, batch) =>
      maddpgLoss(net, { ...set, padded: joint ? spec.A : A, team: spec.sharedReward }, p, batch),
  });
  const theta = update.state["actor.theta"]!;
  const criticTheta = update.state["critic.theta"]!;
  const player = deterministicPlayer(name, net, context, theta);
  criticTheta.set(criticLayout.init(fork(stream, "critic")));
  const targetTheta = theta.slice();
  const targetCriticTheta = criticTheta.slice();

  const explore = storedStream(fork(stream, "explore"));
  const draw = storedStream(fork(stream, "draw"));
  const batch = ring.batch(set.batch);
  const following = new Float32Array(set.batch * spec.N * spec.A);
  /** Zero where actions are continuous. */
  const gumbel = new Float32Array(rows * A);
  const batchMask = new Float32Array(rows * A);
  const target = new Float32Array(rows);
  const order = Int32Array.from({ length: rows }, (_, i) => i);

  /** Noise that explores: Gumbel for logits, Gaussian in half widths of the box. */
  function fillExploration(into: Float32Array): void {
    if (discrete) return fillGumbel(explore.stream, into);
    fillNormal(explore.stream, into);
    const width = set.noise * (net.high - net.low) / 2;
    for (let i = 0; i < into.length; i++) into[i]! *= width;
  }

  /** One gradient step on a fresh batch. */
  function improve(): { critic: number; value: number } {
    ring.sample(draw.stream, set.batch, batch);
    for (const peer of joint ? Object.values(peers()) : [self]) peer.targetActions?.(batch, following);
    pair.fill(batch, following);
    rowsOf(batch.mask, { ...spec, E: set.batch }, group, spec.A, A, batchMask);
    scale.apply(pair.reward);
    const { seen, actions, own, whose, obs, alive } = pair;
    const after = { theta: targetCriticTheta, seen: pair.nextSeen, actions: pair.nextActions, whose };
    const next = targetCritic.run(after).value!.data;
    for (let row = 0; row < rows; row++) {
      target[row] = pair.reward[row]! + set.gamma * pair.goesOn[row]! * next[row]!;
    }
    if (discrete) fillGumbel(draw.stream, gumbel);
    const data = { seen, actions, own, whose, obs, mask: batchMask, noise: gumbel, target, alive };
    const { metrics } = update.run(data, order, { "lr.actor": set.actorRate, "lr.critic": set.criticRate });
    follow(theta, set.tau, targetTheta);
    follow(criticTheta, set.tau, targetCriticTheta);
    return { critic: metrics.critic![0]!, value: metrics.value![0]! };
  }

  const obs = new Float32Array(B * O);
  const mask = new Float32Array(B * A);
  const noise = new Float32Array(B * A);
  const self: Learner = {
    ...player,
    state: {
      ...update.state,
      targetActor: targetTheta,
      targetCritic: targetCriticTheta,
      explore: explore.words,
      draw: draw.words,
      ...scale.state,
      ...nest("replay", ring.state),
    },
    rings: { replay: set.capacity },

    act(world) {
      ring.before(world);
      sight.rows(world.obs, obs);
      rowsOf(world.mask, spec, group, spec.A, A, mask);
      fillExploration(noise);
      const { action } = act.run({ theta, obs, mask, noise });
      writeActions(action!.data as Float32Array, spec, group, world.actions);
    },
    observe(world) {
      ring.after(world);
      scale.observe(world);
    },
    learn() {
      const metrics = { "replay/transitions": ring.count() };
      if (ring.count() < Math.max(set.start, set.batch)) return metrics;
      let critic = 0;
      let value = 0;
      for (let i = 0; i < set.updates; i++) {
        const step = improve();
        critic += step.critic / set.updates;
        value += step.value / set.updates;
      }
      return { ...metrics, "loss/value": critic, "value/mean": value };
    },
    targetActions(batch, into) {
      pair.fillNext(batch);
      const { nextObs: obs, nextMask: mask } = pair;
      if (discrete) fillGumbel(draw.stream, gumbel);
      const out = targetActor.run({ theta: targetTheta, obs, mask, noise: gumbel });
      pair.spread((discrete ? out.oneHot : out.action)!.data as Float32Array, into);
    },
    dispose() {
      for (const compiled of [act, targetActor, targetCritic, update]) compiled.dispose();
    },
  };
  return self;
}

/** MADDPG under a name of the family: what its critics see unless told otherwise. */
function named(name: string, summary: string, critic: MaddpgSettings["critic"]): AlgorithmEntry {
  const schema = maddpgSettings.extend({ critic: maddpgSettings.shape.critic.default(critic) });
  return entry(name, summary, schema, (set) => ({
    needs: {},
    groups: set.share ? "role" : "agent",
    onPolicy: false,
    obeys: [],
    horizon: set.horizon,
    replay: { of: "steps", capacity: set.capacity, waits: { start: set.start, batch: set.batch } },
    start: (context) => start(set, name, context),
    player: (context) => deterministicPlayer(name, deterministicActor(context, set), context),
  }));
}

/** Critics see the observations and actions of all agents. */
export const maddpg = named(
  "maddpg",
  "deterministic policy gradients, critics see all observations and actions",
  "joint",
);
/** Critics see their own. */
export const iddpg = named("iddpg", "deterministic policy gradients, each agent as if alone", "own");
