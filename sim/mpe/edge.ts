/**
 * What keeps prey from running to infinity.
 *
 * @module
 */
import type { KernelBase } from "../language/kernel.ts";
import type { Num } from "../language/values.ts";

/**
 * The penalty of one coordinate x: 0 for |x| < 0.9, then 10 (|x| − 0.9) up to 1, then min(exp(2 |x| − 2), 10).
 *
 * Source   MPE2 at dbd68d2, `bound` in simple_tag and simple_world_comm
 */
export function edgePenalty(k: KernelBase, x: Num): Num {
  const far = x.abs();
  return k.when(
    far.lt(0.9),
    () => 0,
    () => k.when(far.lt(1), () => far.sub(0.9).mul(10), () => far.mul(2).sub(2).exp().min(10)),
  );
}
