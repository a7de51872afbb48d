/**
 * How threads agree: commands are numbered; each thread does its part of one and says when it is done.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Reals } from "../types.ts";

/** What all threads do at once. */
export const COMMANDS = ["reset", "restart", "step", "refresh", "restored", "run", "close"] as const;
export type Command = (typeof COMMANDS)[number];

/** Places in the shared whole numbers. */
const TURN = 0;
const PENDING = 1;
const COMMAND = 2;
const ARGUMENT = 3;
const SEEDED = 4;
const FAILED = 5;
const LENGTH = 6;
const NUMBERS = 8;

/** Bytes for words between threads: policies to run, messages of errors. */
const WORDS = 8192;

/** Looks at a number before a thread goes to sleep over it. */
const PATIENCE = 2000;

/** Sizes that both sides know. */
export interface Sizes {
  readonly E: number;
  readonly N: number;
  readonly C: number;
}

/** Sums over the steps of a `run`. */
export interface Totals {
  /** `[E,N]` */
  readonly reward: Reals;
  /** `[E,N,C]` */
  readonly cost: Reals;
  /** `[E,C]` each event counted once. */
  readonly channelCost: Reals;
  /** `[E]` episodes that ended. */
  readonly episodes: Reals;
}

/** Memory that the threads of one world share, beside its columns. */
export class Control {
  readonly #numbers: Int32Array;
  readonly #words: Uint8Array;
  /** `[E]` */
  readonly seeds: Float64Array;
  readonly which: Uint8Array;
  readonly totals: Totals;

  constructor(readonly buffer: SharedArrayBuffer, { E, N, C }: Sizes) {
    let at = 4 * NUMBERS;
    const reals = (length: number) => {
      const array = new Float64Array(buffer, at, length);
      at += array.byteLength;
      return array;
    };
    this.#numbers = new Int32Array(buffer, 0, NUMBERS);
    this.seeds = reals(E);
    this.totals = {
      reward: reals(E * N),
      cost: reals(E * N * C),
      channelCost: reals(E * C),
      episodes: reals(E),
    };
    this.#words = new Uint8Array(buffer, at, WORDS);
    this.which = new Uint8Array(buffer, at + WORDS, E);
  }

  static bytes({ E, N, C }: Sizes): number {
    return 4 * NUMBERS + 8 * (2 * E + E * N + E * N * C + E * C) + WORDS + E;
  }

  get command(): Command {
    return COMMANDS[this.#numbers[COMMAND]!]!;
  }

  /** Of the command: an episode, or a number of steps. */
  get argument(): number {
    return this.#numbers[ARGUMENT]!;
  }

  /** Whether every environment has a seed of its own. */
  get seeded(): boolean {
    return this.#numbers[SEEDED] === 1;
  }

  set seeded(each: boolean) {
    this.#numbers[SEEDED] = each ? 1 : 0;
  }

  get words(): string {
    return new TextDecoder().decode(this.#words.slice(0, this.#numbers[LENGTH]));
  }

  set words(text: string) {
    const bytes = new TextEncoder().encode(text).subarray(0, WORDS);
    this.#words.set(bytes);
    this.#numbers[LENGTH] = bytes.length;
  }

  /** Tells `workers` threads to begin. */
  begin(command: Command, argument: number, workers: number): void {
    this.#numbers[COMMAND] = COMMANDS.indexOf(command);
    this.#numbers[ARGUMENT] = argument;
    Atomics.store(this.#numbers, PENDING, workers);
    Atomics.add(this.#numbers, TURN, 1);
    Atomics.notify(this.#numbers, TURN);
  }

  /** Waits until the number of the command is another one than `turn`; the new number. */
  next(turn: number): number {
    this.#whileEqual(TURN, turn);
    return Atomics.load(this.#numbers, TURN);
  }

  /** A thread has done its part. */
  finish(): void {
    if (Atomics.sub(this.#numbers, PENDING, 1) === 1) Atomics.notify(this.#numbers, PENDING);
  }

  /** A thread could not do its part; the first to say so is heard. */
  fail(error: unknown): void {
    if (Atomics.compareExchange(this.#numbers, FAILED, 0, error instanceof UserError ? 1 : 2) !== 0) return;
    this.words = error instanceof Error ? error.message : String(error);
  }

  /** Waits until all have done their part. */
  finished(): void {
    for (
      let left = Atomics.load(this.#numbers, PENDING);
      left > 0;
      left = Atomics.load(this.#numbers, PENDING)
    ) {
      this.#whileEqual(PENDING, left);
    }
  }

  /** @throws what a thread failed with */
  check(): void {
    const failed = Atomics.load(this.#numbers, FAILED);
    if (failed !== 0) throw failed === 1 ? new UserError(this.words) : new Error(this.words);
  }

  #whileEqual(place: number, value: number): void {
    for (let look = 0; look < PATIENCE; look++) if (Atomics.load(this.#numbers, place) !== value) return;
    while (Atomics.load(this.#numbers, place) === value) {
      if (MAY_SLEEP) Atomics.wait(this.#numbers, place, value);
    }
  }
}

/** Whether this thread may sleep: the main thread of a browser may not, and looks again and again. */
const MAY_SLEEP = (() => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
})();
