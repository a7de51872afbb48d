/**
 * Recording: a world of one environment whose steps are written down.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { BackendName, Budget, World } from "../types.ts";
import type { Grouping, ResetMode } from "../engine/plan.ts";
import { makeWorld } from "../engine/world.ts";
import { paramsOf } from "../realism/given.ts";
import { actionCodec } from "./bits.ts";
import { digest } from "./digest.ts";
import { type EpisodeMark, FIELDS, type Origin, writeReplay } from "./format.ts";

export interface RecordOptions {
  readonly params?: Record<string, unknown>;
  readonly actions?: "discrete" | "continuous";
  readonly maxCycles?: number;
  /** Who shares a policy: see `makeWorld`. */
  readonly groups?: Grouping;
  readonly seed: number;
  /** Id of the environment, which keys its random streams: 0 if not given. */
  readonly firstEnv?: number;
  /** Index of the first episode: 0 if not given. */
  readonly firstEpisode?: number;
  /** What resets draw from: the world's own streams if not given. */
  readonly reset?: ResetMode;
  readonly backend?: BackendName;
}

export interface Recorder {
  /** One environment. Fill its `actions`, then call the recorder's `step`, never the world's own. */
  readonly world: World;
  /** `world.step()`, written down. */
  step(): void;
  /** Steps written down. */
  readonly steps: number;
  /** Episodes that ended. */
  readonly episodes: number;
  /** The replay file of all steps so far. Limits, if not given, are the scenario's budgets, or the forked replay's. */
  finish(labels: { policy: string; limits?: readonly Budget[]; run?: string }): Uint8Array;
}

/** A recorder of `scenario`, reset to the first episode. */
export function record(scenario: Scenario, options: RecordOptions): Recorder {
  const {
    params = {},
    seed,
    firstEnv = 0,
    firstEpisode = 0,
    backend = "js",
    actions,
    maxCycles,
    groups,
    reset,
  } = options;
  const world = makeWorld(scenario, {
    params,
    firstEnv,
    backend,
    ...(actions === undefined ? {} : { actions }),
    ...(maxCycles === undefined ? {} : { maxCycles }),
    ...(groups === undefined ? {} : { groups }),
    ...(reset === undefined ? {} : { reset }),
  });
  const numpy = reset === "numpy" ? { reset } : {};
  return recorder(world, { seed, env: firstEnv, firstEpisode, ...numpy });
}

/** Where a recording begins: what keys its world's random numbers, and the replay it was forked from, if any. */
export interface Beginning {
  readonly seed: number;
  readonly env: number;
  readonly firstEpisode: number;
  readonly reset?: "numpy";
  readonly fork?: Origin;
}

/**
 * A recorder of `world`, which must hold the one environment of that beginning, and which it resets.
 *
 * @param budgets the limits that are written where `finish` is given none
 */
export function recorder(
  world: World,
  beginning: Beginning,
  budgets: readonly Budget[] = world.spec.budgets,
): Recorder {
  world.reset(beginning.seed, beginning.firstEpisode);
  const { spec } = world;
  const codec = actionCodec(spec);
  const proof = digest(world);
  const marks: EpisodeMark[] = [];
  let packed = new Uint8Array(1024);
  let checks = new Uint8Array(1024);
  let steps = 0;

  function step(): void {
    const from = steps * codec.stepBits;
    const to = from + codec.stepBits;
    packed = roomFor(packed, Math.ceil(to / 8));
    checks = roomFor(checks, FIELDS.length * (steps + 1));
    const check = checks.subarray(FIELDS.length * steps, FIELDS.length * (steps + 1));
    const before = world.actions.slice();
    world.step();
    codec.write(before, from, packed);
    check[0] = proof.actions(packed, from, to);
    proof.outcome(check.subarray(1));
    steps++;
    if (world.done[0] === 1) marks.push({ end: steps, hash: proof.hash() });
  }

  function finish(labels: { policy: string; limits?: readonly Budget[]; run?: string }): Uint8Array {
    if (steps === 0) throw new UserError("replay: there is nothing to write before the first step()");
    return writeReplay({
      header: {
        scenario: spec.scenario,
        params: paramsOf(spec),
        codeHash: spec.codeHash,
        actionKind: spec.actionKind,
        maxCycles: spec.maxCycles,
        backend: spec.backend,
        ...beginning,
        steps,
        episodes: marks.length,
        agents: [...spec.agents],
        actionSizes: [...spec.actionSizes],
        channels: spec.channels.map(({ name, scope }) => ({ name, scope })),
        limits: (labels.limits ?? budgets).map((budget) => ({ ...budget })),
        policy: labels.policy,
        ...(labels.run === undefined ? {} : { run: labels.run }),
      },
      actions: packed.subarray(0, Math.ceil(steps * codec.stepBits / 8)),
      checks: checks.subarray(0, FIELDS.length * steps),
      episodes: marks,
      hash: proof.hash(),
    });
  }

  return {
    world,
    step,
    finish,
    get steps() {
      return steps;
    },
    get episodes() {
      return marks.length;
    },
  };
}

/** `bytes`, or a copy at least twice as long, so that it holds `size` bytes. */
function roomFor(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (size <= bytes.length) return bytes;
  const grown = new Uint8Array(Math.max(size, 2 * bytes.length));
  grown.set(bytes);
  return grown;
}
