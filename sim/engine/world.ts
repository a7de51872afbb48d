/**
 * Makes worlds.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { Autoreset, BackendName, World, WorldSpec } from "../types.ts";
import { blueprint } from "./blueprint.ts";
import type { PlanOptions } from "./plan.ts";
import { Run, whole } from "./run.ts";
import { Store } from "./store.ts";

export interface WorldOptions extends PlanOptions {
  /** How many environments; default 1. */
  readonly envs?: number;
  /**
   * Default `js`. `wasm64` gives the same bits, faster, and runs where a page forbids compiled text; `eval` gives them
   * slowly, without compiling. `wasm32` computes in floats, faster still, with bits of its own.
   */
  readonly backend?: BackendName;
  /** When the next episode begins; default `same-step`. */
  readonly autoreset?: Autoreset;
  /** Number of the first environment: its random streams are those of environment `firstEnv`. */
  readonly firstEnv?: number;
}

/** What a world of this scenario is like. */
export function describe(scenario: Scenario, params: Readonly<Record<string, unknown>> = {}): WorldSpec {
  return blueprint(scenario, { params }).spec("js", 1);
}

/**
 * `envs` copies of a scenario, reset with seed 0.
 *
 * @throws UserError naming a wrong param or option
 */
export function makeWorld(
  scenario: Scenario,
  options?: WorldOptions & { readonly backend?: Exclude<BackendName, "wasm32"> },
): World<Float64Array>;
export function makeWorld(
  scenario: Scenario,
  options: WorldOptions & { readonly backend: "wasm32" },
): World<Float32Array>;
export function makeWorld(scenario: Scenario, options?: WorldOptions): World;
export function makeWorld(scenario: Scenario, options: WorldOptions = {}): World {
  const { envs = 1, backend = "js", firstEnv = 0, autoreset = "same-step" } = options;
  checkOptions(options);
  const plan = blueprint(scenario, options);
  const { memory, start } = plan.ready(backend, envs, autoreset);
  const store = new Store(plan.spec(backend, envs), plan.columns, memory);
  store.initialise();
  const run = new Run(plan, start, store, firstEnv, autoreset);
  run.reset(0);
  return worldOf(store, run);
}

/** @throws UserError naming the option that is wrong */
export function checkOptions({ envs = 1, firstEnv = 0, autoreset = "same-step" }: WorldOptions): void {
  whole("envs", envs, 1);
  whole("firstEnv", firstEnv, 0);
  if (MODES.includes(autoreset)) return;
  throw new UserError(`makeWorld: expected autoreset to be ${MODES.join(" or ")}, found ${autoreset}`);
}

const MODES: readonly Autoreset[] = ["same-step", "next-step", "disabled"];

/** A store and what runs in it, as users see them. */
export function worldOf(store: Store, run: Run): World {
  return {
    spec: store.spec,
    autoreset: run.autoreset,
    ...store.arrays,
    reset: (seed, episode) => run.reset(seed, episode),
    restart: (which) => run.restart(which),
    step: () => run.step(),
    refresh: () => run.refresh(),
    snapshot: () => store.snapshot(),
    restore(bytes) {
      store.restore(bytes);
      run.restored();
    },
    fork(from, to) {
      store.fork(from, to);
      run.restored(to, to);
    },
    hash: (env) => store.hash(env),
  };
}
