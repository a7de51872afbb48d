/**
 * Greedy players of action values: compiled for a number of rows, as a policy, and as one ONNX model.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Policy } from "../sim/mod.ts";
import { compileForward, exportPolicy, type Forward, type Layout, type Runtime } from "../tensor/mod.ts";
import { type ActionValues, memberRows } from "./action_values.ts";
import { type Normaliser, reach } from "./normaliser.ts";
import { compiledPolicy } from "./policy.ts";

/** Action values and their parameters. */
export interface Player {
  readonly net: ActionValues;
  readonly layout: Layout;
  readonly theta: Float32Array;
  /** Scale of the observations; raw ones go in where it is not given. */
  readonly scale?: Normaliser;
}

/**
 * Of rows as the network takes them: the greedy `action [rows]`, its value `best [rows]`, and the next memory `next`.
 */
export function greedy({ net, layout }: Omit<Player, "theta">, runtime: Runtime, rows: number): Forward {
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

/** The greedy policy; parameters and scale are read at each call. */
export function greedyPolicy(name: string, player: Player, runtime: Runtime): Policy {
  const { net, theta, scale } = player;
  const { O, A, M, H } = net;
  return compiledPolicy(name, H, (rows) => {
    const forward = greedy(player, runtime, rows);
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
export function exportGreedy(
  { net, layout, theta, scale }: Player,
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
