/**
 * The problem that `text/preference` plays token by token, laid out whole.
 *
 * @module
 */
import * as z from "zod";
import { settings } from "../../core/mod.ts";
import { referenceLogp } from "./reference.ts";
import { enumerateResponses, responseRewards, type Responses } from "./responses.ts";

/** What can be changed about it; the scenario's params. */
export const preferenceParams = z.strictObject({
  length: z.int().min(2).max(6).default(5).describe("letters of a response, at most"),
  eos: z.boolean().default(false).describe("a token of its own may end a response before"),
  match: z.number().default(0.6).describe("reward of each letter equal to the prompt"),
  repeat: z.number().default(-0.5).describe("reward of each letter equal to the one before it"),
  rhyme: z.number().default(1).describe("reward of a last letter equal to the first"),
  clash: z.number().default(-0.8).describe("reward of D directly after A, once or more often"),
});

export interface Problem {
  readonly responses: Responses;
  /** `[P,R]` */
  readonly rewards: Float64Array;
  /** `[P,R]` log-probabilities of the reference policy. */
  readonly reference: Float64Array;
}

/** @param params those of `text/preference` */
export function problem(params: z.input<typeof preferenceParams> = {}): Problem {
  const given = settings(preferenceParams, params, "text/preference");
  const responses = enumerateResponses(given);
  return { responses, rewards: responseRewards(responses, given), reference: referenceLogp(responses) };
}
