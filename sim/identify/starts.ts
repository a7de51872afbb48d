/**
 * Which numbers make up the state that a measurement depends on, and where to look for it first.
 *
 * @module
 */
import { fork, seed, type Stream, uniform, UserError } from "../../core/mod.ts";
import { randomPolicy } from "../policies.ts";
import { runner } from "../runner.ts";
import type { World } from "../types.ts";
import { type Element, type Motion, motionWorld, type Params, putStates, sightOf } from "./motion.ts";
import { spreads, type Stretch } from "./recording.ts";

/** Environments, and steps, that are looked at to find out what depends on what. */
const SAMPLE = 16;
const AHEAD = 4;
/** States among which the nearest to an observation is sought, and the longest way to them from a reset. */
const CANDIDATES = 1024;
const ROAMING = 40;

/** Every number of the state. */
export function elementsOf({ columns }: World): Element[] {
  return Object.entries(columns).flatMap(([column, { width }]) =>
    Array.from({ length: width }, (_, index) => ({ column, index }))
  );
}

/** Those numbers of the state that what is measured depends on, some steps later or at once. */
export function influences(motion: Motion, params: Params): Element[] {
  const world = motionWorld(motion, params, SAMPLE, ROAMING + AHEAD);
  const own = runner(world, policiesOf(world), 1);
  for (let t = 0; t < 5; t++) own.step();
  world.refresh();
  const before = world.snapshot();
  const stream = fork(seed(1), "actions");
  const still = ahead(world, motion, { ...stream });
  return elementsOf(world).filter(({ column, index }) => {
    world.restore(before);
    const { data, width } = world.columns[column]!;
    for (let env = 0; env < SAMPLE; env++) data[env * width + index]! += 1e-3;
    world.refresh();
    const moved = ahead(world, motion, { ...stream });
    return moved.some((x, i) => x !== still[i]);
  });
}

/** What is seen of all environments now and over the next steps, under actions drawn from a stream. */
function ahead(world: World, motion: Motion, stream: Stream): Float64Array {
  const { E } = world.spec;
  const see = sightOf(world, motion);
  const seen = new Float64Array((AHEAD + 1) * E * see.M);
  for (let t = 0; t <= AHEAD; t++) {
    if (t > 0) {
      drawActions(world, stream);
      world.step();
    }
    for (let env = 0; env < E; env++) see.read(env, t * E + env, seen);
  }
  return seen;
}

function drawActions({ actions, spec }: World, stream: Stream): void {
  const { N, A, actionKind, actionSizes, groups } = spec;
  for (const { members, action } of groups) {
    for (const n of members) {
      for (let env = 0; env < spec.E; env++) {
        if (actionKind === "discrete") {
          actions[env * N + n] = Math.floor(uniform(stream, 0, actionSizes[n]!));
          continue;
        }
        const [low, high] = action.kind === "box" ? [action.low, action.high] : [0, 1];
        for (let i = 0; i < actionSizes[n]!; i++) actions[(env * N + n) * A + i] = uniform(stream, low, high);
      }
    }
  }
}

function policiesOf({ spec }: World) {
  return Object.fromEntries(spec.groups.map((group) => [group.name, randomPolicy(spec, group)]));
}

/** @throws UserError naming a column that was not recorded, and that moves one that was */
export function checkRecorded(motion: Motion, params: Params): void {
  const recorded = new Set(motion.state.map(({ column }) => column));
  const lacking = influences(motion, params).find(({ column }) => !recorded.has(column));
  if (lacking === undefined) return;
  throw new UserError(
    `identify: the recordings lack the state column "${lacking.column}", which moves what they have: ` +
      `record it too, or record observations`,
  );
}

/** `[K,S]` for each stretch the state, of many that random play comes by, that looks most like its first moment. */
export function guessStarts(
  motion: Motion,
  params: Params,
  stretches: readonly Stretch[],
  M: number,
): Float64Array {
  const S = motion.state.length;
  const world = motionWorld(motion, params, CANDIDATES, ROAMING);
  const states = new Float64Array(CANDIDATES * S);
  const own = runner(world, policiesOf(world), 2);
  for (let t = 0; t < ROAMING; t++) {
    for (let env = t; env < CANDIDATES; env += ROAMING) {
      motion.state.forEach(({ column, index }, s) => {
        const { data, width } = world.columns[column]!;
        states[env * S + s] = data[env * width + index]!;
      });
    }
    own.step();
  }
  const shown = motionWorld(motion, params, CANDIDATES, ROAMING);
  putStates(shown, motion.state, states);
  const see = sightOf(shown, motion);
  const seen = new Float64Array(CANDIDATES * M);
  for (let env = 0; env < CANDIDATES; env++) see.read(env, env, seen);
  const scale = spreads(stretches, M);
  const starts = new Float64Array(stretches.length * S);
  stretches.forEach(({ measured }, k) => {
    let [nearest, least] = [0, Infinity];
    for (let env = 0; env < CANDIDATES; env++) {
      let distance = 0;
      for (let m = 0; m < M; m++) {
        const off = (seen[env * M + m]! - measured[m]!) / scale[m]!;
        distance += off * off;
      }
      if (distance < least) [nearest, least] = [env, distance];
    }
    starts.set(states.subarray(nearest * S, (nearest + 1) * S), k * S);
  });
  return starts;
}
