/**
 * Finds scenarios by id.
 *
 * @module
 */
import { suggest, UsageError } from "../core/mod.ts";
import type { Scenario } from "./language/scenario.ts";
import { scenarios } from "./scenarios/mod.ts";

/** @throws UsageError naming the nearest id */
export function findScenario(id: string): Scenario {
  const found = scenarios.find((scenario) => scenario.id === id);
  if (found !== undefined) return found;
  const ids = scenarios.map((scenario) => scenario.id);
  const near = suggest(id, ids);
  const hint = near === undefined ? `There are: ${ids.join(", ")}` : `Did you mean "${near}"?`;
  throw new UsageError(`there is no scenario "${id}". ${hint}`);
}
