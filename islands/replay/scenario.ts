/**
 * The scenario that a replay plays in: from the shelf, or from the run's own file, which the server makes a module of
 * (server/run/scenario_module.ts).
 *
 * @module
 */
import { findScenario, type Scenario } from "../../sim/mod.ts";

/**
 * @param module address of the run's own scenario, where it is not on the shelf
 * @throws Error that says what the server or the module lacks
 */
export async function scenarioOf(id: string, module: string | undefined): Promise<Scenario> {
  if (module === undefined) return findScenario(id);
  // the module has no simulator of its own: it looks for this page's under this name
  Object.assign(globalThis, { paddock: { sim: await import("../../sim/mod.ts") } });
  const exported = Object.values(await load(module));
  const found = exported.find((value) => (value as Partial<Scenario> | null)?.id === id);
  if (found === undefined) throw new Error(`the run's scenario file has no "${id}" any more`);
  return found as Scenario;
}

async function load(module: string): Promise<Record<string, unknown>> {
  try {
    return await import(module);
  } catch (error) {
    // an import does not tell what the server answered
    const response = await fetch(module);
    if (response.ok) throw error;
    throw new Error((await response.json()).error);
  }
}
