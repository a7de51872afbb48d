/**
 * The deterministic actor of policy gradients through a critic: an action in its box, or the logits of a discrete one,
 * explored by noise that comes from outside.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fillGumbel, fork } from "../core/mod.ts";
import type { Policy } from "../sim/mod.ts";
import {
  compileForward,
  exportPolicy,
  type Forward,
  type Layout,
  layout,
  mlp,
  mlpParts,
  type Runtime,
  type Tensors,
} from "../tensor/mod.ts";
import { compiledPolicy } from "./policy.ts";
import { type Sight, sight } from "./sight.ts";
import type { Player, PlayerContext } from "./types.ts";

/** A network and the sizes it was built for. */
export interface DeterministicActor {
  readonly layout: Layout;
  readonly sight: Sight;
  readonly discrete: boolean;
  readonly O: number;
  readonly A: number;
  readonly low: number;
  readonly high: number;
}

/** An actor for a group: hidden layers with ReLU, last gain 0.01. */
export function deterministicActor(
  { spec, group }: PlayerContext,
  { hidden, agentIds }: { readonly hidden: readonly number[]; readonly agentIds: boolean },
): DeterministicActor {
  const sees = sight(spec, group, agentIds);
  const A = spec.actionSizes[group.members[0]!]!;
  const box = group.action.kind === "box" ? group.action : { low: 0, high: 0 };
  return {
    layout: layout(mlpParts("mu", [sees.O, ...hidden, A], { lastGain: 0.01 })),
    sight: sees,
    discrete: spec.actionKind === "discrete",
    O: sees.O,
    A,
    low: box.low,
    high: box.high,
  };
}

/** What the network says of `obs [rows,O]`: logits, or what `inBox` makes actions of, `[rows,A]`. */
export function rawOutput(p: Tensors, obs: tf.Tensor): tf.Tensor {
  return mlp(p, "mu", obs, { activation: tf.relu });
}

/** The continuous actions of a raw output: its tanh, stretched to the box. */
export function inBox({ low, high }: Pick<DeterministicActor, "low" | "high">, raw: tf.Tensor): tf.Tensor {
  return tf.add((low + high) / 2, tf.mul((high - low) / 2, tf.tanh(raw)));
}

/** What the actor says of `obs [rows,O]`: logits, or actions within the box, `[rows,A]`. */
function actorOutput(net: DeterministicActor, p: Tensors, obs: tf.Tensor): tf.Tensor {
  const raw = rawOutput(p, obs);
  return net.discrete ? raw : inBox(net, raw);
}

/** The logits with those of forbidden actions out of reach. */
export function legal(logits: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  return tf.where(tf.greater(mask, 0), logits, tf.mul(tf.onesLike(logits), -1e9));
}

/** The actor on `rows` rows: its output plus `noise [rows,A]` made an `action`; discrete ones `oneHot` too. */
export function compileActor(net: DeterministicActor, runtime: Runtime, rows: number): Forward {
  const { layout, discrete, O, A, low, high } = net;
  return compileForward({
    runtime,
    inputs: {
      theta: { shape: [layout.size] },
      obs: { shape: [rows, O] },
      mask: { shape: [rows, A] },
      noise: { shape: [rows, A] },
    },
    fn: ({ theta, obs, mask, noise }) => {
      const out = tf.add(actorOutput(net, layout.unpack(theta!), obs!), noise!);
      if (!discrete) return { action: tf.clipByValue(out, low, high) };
      const action = tf.argMax(legal(out, mask!), -1);
      return { action, oneHot: tf.oneHot(action as tf.Tensor1D, A) };
    },
  });
}

/** The actor as a player, by what is in `theta`, which gets its initial values. */
export function deterministicPlayer(
  name: string,
  net: DeterministicActor,
  { runtime, stream }: PlayerContext,
  theta: Float32Array = new Float32Array(net.layout.size),
): Player {
  theta.set(net.layout.init(fork(stream, "actor")));
  return {
    policyState: { "actor.theta": theta },
    refresh() {},
    policy: (mode = false) => deterministicPolicy(net, runtime, name, theta, mode),
    export: (metadata) => exportDeterministic(net, theta, metadata),
  };
}

/** The actor as a policy; `theta` is read at each call. Discrete actions are drawn unless `mode` is true. */
function deterministicPolicy(
  net: DeterministicActor,
  runtime: Runtime,
  name: string,
  theta: Float32Array,
  mode: boolean,
): Policy {
  const { discrete, O, A } = net;
  return compiledPolicy(name, 0, (rows) => {
    const forward = compileActor(net, runtime, rows);
    const obs = new Float32Array(rows * O);
    const noise = new Float32Array(rows * A);
    const mask = new Float32Array(rows * A);
    return (input) => {
      net.sight.policyRows(input, obs);
      mask.set(input.mask);
      if (discrete && !mode) {
        for (let r = 0; r < rows; r++) fillGumbel(input.streams[r]!, noise.subarray(r * A, (r + 1) * A));
      }
      return forward.run({ theta, obs, mask, noise }).action!.data as Float32Array;
    };
  });
}

/**
 * The policy as ONNX. Inputs `obs [batch,O]`, where it asks `agent [batch]`, and for discrete actions `mask [batch,A]`
 * and `noise [batch,A]`; outputs `action`, and the `logits` of discrete ones.
 */
function exportDeterministic(
  net: DeterministicActor,
  theta: Float32Array,
  metadata: Record<string, string>,
): Uint8Array {
  const { discrete, A } = net;
  return exportPolicy({
    weights: { actor: { layout: net.layout, theta } },
    inputs: (batch) => ({
      ...net.sight.inputs(batch),
      ...discrete && { mask: { shape: [batch, A] }, noise: { shape: [batch, A] } },
    }),
    fn: ({ actor }, x) => {
      const out = actorOutput(net, actor!, net.sight.seen(x));
      if (!discrete) return { action: out };
      const logits = legal(out, x.mask!);
      return { action: tf.argMax(tf.add(logits, x.noise!), -1), logits };
    },
    metadata,
  });
}
