/**
 * Policies that need no learning: uniform random ones, and those a scenario brings along.
 *
 * @module
 */
import { integer, suggest, uniform, UsageError } from "../core/mod.ts";
import type { Scenario } from "./language/scenario.ts";
import type { Group, Policy, PolicyInput, WorldSpec } from "./types.ts";

/** Uniform over the legal discrete actions, or over the box of continuous ones; one block of random bits per number. */
export function randomPolicy(spec: WorldSpec, group: Group | string): Policy {
  const { action } = findGroup(spec, group);
  const act = action.kind === "discrete"
    ? randomDiscrete(action.n)
    : randomBox(action.low, action.high, action.shape[0]);
  return { name: "random", hiddenSize: 0, act };
}

/** Row `r` of `mask` [rows,A] holds the legal actions; where none is legal, the agent does not act and gets 0. */
function randomDiscrete(A: number): Policy["act"] {
  return ({ rows, mask, streams }: PolicyInput, into) => {
    for (let r = 0; r < rows; r++) {
      let legal = 0;
      for (let a = 0; a < A; a++) legal += mask[r * A + a]!;
      let left = legal === 0 ? 0 : integer(streams[r]!, legal);
      let chosen = 0;
      for (let a = 0; a < A; a++) {
        if (mask[r * A + a] === 1 && left-- === 0) chosen = a;
      }
      into[r] = chosen;
    }
  };
}

function randomBox(low: number, high: number, A: number): Policy["act"] {
  return ({ rows, streams }: PolicyInput, into) => {
    for (let i = 0; i < rows * A; i++) into[i] = uniform(streams[Math.floor(i / A)]!, low, high);
  };
}

/**
 * The group of that name, or the group itself.
 *
 * @throws UsageError when there is no such group
 */
export function findGroup(spec: WorldSpec, group: Group | string): Group {
  if (typeof group !== "string") return group;
  const found = spec.groups.find(({ name }) => name === group);
  if (found) return found;
  const names = spec.groups.map(({ name }) => name);
  const near = suggest(group, names);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  throw new UsageError(`${spec.scenario} has no group "${group}".${hint} It has: ${names.join(", ")}`);
}

/** The scenario's own policy of that name for a group; undefined where it has none. */
export function scriptedPolicy(
  scenario: Scenario,
  spec: WorldSpec,
  group: Group | string,
  name = "scripted",
): Policy | undefined {
  return scenario.policies[name]?.(spec, findGroup(spec, group));
}
