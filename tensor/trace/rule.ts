/**
 * A rule says how one tfjs kernel is recorded. Rules live in tables, one per family; a missing entry is an error
 * that names the tables.
 *
 * @module
 */
import type { Builder } from "./builder.ts";
import type { Sym } from "./symbols.ts";

/** The names that tfjs kernels give their inputs. A rule takes those its kernel declares. */
type OperandName =
  | "a"
  | "alpha"
  | "b"
  | "bias"
  | "condition"
  | "dy"
  | "e"
  | "filter"
  | "images"
  | "indices"
  | "input"
  | "logits"
  | "mean"
  | "offset"
  | "output"
  | "params"
  | "preluActivationWeights"
  | "scale"
  | "segmentIds"
  | "sortedSequence"
  | "t"
  | "tensor"
  | "updates"
  | "value"
  | "values"
  | "variance"
  | "x"
  | "y";

/** A kernel's inputs by name, and all of them in order for kernels that take a list. Optional ones may be missing. */
export type Operands = Readonly<Record<OperandName, Sym>> & { readonly all: readonly Sym[] };

/** Records one kernel: inputs and attributes in, the symbols of its outputs back. */
export type Rule<Attributes> = (inputs: Operands, attributes: Attributes, g: Builder) => Sym | Sym[];

/** A table of rules by kernel name. */
export type Rules = Readonly<Record<string, Rule<never>>>;
