/**
 * The life of a world's environments: seeds, steps, ends and beginnings of episodes, around a backend's engine.
 *
 * @module
 */
import { fork as child, seed as streamOf, type Stream, UserError } from "../../core/mod.ts";
import { Generators } from "../numpy/generators.ts";
import { Interface } from "../realism/interface.ts";
import type { Autoreset, Reals } from "../types.ts";
import { actionCheck } from "./actions.ts";
import type { Blueprint, Ready } from "./blueprint.ts";
import type { Engine } from "./engine.ts";
import type { Home } from "./evaluator.ts";
import { Held } from "./held.ts";
import type { Store } from "./store.ts";

export class Run {
  readonly #engine: Engine;
  readonly #key: Int32Array;
  readonly #gone: Uint8Array | undefined;
  /** Where numpy's generators begin the episodes. */
  readonly #generators: Generators | undefined;
  readonly #stateIsObs: boolean;
  /** Whether what is legal may change, so that `finalMask` is an array of its own. */
  readonly #masked: boolean;
  readonly #held: Held | undefined;
  /** Noise and delays between engine and policies. */
  readonly #interface: Interface | undefined;
  readonly #door: () => void;
  /** Whether `done` and `truncated` may hold a 1; `terminated` is written anew at each step, if ever. */
  #finished = false;

