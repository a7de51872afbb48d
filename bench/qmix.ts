/**
 * A gradient step of QMIX on 32 episodes of simple_spread, its targets included: the greedy actions of the online
 * network, their values by the target network, mixing of both, loss, gradient, clipping and Adam. Agents feed-forward
 * (64, 64), and with a GRU (64). PyTorch's twin is written as EPyMARL writes it, and once more for speed.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fork, integer, seed } from "../core/mod.ts";
import { describe, findScenario } from "../sim/mod.ts";
import { compileForward, compileUpdate, layout } from "../tensor/mod.ts";
import { nodeRuntime } from "../tensor/runtime/node.ts";
import { actionValues } from "../agents/action_values.ts";
import { qmixLoss } from "../agents/algorithms/qmix.ts";
import { mixer } from "../agents/mixer.ts";
import { lambdaReturns } from "../agents/returns.ts";
import { type Contest, contests, made, normals, sent, sentParameters } from "./learner.ts";

const N = 32;
const L = 25;
const gamma = 0.99;
const rate = 5e-4;
const maxNorm = 10;
const sizes = { mixing: 32, hyper: 64 };

/** Gradient steps of a round: the losses of as many are compared. */
const steps = 8;

function contest(what: string, hidden: readonly number[], memory: number): Contest {
  const spec = describe(findScenario("mpe/simple_spread_v3"));
  const { N: M, O, A, S } = spec;
  const runtime = nodeRuntime({ threads: 1 });
  const net = actionValues({ M, O, A, hidden, memory, share: true, ids: false });
  const team = mixer("monotonic", M, S, sizes);
  const parameters = layout({ ...net.parts, ...team.parts });
  const data = {
    obs: { shape: [N, L + 1, M, O] },
    mask: { shape: [N, L + 1, M, A] },
    state: { shape: [N, L + 1, S] },
  };
  /** As agents/algorithms/qmix.ts computes it: mixed values [N, L+1, 1] of the greedy actions by the target network. */
  const future = compileForward({
    runtime,
    inputs: { theta: { shape: [parameters.size] }, target: { shape: [parameters.size] }, ...data },
    fn: ({ theta, target, obs, mask, state }) => {
      const best = tf.argMax(net.along(parameters.unpack(theta!), obs!, mask!), -1);
      const p = parameters.unpack(target!);
      const values = tf.sum(tf.mul(net.along(p, obs!, mask!), tf.oneHot(best as tf.Tensor1D, A)), -1);
      return { value: team.mix(p, tf.reshape(values, [-1, M]), tf.reshape(state!, [-1, S])) };
    },
  });
  const update = compileUpdate({
    runtime,
    groups: { q: parameters },
    hyper: { "lr.q": rate },
    data: {
      ...data,
      action: { shape: [N, L, M], dtype: "int32" },
      target: { shape: [N, L, 1] },
      filled: { shape: [N, L] },
    },
    epochs: 1,
    minibatch: N,
    maxNorm,
    loss: (p, batch) => qmixLoss(net, team, p.q!, batch),
  });

  const stream = made("qmix");
  const obs = normals(stream, N * (L + 1) * M * O);
  const state = normals(stream, N * (L + 1) * S);
  const mask = new Float32Array(N * (L + 1) * M * A).fill(1);
  const action = Int32Array.from({ length: N * L * M }, () => integer(stream, A));
  const reward = normals(stream, N * L);
  const goesOn = new Float32Array(N * L).fill(1);
  const filled = new Float32Array(N * L).fill(1);
  const goal = new Float32Array(N * L);
  const order = Int32Array.from({ length: N }, (_, i) => i);
  const theta = parameters.init(fork(seed(1), "theta"));
  const target = parameters.init(fork(seed(1), "target"));

  function step() {
    const online = update.state["q.theta"]!;
    const value = future.run({ theta: online, target, obs, mask, state }).value!.data as Float32Array;
    lambdaReturns({ reward, value, goesOn, filled }, { V: 1, gamma, lambda: 0 }, goal);
    return update.run({ obs, mask, state, action, target: goal, filled }, order, { "lr.q": rate }).metrics;
  }

  return {
    name: `QMIX update 32 x 25 x 3, ${what}`,
    unit: "updates/s",
    bar: 2,
    work: 1,
    once: step,
    losses() {
      update.state["q.theta"]!.set(theta);
      const all = Array.from({ length: steps }, step);
      return {
        loss: all.map((metrics) => metrics.loss![0]!),
        value: all.map((metrics) => metrics.value![0]!),
      };
    },
    script: "torch_qmix.py",
    job: {
      hidden,
      memory,
      mixing: sizes.mixing,
      hyperUnits: sizes.hyper,
      steps,
      hyper: { rate, gamma, maxNorm },
      data: {
        obs: sent(obs, data.obs.shape),
        state: sent(state, data.state.shape),
        mask: sent(mask, data.mask.shape),
        action: sent(action, [N, L, M]),
        reward: sent(reward, [N, L]),
        goesOn: sent(goesOn, [N, L]),
        filled: sent(filled, [N, L]),
      },
      theta: sentParameters(parameters, theta),
      target: sentParameters(parameters, target),
    },
    peers: [
      { peerName: "PyTorch as EPyMARL writes it", how: { tuned: false } },
      { peerName: "PyTorch tuned (all steps at once, fused Adam)", how: { tuned: true } },
    ],
    dispose() {
      future.dispose();
      update.dispose();
    },
  };
}

export const qmix = contests(
  () => contest("agents 18-64-64-5", [64, 64], 0),
  () => contest("agents 18-64-GRU 64-5", [64], 64),
);
