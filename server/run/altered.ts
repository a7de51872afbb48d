/**
 * A config that was edited since the run was saved: what was learned under one does not fit the other.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../core/mod.ts";
import type { RunFolder } from "../workspace.ts";
import { configFile } from "../workspace/config.ts";
import type { TrainConfig, trainConfig } from "./config.ts";

/** What decides what is learned, and its shapes; how long, how often and under which name may change. */
const fixed = [
  "scenario",
  "params",
  "actions",
  "algorithm",
  "settings",
  "constraint",
  "constraintSettings",
  "limits",
  "seed",
  "envs",
  "selfPlay",
  "curriculum",
] as const satisfies readonly (keyof typeof trainConfig.shape)[];

type Values = Readonly<Record<string, unknown>>;

/** Reads what a file holds as a config, and fills in the defaults of what it lacks. Throws a UserError where it is none. */
type Read = (saved: unknown) => TrainConfig;

/**
 * Throws a UserError that names every field of `config`, read from `path`, that the newest checkpoint has otherwise.
 *
 * @param read as `config` was read: a setting that came with a later version has the same default in both
 */
export function checkUnaltered(run: RunFolder, config: TrainConfig, path: string, read: Read): void {
  const saved = savedConfig(run, read);
  if (!saved) return;
  const changes = fixed.flatMap((name) => differences(name, saved.config[name], config[name]));
  if (changes.length === 0) return;
  throw new UserError(
    `${path} was altered since ${saved.path} was saved:\n  ${changes.join("\n  ")}\n` +
      "Put it back as it was, or train a new run with what it says now",
  );
}

/** The config that the newest checkpoint was saved under, of those that can be read; those of old have none. */
function savedConfig(
  run: RunFolder,
  read: Read,
): { readonly config: TrainConfig; readonly path: string } | undefined {
  for (const checkpoint of run.checkpoints().reverse()) {
    if (!checkpoint.files.includes(configFile)) continue;
    try {
      const text = new TextDecoder().decode(run.readCheckpoint(checkpoint, configFile));
      return { config: read(JSON.parse(text)), path: checkpoint.path };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}

/** A line for each field that differs, of a record for each of its own. */
function differences(name: string, was: unknown, is: unknown): string[] {
  if (isDeepStrictEqual(was, is)) return [];
  if (!isRecord(was) || !isRecord(is)) return [`${name} is ${told(is)}, and was ${told(was)}`];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  return keys.flatMap((key) => differences(`${name}.${key}`, was[key], is[key]));
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function told(value: unknown): string {
  return value === undefined ? "not there" : JSON.stringify(value);
}
