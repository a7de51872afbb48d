/**
 * A scenario by id, or from a file of one's own: `--scenario ./my_scenario.ts` works wherever an id does.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { UsageError, UserError } from "../../core/mod.ts";
import { findScenario, type Scenario } from "../../sim/mod.ts";

/** A scenario, and the absolute path of the file it came from where it is not on the shelf. */
export interface FoundScenario {
  readonly scenario: Scenario;
  readonly file?: string;
}

/** True for what names a file rather than an id. */
export function isScenarioFile(argument: string): boolean {
  return /^\.{0,2}\//.test(argument) || /\.[cm]?[jt]s$/.test(argument);
}

/** The scenario that `argument` means. Throws a UsageError that names the nearest id, or says what the file lacks. */
export async function loadScenario(argument: string): Promise<FoundScenario> {
  if (!isScenarioFile(argument)) return { scenario: findScenario(argument) };
  const file = resolve(argument);
  if (!existsSync(file)) throw new UsageError(`there is no scenario file ${file}`);
  return { scenario: onlyScenario(await load(file), file), file };
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${file}: ${error.message}`);
    throw new UserError(`${file} failed while loading: ${traceOf(error)}`);
  }
}

/** The error and where in the person's own files it came up. */
function traceOf(error: unknown): string {
  const lines = stripVTControlCharacters(error instanceof Error ? error.stack ?? "" : String(error)).split(
    "\n",
  );
  const ours = lines.findIndex((line) => line.includes(import.meta.url));
  return lines.slice(0, ours < 0 ? undefined : ours).join("\n");
}

/** The default export where it is a scenario, otherwise the only exported one. */
function onlyScenario(module: Record<string, unknown>, file: string): Scenario {
  if (isScenario(module.default)) return module.default;
  const found = Object.entries(module).filter((entry): entry is [string, Scenario] => isScenario(entry[1]));
  if (found.length === 1) return found[0]![1];
  if (found.length > 1) {
    const names = found.map(([name]) => name).join(", ");
    throw new UserError(
      `${file} exports ${found.length} scenarios (${names}). Make one of them the default export`,
    );
  }
  throw new UserError(
    `${file} exports no scenario. Write: export default scenario({ id: "family/name", … })`,
  );
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" &&
    "maxCycles" in value && "params" in value;
}
