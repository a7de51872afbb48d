/**
 * `config.json`: everything that a run was started with, so that evaluate, replay, export and resume need no flags.
 *
 * @module
 */
import * as z from "zod";
import { settings, UserError } from "../../core/mod.ts";
import { limitInfo } from "../../islands/protocol.ts";
import { backends } from "../../sim/mod.ts";

/** The file in a run's folder; each checkpoint keeps a copy of it. */
export const configFile = "config.json";

/** Values whose meaning their owner checks: a scenario its params, an algorithm its settings. */
const values = z.record(z.string(), z.unknown());

/** Further keys are kept as they are. */
export const runConfig = z.looseObject({
  /** Version of this file's layout. */
  format: z.literal(1),
  name: z.string().min(1),
  scenario: z.string().min(1),
  params: values,
  algorithm: z.string().min(1),
  settings: values,
  constraint: z.string().min(1).nullable(),
  constraintSettings: values,
  limits: z.array(limitInfo),
  seed: z.int().min(0),
  /** Environment steps asked for. */
  steps: z.int().min(1),
  envs: z.int().min(1),
  actions: z.enum(["discrete", "continuous"]),
  backend: z.enum(backends),
  /** Hash of the traced scenario. */
  codeHash: z.string(),
  /** Paddock, Deno, ONNX Runtime, CPU: what the bits of a training depend on. */
  versions: z.record(z.string(), z.string()),
  createdAt: z.string(),
});

export type RunConfig = z.output<typeof runConfig>;

/** The config that `text` holds. `path` is named in errors, with the field and what was expected there. */
export function parseConfig(text: string, path: string): Readonly<RunConfig> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}. Restore it, or start a new run`);
  }
  return settings(runConfig, value, path);
}
