/**
 * Runs the code of a class scenario, one environment after another.
 *
 * It judges what traced scenarios have judged for them: an agent that ended gets no reward and is charged no cost, and
 * an episode ends when all have ended, or after `maxCycles`.
 *
 * @module
 */
import { suggest, UserError } from "../../core/mod.ts";
import type { ClassScenario, ClassWorld } from "../language/class_scenario.ts";
import type { Reals, WorldSpec } from "../types.ts";
import { ClassDraws } from "./class_draws.ts";
import type { Engine } from "./engine.ts";
import type { Home } from "./evaluator.ts";
import type { Cells } from "./layout.ts";
import type { Plan } from "./plan.ts";
import { columnOf } from "../realism/columns.ts";
import { pick } from "../realism/distribution.ts";

type Spec = Omit<WorldSpec, "backend">;

/** What of an environment its scenario sees, and what only the engine does. */
interface Room extends ClassWorld {
  hidden: unknown;
  readonly gone: Uint8Array;
  readonly cost: Reals;
  readonly channelCost: Reals;
  readonly turn: Int32Array;
  /** By agent: its own size, without padding. */
  readonly obs: readonly Reals[];
  readonly masks: readonly Uint8Array[];
  readonly state: Reals | undefined;
}

/** @param illegal what an action that its mask forbids does, if it comes so far */
export function classEngine(
  scenario: ClassScenario,
  spec: Spec,
  home: Home,
  illegal: "refuse" | number,
  randomised: Plan["randomised"],
): Engine {
  const { E, N, maxCycles } = spec;
  const legal = spec.actionKind === "discrete" ? scenario.mask : undefined;
  const random = new ClassDraws(home.cells, spec.scenario);
  const cycle = home.cells["cycle"]!;
  const rooms = Array.from({ length: E }, (_, env) => room(scenario, spec, home.cells, env, randomised));
  const stage = home.cells["stage"];

  /** The params of the episode that begins. */
  function drawParams(env: number): void {
    for (const { name, place, given, bounds } of Object.values(randomised)) {
      const [u, v] = [random.aside(env, 2 * place), random.aside(env, 2 * place + 1)];
      home.cells[`$${columnOf(name)}`]![env] = pick(given, bounds, stage?.[env] ?? 0, u, v);
    }
  }

  function observe(env: number): void {
    const it = rooms[env]!;
    for (let n = 0; n < N; n++) it.alive[n] = it.gone[n] === 0 && (scenario.alive?.(it, n) ?? true) ? 1 : 0;
    if (scenario.turn !== undefined) it.turn[0] = scenario.turn(it);
    const turn = it.turn[0]!;
    for (let n = 0; n < N; n++) {
      scenario.observe(it, n, it.obs[n]!.fill(0));
      if (legal === undefined) continue;
      it.masks[n]!.fill(0);
      if (it.alive[n] === 1 && (turn < 0 || turn === n)) legal(it, n, it.masks[n]!);
    }
    if (it.state === undefined) return;
    if (scenario.state !== undefined) scenario.state(it, it.state.fill(0));
    else concatenate(it.obs, it.state);
  }

  /** The first agent whose action its mask forbids; -1 if none. */
  function offender({ actions, alive, masks, turn: [mover] }: Room): number {
    for (let n = 0; n < N; n++) {
      if (alive[n] === 1 && (mover! < 0 || mover === n) && masks[n]![actions[n]!] === 0) return n;
    }
    return -1;
  }

  function step(env: number): boolean {
    const it = rooms[env]!;
    for (const output of [it.reward, it.cost, it.channelCost, it.terminated]) output.fill(0);
    const who = illegal === "refuse" ? -1 : offender(it);
    if (who < 0) {
      random.begin(env, "dynamics", cycle[env]!);
      scenario.step(it, random);
    } else {
      it.reward[who] = illegal as number;
      it.terminated.fill(1);
    }
    cycle[env]!++;
    let left = 0;
    for (let n = 0; n < N; n++) {
      if (it.gone[n] === 1) it.reward[n] = it.terminated[n] = 0;
      else if (it.terminated[n] === 1) it.gone[n] = 1;
      else left++;
    }
    return left === 0 || cycle[env]! >= maxCycles;
  }

  return {
    advance(held) {
      for (let env = 0; env < E; env++) {
        if (held?.[env] === 1) continue;
        if (step(env)) home.finish(env);
        else observe(env);
      }
    },
    reset(env) {
      drawParams(env);
      random.begin(env, "reset", 0);
      scenario.reset(rooms[env]!, random);
    },
    observe,
    restored: (env) => scenario.restored?.(rooms[env]!),
  };
}

