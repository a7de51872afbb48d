/**
 * MPE's step with contacts cut off where they no longer count.
 *
 * @module
 */
import type { KernelBase } from "../language/kernel.ts";
import { particleStep } from "../language/particle_step.ts";

/**
 * Forces end at a gap of 40 margins, where they are below 100 · 10⁻³ · e⁻⁴⁰ = 4.3 · 10⁻¹⁹: lost in the rounding of a
 * sum with anything else. MPE2's traces are met to 10⁻¹² all the same, and most pairs need no exponential.
 */
export function mpeStep(k: KernelBase): void {
  particleStep(k, { range: 40 * 1e-3 });
}