  /** @param firstEnv the number of the first environment, which keys its streams */
  constructor(
    plan: Blueprint,
    start: Ready["start"],
    readonly store: Store,
    readonly firstEnv: number,
    readonly autoreset: Autoreset,
  ) {
    const { cells, columns, spec } = store;
    this.#key = cells["key"] as Int32Array;
    this.#gone = cells["gone"] as Uint8Array | undefined;
    this.#stateIsObs = plan.stateIsObs;
    this.#masked = store.arrays.finalMask !== store.arrays.mask;
    this.#held = autoreset === "next-step" ? new Held(columns, cells, spec.E) : undefined;
    const transforms = spec.realism?.transforms ?? [];
    this.#interface = transforms.length > 0 ? new Interface(spec, cells, autoreset) : undefined;
    const home: Home = {
      cells,
      draws: plan.draws,
      maxCycles: plan.maxCycles,
      finish: (env) => this.#finish(env),
      end: (env) => this.#end(env),
      ended: () => this.#finished = true,
    };
    this.#engine = start(home);
    if (plan.resetting !== undefined) {
      this.#generators = new Generators(cells["generator"] as Int32Array);
      const { reset } = plan.resetting({ ...home, resets: this.#generators }, spec.E);
      this.#engine = { ...this.#engine, reset };
    }
    const over = () => this.#finished && store.arrays.done.includes(1);
    this.#door = door(plan, store, autoreset, () => this.#engine.suspicious?.() ?? true, over);
  }

  reset(seed: number | readonly number[], episode = 0): void {
    const { spec: { E }, arrays } = this.store;
    if (typeof seed !== "number" && seed.length !== E) {
      throw new UserError(`reset: expected a seed for each of ${E} environments, found ${seed.length}`);
    }
    const runs = checkStart(seed, episode);
    for (const name of ["reward", "cost", "channelCost", "finalObs", "finalState"] as const) {
      arrays[name].fill(0);
    }
    if (this.#masked) arrays.finalMask.fill(0);
    this.#clearFlags();
    for (let env = 0; env < E; env++) {
      const { k0, k1 } = Array.isArray(runs)
        ? child(runs[env]!, 0)
        : child(runs as Stream, this.firstEnv + env);
      this.#key[2 * env] = k0;
      this.#key[2 * env + 1] = k1;
      const own = typeof seed === "number" ? seed + this.firstEnv + env : seed[env]!;
      if (this.#generators !== undefined) this.#generate(this.#generators, env, own, episode);
      arrays.episode[env] = episode;
      this.#begin(env);
      this.#interface?.begin(env);
    }
  }

  restart(which: Uint8Array): void {
    const { spec: { E }, arrays: { done, episode } } = this.store;
    if (which.length !== E) {
      throw new UserError(`restart: expected an entry for each of ${E} environments, found ${which.length}`);
    }
    for (let env = 0; env < E; env++) {
      if (which[env] === 0) continue;
      const held = this.#held !== undefined && done[env] === 1;
      this.#quiet(env);
      if (held) this.#engine.observe(env);
      else {
        episode[env]!++;
        this.#begin(env);
      }
      this.#interface?.begin(env);
    }
  }

  step(): void {
    this.#door();
    this.advance();
  }

  /** A step whose actions have been looked at. */
  advance(): void {
    const held = this.#held?.look(this.store.arrays.done) ?? false;
    if (this.#finished) this.#clearFlags();
    this.#interface?.before();
    this.#engine.advance(held ? this.#held!.envs : undefined);
    if (this.#held !== undefined) this.#settle(this.#held, held);
    else if (this.autoreset === "disabled" && this.#finished) this.#rest();
    this.#interface?.after();
  }

  refresh(): void {
    const { spec: { E }, arrays: { done } } = this.store;
    for (let env = 0; env < E; env++) {
      this.#engine.restored?.(env);
      if (this.autoreset === "same-step" || done[env] === 0) this.#engine.observe(env);
    }
    this.#interface?.refresh();
  }

  /** The columns of these environments were written from outside. */
  restored(first = 0, last = this.store.spec.E - 1): void {
    this.#finished = true;
    for (let env = first; env <= last; env++) this.#engine.restored?.(env);
  }

  #clearFlags(): void {
    this.store.arrays.done.fill(0);
    this.store.arrays.truncated.fill(0);
    this.#finished = false;
  }

  /** Brings a generator to where `episode` begins: behind the resets of the episodes before it. */
  #generate(generators: Generators, env: number, own: number, episode: number): void {
    const begun = generators.seedOf(env) === own ? this.store.arrays.episode[env]! + 1 : 0;
    if (begun === 0 || begun > episode) generators.seed(env, own);
    for (let past = begun > episode ? 0 : begun; past < episode; past++) this.#engine.reset(env);
  }

  /** Zeroed state, the scenario's reset, the first observation. */
  #begin(env: number): void {
    const { arrays, cells, episodic } = this.store;
    arrays.cycle[env] = 0;
    for (const { id, width } of episodic) cells[id]!.fill(0, env * width, (env + 1) * width);
    this.#engine.reset(env);
    this.#engine.observe(env);
  }

  #finish(env: number): void {
    this.#engine.observe(env);
    this.#end(env);
  }

  /**
   * The end of an episode: its last observation is kept, with what was legal then, and the next episode begins, unless
   * none begins by itself. WASM modules do the same (`wasm/episode.ts`).
   */
  #end(env: number): void {
    const { spec: { N, O, A, S, maxCycles }, arrays } = this.store;
    copy(arrays.obs, arrays.finalObs, env * N * O, N * O);
    if (!this.#stateIsObs) copy(arrays.state, arrays.finalState, env * S, S);
    if (this.#masked) copyFlags(arrays.mask, arrays.finalMask, env * N * A, N * A);
    arrays.done[env] = 1;
    this.#finished = true;
    if (arrays.cycle[env]! >= maxCycles) {
      for (let row = env * N; row < (env + 1) * N; row++) {
        const over = arrays.terminated[row] === 1 || this.#gone?.[row] === 1;
        arrays.truncated[row] = over ? 0 : 1;
      }
    }
    if (this.autoreset === "disabled") return;
    arrays.episode[env]!++;
    this.#begin(env);
  }

  /** After a step where episodes begin one step later: those that were held begin, those that ended are held. */
  #settle(held: Held, any: boolean): void {
    if (any) held.putBack();
    for (let env = 0; env < held.envs.length; env++) {
      if (held.envs[env] === 1) {
        this.#quiet(env);
        this.#engine.restored?.(env);
        this.#engine.observe(env);
      } else if (this.store.arrays.done[env] === 1) this.#showEnd(env);
    }
  }

  /** Where no episode begins by itself: all stays as the last step left it, and nobody acts. */
  #rest(): void {
    const { spec: { E, N }, arrays: { done, alive } } = this.store;
    for (let env = 0; env < E; env++) if (done[env] === 1) alive.fill(0, env * N, (env + 1) * N);
  }

  /** Nothing happened in an environment: its episode just begins, and everyone acts unless `observe` says otherwise. */
  #quiet(env: number): void {
    const { spec: { N, C }, arrays } = this.store;
    arrays.done[env] = 0;
    arrays.alive.fill(1, env * N, (env + 1) * N);
    for (const name of ["reward", "terminated", "truncated"] as const) {
      arrays[name].fill(0, env * N, (env + 1) * N);
    }
    arrays.cost.fill(0, env * N * C, (env + 1) * N * C);
    arrays.channelCost.fill(0, env * C, (env + 1) * C);
  }

  /** In place of the first observation of the next episode, the last of the one that ended; nobody acts in it. */
  #showEnd(env: number): void {
    const { spec: { N, O, S }, arrays } = this.store;
    copy(arrays.finalObs, arrays.obs, env * N * O, N * O);
    if (!this.#stateIsObs) copy(arrays.finalState, arrays.state, env * S, S);
    arrays.alive.fill(0, env * N, (env + 1) * N);
  }
}

/**
 * What refuses actions out of their spaces, and steps where an episode is over and none begins by itself.
 *
 * @param suspicious whether some action may be out of its space
 * @param over whether some episode is over
 */
export function door(
  { masked }: Blueprint,
  { spec, arrays: { actions, mask, alive, turn, done } }: Store,
  autoreset: Autoreset,
  suspicious: () => boolean,
  over = () => done.includes(1),
): () => void {
  const check = actionCheck(spec, actions, masked ? mask : undefined, alive, turn);
  return () => {
    if (autoreset === "disabled" && over()) {
      throw new UserError(
        `step: the episode of environment ${done.indexOf(1)} is over: call restart(world.done) first`,
      );
    }
    if (suspicious()) check();
  };
}

/** The streams of a reset's seed or seeds. */
export function checkStart(seed: number | readonly number[], episode: number): Stream | Stream[] {
  whole("episode", episode, 0);
  return typeof seed === "number" ? streamOf(seed) : seed.map(streamOf);
}

/** @throws UserError where a count of worlds is none */
export function whole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new UserError(
    `makeWorld: expected ${name} to be a whole number of at least ${least}, found ${value}`,
  );
}

function copy(from: Reals, into: Reals, start: number, count: number): void {
  for (let i = start; i < start + count; i++) into[i] = from[i]!;
}

/** As `copy`; engines run it faster when it is a function of its own. */
function copyFlags(from: Uint8Array, into: Uint8Array, start: number, count: number): void {
  for (let i = start; i < start + count; i++) into[i] = from[i]!;
}
