/**
 * QMIX, VDN and IQL: values of the agents' own actions, learned from the value of the team. They differ in the mixer
 * (mixer.ts).
 *
 *     y_t   = r_t + γ Q̂_tot(s_{t+1}, argmax_u Q(·)) ,  the argmax by the online network        (double Q)
 *     G_t   = r_t + γ [ (1 − λ) Q̂_tot(s_{t+1}, ·) + λ G_{t+1} ]                               (TD(λ))
 *     L(θ)  = E[ ( Q_tot(s_t, u_t; θ) − G_t )² ]                                              eq. 6
 *
 * Source   Rashid et al. 2018, arXiv:1803.11485 (QMIX); Sunehag et al. 2018, arXiv:1706.05296 (VDN);
 *          Tan 1993 (IQL); van Hasselt et al. 2016, arXiv:1509.06461 (double Q)
 * Differs  Adam instead of RMSprop; whole episodes are drawn with replacement; agents are feed-forward unless `memory`
 *          says otherwise; an update makes `updates` gradient steps, each on a batch of its own with targets by the
 *          online network as it then is, while the target network holds still until the update is over
 * Reward   VDN and QMIX need one that the team shares; `teamReward` makes it of the agents' own. A team's future counts
 *          while the episode goes on, and its dead earn on. IQL's agents with rewards of their own end with their deaths:
 *          no future beyond, and nothing learned from the steps after
 * Turns    IQL's agents with rewards of their own learn nothing while they wait: returns run from decision to decision
 *          (turns.ts). Where several share a reward, the steps that they wait count as any other
 * Explores ε for the steps to come follows from the share of the training done before those just learned from
 *
 * Shape letters: `N` episodes of `L` steps, `M` members, `O` observation, `A` actions, `S` state, `V` values; `W` is `M`
 * where members are paid and end for themselves, else 1.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { fork } from "../../core/mod.ts";
import { compileForward, compileUpdate, layout, type Tensors } from "../../tensor/mod.ts";
import { type ActionValues, groupValues, memberRows } from "../action_values.ts";
import { entry } from "../entry.ts";
import { episodes } from "../episodes.ts";
import { epsilonAt, epsilonSettings, explore } from "../explore.ts";
import { greedy, greedyPlayer } from "../greedy.ts";
import { type Mixer, mixer, type MixerName } from "../mixer.ts";
import { lambdaReturns } from "../returns.ts";
import { rewardScale, scaleRewardSetting } from "../reward_scale.ts";
import { rowsOf, writeActions } from "../rollout.ts";
import { nest, storedStream } from "../state.ts";
import { follow } from "../target.ts";
import { teamReward, teamRewardSetting } from "../team_reward.ts";
import { episodeDecisions } from "../turns.ts";
import type { AlgorithmEntry, Learner, LearnerContext, PlayerContext } from "../types.ts";

export const qmixSettings = z.strictObject({
  teamReward: teamRewardSetting,
  scaleReward: scaleRewardSetting,
  horizon: z.int().min(1).default(25).describe("steps of each environment between updates"),
  updates: z.int().min(1).default(4).describe("gradient steps of each update"),
  batch: z.int().min(1).default(32).describe("episodes of each gradient step"),
  capacity: z.int().min(1).default(5000).describe("episodes that the replay holds"),
  hidden: z.array(z.int().min(1)).min(1).default([64, 64]).describe("hidden layers of the agents' network"),
  memory: z.int().min(0).default(0).describe("units of a GRU behind them; 0: none, feed-forward"),
  share: z.boolean().default(true).describe("the members share one network; else each has its own"),
  agentIds: z.boolean().default(false).describe(
    "tell each member which it is, where they share a network",
  ),
  mixing: z.int().min(1).default(32).describe("hidden units of the monotonic mixer"),
  hyper: z.int().min(1).default(64).describe("hidden units of the networks that make the mixer's weights"),
  gamma: z.number().min(0).max(1).default(0.99).describe("γ: discount"),
  lambda: z.number().min(0).max(1).default(0).describe("λ of TD(λ); 0 is one step"),
  rate: z.number().min(0).default(5e-4).describe("Adam step size"),
  maxNorm: z.number().positive().default(10).describe("largest norm of a gradient"),
  tau: z.number().min(0).max(1).default(0).describe(
    "soft target: share taken over at each update; 0: copy instead",
  ),
  targetEvery: z.int().min(1).default(50).describe("hard target: updates between two copies, where tau is 0"),
  ...epsilonSettings,
});

export type QmixSettings = z.output<typeof qmixSettings>;

/**
 * The loss of a batch of `[N,L]` steps: mean squared error of the mixed values of the actions taken, over the steps
 * that count.
 *
 * @param batch obs `[N,L+1,M,O]`, mask `[N,L+1,M,A]`, state `[N,L+1,S]`, action `[N,L,M]`, target `[N,L,V]`,
 * filled `[N,L,W]`
 */