function room(
  scenario: ClassScenario,
  spec: Spec,
  cells: Readonly<Record<string, Cells>>,
  env: number,
  randomised: Plan["randomised"],
): Room {
  const { E, N, O, A, C, channels, observationSizes, actionSizes } = spec;
  const row = <T extends Cells>(id: string) => {
    const width = cells[id]!.length / E;
    return cells[id]!.subarray(env * width, (env + 1) * width) as T;
  };
  const part = <T extends Cells>(id: string, start: number, size: number) => {
    return row<T>(id).subarray(start, start + size) as T;
  };
  const gone = row<Uint8Array>("gone");
  const cost = row<Reals>("cost");
  const channelCost = row<Reals>("channelCost");
  const names = channels.map(({ name }) => name);
  const cycle = cells["cycle"]!;
  const state = Object.keys(cells).filter((id) => id.startsWith("$"));
  const { params, ready } = drawnParams(scenario, spec.params, randomised, cells, env);
  const hidden = scenario.hidden?.(params);
  ready();
  return {
    p: params,
    columns: Object.fromEntries(state.map((id) => id.slice(1)).map((name) => [name, row(`$${name}`)])),
    get cycle() {
      return cycle[env]!;
    },
    actions: row("actions"),
    actionKind: spec.actionKind,
    alive: row("alive"),
    reward: row("reward"),
    terminated: row("terminated"),
    hidden,
    charge(channel, amount, agents) {
      const c = names.indexOf(channel);
      if (c < 0) throw unknownChannel(spec.scenario, channel, names);
      let counted = 0;
      for (const n of agents) {
        if (gone[n] === 1) continue;
        cost[n * C + c]! += amount;
        counted = amount;
      }
      channelCost[c]! += counted;
    },
    gone,
    cost,
    channelCost,
    turn: row("turn"),
    obs: Array.from({ length: N }, (_, n) => part<Reals>("obs", n * O, observationSizes[n]!)),
    masks: Array.from({ length: N }, (_, n) => part<Uint8Array>("mask", n * A, actionSizes[n]!)),
    state: "state" in cells ? row("state") : undefined,
  };
}

/** Params of one environment: those that are drawn as they are now, once `ready` is called; nothing is drawn before. */
function drawnParams(
  scenario: ClassScenario,
  params: Spec["params"],
  randomised: Plan["randomised"],
  cells: Readonly<Record<string, Cells>>,
  env: number,
): { readonly params: Spec["params"]; ready(): void } {
  let drawn = false;
  const names = Object.keys(randomised);
  if (names.length === 0) return { params, ready: () => {} };
  const own = { ...params };
  for (const name of names) {
    const column = cells[`$${columnOf(name)}`]!;
    const get = () => {
      if (drawn) return column[env];
      throw new UserError(
        `${scenario.id}.${name} cannot be drawn: its world is built with it. Give it a number`,
      );
    };
    Object.defineProperty(own, name, { enumerable: true, get });
  }
  return { params: Object.freeze(own), ready: () => void (drawn = true) };
}

function unknownChannel(scenario: string, channel: string, names: readonly string[]): UserError {
  const near = suggest(channel, names);
  const hint = near === undefined ? `It has: ${names.join(", ") || "none"}` : `Did you mean "${near}"?`;
  return new UserError(`${scenario} has no cost channel "${channel}". ${hint}`);
}

function concatenate(parts: readonly Reals[], into: Reals): void {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.length;
  }
}
