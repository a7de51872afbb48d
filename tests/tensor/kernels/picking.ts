/** Cases of kernels that pick, place or repeat elements. */
import * as tf from "@tensorflow/tfjs-core";
import { f, i } from "../compare.ts";
import { type Case, FORWARD, of, OWN, unary, wave } from "./case.ts";

const tame = f([3, 4], -2.5, -1, -0.5, 0.25, 0.5, 1, 1, 2.5, -7.25, 9.5, 3, -3);
const row = f([4], -1.5, 0.5, 2, 3);

export const picking: readonly Case[] = [
  of("GatherV2 UnsortedSegmentSum", ({ x, k }) => tf.gather(x!, k! as tf.Tensor1D), {
    x: tame,
    k: i([5], 2, 0, 2, 1, 2),
  }),
  of("GatherV2", ({ x, k }) => tf.gather(x!, k! as tf.Tensor1D, 1), { x: tame, k: i([3], 3, 3, 0) }),
  of("GatherV2", ({ x, k }) => tf.gather(x!, k! as tf.Tensor1D), { x: tame, k: i([], 1) }, FORWARD),
  of("GatherV2", ({ x, k }) => tf.gather(x!, k! as tf.Tensor1D, 1, 1), {
    x: tame,
    k: i([3, 2], 3, 1, 0, 0, 2, 2),
  }),
  of("GatherNd", ({ x, k }) => tf.gatherND(x!, k!), { x: tame, k: i([3, 2], 0, 0, 2, 3, 0, 0) }, OWN),
  of("GatherNd", ({ x, k }) => tf.gatherND(x!, k!), { x: wave(3, 2, 2), k: i([2, 1], 2, 2) }, OWN),
  of("ScatterNd", ({ k, u }) => tf.scatterND(k!, u!, [5]), { k: i([4, 1], 4, 1, 4, 0), u: row }, OWN),
  of("TensorScatterUpdate", ({ x, k, u }) => tf.tensorScatterUpdate(x!, k!, u!), {
    x: row,
    k: i([2, 1], 3, 0),
    u: f([2], 9, 8),
  }, OWN),
  of("UnsortedSegmentSum", ({ x, k }) => tf.unsortedSegmentSum(x!, k! as tf.Tensor1D, 4), {
    x: tame,
    k: i([3], 2, 0, 2),
  }),
  unary("OneHot", (k) => tf.oneHot(k, 4), i([2, 3], 0, 3, -1, 4, 2, 1), FORWARD),
  unary("OneHot", (k) => tf.oneHot(k, 3, 5, -1), i([3], 0, 1, 2), FORWARD),
  unary("OneHot", (k) => tf.oneHot(k, 3, 1, 0, "int32"), i([3], 0, 1, 2), FORWARD),
  of(
    "TopK",
    ({ x }) => {
      const { values, indices } = tf.topk(x!, 2);
      return [values, indices];
    },
    { x: f([2, 4], 3, 1, 4, 2, -1, -5, -2, -3) },
  ),
  unary("TopK", (x) => tf.topk(x, 3).values, wave(2, 2, 5), OWN),
  unary("MirrorPad", (x) => tf.mirrorPad(x, [[2, 1], [1, 3]], "reflect"), wave(3, 4), OWN),
  unary("MirrorPad", (x) => tf.mirrorPad(x, [[2, 3], [1, 0]], "symmetric"), wave(3, 4), OWN),
  unary("MirrorPad", (x) => tf.mirrorPad(x, [[0, 0], [0, 0]], "symmetric"), wave(3, 4)),
  unary("Diag", (x) => tf.diag(x), wave(4), OWN),
  unary("Diag", (x) => tf.diag(x), wave(2, 3), OWN),
  ...(["left", "right"] as const).map((side) =>
    of("SearchSorted", ({ s, v }) => tf.searchSorted(s!, v!, side), {
      s: f([2, 4], -1, 0, 0, 3, 1, 2, 3, 4),
      v: f([2, 3], -2, 0, 5, 1, 2.5, 4),
    }, FORWARD)
  ),
];