export function qmixLoss(
  net: ActionValues,
  team: Mixer,
  p: Tensors,
  batch: Tensors,
): { loss: tf.Tensor; metrics: Tensors } {
  const [N, L, M] = batch.action!.shape as [number, number, number];
  const acted = (x: tf.Tensor) => tf.slice(x, 0, [N, L, ...x.shape.slice(2)]);
  const values = net.along(p, acted(batch.obs!), acted(batch.mask!));
  const mixed = team.mix(p, chosen(values, batch.action!, M), tf.reshape(acted(batch.state!), [N * L, -1]));
  const weight = tf.reshape(batch.filled!, [N * L, -1]);
  const W = weight.shape[1]!;
  const error = tf.mul(tf.sub(mixed, tf.reshape(batch.target!, [N * L, -1])), weight);
  const count = tf.maximum(tf.sum(weight), 1);
  const value = tf.div(tf.sum(tf.mean(tf.mul(mixed, weight), -1)), tf.div(count, W));
  return { loss: tf.div(tf.sum(tf.square(error)), tf.mul(count, mixed.shape[1]! / W)), metrics: { value } };
}

/** The values `[R,M]` of one action of each agent, of `values […,M,A]` and `action […,M]`. */
function chosen(values: tf.Tensor, action: tf.Tensor, M: number): tf.Tensor {
  const picked = tf.sum(tf.mul(values, tf.oneHot(tf.cast(action, "int32"), values.shape.at(-1)!)), -1);
  return tf.reshape(picked, [-1, M]);
}

/** The values of one group's actions, and the mixer, whose parameters lie behind theirs. */
function valuesOf(set: QmixSettings, kind: MixerName, context: PlayerContext) {
  const net = groupValues(context, set);
  const team = mixer(kind, net.M, context.spec.S, set);
  return { net, team, layout: layout({ ...net.parts, ...team.parts }) };
}

