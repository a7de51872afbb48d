/**
 * A gradient step of Soft Actor-Critic, 2 x 256, batch 256, observations of 17 and actions of 6 numbers: twin critics
 * towards a soft target, then the actor against the new critics, then the temperature, then the soft update of the
 * target critics. Ours is one graph and one native call; PyTorch's twin is written as CleanRL writes it. Both draw the
 * same noise.
 *
 * Source   Haarnoja et al. 2018, arXiv:1812.05905, algorithm 1
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fork, seed } from "../core/mod.ts";
import {
  adam,
  compileForward,
  layout,
  mlp,
  mlpParts,
  type Specs,
  squashedGaussian,
  type Tensors,
} from "../tensor/mod.ts";
import { nodeRuntime } from "../tensor/runtime/node.ts";
import { type Contest, contests, made, normals, sent, sentParameters } from "./learner.ts";

const B = 256;
const O = 17;
const A = 6;
const width = 256;
const hyper = { actorRate: 3e-4, criticRate: 1e-3, gamma: 0.99, tau: 0.005, target: -A };

/** Gradient steps of a round, each with a batch of its own. */
const steps = 8;

/** The log of a deviation, squeezed into this range as CleanRL does. */
const logStd = [-5, 2] as const;

const actor = layout(mlpParts("pi", [O, width, width, 2 * A]));
const critic = layout({
  ...mlpParts("q1", [O + A, width, width, 1]),
  ...mlpParts("q2", [O + A, width, width, 1]),
});

const relu = { activation: tf.relu };

function policy(p: Tensors, obs: tf.Tensor) {
  const [mean, raw] = tf.split(mlp(p, "pi", obs, relu), 2, -1) as [tf.Tensor, tf.Tensor];
  const [low, high] = logStd;
  return squashedGaussian(mean, tf.add(low, tf.mul(0.5 * (high - low), tf.add(tf.tanh(raw), 1))));
}

/** Both critics' values, each [B]. */
function values(p: Tensors, obs: tf.Tensor, action: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const x = tf.concat([obs, action], 1);
  return [tf.reshape(mlp(p, "q1", x, relu), [-1]), tf.reshape(mlp(p, "q2", x, relu), [-1])];
}

const state: Specs = {
  "actor.theta": { shape: [actor.size] },
  "actor.m": { shape: [actor.size] },
  "actor.v": { shape: [actor.size] },
  "critic.theta": { shape: [critic.size] },
  "critic.m": { shape: [critic.size] },
  "critic.v": { shape: [critic.size] },
  "alpha.theta": { shape: [] },
  "alpha.m": { shape: [] },
  "alpha.v": { shape: [] },
  target: { shape: [critic.size] },
  t: { shape: [] },
};

const batch: Specs = {
  obs: { shape: [B, O] },
  action: { shape: [B, A] },
  reward: { shape: [B] },
  goesOn: { shape: [B] },
  nextObs: { shape: [B, O] },
  noise: { shape: [B, A] },
  nextNoise: { shape: [B, A] },
};

