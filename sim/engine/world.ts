/**
 * Makes worlds: memory, episodes, snapshots and hashes around a compiled scenario.
 *
 * @module
 */
import { fork as child, hasher, seed as streamOf, type Stream, UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { Autoreset, BackendName, Reals, World, WorldSpec } from "../types.ts";
import { actionCheck } from "./actions.ts";
import { type Blueprint, blueprint } from "./blueprint.ts";
import type { Engine } from "./engine.ts";
import type { Home } from "./evaluator.ts";
import { Held } from "./held.ts";
import { Generators } from "../numpy/generators.ts";
import { type Cells, type Column, HEADER } from "./layout.ts";
import type { PlanOptions } from "./plan.ts";

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
  whole("envs", envs, 1);
  whole("firstEnv", firstEnv, 0);
  if (!MODES.includes(autoreset)) {
    throw new UserError(`makeWorld: expected autoreset to be ${MODES.join(" or ")}, found ${autoreset}`);
  }
  const world = new Worlds(blueprint(scenario, options), backend, envs, firstEnv, autoreset);
  world.reset(0);
  return world;
}

const MODES: readonly Autoreset[] = ["same-step", "next-step", "disabled"];

function whole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new UserError(
    `makeWorld: expected ${name} to be a whole number of at least ${least}, found ${value}`,
  );
}

class Worlds implements World {
  readonly spec: WorldSpec;
  readonly actions: Int32Array | Float32Array;
  readonly obs: Reals;
  readonly finalObs: Reals;
  readonly state: Reals;
  readonly finalState: Reals;
  readonly reward: Reals;
  readonly cost: Reals;
  readonly channelCost: Reals;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly alive: Uint8Array;
  readonly mask: Uint8Array;
  readonly turn: Int32Array;
  readonly done: Uint8Array;
  readonly cycle: Int32Array;
  readonly episode: Int32Array;
  readonly columns: World["columns"];
  readonly #key: Int32Array;
  readonly #gone: Uint8Array | undefined;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #cells: Readonly<Record<string, Cells>>;
  readonly #columns: readonly Column[];
  readonly #episodic: readonly Column[];
  readonly #engine: Engine;
  /** Where numpy's generators begin the episodes. */
  readonly #generators: Generators | undefined;
  readonly #check: () => void;
  readonly #firstEnv: number;
  readonly #stateIsObs: boolean;
  readonly #held: Held | undefined;
  /** Whether `done` and `truncated` may hold a 1; `terminated` is written anew at each step, if ever. */
  #finished = false;

