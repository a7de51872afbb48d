/**
 * Policies that need no training: the ends of a scale of returns.
 *
 * @module
 */
import { suggest, UsageError } from "../../core/mod.ts";
import { type Policy, randomPolicy, type Scenario, type WorldSpec } from "../../sim/mod.ts";

/** Names of the policies that `scenario` offers untrained. */
export function baselineNames(scenario: Scenario): string[] {
  return ["random", ...Object.keys(scenario.policies)];
}

/** The policy called `name` for every group. Throws a UsageError that names the nearest one. */
export function baseline(scenario: Scenario, spec: WorldSpec, name: string): Record<string, Policy> {
  const names = baselineNames(scenario);
  if (!names.includes(name)) {
    const near = suggest(name, names);
    throw new UsageError(
      `${scenario.id} has no policy "${name}".` + (near ? ` Did you mean "${near}"?` : "") +
        ` It has: ${names.join(", ")}`,
    );
  }
  return Object.fromEntries(
    spec.groups.map((group) => [
      group.name,
      name === "random" ? randomPolicy(spec, group) : scenario.policies[name]!(spec, group),
    ]),
  );
}
