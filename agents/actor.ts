/**
 * The stochastic actor that on-policy learners share: a network from an observation to a distribution over actions,
 * compiled for acting at any number of rows and exported as one self-contained ONNX model.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fillGumbel, fillNormal, fork, type Stream } from "../core/mod.ts";
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
  type Runtime,
  type Tensors,
} from "../tensor/mod.ts";
import { type Network, network } from "./network.ts";
import { type Normaliser, reach } from "./normaliser.ts";
import { compiledPolicy } from "./policy.ts";
import { type Sight, sight } from "./sight.ts";
import type { Player, PlayerContext } from "./types.ts";

/** A network and the sizes it was built for. */
export interface Actor {
  readonly layout: Layout;
  readonly network: Network;
  readonly sight: Sight;
  readonly O: number;
  readonly A: number;
  /** Size of the memory; 0 without one. */
  readonly H: number;
  readonly kind: WorldSpec["actionKind"];
  readonly low: number;
  readonly high: number;
}

export interface ActorOptions {
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  /** Units of the memory; 0 for none. */
  readonly memory: number;
  /** Whether a member is told which it is. */
  readonly ids: boolean;
}

/** An actor for `group`: hidden layers with tanh, orthogonal initial weights, last gain 0.01. */
export function actor(spec: WorldSpec, group: Group, { hidden, memory, ids }: ActorOptions): Actor {
  const sees = sight(spec, group, ids);
  const { O } = sees;
  const A = spec.actionSizes[group.members[0]!]!;
  const net = network("pi", { sizes: [O, ...hidden, A], memory, lastGain: 0.01 });
  const kind = spec.actionKind;
  const box = group.action.kind === "box" ? group.action : { low: 0, high: 0 };
  return {
    layout: layout(
      kind === "discrete" ? net.parts : { ...net.parts, "pi.logStd": { shape: [A], init: constant(0) } },
    ),
    network: net,
    sight: sees,
    O,
    A,
    H: memory,
    kind,
    low: box.low,
    high: box.high,
  };
}

/** The distribution that the network's output `[…,A]` states; `mask […,A]` is 1 where an action is legal. */
export function distribution(
  net: Actor,
  p: Tensors,
  out: tf.Tensor,
  mask: tf.Tensor,
): Categorical | Gaussian {
  return net.kind === "discrete" ? categorical(out, mask) : gaussian(out, p["pi.logStd"]!);
}

/** Sampling of `rows` rows at once. */
export interface Sampler {
  readonly noise: Float32Array;
  /**
   * From normalised `obs [rows,O]` and the memory `hidden [rows,H]`, which it brings up to date; returns `action`
   * (unclipped where continuous) and `logp [rows]`.
   */
  run(
    theta: Float32Array,
    obs: Float32Array,
    mask: Float32Array,
    hidden: Float32Array,
  ): { action: Int32Array | Float32Array; logp: Float32Array };
  dispose(): void;
}

/** Compile the actor for `rows` rows. Fill `noise [rows,A]` before each run. */
export function sampler(net: Actor, runtime: Runtime, rows: number): Sampler {
  const { H } = net;
  const forward = compileForward({
    runtime,
    inputs: {
      theta: { shape: [net.layout.size] },
      obs: { shape: [rows, net.O] },
      mask: { shape: [rows, net.A] },
      noise: { shape: [rows, net.A] },
      ...H > 0 && { hidden: { shape: [rows, H] } },
    },
    fn: (x) => {
      const p = net.layout.unpack(x.theta!);
      const { out, hidden } = net.network.step(p, x.obs!, x.hidden);
      const pi = distribution(net, p, out, x.mask!);
      const action = pi.sample(x.noise!);
      return { action, logp: pi.logp(action), ...hidden && { next: hidden } };
    },
  });
  const noise = new Float32Array(rows * net.A);
  return {
    noise,
    run(theta, obs, mask, hidden) {
      const out = forward.run({ theta, obs, mask, noise, ...H > 0 && { hidden } });
      if (out.next) hidden.set(out.next.data);
      return { action: out.action!.data as Int32Array | Float32Array, logp: out.logp!.data as Float32Array };
    },
    dispose: () => forward.dispose(),
  };
}

