/** The words that the tables of kernel cases are written in. A new kernel needs one line in one table. */
import type * as tf from "@tensorflow/tfjs-core";
import type { Tensors } from "../../../tensor/mod.ts";
import { type Comparing, f, type Fn, type Input } from "../compare.ts";

/** One test: the kernels it covers, a function, its inputs. */
export interface Case {
  readonly kernels: string;
  readonly fn: Fn;
  readonly inputs: Record<string, Input>;
  readonly options?: Comparing;
}

/** A case on named inputs. */
export const of = (kernels: string, fn: Fn, inputs: Record<string, Input>, options?: Comparing): Case => ({
  kernels,
  fn,
  inputs,
  ...(options && { options }),
});

/** A case on one input. */
export const unary = (
  kernels: string,
  fn: (x: tf.Tensor) => tf.Tensor,
  input: Input,
  options?: Comparing,
): Case => of(kernels, ({ x }: Tensors) => fn(x!), { x: input }, options);

/** A case on two inputs. */
export const binary = (
  kernels: string,
  fn: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  first: Input,
  second: Input,
  options?: Comparing,
): Case => of(kernels, ({ a, b }: Tensors) => fn(a!, b!), { a: first, b: second }, options);

/** Outputs only. */
export const FORWARD: Comparing = { gradients: [] };

/** Finite differences as well, for gradients of our own. */
export const OWN: Comparing = { differences: true };

/** Made-up numbers of either sign, all different. */
export function wave(...shape: number[]): Input {
  const size = shape.reduce((n, m) => n * m, 1);
  return f(
    shape,
    ...Array.from({ length: size }, (_, k) => Math.sin(1.7 * k + size) + 0.05 * Math.cos(9 * k)),
  );
}
