/**
 * Rules that pick or add rows by index.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../../core/mod.ts";
import type { DType } from "../../types.ts";
import { axisOf } from "./axes.ts";
import type { Builder } from "../builder.ts";
import type { Operands, Rules } from "../rule.ts";
import { filled, literal, type Sym } from "../symbols.ts";

/** Rows of `x` along `axis`, chosen by `indices`; leading `batchDims` axes are shared by both. */
function gatherRows(x: Sym, indices: Sym, axis: number, batchDims: number, g: Builder): Sym {
  const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
  if (batchDims === 0) return g.node("Gather", [x, indices], { shape, dtype: x.dtype }, { axis });
  if (batchDims !== axis) {
    throw new UserError(`tf.gather with batchDims ${batchDims} needs axis ${batchDims}`);
  }
  const tuples = g.cast(g.reshape(indices, [...indices.shape, 1]), "int64");
  return g.node("GatherND", [x, tuples], { shape, dtype: x.dtype }, { batch_dims: batchDims });
}

/** Adds each row of `updates` to a zero tensor, at the place its index tuple names. */
function scatterAdd(indices: Sym, updates: Sym, shape: readonly number[], g: Builder): Sym {
  const zeros = filled(0, shape, updates.dtype);
  const places = g.cast(indices, "int64");
  return g.node("ScatterND", [zeros, places, updates], { shape, dtype: updates.dtype }, { reduction: "add" });
}

/** One where the index names the class, elsewhere zero: an index out of range names no class. */
function oneHot(indices: Sym, depth: number, on: number, off: number, dtype: DType, g: Builder): Sym {
  const classes = literal(Array.from({ length: depth }, (_, k) => k), [depth], "int32");
  const column = g.reshape(g.cast(indices, "int32"), [...indices.shape, 1]);
  const hit = g.binary("Equal", column, classes, "bool");
  return on === 1 && off === 0 ? g.cast(hit, dtype) : g.where(hit, g.scalar(on, dtype), g.scalar(off, dtype));
}

/** How many of each sorted row [B, N] lie before each value [B, M], as int32: where the value would be put. */
function search(
  { sortedSequence: row, values }: Operands,
  { side }: tf.SearchSortedAttrs,
  g: Builder,
): Sym {
  const [rows, length] = row.shape as [number, number];
  const count = values.shape[1]!;
  const sorted = g.reshape(row, [rows, 1, length]);
  const asked = g.reshape(values, [rows, count, 1]);
  const before = g.binary(side === "left" ? "Less" : "LessOrEqual", sorted, asked, "bool");
  const output = { shape: [rows, count], dtype: "int32" as const };
  return g.node("ReduceSum", [g.cast(before, "int32"), g.ints([2])], output, { keepdims: 0 });
}

export const gather = {
  GatherV2: ({ x, indices }, { axis, batchDims }: tf.GatherV2Attrs, g) =>
    gatherRows(x, indices, axisOf(axis, x), batchDims, g),
  GatherNd: ({ params, indices }, _: unknown, g) => {
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    return g.node("GatherND", [params, g.cast(indices, "int64")], { shape, dtype: params.dtype });
  },
  ScatterNd: ({ indices, updates }, { shape }: tf.ScatterNdAttrs, g) =>
    scatterAdd(indices, updates, shape, g),
  TensorScatterUpdate: ({ tensor, indices, updates }, _: unknown, g) =>
    g.node("ScatterND", [tensor, g.cast(indices, "int64"), updates], tensor),
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }: tf.UnsortedSegmentSumAttrs, g) => {
    const column = g.reshape(segmentIds, [...segmentIds.shape, 1]);
    return scatterAdd(column, x, [numSegments, ...x.shape.slice(segmentIds.shape.length)], g);
  },
  SearchSorted: search,
  OneHot: ({ indices }, { depth, onValue, offValue, dtype }: tf.OneHotAttrs, g) =>
    oneHot(indices, depth, onValue, offValue, (dtype ?? "float32") as DType, g),
  TopK: ({ x }, { k, sorted }: tf.TopKAttrs, g) => {
    const shape = [...x.shape.slice(0, -1), k];
    const outputs = [{ shape, dtype: x.dtype }, { shape, dtype: "int64" as const }];
    const [values, places] = g.nodes("TopK", [x, g.ints([k])], outputs, { axis: -1, sorted: sorted ? 1 : 0 });
    return [values!, g.cast(places!, "int32")];
  },
} satisfies Rules;
