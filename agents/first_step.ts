/**
 * The guard against trainings that end before they began to learn: a replay asks for so much before the first gradient
 * step.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import type { Algorithm, Metrics } from "./types.ts";

/** A training that ends without a gradient step, and from its last checkpoint would end so again. */
export class Unlearned extends UserError {}

/** Refuse, before step 0, a training whose steps cannot fill the replay as far as the first gradient step asks for. */
export function checkSteps(
  { name, settings }: Pick<Algorithm, "name" | "settings">,
  { steps, envs }: { readonly steps: number; readonly envs: number },
): void {
  const { capacity, horizon = 1, batch = 0, start } = settings as Partial<
    Record<"capacity" | "horizon" | "batch" | "start", number>
  >;
  if (capacity === undefined) return;
  const collected = Math.ceil(steps / (horizon * envs)) * horizon * envs;
  // Without a start, the replay holds episodes, each of at least one step.
  const needed = Math.max(batch, start ?? 0);
  if (collected >= needed) return;
  const what = start === undefined ? `${batch} episodes (batch)` : `${needed} steps (start, batch)`;
  throw new Unlearned(
    `${name} makes its first gradient step after ${what}, and a training of ${steps} steps makes ${collected}: it ` +
      `would learn nothing. Train for more steps, or set ${
        start === undefined ? "" : "start and "
      }batch lower`,
  );
}

/** Throws where a training ends with `metrics` of an update that still made no gradient step. */
export function checkLearned(
  { name, settings }: Pick<Algorithm, "name" | "settings">,
  metrics: Metrics,
): void {
  if (settings["capacity"] === undefined) return;
  if (Object.keys(metrics).some((metric) => /(^|\/)loss\//.test(metric))) return;
  throw new Unlearned(
    `the training ended without a gradient step: ${name} waits for a batch of ${
      settings["batch"]
    }, and fewer were ` +
      "collected. Nothing was learned. Train anew for more steps, or with a smaller batch",
  );
}
