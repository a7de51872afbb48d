/**
 * Policies that need no training: the ends of a scale of returns.
 *
 * @module
 */
import { unknownName } from "../cli/errors.ts";
import { type Policy, randomPolicy, type Scenario, type WorldSpec } from "../../sim/mod.ts";

/** The policy called `name` for every group. Throws a UsageError that names the nearest one. */
export function baseline(scenario: Scenario, spec: WorldSpec, name: string): Record<string, Policy> {
  const names = ["random", ...Object.keys(scenario.policies)];
  if (!names.includes(name)) throw unknownName("policy", name, names);
  return Object.fromEntries(
    spec.groups.map((group) => [
      group.name,
      name === "random" ? randomPolicy(spec, group) : scenario.policies[name]!(spec, group),
    ]),
  );
}
