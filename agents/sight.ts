/**
 * What a member of a group sees: its own observation, and behind it, where asked for, which member it is (one-hot),
 * so that members that share parameters may still play different parts.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Group, PolicyInput, Reals, WorldSpec } from "../sim/mod.ts";
import type { Specs, Tensors } from "../tensor/mod.ts";

export interface Sight {
  /** Width of what is seen. */
  readonly O: number;
  /** Of an `[E,N,O]` column of observations, for any number `E`, the rows `[E·M,O]` of the group. */
  rows(obs: Reals, into: Float32Array): void;
  /** Of the rows that a policy is given, `[rows,O]`. */
  policyRows(input: PolicyInput, into: Float32Array): void;
  /** The inputs of an exported model: `obs [batch, own size]`, and `agent [batch]` where it asks who it is. */
  inputs(batch: number): Specs;
  /** What is seen, `[batch,O]`, from those inputs. */
  seen(inputs: Tensors): tf.Tensor;
}

/** The sight of `group`; `wanted` tells each member which it is, unless it is the only one. */
export function sight(spec: WorldSpec, group: Group, wanted: boolean): Sight {
  const own = spec.observationSizes[group.members[0]!]!;
  const M = group.members.length;
  const ids = wanted && M > 1;
  const O = ids ? own + M : own;
  return {
    O,
    rows(obs, into) {
      let at = 0;
      for (let e = 0; e < obs.length / (spec.N * spec.O); e++) {
        for (let m = 0; m < M; m++) {
          const from = (e * spec.N + group.members[m]!) * spec.O;
          for (let i = 0; i < own; i++) into[at++] = obs[from + i]!;
          if (ids) { for (let i = 0; i < M; i++) into[at++] = i === m ? 1 : 0; }
        }
      }
    },
    policyRows({ rows, obs, member }, into) {
      if (!ids) return into.set(obs);
      for (let row = 0; row < rows; row++) {
        into.set(obs.subarray(row * own, (row + 1) * own), row * O);
        into.fill(0, row * O + own, (row + 1) * O);
        into[row * O + own + member[row]!] = 1;
      }
    },
    inputs: (batch) => ({
      obs: { shape: [batch, own] },
      ...ids && { agent: { shape: [batch], dtype: "int32" as const } },
    }),
    seen: ({ obs, agent }) =>
      ids ? tf.concat([obs!, tf.oneHot(agent as tf.Tensor1D, M, 1, 0, "float32")], -1) : obs!,
  };
}
