/**
 * A replay file and the scenario that it plays in.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../core/mod.ts";
import type { Replay, Scenario } from "../../sim/mod.ts";
import { text } from "../cli/flags.ts";
import { readWhole } from "../workspace.ts";
import { configFile } from "../workspace/config.ts";

export interface ReplayFile {
  readonly replay: Replay;
  /** Undefined where it is on the shelf. */
  readonly scenario: Scenario | undefined;
}

/** The flag of commands that take replay files. */
export const scenarioFlag = text("file", "file of the scenario, where it is not on the shelf").optional();

/**
 * Opens a replay file. Its scenario is the one given, else the one of the run that it lies in, where that has a file of
 * its own.
 *
 * @throws UserError that names the file, when it cannot be read, or is no replay
 */
export async function openReplay(file: string, scenario: string | undefined): Promise<ReplayFile> {
  const { readReplay } = await import("../../sim/mod.ts");
  const bytes = readWhole(file);
  try {
    return { replay: readReplay(bytes), scenario: await scenarioOf(file, scenario) };
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

async function scenarioOf(file: string, given: string | undefined): Promise<Scenario | undefined> {
  const { loadScenario } = await import("../run/scenario.ts");
  const own = given ?? scenarioFile(join(dirname(resolve(file)), "..", configFile));
  return own === undefined ? undefined : (await loadScenario(own)).scenario;
}

function scenarioFile(config: string): string | undefined {
  try {
    const { file } = JSON.parse(readFileSync(config, "utf8"));
    return typeof file === "string" ? file : undefined;
  } catch {
    return undefined;
  }
}
