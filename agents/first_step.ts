/**
 * The guard against trainings that end before they began to learn: a replay must hold so many entries before the first
 * gradient step.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import type { Algorithm } from "./types.ts";
import { wholeSteps } from "./whole_steps.ts";

/** A training that ends without a gradient step, and from its last checkpoint would end so again. */
export class Unlearned extends UserError {}

type Replaying = Pick<Algorithm, "name" | "replay">;

/** Entries that the first gradient step waits for. */
const needed = ({ waits }: NonNullable<Algorithm["replay"]>) => Math.max(...Object.values(waits));

/** Refuse a replay that could never hold what the first gradient step waits for. */
export function checkReplay({ name, replay }: Replaying): void {
  if (!replay || replay.capacity >= needed(replay)) return;
  const least = needed(replay);
  const most = Object.keys(replay.waits).find((setting) => replay.waits[setting] === least)!;
  throw new UserError(
    `${name}.capacity: expected at least ${most}, which is ${least}, or no gradient step would ever be made; ` +
      `found ${replay.capacity}. Say capacity=${least}, or a smaller ${most}`,
  );
}

/** Refuse, before step 0, a training whose steps cannot fill the replay as far as the first gradient step asks for. */
export function checkSteps(
  algorithm: Replaying & Pick<Algorithm, "horizon">,
  size: { readonly steps: number; readonly envs: number },
): void {
  const { name, replay } = algorithm;
  if (!replay) return;
  const made = wholeSteps(algorithm, size);
  // An episode takes at least one step.
  if (made >= needed(replay)) return;
  const settings = Object.keys(replay.waits);
  throw new Unlearned(
    `${name} makes its first gradient step after ${needed(replay)} ${replay.of} (${
      settings.join(", ")
    }), and ` +
      `--steps ${size.steps} makes ${made} steps, too few for that: it would learn nothing. Ask for more --steps, ` +
      `or set ${settings.join(" and ")} lower`,
  );
}

/** Throws where a training ends with so few entries in its largest replay that it made no gradient step. */
export function checkLearned({ name, replay }: Replaying, entries: number): void {
  if (!replay || entries >= needed(replay)) return;
  const settings = Object.keys(replay.waits).join(" and ");
  throw new Unlearned(
    `the training ended without a gradient step: ${name} waits for ${
      needed(replay)
    } ${replay.of} (${settings}), ` +
      `and ${entries} were collected. Nothing was learned. Train anew for more steps, or with ${settings} lower`,
  );
}
