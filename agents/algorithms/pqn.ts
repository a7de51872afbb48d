/**
 * PQN: Q-learning on fresh rollouts of many environments, without a replay and without target networks; layer
 * normalisation keeps it stable. PQN-VDN is the same with one value for the team, the sum of its members'.
 *
 *     v_t  = max_u Q_tot(s_t, u) ,   Q_tot = Σ_i Q_i                                          (VDN)
 *     G_t  = r_t + γ [ (1 − λ) v_{t+1} + λ G_{t+1} ] ,   G_{t+1} = v_{t+1} at the rollout's end
 *     L(θ) = E[ ( Q_tot(s_t, u_t; θ) − G_t )² ] ,   several epochs on each rollout
 *
 * Source   Gallici et al. 2025, arXiv:2407.04811, eq. 9 and algorithm 1; Sunehag et al. 2018, arXiv:1706.05296 (VDN)
 * Differs  Adam instead of RAdam; orthogonal weights at first; observations are normalised by their running moments; an
 *          episode cut by its time limit bootstraps from what was seen last; with a memory too, returns are of the
 *          values that were acted by, where the authors' code works them out anew for each minibatch
 * Turns    without a team's value, who waits learns nothing: returns run from decision to decision (turns.ts)
 *
 * Shape letters: `T` steps, `E` environments, `M` members, `B = E·M` rows, `N` sequences of `L` steps, `V` values.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { fork } from "../../core/mod.ts";
import type { World } from "../../sim/mod.ts";
import { compileUpdate, layout, type Tensors } from "../../tensor/mod.ts";
import { type ActionValues, groupValues, memberRows } from "../action_values.ts";
import { entry } from "../entry.ts";
import { epsilonAt, epsilonSettings, explore } from "../explore.ts";
import { greedy, greedyPlayer } from "../greedy.ts";
import { meanWhere } from "../mean_where.ts";
import { meanOf, minibatches } from "../minibatches.ts";
import { normaliser } from "../normaliser.ts";
import { gae } from "../returns.ts";
import { rewardScale, scaleRewardSetting } from "../reward_scale.ts";
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
import { sight } from "../sight.ts";
import { storedStream } from "../state.ts";
import { teamReward, teamRewardSetting } from "../team_reward.ts";
import { chooses, decisionReturns } from "../turns.ts";
import type { AlgorithmEntry, Learner, LearnerContext, PlayerContext } from "../types.ts";

export const pqnSettings = z.strictObject({
  teamReward: teamRewardSetting,
  scaleReward: scaleRewardSetting,
  horizon: z.int().min(1).default(16).describe("T: steps of each environment between updates"),
  epochs: z.int().min(1).default(4).describe("passes over each rollout"),
  minibatches: z.int().min(1).default(8).describe("parts that each pass is cut into, at most"),
  hidden: z.array(z.int().min(1)).min(1).default([128, 128]).describe("hidden layers of the agents' network"),
  memory: z.int().min(0).default(0).describe("units of a GRU behind them; 0: none, feed-forward"),
  chunk: z.int().min(1).default(8).describe(
    "L: steps of the sequences that a memory learns from; without one, unused",
  ),
  share: z.boolean().default(true).describe("the members share one network; else each has its own"),
  agentIds: z.boolean().default(false).describe("tell each member which it is, where they share a network"),
  gamma: z.number().min(0).max(1).default(0.95).describe("γ: discount"),
  lambda: z.number().min(0).max(1).default(0.3).describe("λ of the returns"),
  rate: z.number().min(0).default(5e-4).describe("Adam step size"),
  anneal: z.boolean().default(true).describe("let the step size fall linearly to 0"),
  maxNorm: z.number().positive().default(1).describe("largest norm of a gradient"),
  ...epsilonSettings,
});

export type PqnSettings = z.output<typeof pqnSettings>;

/**
 * The loss of sequences `[N,L]`: mean squared error of the values of the actions taken, over those that were alive.
 *
 * @param batch obs `[N,L,M,O]`, mask `[N,L,M,A]`, action `[N,L,M]`, target and weight `[N,L,V]`, and with a memory
 * hidden `[N,M,H]`, first `[N,L]`
 */
