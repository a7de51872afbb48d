/**
 * A whole PPO update, forward, backward, clipping and Adam: 4 epochs of 8 minibatches of 1024 on two networks
 * 18-64-64, ours as one graph in ONNX Runtime, PyTorch's as CleanRL writes it. Same batch, permutation, first
 * parameters, one thread each; the losses of all 32 minibatches are compared before anything is timed.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fillNormal, fork, integer, permutation, seed, UserError } from "../core/mod.ts";
import {
  categorical,
  compileUpdate,
  layout,
  mlp,
  mlpParts,
  type Specs,
  type Tensors,
} from "../tensor/mod.ts";
import { nodeRuntime } from "../tensor/runtime/node.ts";
import { race, repeat } from "./measure.ts";
import { openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const observation = 18;
const actions = 5;
const actor = [observation, 64, 64, actions];
const critic = [observation, 64, 64, 1];
const minibatch = 1024;
const minibatches = 8;
const epochs = 4;
const samples = minibatch * minibatches;

const hyper = { "lr.net": 3e-4, clip: 0.2, value: 0.5, entropy: 0.01 };
const maxNorm = 0.5;

/** Losses of the same minibatch may differ by this much: both sides compute in float32, in another order. */
const tolerance = 2e-4;

const rules = { rounds: 7, seconds: 1, warmup: 1 };

const specs: Specs = {
  obs: { shape: [samples, observation] },
  action: { shape: [samples], dtype: "int32" },
  logp: { shape: [samples] },
  advantage: { shape: [samples] },
  target: { shape: [samples] },
};

const net = layout({ ...mlpParts("pi", actor, { lastGain: 0.01 }), ...mlpParts("vf", critic) });

function loss({ net: p }: Record<string, Tensors>, batch: Tensors, h: Tensors) {
  const pi = categorical(mlp(p!, "pi", batch.obs!));
  const ratio = tf.exp(tf.sub(pi.logp(batch.action!), batch.logp!));
  const clipped = tf.maximum(tf.sub(1, h.clip!), tf.minimum(tf.add(1, h.clip!), ratio));
  const policy = tf.neg(
    tf.mean(tf.minimum(tf.mul(ratio, batch.advantage!), tf.mul(clipped, batch.advantage!))),
  );
  const value = tf.mean(tf.square(tf.sub(tf.reshape(mlp(p!, "vf", batch.obs!), [-1]), batch.target!)));
  const entropy = tf.mean(pi.entropy());
  return {
    loss: tf.sub(tf.add(policy, tf.mul(h.value!, value)), tf.mul(h.entropy!, entropy)),
    metrics: { policy, value, entropy },
  };
}

/** One made-up rollout [samples, …]. Old log-probabilities are those of a uniform policy, give or take. */
function rollout() {
  const stream = fork(seed(1), "rollout");
  const normals = (length: number) => {
    const into = new Float32Array(length);
    fillNormal(stream, into);
    return into;
  };
  return {
    obs: normals(samples * observation),
    action: Int32Array.from({ length: samples }, () => integer(stream, actions)),
    logp: normals(samples).map((x) => 0.1 * x - Math.log(actions)),
    advantage: normals(samples),
    target: normals(samples),
  };
}

function permutations(): Int32Array {
  const all = new Int32Array(epochs * samples);
  const stream = fork(seed(1), "shuffle");
  for (let epoch = 0; epoch < epochs; epoch++) {
    permutation(stream, all.subarray(epoch * samples, (epoch + 1) * samples));
  }
  return all;
}

const base64 = (array: Float32Array | Int32Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).toBase64();

async function agree(peer: Peer, ours: Readonly<Record<string, ArrayLike<number>>>): Promise<void> {
  const theirs = await peer.ask({ op: "check" }) as Record<string, number[]>;
  for (const [name, values] of Object.entries(theirs)) {
    for (const [i, value] of values.entries()) {
      const found = ours[name]?.[i] ?? NaN;
      if (!(Math.abs(found - value) <= tolerance * Math.max(1, Math.abs(value)))) {
        throw new UserError(`tensor: minibatch ${i}: ${name} is ${found}, PyTorch says ${value}`);
      }
    }
  }
}

/** What a peer needs to do the same update. */
function job(data: ReturnType<typeof rollout>, order: Int32Array, theta: Float32Array, tuned: boolean) {
  return {
    actor,
    critic,
    minibatch,
    tuned,
    hyper: { rate: hyper["lr.net"], clip: hyper.clip, value: hyper.value, entropy: hyper.entropy, maxNorm },
    data: {
      obs: base64(data.obs),
      action: base64(Float32Array.from(data.action)),
      logp: base64(data.logp),
      advantage: base64(data.advantage),
      target: base64(data.target),
    },
    permutation: base64(order),
    theta: base64(theta),
  };
}

const peers = [
  { peerName: "PyTorch as CleanRL writes it", tuned: false, bar: 2.5 },
  { peerName: "PyTorch tuned (fused Adam, arguments unchecked)", tuned: true, bar: 2 },
];

export const tensor: Benchmark = async function* (): AsyncGenerator<Row> {
  const update = compileUpdate({
    runtime: nodeRuntime({ threads: 1 }),
    groups: { net },
    hyper,
    data: specs,
    epochs,
    minibatch,
    maxNorm,
    loss,
  });
  const data = rollout();
  const order = permutations();
  const theta = net.init(fork(seed(1), "init"));
  update.state["net.theta"]!.set(theta);
  const { metrics } = update.run(data, order, hyper);

  const open: { peerName: string; bar: number; peer: Peer }[] = [];
  let skipped = "";
  for (const { peerName, tuned, bar } of peers) {
    const peer = await openPeer("torch_ppo.py");
    if ("missing" in peer) {
      skipped = peer.missing;
      break;
    }
    open.push({ peerName, bar, peer });
    await peer.ask({ op: "load", job: job(data, order, theta, tuned) });
    await agree(peer, metrics);
  }

  const ours = repeat(epochs * minibatches, () => update.run(data, order, hyper));
  const [rate, ...theirs] = await race([ours, ...open.map(({ peer }) => peer.run)], rules);
  const fields = { name: "PPO update 2x(18-64-64), B=1024", unit: "minibatches/s", ours: rate!, bar: 2.5 };
  for (const [i, { peerName, bar, peer }] of open.entries()) {
    yield row({ ...fields, bar, peer: theirs[i]!, peerName, peerVersion: peer.version });
    peer.close();
  }
  if (skipped) yield skippedRow({ ...fields, peerName: "PyTorch", skipped });
  update.dispose();
};
