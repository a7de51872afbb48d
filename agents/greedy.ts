/**
 * Greedy players of action values: compiled for a number of rows, as a policy, and as one ONNX model.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { fork } from "../core/mod.ts";
import type { Policy } from "../sim/mod.ts";
import { compileForward, exportPolicy, type Forward, type Layout, type Runtime } from "../tensor/mod.ts";
import { type ActionValues, memberRows } from "./action_values.ts";
import { type Normaliser, reach } from "./normaliser.ts";
import { compiledPolicy } from "./policy.ts";
import type { Player, PlayerContext } from "./types.ts";

/** Action values, and the layout of the parameters that theirs are among. */
export interface Values {
  readonly net: ActionValues;
  readonly layout: Layout;
  /** Scale of the observations; raw ones go in where it is not given. */
  readonly scale?: Normaliser;
}

/**
 * Of rows as the network takes them: the greedy `action [rows]`, its value `best [rows]`, and the next memory `next`.
 */
export function greedy({ net, layout }: Values, runtime: Runtime, rows: number): Forward {
  const { O, A, M, H } = net;
  return compileForward({
    runtime,
    inputs: {
      theta: { shape: [layout.size] },
      obs: { shape: [rows, O] },
      mask: { shape: [rows, A] },
      ...net.asks && { member: { shape: [rows, M] } },
      ...H > 0 && { hidden: { shape: [rows, H] } },
    },
    fn: ({ theta, obs, mask, member, hidden }) => {
      const row = { obs: obs!, mask: mask!, ...member && { member }, ...hidden && { hidden } };
      const { values, hidden: next } = net.step(layout.unpack(theta!), row);
      return { action: tf.argMax(values, -1), best: tf.max(values, -1), ...next && { next } };
    },
  });
}

/** The greedy player of `values`, by what is in `theta`, which gets its initial values, and in their scale. */
export function greedyPlayer(
  name: string,
  values: Values,
  { runtime, stream }: PlayerContext,
  theta: Float32Array = new Float32Array(values.layout.size),
): Player {
  const { layout, scale } = values;
  theta.set(layout.init(fork(stream, "q")));
  return {
    policyState: { "q.theta": theta, ...scale && { scale: scale.state } },
    refresh: () => scale?.refresh(),
    policy: () => greedyPolicy(name, values, theta, runtime),
    export: (metadata) => exportGreedy(values, theta, metadata),
  };
}

/** The greedy policy; parameters and scale are read at each call. */
function greedyPolicy(name: string, values: Values, theta: Float32Array, runtime: Runtime): Policy {
  const { net, scale } = values;
  const { O, A, M, H } = net;
  return compiledPolicy(name, H, (rows) => {
    const forward = greedy(values, runtime, rows);
    const seen = new Float32Array(rows * O);
    const legal = new Float32Array(rows * A);
    return ({ obs, mask, member, hidden }) => {
      if (scale) scale.apply(obs, seen);
      else seen.set(obs);
      legal.set(mask);
      const extra = { ...net.asks && { member: memberRows(member, M) }, ...H > 0 && { hidden } };
      const { action, next } = forward.run({ theta, obs: seen, mask: legal, ...extra });
      if (next) hidden.set(next.data);
      return action!.data as Int32Array;
    };
  });
}

/**
 * The greedy policy as ONNX. Inputs `obs [batch,O]` (raw), `mask [batch,A]`, and where it has them `agent [batch]` (which
 * member of the group) and the memory `hidden [batch,H]`, zero at the start of an episode; outputs `action`, the values
 * `q`, and the next memory as `hidden_next`.
 */
function exportGreedy(
  { net, layout, scale }: Values,
  theta: Float32Array,
  metadata: Record<string, string>,
): Uint8Array {
  const { O, A, M, H } = net;
  const scaled = (obs: tf.Tensor, { mean, deviation }: Normaliser) =>
    tf.clipByValue(tf.div(tf.sub(obs, tf.tensor1d(mean)), tf.tensor1d(deviation)), -reach, reach);
  return exportPolicy({
    weights: { q: { layout, theta } },
    inputs: (rows) => ({
      obs: { shape: [rows, O] },
      mask: { shape: [rows, A] },
      ...net.asks && { agent: { shape: [rows], dtype: "int32" as const } },
      ...H > 0 && { hidden: { shape: [rows, H] } },
    }),
    fn: (weights, { obs, mask, agent, hidden }) => {
      const member = agent && tf.oneHot(agent as tf.Tensor1D, M, 1, 0, "float32");
      const { values: q, hidden: memory } = net.step(weights.q!, {
        obs: scale ? scaled(obs!, scale) : obs!,
        mask: mask!,
        ...member && { member },
        ...hidden && { hidden },
      });
      return { action: tf.argMax(q, -1), q, ...memory && { hidden_next: memory } };
    },
    metadata,
  });
}
