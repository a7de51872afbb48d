/**
 * How many steps a training makes.
 *
 * @module
 */
import type { Algorithm } from "./types.ts";

/** Environment steps of a training: those asked for, rounded up to whole updates of all its environments. */
export function wholeSteps(
  { horizon }: Pick<Algorithm, "horizon">,
  { steps, envs }: { readonly steps: number; readonly envs: number },
): number {
  const each = horizon * envs;
  return each * Math.ceil(steps / each);
}
