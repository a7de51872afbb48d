/**
 * Random numbers of class worlds, keyed as those of traced ones (`streams.ts`). A step draws as many as it likes, up to
 * a budget by which steps are told apart.
 *
 * @module
 */
import { cos, log, UserError } from "../../core/mod.ts";
import type { Draws } from "../language/class_scenario.ts";
import type { Cells } from "./layout.ts";
import { ASIDE, counter, draw } from "./streams.ts";

/** Draws that one step may take. */
export const DRAWS_PER_STEP = 4096;

/** The draws of one world's environments, one phase at a time. */
export class ClassDraws implements Draws {
  readonly #key: Cells;
  readonly #episode: Cells;
  #env = 0;
  #purpose: "reset" | "dynamics" = "reset";
  #first = 0;
  #drawn = 0;

  constructor(cells: Readonly<Record<string, Cells>>, readonly what: string) {
    this.#key = cells["key"]!;
    this.#episode = cells["episode"]!;
  }

  /** Begins the draws of a reset, or of the step after `cycle` others. */
  begin(env: number, purpose: "reset" | "dynamics", cycle: number): void {
    this.#env = env;
    this.#purpose = purpose;
    this.#first = cycle * DRAWS_PER_STEP;
    this.#drawn = 0;
  }

  #unit(): number {
    if (this.#purpose === "dynamics" && this.#drawn === DRAWS_PER_STEP) {
      throw new UserError(
        `${this.what}: a step may draw ${DRAWS_PER_STEP} random numbers: draw what it needs more in reset`,
      );
    }
    const env = this.#env;
    const place = counter(this.#purpose, this.#first + this.#drawn++);
    return draw(this.#key[2 * env]!, this.#key[2 * env + 1]!, this.#episode[env]!, place);
  }

  /** Number `n` of a reset's other stream. */
  aside(env: number, n: number): number {
    const [key, episode] = [this.#key, this.#episode];
    return draw(key[2 * env]!, key[2 * env + 1]!, episode[env]!, counter("reset", ASIDE + n));
  }

  uniform(low = 0, high = 1): number {
    return this.#unit() * (high - low) + low;
  }

  integer(n: number): number {
    return Math.floor(this.#unit() * n);
  }

  /** Box–Muller; two draws. */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * log(1 - this.#unit()));
    return radius * cos(2 * Math.PI * this.#unit()) * deviation + mean;
  }

  /** Fisher–Yates. */
  shuffle(into: { length: number; [index: number]: number }, length = into.length): void {
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const moved = into[i]!;
      into[i] = into[j]!;
      into[j] = moved;
    }
  }
}