/** Start the learner of one group. */
function start(set: QmixSettings, kind: MixerName, name: string, context: LearnerContext): Learner {
  const { spec, group, runtime, stream } = context;
  const values = valuesOf(set, kind, context);
  const { net, team, layout: parameters } = values;
  const { M, O, A, H } = net;
  const B = spec.E * M;
  const { S, maxCycles: L } = spec;
  const V = kind === "none" ? M : 1;
  const paidAsTeam = kind !== "none" || spec.sharedReward;
  const replay = episodes(spec, group, set.capacity, paidAsTeam);
  const scale = rewardScale(spec, group, set.gamma, set.scaleReward, set.teamReward);
  const N = set.batch;

  const act = greedy(values, runtime, B);

  /** Mixed values of the greedy actions, `[N,L+1,V]`, by the target network. */
  const future = compileForward({
    runtime,
    inputs: {
      theta: { shape: [parameters.size] },
      target: { shape: [parameters.size] },
      obs: { shape: [N, L + 1, M, O] },
      mask: { shape: [N, L + 1, M, A] },
      state: { shape: [N * (L + 1), S] },
    },
    fn: ({ theta, target, obs, mask, state }) => {
      const best = tf.argMax(net.along(parameters.unpack(theta!), obs!, mask!), -1);
      const p = parameters.unpack(target!);
      return { value: team.mix(p, chosen(net.along(p, obs!, mask!), best, M), state!) };
    },
  });
  const update = compileUpdate({
    runtime,
    groups: { q: parameters },
    hyper: { "lr.q": set.rate },
    data: {
      obs: { shape: [N, L + 1, M, O] },
      mask: { shape: [N, L + 1, M, A] },
      state: { shape: [N, L + 1, S] },
      action: { shape: [N, L, M], dtype: "int32" },
      target: { shape: [N, L, V] },
      filled: { shape: [N, L, paidAsTeam ? 1 : M] },
    },
    epochs: 1,
    minibatch: N,
    maxNorm: set.maxNorm,
    loss: (p, batch) => qmixLoss(net, team, p.q!, batch),
  });
  const theta = update.state["q.theta"]!;
  const player = greedyPlayer(name, values, context, theta);
  const target = theta.slice();

  const dice = storedStream(fork(stream, "explore"));
  const draw = storedStream(fork(stream, "draw"));
  /** The share of random actions, and the number of updates made. */
  const clock = Float64Array.of(set.epsilonStart, 0);
  const obs = new Float32Array(B * O);
  const mask = new Float32Array(B * A);
  const member = memberRows(Int32Array.from({ length: B }, (_, b) => b % M), M);
  const memory = new Float32Array(B * H);
  const batch = replay.batch(N);
  const reward = new Float32Array(N * L * V);
  const goal = new Float32Array(N * L * V);
  const order = Int32Array.from({ length: N }, (_, i) => i);

  /** One gradient step on a fresh batch. */
  function improve(): { loss: number; value: number } {
    replay.sample(draw.stream, N, batch);
    const { obs, mask, state, action, goesOn, filled } = batch;
    const value = future.run({ theta, target, obs, mask, state }).value!.data as Float32Array;
    teamReward(batch.reward, set.teamReward, reward);
    scale.apply(reward);
    const signal = { reward, value, goesOn, filled };
    const pace = { V, gamma: set.gamma, lambda: set.lambda };
    lambdaReturns(signal, pace, goal);
    if (kind === "none" && filled.length === goal.length) episodeDecisions(signal, mask, pace, goal);
    const { metrics } = update.run({ obs, mask, state, action, target: goal, filled }, order, {
      "lr.q": set.rate,
    });
    return { loss: metrics.loss![0]!, value: metrics.value![0]! };
  }

  return {
    ...player,
    state: {
      ...update.state,
      target,
      clock,
      explore: dice.words,
      draw: draw.words,
      ...H > 0 && { memory },
      ...scale.state,
      ...nest("replay", replay.state),
    },
    rings: { replay: set.capacity },

    act(world) {
      rowsOf(world.obs, spec, group, spec.O, O, obs);
      rowsOf(world.mask, spec, group, spec.A, A, mask);
      for (let e = 0; e < spec.E; e++) {
        if (world.cycle[e] === 0) memory.fill(0, e * M * H, (e + 1) * M * H);
      }
      const extra = { ...net.asks && { member }, ...H > 0 && { hidden: memory } };
      const { action, next } = act.run({ theta, obs, mask, ...extra });
      if (next) memory.set(next.data);
      const actions = (action!.data as Int32Array).slice();
      explore(actions, mask, clock[0]!, dice.stream);
      replay.before(world);
      writeActions(actions, spec, group, world.actions);
    },

    observe(world) {
      replay.after(world);
      scale.observe(world);
    },

    learn(_, { progress }) {
      clock[0] = epsilonAt(set, progress);
      const metrics = { "policy/epsilon": clock[0], "replay/episodes": replay.count() };
      if (replay.count() < N) return metrics;
      let loss = 0;
      let value = 0;
      for (let i = 0; i < set.updates; i++) {
        const step = improve();
        loss += step.loss / set.updates;
        value += step.value / set.updates;
      }
      const turn = ++clock[1]!;
      if (set.tau > 0) follow(theta, set.tau, target);
      else if (turn % set.targetEvery === 0) target.set(theta);
      return { ...metrics, "loss/value": loss, "value/mean": value };
    },

    dispose() {
      act.dispose();
      future.dispose();
      update.dispose();
    },
  };
}

/** Settings of the family that a learner without a monotonic mixer, or without a team's value, has no use for. */
const unused = {
  none: { teamReward: true, mixing: true, hyper: true },
  sum: { mixing: true, hyper: true },
  monotonic: {},
} as const satisfies Record<MixerName, Partial<Record<keyof QmixSettings, true>>>;

/** A learner of the family under its name, with the settings that it has a use for. */
function named(name: string, summary: string, kind: MixerName): AlgorithmEntry {
  return entry(name, summary, qmixSettings.omit(unused[kind]), (own) => {
    const set = qmixSettings.parse(own);
    return {
      needs: { actions: "discrete", sharedReward: kind !== "none" && set.teamReward === "shared" },
      groups: set.share || kind !== "none" ? "role" : "agent",
      onPolicy: false,
      obeys: [],
      horizon: set.horizon,
      replay: { of: "episodes", capacity: set.capacity, waits: { batch: set.batch } },
      start: (context) => start(set, kind, name, context),
      player: (context) => greedyPlayer(name, valuesOf(set, kind, context), context),
    };
  });
}

/** Each agent learns the value of its own actions, as if alone. */
export const iql = named("iql", "independent Q-learning: each agent its own value", "none");
/** The team's value is the sum of the agents'. */
export const vdn = named("vdn", "value decomposition: the team's value is the sum of the agents'", "sum");
/** The team's value rises with each agent's, in a way that depends on the state. */
export const qmix = named(
  "qmix",
  "the team's value is monotonic in the agents', mixed by the state",
  "monotonic",
);