/** The state after one gradient step, as `NAME.next`, and the losses. */
function step(x: Tensors): Tensors {
  const t = tf.add(x.t!, 1);
  const alpha = tf.exp(x["alpha.theta"]!);
  const improved = (group: string, gradient: tf.Tensor, rate: number) => {
    const own = { theta: x[`${group}.theta`]!, m: x[`${group}.m`]!, v: x[`${group}.v`]! };
    return adam(own, gradient, t, tf.scalar(rate));
  };
  const next = policy(actor.unpack(x["actor.theta"]!), x.nextObs!).sample(x.nextNoise!);
  const future = tf.minimum(...values(critic.unpack(x.target!), x.nextObs!, next.actions));
  const soft = tf.sub(future, tf.mul(alpha, next.logp));
  const goal = tf.add(x.reward!, tf.mul(tf.mul(hyper.gamma, x.goesOn!), soft));

  const criticLoss = (theta: tf.Tensor) => {
    const [q1, q2] = values(critic.unpack(theta), x.obs!, x.action!);
    return tf.add(tf.mean(tf.square(tf.sub(q1, goal))), tf.mean(tf.square(tf.sub(q2, goal))));
  };
  const q = tf.valueAndGrad(criticLoss as (theta: tf.Tensor) => tf.Scalar)(x["critic.theta"]!);
  const critics = improved("critic", q.grad, hyper.criticRate);

  let logp: tf.Tensor | undefined;
  const actorLoss = (theta: tf.Tensor) => {
    const now = policy(actor.unpack(theta), x.obs!).sample(x.noise!);
    logp = now.logp;
    const value = tf.minimum(...values(critic.unpack(critics.theta), x.obs!, now.actions));
    return tf.mean(tf.sub(tf.mul(alpha, now.logp), value));
  };
  const pi = tf.valueAndGrad(actorLoss as (theta: tf.Tensor) => tf.Scalar)(x["actor.theta"]!);
  const actors = improved("actor", pi.grad, hyper.actorRate);

  const surplus = tf.neg(tf.mean(tf.add(logp!, hyper.target))); // d(loss) / d(log α) = α · surplus
  const temperature = tf.mul(alpha, surplus);
  const alphas = improved("alpha", temperature, hyper.criticRate);
  const target = tf.add(x.target!, tf.mul(hyper.tau, tf.sub(critics.theta, x.target!)));
  const groups = { actor: actors, critic: critics, alpha: alphas };
  const after = Object.entries(groups).flatMap(([name, { theta, m, v }]) =>
    Object.entries({ theta, m, v }).map(([part, value]) => [`${name}.${part}.next`, value] as const)
  );
  return {
    ...Object.fromEntries(after),
    "target.next": target,
    "t.next": t,
    q: q.value,
    pi: pi.value,
    temperature,
  };
}

function contest(): Contest {
  const forward = compileForward({
    runtime: nodeRuntime({ threads: 1 }),
    inputs: { ...state, ...batch },
    fn: step,
  });
  const stream = made("sac");
  const normal = ({ shape }: { shape: readonly number[] }) =>
    normals(stream, shape.reduce((product, n) => product * n, 1));
  const batches = Array.from({ length: steps }, () => {
    const all = Object.fromEntries(Object.entries(batch).map(([name, spec]) => [name, normal(spec)]));
    return {
      ...all,
      action: all.action!.map((x) => Math.tanh(x)),
      goesOn: all.goesOn!.map((x) => x > -2 ? 1 : 0),
    };
  });
  const theta = { actor: actor.init(fork(seed(1), "actor")), critic: critic.init(fork(seed(1), "critic")) };
  const empty = () =>
    Object.fromEntries(
      Object.entries(state).map(([name, { shape }]) => [name, new Float32Array(shape[0] ?? 1)]),
    );
  // the runtime never writes where it reads: two states take turns
  let here = empty();
  let there = empty();

  function once(i: number) {
    const into = Object.fromEntries(Object.entries(there).map(([name, array]) => [`${name}.next`, array]));
    const losses = forward.run({ ...here, ...batches[i]! }, into);
    [here, there] = [there, here];
    return losses;
  }

  return {
    name: `SAC update 2x${width}, B=${B}`,
    unit: "updates/s",
    bar: 1.1,
    work: steps,
    once: () => batches.forEach((_, i) => once(i)),
    losses() {
      here = empty();
      here["actor.theta"]!.set(theta.actor);
      here["critic.theta"]!.set(theta.critic);
      here.target!.set(theta.critic);
      const all = batches.map((_, i) => once(i));
      const curve = (name: string) => all.map((losses) => losses[name]!.data[0]!);
      return { q: curve("q"), pi: curve("pi"), temperature: curve("temperature") };
    },
    script: "torch_sac.py",
    job: {
      steps,
      width,
      hyper,
      logStd,
      batches: batches.map((it) =>
        Object.fromEntries(Object.entries(it).map(([name, array]) => [name, sent(array, batch[name]!.shape)]))
      ),
      theta: {
        actor: sentParameters(actor, theta.actor),
        critic: sentParameters(critic, theta.critic),
      },
    },
    peers: [
      { peerName: "PyTorch as CleanRL writes it", how: { tuned: false } },
      { peerName: "PyTorch tuned (fused Adam, soft update in one call)", how: { tuned: true } },
    ],
    dispose: () => forward.dispose(),
  };
}

export const sac = contests(contest);
