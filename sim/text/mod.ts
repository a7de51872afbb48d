/**
 * `text/preference` as a whole: all responses, their rewards, policies over them, and what is best.
 *
 * @module
 */
export {
  enumerateResponses,
  EOS,
  LETTERS,
  PROMPTS,
  type ResponseOptions,
  responseRewards,
  type Responses,
  rewardOf,
  type RewardWeights,
} from "./responses.ts";
export { referenceChances, referenceLogp, referenceTokens, STOP } from "./reference.ts";
export {
  type Bayes,
  bayes,
  deviation,
  divergence,
  entropy,
  expectation,
  logSumExp,
  normalised,
  objective,
  type Optimum,
  optimum,
  variation,
} from "./distributions.ts";
export { type Pairs, samplePairs, sampleResponses, type Samples } from "./sampling.ts";
export { type Problem, problem } from "./problem.ts";