  constructor(
    plan: Blueprint,
    backend: BackendName,
    E: number,
    firstEnv: number,
    readonly autoreset: Autoreset,
  ) {
    const { columns, draws, maxCycles } = plan;
    const { start, memory: { buffer, size, cells } } = plan.ready(backend, E);
    this.spec = plan.spec(backend, E);
    this.#bytes = new Uint8Array(buffer, 0, size);
    this.#cells = cells;
    this.#columns = columns.filter(({ role }) => role !== "scratch");
    this.#episodic = columns.filter(({ role, id }) => role === "state" || id === "gone");
    this.#firstEnv = firstEnv;
    this.#stateIsObs = plan.stateIsObs;
    this.#held = autoreset === "same-step" ? undefined : new Held(columns, cells, E);
    this.actions = cells["actions"] as Int32Array | Float32Array;
    this.obs = cells["obs"] as Reals;
    this.finalObs = cells["finalObs"] as Reals;
    this.state = (cells["state"] ?? this.obs) as Reals;
    this.finalState = (cells["finalState"] ?? this.finalObs) as Reals;
    this.reward = cells["reward"] as Reals;
    this.cost = cells["cost"] as Reals;
    this.channelCost = cells["channelCost"] as Reals;
    this.terminated = cells["terminated"] as Uint8Array;
    this.truncated = cells["truncated"] as Uint8Array;
    this.alive = cells["alive"] as Uint8Array;
    this.mask = cells["mask"] as Uint8Array;
    this.turn = cells["turn"] as Int32Array;
    this.done = cells["done"] as Uint8Array;
    this.cycle = cells["cycle"] as Int32Array;
    this.episode = cells["episode"] as Int32Array;
    this.#key = cells["key"] as Int32Array;
    this.#gone = cells["gone"] as Uint8Array | undefined;
    this.columns = Object.fromEntries(
      columns.filter(({ role }) => role === "state").map(({ name, id, width }) => {
        return [name, { data: cells[id] as Reals, width }];
      }),
    );
    this.#initialise();
    const home: Home = {
      cells,
      draws,
      maxCycles,
      finish: (env) => this.#finish(env),
      end: (env) => this.#end(env),
      ended: () => this.#finished = true,
    };
    this.#engine = start(home);
    if (plan.resetting !== undefined) {
      this.#generators = new Generators(cells["generator"] as Int32Array);
      const { reset } = plan.resetting({ ...home, resets: this.#generators }, E);
      this.#engine = { ...this.#engine, reset };
    }
    const mask = plan.masked ? this.mask : undefined;
    this.#check = actionCheck(this.spec, this.actions, mask, this.alive, this.turn);
  }

  /** What never changes unless a scenario says so, and the mark by which snapshots are known. */
  #initialise(): void {
    const { E, N, A, actionSizes, codeHash } = this.spec;
    this.alive.fill(1);
    this.turn.fill(-1);
    for (let row = 0; row < E * N; row++) {
      const size = this.spec.actionKind === "continuous" ? A : actionSizes[row % N]!;
      this.mask.fill(1, row * A, row * A + size);
    }
    const header = new Uint32Array(this.#bytes.buffer, 0, HEADER / 4);
    header[0] = parseInt(codeHash.slice(0, 8), 16);
    header[1] = parseInt(codeHash.slice(8), 16);
    header[2] = E;
    header[3] = this.spec.maxCycles;
  }

  reset(seed: number | readonly number[], episode = 0): void {
    const { E } = this.spec;
    if (typeof seed !== "number" && seed.length !== E) {
      throw new UserError(`reset: expected a seed for each of ${E} environments, found ${seed.length}`);
    }
    whole("episode", episode, 0);
    const runs = typeof seed === "number" ? streamOf(seed) : seed.map(streamOf);
    for (const output of [this.reward, this.cost, this.channelCost, this.finalObs, this.finalState]) {
      output.fill(0);
    }
    this.#clearFlags();
    for (let env = 0; env < E; env++) {
      const { k0, k1 } = Array.isArray(runs)
        ? child(runs[env]!, 0)
        : child(runs as Stream, this.#firstEnv + env);
      this.#key[2 * env] = k0;
      this.#key[2 * env + 1] = k1;
      const own = typeof seed === "number" ? seed + this.#firstEnv + env : seed[env]!;
      if (this.#generators !== undefined) this.#generate(this.#generators, env, own, episode);
      this.episode[env] = episode;
      this.#begin(env);
    }
  }

  restart(which: Uint8Array): void {
    const { E } = this.spec;
    if (which.length !== E) {
      throw new UserError(`restart: expected an entry for each of ${E} environments, found ${which.length}`);
    }
    for (let env = 0; env < E; env++) {
      if (which[env] === 0) continue;
      const held = this.#held !== undefined && this.done[env] === 1;
      this.#quiet(env);
      if (held) this.#engine.observe(env);
      else {
        this.episode[env]!++;
        this.#begin(env);
      }
    }
  }

  step(): void {
    const held = this.#held?.look(this.done) ?? false;
    if (held && this.autoreset === "disabled") {
      throw new UserError(
        `step: the episode of environment ${this.done.indexOf(1)} is over: call restart(world.done) first`,
      );
    }
    if (this.#engine.suspicious?.() ?? true) this.#check();
    if (this.#finished) this.#clearFlags();
    this.#engine.advance(held ? this.#held!.envs : undefined);
    if (this.#held !== undefined) this.#settle(this.#held, held);
  }

  /** After a step where episodes do not begin by themselves: those that were held begin, those that ended are held. */
  #settle(held: Held, any: boolean): void {
    if (any) held.putBack();
    for (let env = 0; env < this.spec.E; env++) {
      if (held.envs[env] === 1) {
        this.#quiet(env);
        this.#engine.restored?.(env);
        this.#engine.observe(env);
      } else if (this.done[env] === 1) this.#showEnd(env);
    }
  }

  /** Nothing happened in an environment: its episode just begins, and everyone acts unless `observe` says otherwise. */
  #quiet(env: number): void {
    const { N, C } = this.spec;
    this.done[env] = 0;
    this.alive.fill(1, env * N, (env + 1) * N);
    for (const flags of [this.reward, this.terminated, this.truncated]) flags.fill(0, env * N, (env + 1) * N);
    this.cost.fill(0, env * N * C, (env + 1) * N * C);
    this.channelCost.fill(0, env * C, (env + 1) * C);
  }

  /** In place of the first observation of the next episode, the last of the one that ended; nobody acts in it. */
  #showEnd(env: number): void {
    const { N, O, S } = this.spec;
    copy(this.finalObs, this.obs, env * N * O, N * O);
    if (!this.#stateIsObs) copy(this.finalState, this.state, env * S, S);
    this.alive.fill(0, env * N, (env + 1) * N);
  }

  refresh(): void {
    for (let env = 0; env < this.spec.E; env++) {
      this.#engine.restored?.(env);
      if (this.#held === undefined || this.done[env] === 0) this.#engine.observe(env);
    }
  }

  #clearFlags(): void {
    this.done.fill(0);
    this.truncated.fill(0);
    this.#finished = false;
  }

  /** Brings a generator to where `episode` begins: behind the resets of the episodes before it. */
  #generate(generators: Generators, env: number, own: number, episode: number): void {
    const begun = generators.seedOf(env) === own ? this.episode[env]! + 1 : 0;
    if (begun === 0 || begun > episode) generators.seed(env, own);
    for (let past = begun > episode ? 0 : begun; past < episode; past++) this.#engine.reset(env);
  }

  /** Zeroed state, the scenario's reset, the first observation. */
  #begin(env: number): void {
    this.cycle[env] = 0;
    for (const { id, width } of this.#episodic) this.#cells[id]!.fill(0, env * width, (env + 1) * width);
    this.#engine.reset(env);
    this.#engine.observe(env);
  }

  #finish(env: number): void {
    this.#engine.observe(env);
    this.#end(env);
  }

  /**
   * The end of an episode: its last observation is kept, and the next episode begins. WASM modules do the same
   * (`wasm/episode.ts`).
   */
  #end(env: number): void {
    const { N, O, S, maxCycles } = this.spec;
    copy(this.obs, this.finalObs, env * N * O, N * O);
    if (!this.#stateIsObs) copy(this.state, this.finalState, env * S, S);
    this.done[env] = 1;
    this.#finished = true;
    if (this.cycle[env]! >= maxCycles) {
      for (let row = env * N; row < (env + 1) * N; row++) {
        const over = this.terminated[row] === 1 || this.#gone?.[row] === 1;
        this.truncated[row] = over ? 0 : 1;
      }
    }
    this.episode[env]!++;
    this.#begin(env);
  }

  snapshot(): Uint8Array {
    return this.#bytes.slice();
  }

  restore(bytes: Uint8Array): void {
    const own = this.#bytes;
    const mark = (part: Uint8Array) => part.subarray(0, HEADER).join(" ");
    if (bytes.length !== own.length || mark(bytes) !== mark(own)) {
      throw new UserError(
        `restore: not a snapshot of ${this.spec.scenario} with these params, ${this.spec.E} environments and ` +
          `at most ${this.spec.maxCycles} cycles`,
      );
    }
    own.set(bytes);
    this.#finished = true;
    for (let env = 0; env < this.spec.E; env++) this.#engine.restored?.(env);
  }

  fork(from: number, to: number): void {
    for (const env of [from, to]) {
      if (Number.isInteger(env) && env >= 0 && env < this.spec.E) continue;
      throw new UserError(`fork: expected an environment from 0 to ${this.spec.E - 1}, found ${env}`);
    }
    for (const { id, width } of this.#columns) {
      this.#cells[id]!.copyWithin(to * width, from * width, (from + 1) * width);
    }
    this.#finished ||= this.done[to] === 1;
    this.#engine.restored?.(to);
  }

  hash(env: number): string {
    const hash = hasher();
    for (const { id, width } of this.#episodic) {
      hash.array(this.#cells[id]!.subarray(env * width, (env + 1) * width));
    }
    hash.u32(this.cycle[env]!);
    hash.u32(this.episode[env]!);
    return hash.hex();
  }
}

function copy(from: Reals, into: Reals, start: number, count: number): void {
  for (let i = start; i < start + count; i++) into[i] = from[i]!;
}
