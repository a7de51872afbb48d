/**
 * System identification: the params with which the simulator moves as it was recorded.
 *
 * @module
 */
import { settings, suggest, UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import { makeWorld } from "../engine/world.ts";
import { COEFFICIENTS, type Combinations } from "./coefficients.ts";
import { fit } from "./fit.ts";
import { type Motion, motionOf, motionWorld, type Params } from "./motion.ts";
import { cut, type Measured, readRecordings, type Recording, single, spreads } from "./recording.ts";
import { type Findings, findings } from "./report.ts";
import { type Rollout, rollout } from "./rollout.ts";
import { checkRecorded, elementsOf, guessStarts, influences } from "./starts.ts";

export interface IdentifyOptions {
  readonly data: readonly Recording[];
  /** The params to find: numbers other than 0. */
  readonly free: readonly string[];
  /** Params that are known, where they are not the scenario's defaults. */
  readonly fixed?: Params;
  /** Where the search begins, where that is not the scenario's defaults. A param keeps the sign that it begins with. */
  readonly start?: Readonly<Record<string, number>>;
  /**
   * Where the noise is. `measurement`, the default: every recorded number is off by an error of its own, the state
   * itself is not. `process`: the recorded states are exact, and each step ends beside where the model puts it.
   */
  readonly noise?: "measurement" | "process";
  /** With noise of measurement: about how many moments are fitted from one unknown start; default 25. */
  readonly window?: number;
  /** Numbers to report beside params where they are identified, by their names. */
  readonly combinations?: Combinations;
  readonly actions?: "discrete" | "continuous";
  /** What simulates: `js`, or where a page forbids compiled text `wasm64` or `eval`. All give the same bits. */
  readonly backend?: Motion["backend"];
}

export interface Identification extends Findings {
  readonly scenario: string;
  readonly noise: "measurement" | "process";
  readonly episodes: number;
  readonly steps: number;
  /** For each measured number the spread of what the fit leaves, in its own unit: the noise, if the model is right. */
  readonly rmse: Readonly<Record<string, number>>;
  readonly rollout: Rollout;
  readonly iterations: number;
  /** False where the search was given up before it came to rest. */
  readonly converged: boolean;
}

const WINDOW = 25;

/**
 * Fits `free` params to recordings, and says which of them the recordings cannot tell.
 *
 * Noise is taken to be independent from moment to moment, of one size for each measured number. Motion must not be
 * random.
 *
 * @throws UserError that names what is wrong with a param or a recording, and the cure
 */
export function identify(scenario: Scenario, options: IdentifyOptions): Identification {
  const { noise = "measurement", window = WINDOW, backend = "js" } = options;
  const begin = begins(scenario, options);
  const fixed = { ...options.fixed };
  const initial = { ...fixed, ...Object.fromEntries(options.free.map((name, i) => [name, begin[i]!])) };
  const kind = options.actions === undefined ? {} : { actions: options.actions };
  const world = makeWorld(scenario, { params: initial, backend, ...kind });
  const data = readRecordings(options.data, world);
  checkNoise(noise, window, data);
  const bare: Motion = {
    scenario: motionOf(scenario),
    actions: world.spec.actionKind,
    backend,
    state: data.elements,
    sight: data.sight,
  };
  const motion = withState(bare, initial, data);
  const stretches = noise === "process" ? single(data) : cut(data, window);
  const M = data.names.length;
  const S = motion.state.length;
  const shooting = noise === "measurement";
  enough(
    stretches.reduce((sum, { moments }) => sum + moments * M, 0),
    stretches.length,
    shooting ? S : M,
    data,
    begin,
  );
  const starts = data.sight === "states"
    ? Float64Array.from(stretches.flatMap(({ measured }) => Array.from(measured.subarray(0, M))))
    : guessStarts(motion, initial, stretches, M);
  const found = fit({
    motion,
    stretches,
    measured: M,
    spread: spreads(stretches, M),
    free: options.free,
    fixed,
    begin,
    shooting,
    starts,
  });
  const params = { ...fixed, ...Object.fromEntries(options.free.map((name, i) => [name, found.params[i]!])) };
  const all = { ...world.spec.params, ...fixed };
  return {
    scenario: scenario.id,
    noise,
    episodes: data.episodes.length,
    steps: data.steps,
    ...findings(found, options.free, all, { ...COEFFICIENTS[scenario.id], ...options.combinations }),
    rmse: Object.fromEntries(data.names.map((name, m) => [name, found.errors[m]!])),
    rollout: rollout(motion, params, data, stretches, found.starts),
    iterations: found.iterations,
    converged: found.converged,
  };
}

/** `[P]` where each free param begins. */
function begins({ id, params }: Scenario, { free, fixed = {}, start = {} }: IdentifyOptions): number[] {
  if (free.length === 0) throw new UserError("identify: expected at least one free param, found none");
  const names = Object.keys(params.shape);
  for (const name of [...free, ...Object.keys(start), ...Object.keys(fixed)]) {
    if (names.includes(name)) continue;
    const near = suggest(name, names);
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    throw new UserError(`identify: ${id} has no param "${name}".${hint} It has: ${names.join(", ")}`);
  }
  const twice = free.find((name, i) => free.indexOf(name) !== i || Object.hasOwn(fixed, name));
  if (twice !== undefined) {
    throw new UserError(`identify: ${twice} stands twice: a param is free once, or fixed`);
  }
  const idle = Object.keys(start).find((name) => !free.includes(name));
  if (idle !== undefined) {
    throw new UserError(`identify: ${idle} has a start and is not free: add it to free, or give it in fixed`);
  }
  const given = settings(params, { ...fixed, ...start }, id);
  return free.map((name) => {
    const value = given[name];
    if (typeof value !== "number" || params.shape[name]!.safeParse(value * (1 + 1e-6)).success === false) {
      throw new UserError(
        `identify: ${name} is no number that can be moved a little: free only what may be any number of a range`,
      );
    }
    if (value === 0 || !Number.isFinite(value)) {
      throw new UserError(
        `identify: ${name} begins at ${value}: give it a start other than 0, with the right sign`,
      );
    }
    return value;
  });
}

function checkNoise(noise: string, window: number, { sight }: Measured): void {
  if (noise !== "measurement" && noise !== "process") {
    throw new UserError(`identify: expected noise to be "measurement" or "process", found "${noise}"`);
  }
  if (!Number.isInteger(window) || window < 2) {
    throw new UserError(`identify: expected window to be a whole number of at least 2, found ${window}`);
  }
  if (noise === "process" && sight === "observations") {
    throw new UserError(
      `identify: noise "process" needs recorded states, and these are observations: use noise "measurement"`,
    );
  }
}

/** The same motion, with the state that has to be known of it. */
function withState(motion: Motion, params: Params, { sight }: Measured): Motion {
  if (sight === "observations") {
    const every = elementsOf(motionWorld(motion, params, 1, 1));
    return { ...motion, state: influences({ ...motion, state: every }, params) };
  }
  checkRecorded(motion, params);
  return motion;
}

/** @throws UserError where there are not more numbers than unknowns */
function enough(
  numbers: number,
  stretches: number,
  own: number,
  { steps }: Measured,
  { length: P }: readonly number[],
): void {
  const left = numbers - stretches * own - P;
  if (left >= 5) return;
  throw new UserError(
    `identify: ${steps} steps say too little about ${P} params: record ${
      steps + Math.ceil((5 - left) / own) + 1
    } or more`,
  );
}
