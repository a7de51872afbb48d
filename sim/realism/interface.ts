/**
 * What runs between a world's engine and its policies: the same code around every backend and both kinds of scenario.
 *
 * Numbers of noise   counter (episode, 3 · 2³⁰ + step · numbers per step + place), two for each entry
 * Delays             drawn at each reset, from the reset's other stream behind those of the params
 *
 * @module
 */
import { cos, log, UserError } from "../../core/mod.ts";
import type { Cells } from "../engine/layout.ts";
import { ASIDE, counter, draw, DRAWS_PER_EPISODE } from "../engine/streams.ts";
import type { Autoreset, Reals, WorldSpec } from "../types.ts";
import { actionNumbers } from "./columns.ts";
import type { Transform } from "./transforms.ts";

/** Where the numbers of random delays begin among a reset's other ones. */
const DELAYS = 1048576;
const NOISE = 3 * DRAWS_PER_EPISODE;

type Noise = Extract<Transform, { sensorNoise: unknown }>["sensorNoise"];

/** Noise and delays of one world. */
export class Interface {
  readonly #transforms: readonly Transform[];
  readonly #elapsed: Cells;
  readonly #asked: Int32Array | Float32Array;
  readonly #acts: boolean;
  /** Numbers of noise in a step. */
  readonly #perStep: number;
  readonly #neutral: readonly number[];

  constructor(
    readonly spec: WorldSpec,
    readonly cells: Readonly<Record<string, Cells>>,
    readonly autoreset: Autoreset,
  ) {
    this.#transforms = spec.realism!.transforms;
    this.#elapsed = cells["elapsed"]!;
    this.#asked = (cells["actions"] as Int32Array | Float32Array).slice();
    this.#acts = this.#transforms.some((one) => "actuationDelay" in one);
    const noises = this.#transforms.filter((one) => "sensorNoise" in one).length;
    this.#perStep = noises * 2 * spec.N * spec.O;
    if ((spec.maxCycles + 1) * this.#perStep >= DRAWS_PER_EPISODE) {
      throw new UserError(
        `${spec.scenario}: an episode of ${spec.maxCycles} steps is too long for sensorNoise`,
      );
    }
    this.#neutral = neutral(spec);
  }

  /** The first observation of an episode. */
  begin(env: number): void {
    const { cells, spec } = this;
    const [elapsed, width] = [this.#elapsed, 1 + this.#transforms.length];
    elapsed[env * width] = 0;
    this.#transforms.forEach((one, i) => {
      if ("sensorNoise" in one) return;
      const { steps, random } = "observationDelay" in one ? one.observationDelay : one.actuationDelay;
      elapsed[env * width + 1 + i] = random ? Math.floor(this.#draw(env, DELAYS + i) * (steps + 1)) : steps;
      if ("observationDelay" in one) return;
      const late = cells[`late${i}`]!;
      const row = late.length / spec.E;
      for (let j = 0; j < row; j++) late[env * row + j] = this.#neutral[j % this.#neutral.length]!;
    });
    this.#show(env, cells["obs"] as Reals, cells["episode"]![env]!);
  }