/** Draw the noise that `Distribution.sample` wants. */
export function fillNoise(kind: WorldSpec["actionKind"], stream: Stream, into: Float32Array): void {
  const { k0, k1, c0, c1 } = stream;
  const plain = { k0, k1, c0, c1 }; // a stored stream reads and writes its array at every draw
  if (kind === "discrete") fillGumbel(plain, into);
  else fillNormal(plain, into);
  stream.c0 = plain.c0;
  stream.c1 = plain.c1;
}

/** Limit continuous actions to their box; discrete ones pass unchanged. */
export function clipActions(net: Actor, actions: Int32Array | Float32Array): Int32Array | Float32Array {
  if (actions instanceof Int32Array) return actions;
  return actions.map((value) => Math.max(net.low, Math.min(net.high, value)));
}

/** The actor as a player, by what is in `theta`, which gets its initial values, and in `scale`. */
export function actorPlayer(
  name: string,
  { net, scale }: { readonly net: Actor; readonly scale: Normaliser },
  { runtime, stream }: PlayerContext,
  theta: Float32Array = new Float32Array(net.layout.size),
): Player {
  theta.set(net.layout.init(fork(stream, "actor")));
  return {
    policyState: { "actor.theta": theta, scale: scale.state },
    refresh: scale.refresh,
    policy: (mode = false) => actorPolicy(net, runtime, name, theta, scale, mode),
    export: (metadata) => exportActor(net, theta, scale, metadata),
  };
}

/** The actor as a policy: `theta` and `scale` are read at each call. `mode` takes the most likely action. */
function actorPolicy(
  net: Actor,
  runtime: Runtime,
  name: string,
  theta: Float32Array,
  scale: Normaliser,
  mode: boolean,
): Policy {
  return compiledPolicy(name, net.H, (rows) => {
    const compiled = sampler(net, runtime, rows);
    const raw = new Float32Array(rows * net.O);
    const scaled = new Float32Array(rows * net.O);
    const legal = new Float32Array(rows * net.A);
    return (input) => {
      const { mask, streams, hidden } = input;
      net.sight.policyRows(input, raw);
      scale.apply(raw, scaled);
      legal.set(mask);
      for (let r = 0; r < (mode ? 0 : rows); r++) {
        fillNoise(net.kind, streams[r]!, compiled.noise.subarray(r * net.A, (r + 1) * net.A));
      }
      return clipActions(net, compiled.run(theta, scaled, legal, hidden).action);
    };
  });
}

/**
 * The policy as ONNX. Inputs `obs [batch,O]` (raw: the normalisation is inside), `mask [batch,A]`, `noise [batch,A]`,
 * and where it has them, `agent [batch]` (which member of the group) and the memory `hidden [batch,H]`, zero at the
 * start of an episode; outputs `action`, the distribution (`logits`, or `mean` and `logStd`), and the next memory as
 * `hidden_next`.
 */
function exportActor(
  net: Actor,
  theta: Float32Array,
  scale: Normaliser,
  metadata: Record<string, string>,
): Uint8Array {
  return exportPolicy({
    weights: { pi: { layout: net.layout, theta } },
    inputs: (batch) => ({
      ...net.sight.inputs(batch),
      mask: { shape: [batch, net.A] },
      noise: { shape: [batch, net.A] },
      ...net.H > 0 && { hidden: { shape: [batch, net.H] } },
    }),
    fn: (weights, x) => {
      const center = tf.tensor1d(scale.mean);
      const width = tf.tensor1d(scale.deviation);
      const obs = tf.clipByValue(tf.div(tf.sub(net.sight.seen(x), center), width), -reach, reach);
      const { out, hidden } = net.network.step(weights.pi!, obs, x.hidden);
      const pi = distribution(net, weights.pi!, out, x.mask!);
      const action = pi.sample(x.noise!);
      const memory = hidden && { hidden_next: hidden };
      if ("logits" in pi) return { action, logits: pi.logits, ...memory };
      const clipped = tf.clipByValue(action, net.low, net.high);
      return { action: clipped, mean: pi.mean, logStd: pi.logStd, ...memory };
    },
    metadata,
  });
}
