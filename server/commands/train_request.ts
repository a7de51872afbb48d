/**
 * What the flags of `paddock train` ask for.
 *
 * @module
 */
import { UsageError } from "../../core/mod.ts";
import { parseLimits, parsePairs, parseRealism } from "../cli/values.ts";
import type { Request } from "../run/config.ts";
import type { TrainFlags } from "./train.ts";

/** The training that `flags` describe. Throws a UsageError where scenario or algorithm is missing. */
export function requestOf(flags: TrainFlags): Request {
  const { scenario, algorithm } = flags;
  if (scenario === undefined) throw new UsageError("train needs --scenario, or --resume with a run");
  if (algorithm === undefined) throw new UsageError("train needs --algorithm");
  return {
    ...flags,
    scenario,
    algorithm,
    params: { ...parsePairs("--param", flags.param), ...parseRealism(flags.realism) },
    settings: parsePairs("--set", flags.set),
    constraintSettings: parsePairs("--constraint-set", flags.constraintSet),
    limits: parseLimits(flags.limit),
    selfPlay: flags.selfPlay.length > 0 ? parsePairs("--self-play", flags.selfPlay) : undefined,
  };
}
