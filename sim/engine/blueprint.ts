/**
 * What a world is built from, whichever way its scenario was written.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import { CannotDraw, sortParams } from "../realism/given.ts";
import type { Autoreset, BackendName, WorldSpec } from "../types.ts";
import { classed } from "./classed.ts";
import type { Engine } from "./engine.ts";
import { interpret } from "./eval.ts";
import type { Home } from "./evaluator.ts";
import { compile } from "./js.ts";
import { allocate, type Column, type Memory } from "./layout.ts";
import { plan, type PlanOptions } from "./plan.ts";
import { type Program, specOf, trace } from "./program.ts";
import { DRAWS_PER_EPISODE } from "./streams.ts";
import { assemble } from "./wasm/engine.ts";

export interface Blueprint {
  readonly columns: readonly Column[];
  readonly draws: Home["draws"];
  readonly maxCycles: number;
  /** Whether actions that a mask forbids are refused. */
  readonly masked: boolean;
  /** Whether the state is the observations themselves, as they lie in memory. */
  readonly stateIsObs: boolean;
  spec(backend: BackendName, E: number): WorldSpec;
  /** @param memory where to run, if the backend needs none of its own */
  ready(backend: BackendName, E: number, autoreset: Autoreset, memory?: Memory): Ready;
  /** An engine whose resets take their numbers from `home.resets`; there where numpy begins the episodes. */
  readonly resetting?: (home: Home, E: number) => Engine;
}

/** A backend's memory, and how to start it. */
export interface Ready {
  readonly memory: Memory;
  start(home: Home): Engine;
}

/** @throws UserError naming a wrong param or option */
export function blueprint(scenario: Scenario, options: PlanOptions): Blueprint {
  const whole = drawing(scenario, options);
  lateActions(scenario, options, whole);
  if (options.groups !== "agent") return whole;
  return { ...whole, spec: (backend, E) => apart(whole.spec(backend, E)) };
}

/** A blueprint; where a param cannot be drawn, the error tells which can. */
function drawing(scenario: Scenario, options: PlanOptions): Blueprint {
  try {
    return made(scenario, options);
  } catch (error) {
    if (!(error instanceof CannotDraw)) throw error;
    const can = drawable(scenario);
    if (error.cure !== undefined && can.includes(error.param)) {
      throw new UserError(`${error.message}; ${error.cure}`);
    }
    const cure = can.length > 0
      ? `give it a number. What can be drawn: ${can.join(", ")}`
      : "give it a number";
    throw new UserError(`${error.message}: ${cure}`);
  }
}

/** The params that a scenario reads as numbers of the world, so that each environment can have its own. */
export function drawable(scenario: Scenario): string[] {
  return Object.entries(made(scenario, {}).spec("js", 1).params).filter(([name, value]) => {
    if (typeof value !== "number") return false;
    try {
      made(scenario, { params: { [name]: { choice: [value] } } });
      return true;
    } catch (error) {
      if (error instanceof CannotDraw) return false;
      throw error;
    }
  }).map(([name]) => name);
}

function made(scenario: Scenario, options: PlanOptions): Blueprint {
  return "version" in scenario ? classed(scenario, options) : traced(trace(plan(scenario, options)));
}

/** Late actions may be forbidden by then. */
function lateActions(scenario: Scenario, options: PlanOptions, { masked }: Blueprint): void {
  const { transforms } = sortParams(scenario, options.params ?? {}, options.realism);
  const turns = "version" in scenario && scenario.turn !== undefined;
  if (!(masked || turns) || !transforms.some((one) => "actuationDelay" in one)) return;
  throw new UserError(
    `${scenario.id}: actuationDelay would do what is forbidden ${
      turns ? "out of turn" : "by the mask"
    }: leave it out`,
  );
}

/** The same world with every agent in a group of its own. */
function apart(spec: WorldSpec): WorldSpec {
  const groups = spec.groups.flatMap(({ members, ...spaces }) =>
    members.map((member) => ({ ...spaces, name: spec.agents[member]!, members: [member] }))
  );
  return { ...spec, groups };
}

function traced(program: Program): Blueprint {
  const { plan: { maxCycles, masked, reset, scenario }, sizes, columns, draws } = program;
  if (maxCycles * Math.max(draws.dynamics, draws.observe) >= DRAWS_PER_EPISODE) {
    throw new UserError(`${scenario.id}: an episode of ${maxCycles} steps draws too many random numbers`);
  }
  return {
    columns,
    draws,
    maxCycles,
    masked,
    stateIsObs: sizes.stateIsObs,
    spec: (backend, E) => specOf(program, backend, E),
    ready(backend, E, autoreset, memory) {
      if (backend === "wasm64" || backend === "wasm32") return assemble(program, backend, E, autoreset);
      const begin = backend === "js" ? compile : interpret;
      return { memory: memory ?? allocate(columns, E), start: (home) => begin(program, home, E) };
    },
    ...reset === "numpy" ? { resetting: (home, E) => interpret(program, home, E) } : {},
  };
}
