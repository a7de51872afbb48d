/**
 * What the API tests ask of spaces, observations and masks.
 *
 * @module
 */
import { isVector } from "../spaces.ts";
import type { AnyEnv, Info } from "../types.ts";
import { check, difference } from "./check.ts";

/** Every agent has its spaces, sound ones, and the same objects at every call. */
export function checkSpaces(env: AnyEnv): void {
  for (const agent of env.possibleAgents) {
    for (const member of ["observationSpace", "actionSpace"] as const) {
      const space = env[member](agent);
      const what = `${member}("${agent}")`;
      check(
        space === env[member](agent),
        `${what} gives a new object at each call: make it once and keep it`,
      );
      if (space.kind === "box") checkBox(what, space as ReturnType<AnyEnv["actionSpace"]>);
      const sample = space.sample();
      check(
        space.contains(sample),
        `${what} does not contain its own sample: contains() and sample() must agree`,
      );
      space.seed(7);
      const draws = [space.sample(), space.sample()];
      space.seed(7);
      check(
        difference(draws, [space.sample(), space.sample()]) === undefined,
        `${what} draws otherwise after the same seed: let seed() restart the stream that sample() draws from`,
      );
    }
  }
  const nobody = "nobody_99";
  for (const member of ["observationSpace", "actionSpace"] as const) {
    check(throws(() => env[member](nobody)), `${member}("${nobody}") must throw: there is no such agent`);
  }
}

function throws(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

function checkBox(what: string, space: ReturnType<AnyEnv["actionSpace"]>): void {
  if (space.kind !== "box") return;
  const { low, high, shape } = space;
  const size = shape.reduce((product, extent) => product * extent, 1);
  check(size > 0, `${what} is empty: a box holds at least one number`);
  check(
    low.length === size && high.length === size,
    `${what}: its bounds have ${low.length} and ${high.length} numbers, its shape [${shape}] ${size}: one for each`,
  );
  const at = low.findIndex((least, i) => least > high[i]!);
  check(at === -1, `${what}: low ${low[at]} is above high ${high[at]} at index ${at}: swap them`);
}

/** An observation is in its space, and no number of it is NaN or infinite. */
export function checkObservation(env: AnyEnv, agent: string, observation: unknown): void {
  const what = `the observation of ${agent}`;
  check(observation !== undefined && observation !== null, `${what} is ${observation}: show it one`);
  for (const numbers of vectorsIn(observation)) {
    check(numbers.length > 0, `${what} is empty: show at least one number`);
    const at = Array.from(numbers).findIndex((x) => !Number.isFinite(x));
    check(at === -1, `${what} is ${numbers[at]} at index ${at}: observations are finite numbers`);
  }
  const space = env.observationSpace(agent);
  check(
    space.contains(observation),
    `${what} is out of its space: ${show(observation)}: widen the space, or correct what is shown`,
  );
  if (space.kind === "box") {
    check(observation instanceof Float32Array, `${what} is no Float32Array: a box holds float32 numbers`);
  }
}

function show(observation: unknown): string {
  return JSON.stringify(
    observation,
    (_, part) => ArrayBuffer.isView(part) ? Array.from(part as Uint8Array) : part,
  );
}

function* vectorsIn(observation: unknown): Iterable<ArrayLike<number>> {
  if (isVector(observation)) yield observation;
  else if (typeof observation === "object" && observation !== null) {
    for (const part of Object.values(observation)) yield* vectorsIn(part);
  }
}

/** An info is an object, and its mask, if any, fits the action space. */
export function checkInfo(env: AnyEnv, agent: string, info: Info | undefined): void {
  check(
    typeof info === "object" && info !== null,
    `the info of ${agent} is ${info}: give {} where there is none`,
  );
  const mask = info.actionMask;
  if (mask === undefined) return;
  const space = env.actionSpace(agent);
  check(
    space.kind === "discrete",
    `${agent} is shown an actionMask, and its actions are continuous: leave it out`,
  );
  check(
    mask.length === space.n && mask.every((bit) => bit === 0 || bit === 1),
    `the actionMask of ${agent} is [${
      Array.from(mask)
    }]: it is one 0 or 1 for each of its ${space.n} actions`,
  );
}

/** What is allowed, and seldom meant. */
export function warningsOf(env: AnyEnv): string[] {
  const warnings: string[] = [];
  for (const agent of env.possibleAgents) {
    if (!/^[a-z]+_\d+$/.test(agent)) warnings.push(`agent "${agent}" is not named like player_0`);
    const space = env.actionSpace(agent);
    if (space.kind !== "box") continue;
    if (![...space.low, ...space.high].every(Number.isFinite)) {
      warnings.push(`the actions of ${agent} have no bounds: learners scale them by their bounds`);
    }
    if (space.low.some((least, i) => least === space.high[i])) {
      warnings.push(`the actions of ${agent} have equal bounds: nothing is left to choose`);
    }
  }
  return warnings;
}