export function pqnLoss(
  net: ActionValues,
  p: Tensors,
  batch: Tensors,
): { loss: tf.Tensor; metrics: Tensors } {
  const { obs, mask, action, target, weight, hidden, first } = batch;
  const from = hidden && first ? { hidden, first } : undefined;
  const values = net.along(p, obs!, mask!, from);
  const taken = tf.oneHot(tf.cast(action!, "int32"), values.shape.at(-1)!, 1, 0, "float32");
  const own = tf.sum(tf.mul(values, taken), -1);
  const mixed = target!.shape[2] === own.shape[2] ? own : tf.sum(own, -1, true);
  const loss = meanWhere(tf.square(tf.sub(mixed, target!)), weight!);
  return { loss, metrics: { value: meanWhere(mixed, weight!) } };
}

/** The values of one group's actions, and the scale of what it sees. */
function valuesOf(set: PqnSettings, context: PlayerContext) {
  const net = groupValues(context, set, true);
  return { net, layout: layout(net.parts), scale: normaliser(net.O) };
}

/** Start the learner of one group. */
function start(set: PqnSettings, team: boolean, name: string, context: LearnerContext): Learner {
  const { spec, group, runtime, stream } = context;
  const { E } = spec;
  const values = valuesOf(set, context);
  const { net, layout: parameters, scale } = values;
  const { M, O, A, H } = net;
  const sees = sight(spec, group, false);
  const chunk = H > 0 ? set.chunk : 1;
  const roll = rollout({
    ...{ spec, group, sight: sees, view: "own", horizon: set.horizon, chunk, memory: H },
    team: team || spec.sharedReward,
  });
  const { T, B, L } = roll;
  const V = team ? 1 : M;
  const N = T * E / L;

  const act = greedy(values, runtime, B);
  const order = minibatches(fork(stream, "shuffle"), N, set);
  const update = compileUpdate({
    runtime,
    groups: { q: parameters },
    hyper: { "lr.q": set.rate },
    data: {
      obs: { shape: [N, L, M, O] },
      mask: { shape: [N, L, M, A] },
      action: { shape: [N, L, M], dtype: "int32" },
      target: { shape: [N, L, V] },
      weight: { shape: [N, L, V] },
      ...H > 0 && { hidden: { shape: [N, M, H] }, first: { shape: [N, L] } },
    },
    epochs: set.epochs,
    minibatch: order.size,
    maxNorm: set.maxNorm,
    loss: (p, batch) => pqnLoss(net, p.q!, batch),
  });
  const theta = update.state["q.theta"]!;
  const player = greedyPlayer(name, values, context, theta);
  const pay = rewardScale(spec, group, set.gamma, set.scaleReward, set.teamReward);
  const dice = storedStream(fork(stream, "explore"));
  const epsilon = Float64Array.of(set.epsilonStart);
  const member = memberRows(Int32Array.from({ length: B }, (_, b) => b % M), M);
  const memory = new Float32Array(B * H);
  const raw = new Float32Array(B * O);
  const scaled = new Float32Array(B * O);
  const legal = new Float32Array(B * A);
  /** Values of greedy actions, `[T,E,V]`: of what was seen, and of what ended the episodes that time cut. */
  const best = new Float32Array(T * E * V);
  const final = new Float32Array(T * E * V);
  const last = new Float32Array(E * V);
  const reward = new Float32Array(T * E * V);
  const advantage = new Float32Array(T * E * V);
  const target = new Float32Array(T * E * V);
  const weight = new Float32Array(T * E * V).fill(1);
  const done = new Uint8Array(T * E * V);
  const units = { T, B: E, L };

  /** The greedy actions of raw rows `[B,O]`; their values, summed over a team, into `value [E,V]`. */
  function look(rows: Float32Array, mask: Float32Array, value: Float32Array) {
    scale.apply(rows, scaled);
    const extra = { ...net.asks && { member }, ...H > 0 && { hidden: memory } };
    const out = act.run({ theta, obs: scaled, mask, ...extra });
    const q = out.best!.data;
    for (let i = 0; i < value.length; i++) {
      value[i] = 0;
      for (let m = 0; m < M / V; m++) value[i]! += q[i * (M / V) + m]!;
    }
    return out;
  }

  return {
    ...player,
    state: {
      ...update.state,
      scale: scale.state,
      epsilon,
      ...pay.state,
      explore: dice.words,
      order: order.words,
      ...H > 0 && { memory },
    },

    act(world) {
      const { t } = roll;
      const mask = roll.mask.subarray(t * B * A, (t + 1) * B * A);
      recordAlive(roll, world);
      sees.rows(world.obs, raw);
      scale.update(raw, roll.alive.subarray(t * B, (t + 1) * B));
      rowsOf(world.mask, spec, group, spec.A, A, mask);
      recordFirst(roll, world);
      forgetAtFirst(roll, t, memory);
      if (t % L === 0) roll.hidden.set(memory, t / L * B * H);
      const { action, next } = look(raw, mask, best.subarray(t * E * V, (t + 1) * E * V));
      if (next) memory.set(next.data);
      roll.obs.set(scaled, t * B * O);
      const actions = (action!.data as Int32Array).slice();
      explore(actions, mask, epsilon[0]!, dice.stream);
      roll.action.set(actions, t * B);
      writeActions(actions, spec, group, world.actions);
    },

    observe(world) {
      const { t } = roll;
      recordStep(roll, world);
      pay.observe(world);
      const ends = final.subarray(t * E * V, (t + 1) * E * V);
      const newest = roll.truncations.at(-1);
      if (!newest || newest.index < t * B) return void ends.fill(0);
      sees.rows(world.finalObs, raw);
      rowsOf(world.finalMask, spec, group, spec.A, A, legal);
      look(raw, legal, ends);
      const cut = new Set(roll.truncations.map(({ index }) => Math.floor((index - t * B) * V / M)));
      ends.forEach((_, i) => cut.has(i) || (ends[i] = 0));
    },

    learn(world, { progress }) {
      sees.rows(world.obs, raw);
      rowsOf(world.mask, spec, group, spec.A, A, legal);
      look(raw, legal, last);
      teamReward(roll.signals[0]!, set.teamReward, reward);
      pay.apply(reward);
      done.forEach((_, i) => done[i] = roll.done[i * (M / V)]!);
      if (!team) weight.set(roll.earns);
      lambdaTargets(world);
      const { obs, mask, action } = roll;
      const columns = {
        ...{ obs, mask, action, target, weight },
        ...H > 0 && { first: Float32Array.from({ length: T * E }, (_, i) => roll.first[i * M]!) },
      };
      const { metrics } = update.run(
        { ...allInSequences(units, columns), ...H > 0 && { hidden: roll.hidden } },
        order.draw(),
        { "lr.q": set.anneal ? set.rate * (1 - progress) : set.rate },
      );
      roll.t = 0;
      roll.truncations.length = 0;
      scale.refresh();
      epsilon[0] = epsilonAt(set, progress);
      return {
        "loss/value": meanOf(metrics.loss!),
        "value/mean": meanOf(metrics.value!),
        "policy/epsilon": epsilon[0],
      };
    },

    sitOut() {
      memory.fill(0);
      pay.forget();
    },
    dispose() {
      act.dispose();
      update.dispose();
    },
  };

  /**
   * λ-returns of the greedy values: the generalised advantage over them, on top of them. Where members wait for others,
   * those from decision to decision; `legal` is then what may follow the rollout.
   */
  function lambdaTargets(world: World): void {
    const signal = { reward, value: best, done, final, last };
    gae(signal, set.gamma, set.lambda, { advantage, target });
    const now = chooses(roll.mask, roll.alive);
    if (team || !now.includes(0)) return;
    const alive = new Float32Array(B);
    rowsOf(world.alive, spec, group, 1, 1, alive);
    decisionReturns(signal, { now, next: chooses(legal, alive) }, set, { target, weight });
  }
}

/** A learner of the family under its name; without a team's value, it has no use for a team's reward. */
function named(name: string, summary: string, team: boolean): AlgorithmEntry {
  return entry(name, summary, pqnSettings.omit(team ? {} : { teamReward: true }), (own) => {
    const set = pqnSettings.parse(own);
    checkChunk(name, set);
    return {
      needs: { actions: "discrete", sharedReward: team && set.teamReward === "shared" },
      groups: set.share || team ? "role" : "agent",
      onPolicy: true,
      obeys: [],
      horizon: set.horizon,
      start: (context) => start(set, team, name, context),
      player: (context) => greedyPlayer(name, valuesOf(set, context), context),
    };
  });
}

/** Each agent learns the value of its own actions, from its own reward. */
export const pqn = named("pqn", "Q-learning on fresh rollouts, without replay or targets", false);
/** The team's value is the sum of the agents'. */
export const pqnVdn = named("pqn_vdn", "pqn with one value for the team, the sum of the agents'", true);
