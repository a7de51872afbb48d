/**
 * Values of a team's actions: one network for all members or one for each, with or without a memory, told or not told
 * who it serves.
 *
 * Shape letters: `R` rows, `N` episodes of `L` entries, `M` members, `O` observation, `A` actions, `H` memory.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import type { Parts, Tensors } from "../tensor/mod.ts";
import { type Network, network } from "./network.ts";
import type { PlayerContext } from "./types.ts";

export interface ActionValues {
  readonly M: number;
  readonly O: number;
  readonly A: number;
  readonly parts: Parts;
  /** Size of a member's memory; 0 without one. */
  readonly H: number;
  /** Whether `step` must be told which member a row is. */
  readonly asks: boolean;
  /**
   * One step: values `[R,A]` of `obs [R,O]`, illegal ones out of reach, and the next memory `[R,H]`.
   *
   * @param member `[R,M]` one-hot, where the values ask for it
   * @param hidden `[R,H]`, with a memory
   */
  step(
    p: Tensors,
    row: { obs: tf.Tensor; mask: tf.Tensor; member?: tf.Tensor; hidden?: tf.Tensor },
  ): { values: tf.Tensor; hidden?: tf.Tensor };
  /**
   * Values `[N,L,M,A]` along sequences `obs [N,L,M,O]` and `mask [N,L,M,A]`. They are episodes from their beginning,
   * unless `from` tells the memory `hidden [N,M,H]` before them, and `first [N,L]`, 1 where an episode begins.
   */
  along(
    p: Tensors,
    obs: tf.Tensor,
    mask: tf.Tensor,
    from?: { hidden: tf.Tensor; first: tf.Tensor },
  ): tf.Tensor;
}

export interface ActionValuesOptions {
  readonly M: number;
  readonly O: number;
  readonly A: number;
  readonly hidden: readonly number[];
  readonly memory: number;
  readonly share: boolean;
  /** Tell the members who they are; one alone is not told. */
  readonly ids: boolean;
  /** Layer normalisation behind each hidden layer. */
  readonly norm?: boolean;
}

/** Values of the actions of a whole group, as the settings of an algorithm say. */
export function groupValues(
  { spec, group }: PlayerContext,
  { hidden, memory, share, agentIds: ids }: Pick<ActionValuesOptions, "hidden" | "memory" | "share"> & {
    readonly agentIds: boolean;
  },
  norm = false,
): ActionValues {
  const [first] = group.members;
  const M = group.members.length;
  const O = spec.observationSizes[first!]!;
  const A = spec.actionSizes[first!]!;
  return actionValues({ M, O, A, hidden, memory, share, ids, norm });
}

/** The value of an action that may not be chosen. */
const illegal = -1e9;

/** Values under the parameters `q…`. */
export function actionValues(options: ActionValuesOptions): ActionValues {
  const { M, O, A, hidden, memory: H, norm = false } = options;
  const share = options.share || M === 1;
  const ids = options.ids && M > 1;
  const net = (prefix: string) =>
    network(prefix, { sizes: [ids ? O + M : O, ...hidden, A], memory: H, activation: tf.relu, norm });
  const nets = share ? [net("q")] : Array.from({ length: M }, (_, m) => net(`q${m}`));
  /** Every network on the rows that are its members': `serve` is given the first member and their number. */
  const each = (serve: (net: Network, first: number, count: number) => tf.Tensor) =>
    nets.map((net, i) => share ? serve(net, 0, M) : serve(net, i, 1));

  return {
    M,
    O,
    A,
    parts: Object.assign({}, ...nets.map(({ parts }) => parts)),
    H,
    asks: ids || !share,
    step(p, { obs, mask, member, hidden }) {
      const x = ids ? tf.concat([obs, member!], -1) : obs;
      const steps = nets.map((net) => net.step(p, x, hidden));
      const pick = (outs: tf.Tensor[]) =>
        share ? outs[0]! : outs.map((out, m) => tf.mul(out, tf.slice(member!, [0, m], [x.shape[0]!, 1])))
          .reduce((sum, out) => tf.add(sum, out));
      return {
        values: legal(pick(steps.map(({ out }) => out)), mask),
        ...hidden && { hidden: pick(steps.map((step) => step.hidden!)) },
      };
    },
    along(p, obs, mask, from) {
      const [N, L] = obs.shape as [number, number];
      const x = ids ? tf.concat([obs, tf.add(tf.zeros([N, L, M, M]), identity(M))], -1) : obs;
      const values = each((net, first, count) => {
        const own = tf.slice(x, [0, 0, first, 0], [N, L, count, x.shape[3]!]);
        if (H === 0) return net.along(p, own);
        const sequences = tf.reshape(tf.transpose(own, [0, 2, 1, 3]), [N * count, L, x.shape[3]!]);
        const hidden = from &&
          tf.reshape(tf.slice(from.hidden, [0, first, 0], [N, count, H]), [N * count, H]);
        const begins = from &&
          tf.reshape(tf.tile(tf.expandDims(from.first, 1), [1, count, 1]), [N * count, L]);
        const out = net.along(
          p,
          sequences,
          hidden ?? tf.zeros([N * count, H]),
          begins ?? tf.zeros([N * count, L]),
        );
        return tf.transpose(tf.reshape(out, [N, count, L, A]), [0, 2, 1, 3]);
      });
      return legal(values.length === 1 ? values[0]! : tf.concat(values, 2), mask);
    },
  };
}

/** `[rows,M]` one-hot of `member [rows]`. */
export function memberRows(member: Int32Array, M: number): Float32Array {
  const rows = new Float32Array(member.length * M);
  member.forEach((m, row) => rows[row * M + m] = 1);
  return rows;
}

/** Values with those of forbidden actions out of reach; where a row forbids all, as that of a dead agent, none is. */
function legal(values: tf.Tensor, mask: tf.Tensor): tf.Tensor {
  const none = tf.sub(1, tf.max(mask, -1, true));
  return tf.where(tf.greater(tf.add(mask, none), 0), values, tf.mul(tf.onesLike(values), illegal));
}

/** `[M,M]` */
function identity(M: number): tf.Tensor {
  return tf.oneHot(tf.range(0, M, 1, "int32") as tf.Tensor1D, M, 1, 0, "float32");
}
