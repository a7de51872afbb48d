/**
 * Class scenarios as blueprints: sizes, spaces and columns from their description.
 *
 * @module
 */
import { hasher, settings, UserError } from "../../core/mod.ts";
import type { ClassGroup, ClassScenario } from "../language/class_scenario.ts";
import { given } from "../language/scenario.ts";
import { checkGroupName } from "../language/world.ts";
import { columnOf } from "../realism/columns.ts";
import { guarded, realismOf, type Sorted, sortParams } from "../realism/given.ts";
import type { Group, WorldSpec } from "../types.ts";
import type { Blueprint } from "./blueprint.ts";
import { DRAWS_PER_STEP } from "./class_draws.ts";
import { classEngine } from "./class_engine.ts";
import { allocate, type Column, inFloats } from "./layout.ts";
import { columnsAround, withFinalMask } from "./columns.ts";
import { budgets, cycles, type PlanOptions } from "./plan.ts";
import { actionSize, offered, space } from "./spaces.ts";
import { DRAWS_PER_EPISODE } from "./streams.ts";

/** @throws UserError naming a wrong param or option */
export function classed(scenario: ClassScenario, options: PlanOptions): Blueprint {
  if ((options.reset ?? "streams") !== "streams") {
    throw new UserError(`${scenario.id} begins its episodes from its streams only: leave out reset`);
  }
  const sorted = sortParams(scenario, options.params ?? {}, options.realism);
  const spec = specOf(scenario, options, sorted);
  const { randomised } = sorted;
  const params = guarded(scenario, spec.params, sorted);
  const illegal = given(scenario.illegal ?? "refuse", params);
  const masked = scenario.mask !== undefined && spec.actionKind === "discrete";
  const stateIsObs = scenario.state === undefined && spec.observationSizes.every((size) => size === spec.O);
  const agents = spec.groups.map(({ members }) => members[0]);
  const transforms = spec.realism?.transforms ?? [];
  const mortal = {
    actionKind: spec.actionKind,
    mortal: true,
    reset: "streams",
    randomised,
    transforms,
  } as const;
  const own = columnsAround(stateColumns(scenario, params, Object.keys(randomised)), mortal, {
    ...spec,
    stateIsObs,
  }, agents);
  const columns = masked ? withFinalMask(own) : own;
  return {
    columns,
    draws: { reset: 0, dynamics: 0, observe: 0 },
    maxCycles: spec.maxCycles,
    masked: masked && illegal === "refuse",
    stateIsObs,
    spec: (backend, E) => Object.freeze({ ...spec, backend, E }),
    ready: (backend, E, _autoreset, memory) => ({
      memory: memory ?? allocate(backend === "wasm32" ? columns.map(inFloats) : columns, E),
      start: (home) => classEngine(scenario, { ...spec, E }, home, masked ? illegal : "refuse", randomised),
    }),
  };
}

function specOf(
  scenario: ClassScenario,
  options: PlanOptions,
  sorted: Sorted,
): Omit<WorldSpec, "backend" | "E"> {
  const nominal = settings(scenario.params, sorted.params, scenario.id);
  const params = guarded(scenario, nominal, sorted);
  const realism = realismOf(sorted);
  const { groups: declared, costs = {}, stateSize, sharedReward = false } = scenario.spec(params);
  const actionKind = options.actions ?? offered(scenario, declared.map(({ actions }) => actions));
  const groups: Group[] = [];
  const agents: string[] = [];
  for (const group of declared) {
    checkGroupName(group.name);
    const names = namesOf(group);
    const { size, low = -Infinity, high = Infinity } = group.observation;
    groups.push({
      name: group.name,
      members: names.map((_, i) => agents.length + i),
      observation: { kind: "box", low, high, shape: [size] },
      action: space(scenario, group.name, actionKind, group.actions),
    });
    agents.push(...names);
  }
  if (agents.length === 0) {
    throw new UserError(`${scenario.id} has no agents: its spec needs a group of at least 1`);
  }
  const maxCycles = cycles(scenario, options.maxCycles ?? given(scenario.maxCycles, params));
  if (maxCycles * DRAWS_PER_STEP >= DRAWS_PER_EPISODE) {
    throw new UserError(
      `${scenario.id}: expected maxCycles below ${DRAWS_PER_EPISODE / DRAWS_PER_STEP}, found ${maxCycles}`,
    );
  }
  const channels = Object.entries(costs).map(([name, { scope, summary = name }]) => ({
    name,
    scope,
    summary,
  }));
  const perAgent = (value: (group: Group) => number) => {
    return groups.flatMap((group) => group.members.map(() => value(group)));
  };
  const observationSizes = perAgent(({ observation }) => actionSize(observation));
  const actionSizes = perAgent(({ action }) => actionSize(action));
  return {
    scenario: scenario.id,
    params: nominal,
    ...realism && { realism },
    codeHash: hashOf(scenario, realism),
    N: agents.length,
    O: Math.max(...observationSizes),
    A: Math.max(...actionSizes),
    C: channels.length,
    S: stateSize ?? observationSizes.reduce((sum, size) => sum + size),
    actionKind,
    agents,
    observationSizes,
    actionSizes,
    groups,
    channels,
    budgets: budgets(scenario, params, channels),
    sharedReward,
    maxCycles,
  };
}

function namesOf({ name, agents }: ClassGroup): readonly string[] {
  return typeof agents === "number" ? Array.from({ length: agents }, (_, i) => `${name}_${i}`) : agents;
}

/** Stands for the code: it is the author's word, by `version`, that two worlds do the same. */
function hashOf({ id, version }: ClassScenario, realism: WorldSpec["realism"]): string {
  const hash = hasher();
  hash.text(id);
  hash.text(`version ${version}`);
  if (realism !== undefined) hash.text(JSON.stringify(realism));
  return hash.hex();
}

function stateColumns(
  scenario: ClassScenario,
  params: WorldSpec["params"],
  drawn: readonly string[],
): Column[] {
  const own = Object.entries(scenario.columns(params));
  return [...own, ...drawn.map((name) => [columnOf(name), 1] as const)].map(([name, width]): Column => {
    if (/^[A-Za-z]\w*$/.test(name) && Number.isSafeInteger(width) && width >= 1) {
      return { name, id: `$${name}`, role: "state", format: "f64", width, stride: width, slots: [] };
    }
    throw new UserError(
      `${scenario.id}: a column has a name and a size of at least 1, found ${name}: ${width}`,
    );
  });
}
