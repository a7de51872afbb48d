/**
 * The stochastic actor that on-policy learners share: a network from an observation to a distribution over actions,
 * compiled for acting at any number of rows and exported as one self-contained ONNX model.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fillGumbel, fillNormal, type Stream } from "../core/mod.ts";
import type { Group, Policy, WorldSpec } from "../sim/mod.ts";
import {
  type Categorical,
  categorical,
  compileForward,
  constant,
  exportPolicy,
  type Gaussian,
  gaussian,
  type Layout,
  layout,
  mlp,
  mlpParts,
  type Runtime,
  type Specs,
  type Tensors,
} from "../tensor/mod.ts";
import { type Normaliser, reach } from "./normaliser.ts";
import { compiledPolicy } from "./policy.ts";

/** A network and the sizes it was built for. */
export interface Actor {
  readonly layout: Layout;
  readonly O: number;
  readonly A: number;
  readonly kind: WorldSpec["actionKind"];
  readonly low: number;
  readonly high: number;
}

/** An actor for `group`: hidden layers of `hidden` units with tanh, orthogonal initial weights, last gain 0.01. */
export function actor(spec: WorldSpec, group: Group, hidden: readonly number[]): Actor {
  const O = spec.observationSizes[group.members[0]!]!;
  const A = spec.actionSizes[group.members[0]!]!;
  const parts = mlpParts("pi", [O, ...hidden, A], { lastGain: 0.01 });
  const kind = spec.actionKind;
  const box = group.action.kind === "box" ? group.action : { low: 0, high: 0 };
  return {
    layout: layout(
      kind === "discrete" ? parts : { ...parts, "pi.logStd": { shape: [A], init: constant(0) } },
    ),
    O,
    A,
    kind,
    low: box.low,
    high: box.high,
  };
}

/** The distribution of normalised observations `obs [B,O]` under parameters `p`; `mask [B,A]` is 1 where legal. */
export function distribution(
  net: Actor,
  p: Tensors,
  obs: tf.Tensor,
  mask: tf.Tensor,
): Categorical | Gaussian {
  const out = mlp(p, "pi", obs);
  return net.kind === "discrete" ? categorical(out, mask) : gaussian(out, p["pi.logStd"]!);
}

/** Sampling of `rows` rows at once. */
export interface Sampler {
  readonly noise: Float32Array;
  /** From normalised `obs [rows,O]`; returns `action` (unclipped where continuous) and `logp [rows]`. */
  run(
    theta: Float32Array,
    obs: Float32Array,
    mask: Float32Array,
  ): { action: Int32Array | Float32Array; logp: Float32Array };
  dispose(): void;
}

/** Compile the actor for `rows` rows. Fill `noise [rows,A]` before each run. */
export function sampler(net: Actor, runtime: Runtime, rows: number): Sampler {
  const inputs: Specs = {
    theta: { shape: [net.layout.size] },
    obs: { shape: [rows, net.O] },
    mask: { shape: [rows, net.A] },
    noise: { shape: [rows, net.A] },
  };
  const forward = compileForward({
    runtime,
    inputs,
    fn: (x) => {
      const pi = distribution(net, net.layout.unpack(x.theta!), x.obs!, x.mask!);
      const action = pi.sample(x.noise!);
      return { action, logp: pi.logp(action) };
    },
  });
  const noise = new Float32Array(rows * net.A);
  return {
    noise,
    run(theta, obs, mask) {
      const out = forward.run({ theta, obs, mask, noise });
      return { action: out.action!.data as Int32Array | Float32Array, logp: out.logp!.data as Float32Array };
    },
    dispose: () => forward.dispose(),
  };
}

/** Draw the noise that `Distribution.sample` wants. */
export function fillNoise(kind: WorldSpec["actionKind"], stream: Stream, into: Float32Array): void {
  if (kind === "discrete") fillGumbel(stream, into);
  else fillNormal(stream, into);
}

/** Limit continuous actions to their box; discrete ones pass unchanged. */
export function clipActions(net: Actor, actions: Int32Array | Float32Array): Int32Array | Float32Array {
  if (actions instanceof Int32Array) return actions;
  return actions.map((value) => Math.max(net.low, Math.min(net.high, value)));
}

/** The actor as a policy: `theta` and `scale` are read at each call. `mode` takes the most likely action. */
export function actorPolicy(
  net: Actor,
  runtime: Runtime,
  name: string,
  theta: Float32Array,
  scale: Normaliser,
  mode: boolean,
): Policy {
  return compiledPolicy(name, (rows) => {
    const compiled = sampler(net, runtime, rows);
    const scaled = new Float32Array(rows * net.O);
    const legal = new Float32Array(rows * net.A);
    return ({ obs, mask, streams }) => {
      scale.apply(obs, scaled);
      legal.set(mask);
      for (let r = 0; r < (mode ? 0 : rows); r++) {
        fillNoise(net.kind, streams[r]!, compiled.noise.subarray(r * net.A, (r + 1) * net.A));
      }
      return clipActions(net, compiled.run(theta, scaled, legal).action);
    };
  });
}

/**
 * The policy as ONNX. Inputs `obs [batch,O]` (raw: the normalisation is inside), `mask [batch,A]`, `noise [batch,A]`;
 * outputs `action` and the distribution: `logits`, or `mean` and `logStd`.
 */
export function exportActor(
  net: Actor,
  theta: Float32Array,
  scale: Normaliser,
  metadata: Record<string, string>,
): Uint8Array {
  return exportPolicy({
    weights: { pi: { layout: net.layout, theta } },
    inputs: (batch) => ({
      obs: { shape: [batch, net.O] },
      mask: { shape: [batch, net.A] },
      noise: { shape: [batch, net.A] },
    }),
    fn: (weights, x) => {
      const center = tf.tensor1d(scale.mean);
      const width = tf.tensor1d(scale.deviation);
      const obs = tf.clipByValue(tf.div(tf.sub(x.obs!, center), width), -reach, reach);
      const pi = distribution(net, weights.pi!, obs, x.mask!);
      const action = pi.sample(x.noise!);
      if ("logits" in pi) return { action, logits: pi.logits };
      return { action: tf.clipByValue(action, net.low, net.high), mean: pi.mean, logStd: pi.logStd };
    },
    metadata,
  });
}
