/**
 * Where workers find a scenario: a scenario itself cannot be sent to them.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Scenario } from "../language/scenario.ts";
import { findScenario } from "../registry.ts";

/** The id of a scenario on the shelf, or the URL of a module that exports one; `name` where it exports several. */
export type ScenarioSource = string | { readonly url: string | URL; readonly name?: string };

/** The same as plain data. */
export type SourceData = string | { readonly url: string; readonly name?: string };

export function dataOf(source: ScenarioSource): SourceData {
  return typeof source === "string" ? source : { ...source, url: `${source.url}` };
}

/** @throws UserError naming what is missing */
export async function load(source: SourceData): Promise<Scenario> {
  if (typeof source === "string") return findScenario(source);
  const { url, name } = source;
  const module = await import(url) as Record<string, unknown>;
  const found = Object.entries(module).filter((entry): entry is [string, Scenario] => isScenario(entry[1]));
  if (name === undefined && isScenario(module["default"])) return module["default"];
  const chosen = name === undefined ? found : found.filter(([key]) => key === name);
  if (chosen.length === 1) return chosen[0]![1];
  if (found.length === 0) throw new UserError(`${url} exports no scenario`);
  const names = found.map(([key]) => key).join(", ");
  throw new UserError(`${url}: say which scenario by name: ${names}`);
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === "object" && value !== null && "maxCycles" in value && "params" in value;
}
