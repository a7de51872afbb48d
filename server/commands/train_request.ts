/**
 * What the flags of `paddock train` ask for.
 *
 * @module
 */
import { UsageError, UserError } from "../../core/mod.ts";
import { flagName } from "../cli/flags.ts";
import { typed } from "../cli/format.ts";
import { parseLimits, parsePairs, parseRealism } from "../cli/values.ts";
import type { Request } from "../run/config.ts";
import { checkWorkers } from "../run/size.ts";
import { readWhole } from "../workspace.ts";
import type { TrainFlags } from "./train.ts";
import { summarySuffix } from "./train_names.ts";

/** Flags that a resumed run may have: what it trains was fixed when it started. */
const resumable = new Set(["resume", "runs", "json", "reportEpisodes", "minutes", "workers"]);

/** True where `flags` go on with the seeds of a summary. */
export function resumesSeeds({ resume }: TrainFlags): boolean {
  return resume !== undefined && resume.endsWith(summarySuffix);
}

/** Throws a UsageError where flags that were given are without effect beside the others. */
export function checkFlags(flags: TrainFlags, given: ReadonlySet<string>): void {
  const several = flags.seeds > 1 || resumesSeeds(flags);
  if (flags.resume !== undefined) {
    const other = [...given].find((name) => !resumable.has(name) && !(several && name === "jobs"));
    if (other) {
      throw new UsageError(`a resumed run goes on as it was configured: leave out ${flagName(other)}`);
    }
  }
  if (given.has("jobs") && !several) {
    throw new UsageError(
      "--jobs says how many of several --seeds train at once: leave it out, or give --seeds",
    );
  }
  checkWorkers(flags.workers, flags.resume === undefined ? flags.envs : undefined);
}

/** The training that `flags` describe. Throws a UsageError where scenario or algorithm is missing. */
export function requestOf(flags: TrainFlags): Request {
  const { scenario, algorithm } = flags;
  if (scenario === undefined) {
    throw new UsageError(
      `train needs --scenario, or --resume with a run: ${typed("list scenarios")} tells the scenarios`,
    );
  }
  if (algorithm === undefined) {
    throw new UsageError(
      `train needs --algorithm, such as ippo, mappo or qmix: ${typed("list algorithms")} tells them all`,
    );
  }
  if (flags.constraint === undefined && flags.constraintSet.length > 0) {
    throw new UsageError("--constraint-set needs a --constraint to set: paddock list constraints tells them");
  }
  for (const name of ["stopAt", "patience"] as const) {
    if (flags[name] === undefined || flags.evaluateEvery > 0) continue;
    throw new UsageError(
      `${
        flagName(name)
      } goes by the evaluations, and --evaluate-every 0 makes none: leave out one of the two`,
    );
  }
  const params = { ...parsePairs("--param", flags.param), ...parseRealism(flags.realism) };
  const curriculum = flags.curriculum === undefined ? undefined : readCurriculum(flags.curriculum);
  checkStages(curriculum, params);
  return {
    ...flags,
    scenario,
    algorithm,
    params,
    settings: parsePairs("--set", flags.set),
    constraintSettings: parsePairs("--constraint-set", flags.constraintSet),
    limits: parseLimits(flags.limit),
    curriculum,
    selfPlay: flags.selfPlay.length > 0 ? parsePairs("--self-play", flags.selfPlay) : undefined,
  };
}

/** Throws a UsageError where a stage of the curriculum sets a param that was given. All else of it is checked later. */
function checkStages(curriculum: unknown, params: Readonly<Record<string, unknown>>): void {
  const { stages } = (curriculum ?? {}) as { stages?: unknown };
  if (!Array.isArray(stages)) return;
  const name = Object.keys(params).find((name) =>
    stages.some((stage) => typeof stage === "object" && stage !== null && Object.hasOwn(stage, name))
  );
  if (name === undefined) return;
  throw new UsageError(
    `--param ${name}: the stages of the --curriculum set ${name}. Leave it out, or take it out of the stages`,
  );
}

/** What the JSON file of `--curriculum` holds; its stages are checked later. */
function readCurriculum(path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(readWhole(path)));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new UsageError(`--curriculum ${path}: expected JSON: ${error.message}`);
    }
    if (error instanceof UserError) throw new UsageError(`--curriculum: ${error.message}`);
    throw error;
  }
}
