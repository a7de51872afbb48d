/**
 * PettingZoo's AEC API over a world of one environment: agents act one after another.
 *
 * Where they act at once, actions wait until the last agent has acted, and then the world steps; a turn-based world
 * steps with each action. `reset`, seeds and views are those of `parallel`.
 *
 * @module
 */
import { hasher } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import type { World } from "../types.ts";
import type { Played } from "./aec_over.ts";
import { inCycles } from "./conversions/parallel_to_aec.ts";
import { copy } from "./copy.ts";
import {
  type EnvOptions,
  homeOf,
  mustRun,
  type Origin,
  type Simulated,
  type Snapshot,
  worldFor,
} from "./home.ts";
import type { Ledger } from "./ledger.ts";
import { overWorld } from "./parallel.ts";
import type { Action, BoxSpace } from "./spaces.ts";
import { inTurns } from "./turns.ts";
import type { AecEnv } from "./types.ts";

/** A snapshot within a cycle: who is next, what was given, which actions wait. */
export interface AecSnapshot extends Snapshot {
  readonly ledger: Ledger | undefined;
  readonly pending: Readonly<Record<string, Action>>;
  readonly order: readonly string[];
}

export interface SimAecEnv extends AecEnv, Simulated<AecSnapshot> {
  observationSpace(agent: string): BoxSpace;
  readonly stateSpace: BoxSpace;
}

/** A PettingZoo AEC environment of `scenario`. */
export function aec(scenario: Scenario, options: EnvOptions = {}): SimAecEnv {
  return aecOverWorld(worldFor(scenario, options), { scenario, options });
}

/** The AEC API over a world of one environment, from which it takes over `reset` and `step`. */
export function aecOverWorld(world: World, origin: Origin = {}): SimAecEnv {
  return world.turn[0] === -1 ? cyclic(world, origin) : turnBased(world, origin);
}

function cyclic(world: World, origin: Origin): SimAecEnv {
  const inner = overWorld(world, origin);
  const played = inCycles(inner);
  const { cycle } = played;
  return extend(played, {
    spec: world.spec,
    world,
    scenario: inner.scenario,
    options: inner.options,
    channel: inner.channel,
    refresh: inner.refresh,
    get seed() {
      return inner.seed;
    },
    hash: () => hashOf(world, played.ledger(), cycle.pending),
    snapshot: () => ({
      ...inner.snapshot(),
      ledger: copy(played.ledger()),
      pending: copy(cycle.pending),
      order: [...cycle.order],
    }),
    restore(saved) {
      cycle.observations = inner.restore(saved).observations;
      cycle.pending = copy(saved.pending);
      cycle.order = saved.order;
      played.resume(copy(saved.ledger));
    },
  });
}

function turnBased(world: World, origin: Origin): SimAecEnv {
  const home = homeOf(world, origin);
  const played = inTurns(home);
  return extend(played, {
    spec: world.spec,
    world,
    scenario: origin.scenario,
    options: origin.options ?? {},
    channel: home.channel,
    refresh() {
      mustRun(played.phase(), "refresh");
      world.refresh();
      home.sight.look("running");
    },
    get seed() {
      return home.seed;
    },
    hash: () => hashOf(world, played.ledger(), {}),
    snapshot: () => ({
      world: world.snapshot(),
      seed: home.seed,
      phase: played.phase(),
      agents: [],
      told: [],
      ledger: copy(played.ledger()),
      pending: {},
      order: [],
    }),
    restore(saved) {
      world.restore(saved.world);
      home.seed = saved.seed;
      played.revive(saved.phase);
      played.resume(copy(saved.ledger));
    },
  });
}

/** `played.env` with what an environment made of a scenario has besides. */
function extend({ env }: Played<Float32Array>, members: Simulated<AecSnapshot>): SimAecEnv {
  return Object.defineProperties(env, {
    ...Object.getOwnPropertyDescriptors(members),
    unwrapped: { get: () => env, enumerable: true },
  }) as SimAecEnv;
}

/** The world, who is next, and which actions wait. */
function hashOf(world: World, ledger: Ledger | undefined, pending: Readonly<Record<string, Action>>): string {
  const hash = hasher();
  hash.text(world.hash(0));
  hash.text([ledger?.selection ?? "", ...ledger?.agents ?? []].join(" "));
  for (const [agent, action] of Object.entries(pending)) {
    hash.text(agent);
    hash.array(typeof action === "number" ? [action] : action);
  }
  return hash.hex();
}
