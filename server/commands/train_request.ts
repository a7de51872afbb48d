/**
 * What the flags of `paddock train` ask for.
 *
 * @module
 */
import { UsageError, UserError } from "../../core/mod.ts";
import { parseLimits, parsePairs, parseRealism } from "../cli/values.ts";
import type { Request } from "../run/config.ts";
import { readWhole } from "../workspace.ts";
import type { TrainFlags } from "./train.ts";

/** The training that `flags` describe. Throws a UsageError where scenario or algorithm is missing. */
export function requestOf(flags: TrainFlags): Request {
  const { scenario, algorithm } = flags;
  if (scenario === undefined) throw new UsageError("train needs --scenario, or --resume with a run");
  if (algorithm === undefined) throw new UsageError("train needs --algorithm");
  if (flags.constraint === undefined && flags.constraintSet.length > 0) {
    throw new UsageError("--constraint-set needs a --constraint to set: paddock list constraints tells them");
  }
  return {
    ...flags,
    scenario,
    algorithm,
    params: { ...parsePairs("--param", flags.param), ...parseRealism(flags.realism) },
    settings: parsePairs("--set", flags.set),
    constraintSettings: parsePairs("--constraint-set", flags.constraintSet),
    limits: parseLimits(flags.limit),
    curriculum: flags.curriculum === undefined ? undefined : readJson(flags.curriculum),
    selfPlay: flags.selfPlay.length > 0 ? parsePairs("--self-play", flags.selfPlay) : undefined,
  };
}

/** The content of a JSON file that a person named. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(readWhole(path)));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`${path}: expected JSON: ${error.message}`);
    throw error;
  }
}