  /** Puts the actions in place that reach the world in this step. */
  before(): void {
    if (!this.#acts) return;
    const { cells, spec } = this;
    const actions = cells["actions"]!;
    const [size, width] = [actionNumbers(spec), 1 + this.#transforms.length];
    this.#asked.set(actions);
    this.#transforms.forEach((one, i) => {
      if (!("actuationDelay" in one)) return;
      const slots = one.actuationDelay.steps + 1;
      for (let env = 0; env < spec.E; env++) {
        const delay = this.#elapsed[env * width + 1 + i]!;
        pass(cells[`late${i}`]!, env, slots, this.#elapsed[env * width]!, delay, actions, size);
      }
    });
  }

  /** What the step shows; actions are again what was asked for. */
  after(): void {
    const { cells, spec, autoreset } = this;
    const [done, cycle, episode] = [cells["done"]!, cells["cycle"]!, cells["episode"]!];
    const [obs, final] = [cells["obs"] as Reals, cells["finalObs"] as Reals];
    const [row, width] = [spec.N * spec.O, 1 + this.#transforms.length];
    if (this.#acts) cells["actions"]!.set(this.#asked);
    for (let env = 0; env < spec.E; env++) {
      if (done[env] === 0 && cycle[env] === 0) {
        this.begin(env);
        continue;
      }
      this.#elapsed[env * width]!++;
      if (done[env] === 0) {
        this.#show(env, obs, episode[env]!);
        continue;
      }
      this.#show(env, final, autoreset === "disabled" ? episode[env]! : episode[env]! - 1);
      if (autoreset === "same-step") this.begin(env);
      else for (let i = env * row; i < (env + 1) * row; i++) obs[i] = final[i]!;
    }
  }

  /** Shows the state again, after it was changed from outside. */
  refresh(): void {
    const { cells, spec } = this;
    for (let env = 0; env < spec.E; env++) {
      if (this.autoreset !== "same-step" && cells["done"]![env] === 1) continue;
      this.#show(env, cells["obs"] as Reals, cells["episode"]![env]!);
    }
  }

  /** An observation of the running episode, as policies get it. */
  #show(env: number, obs: Reals, episode: number): void {
    const { N, O } = this.spec;
    const at = env * (1 + this.#transforms.length);
    const t = this.#elapsed[at]!;
    let noises = 0;
    this.#transforms.forEach((one, i) => {
      if ("sensorNoise" in one) {
        this.#blur(env, obs, episode, t * this.#perStep + 2 * N * O * noises++, one.sensorNoise);
      } else if ("observationDelay" in one) {
        const late = this.cells[`late${i}`]!;
        const slots = one.observationDelay.steps + 1;
        pass(late, env, slots, t, this.#elapsed[at + 1 + i]!, obs, N * O, t === 0);
      }
    });
  }

  #blur(env: number, obs: Reals, episode: number, first: number, { deviation, kind }: Noise): void {
    const { N, O, observationSizes } = this.spec;
    for (let n = 0; n < N; n++) {
      for (let i = 0; i < observationSizes[n]!; i++) {
        const scale = typeof deviation === "number" ? deviation : deviation[i] ?? 0;
        if (scale === 0) continue;
        const place = NOISE + first + 2 * (n * O + i);
        const unit = this.#unit(env, episode, place);
        obs[(env * N + n) * O + i]! += scale *
          (kind === "uniform"
            ? 2 * unit - 1
            : Math.sqrt(-2 * log(1 - unit)) * cos(2 * Math.PI * this.#unit(env, episode, place + 1)));
      }
    }
  }

  #draw(env: number, n: number): number {
    return this.#unit(env, this.cells["episode"]![env]!, counter("reset", ASIDE + n));
  }

  #unit(env: number, episode: number, place: number): number {
    const key = this.cells["key"]!;
    return draw(key[2 * env]!, key[2 * env + 1]!, episode, place);
  }
}

/**
 * Puts row `env` of `now` into a ring of `slots` rows and takes out the one of `delay` steps earlier.
 *
 * @param t steps taken
 * @param first whether all slots begin as this row
 */
function pass(
  ring: Cells,
  env: number,
  slots: number,
  t: number,
  delay: number,
  now: Cells,
  size: number,
  first = false,
): void {
  const start = env * slots * size;
  const put = start + t % slots * size;
  const take = start + (t - delay + slots) % slots * size;
  for (let i = 0; i < size; i++) {
    const value = now[env * size + i]!;
    if (first) { for (let s = 0; s < slots; s++) ring[start + s * size + i] = value; }
    ring[put + i] = value;
    now[env * size + i] = ring[take + i]!;
  }
}

/** What agents do before anything was asked of them. */
function neutral({ N, A, actionKind, groups }: WorldSpec): readonly number[] {
  if (actionKind === "discrete") return new Array(N).fill(0);
  const into = new Array<number>(N * A).fill(0);
  for (const { action, members } of groups) {
    if (action.kind !== "box") continue;
    const rest = Math.max(action.low, Math.min(action.high, 0));
    for (const n of members) into.fill(rest, n * A, (n + 1) * A);
  }
  return into;
}
