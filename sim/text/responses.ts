/**
 * All the responses to a prompt, so few that a learner can be judged by the whole distribution.
 *
 * A prompt is one of 3 letters, A to C. A response is a text of the 4 letters A to D: of `length` letters, or, with
 * `eos`, of at most so many, ended by a token of its own unless it is full. With 5 letters there are 1024; with `eos`
 * and at most 4, 341.
 *
 * `R` responses, `L` tokens of the longest, `P` prompts.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";

export const PROMPTS = 3;
export const LETTERS = 4;
/** The token that ends a response, where there is one. */
export const EOS = LETTERS;

/** Which responses there are. */
export interface ResponseOptions {
  /** Letters of a response, at most; from 2 to 6. */
  readonly length: number;
  /** Whether a token may end it before. */
  readonly eos: boolean;
}

export interface Responses extends ResponseOptions {
  readonly count: number;
  /** `[R,L]`, by first letter, then by second, and so on; EOS after the end. */
  readonly tokens: Int32Array;
  /** `[R]` how many letters there are. */
  readonly letters: Int32Array;
  /** `[R]` how many tokens are chosen: the letters, and the EOS after them where it is one's own choice. */
  readonly steps: Int32Array;
}

/** What a response is worth, by what is in it. */
export interface RewardWeights {
  /** Each letter equal to the prompt. */
  readonly match: number;
  /** Each letter equal to the one before it. */
  readonly repeat: number;
  /** The last letter equal to the first, of two or more. */
  readonly rhyme: number;
  /** D directly after A, once or more often. */
  readonly clash: number;
}

/** Every response there is. */
export function enumerateResponses({ length, eos }: ResponseOptions): Responses {
  if (!(Number.isInteger(length) && length >= 2 && length <= 6)) {
    throw new UserError(
      `enumerateResponses: expected length to be a whole number from 2 to 6, found ${length}`,
    );
  }
  const found: number[][] = [];
  const extend = (text: readonly number[]): void => {
    if (text.length === length) return void found.push([...text]);
    for (let letter = 0; letter < LETTERS; letter++) extend([...text, letter]);
    if (eos) found.push([...text]);
  };
  extend([]);
  const tokens = new Int32Array(found.length * length).fill(EOS);
  found.forEach((text, r) => tokens.set(text, r * length));
  return {
    length,
    eos,
    count: found.length,
    tokens,
    letters: Int32Array.from(found, (text) => text.length),
    steps: Int32Array.from(found, (text) => Math.min(text.length + 1, length)),
  };
}

/** The reward of a text of `letters` letters in answer to a prompt. */
export function rewardOf(
  prompt: number,
  text: ArrayLike<number>,
  letters: number,
  weights: RewardWeights,
): number {
  let matches = 0;
  let repeats = 0;
  let clashes = 0;
  for (let t = 0; t < letters; t++) {
    if (text[t] === prompt) matches++;
    if (t > 0 && text[t] === text[t - 1]) repeats++;
    if (t > 0 && text[t] === 3 && text[t - 1] === 0) clashes++;
  }
  const rhymes = letters > 1 && text[0] === text[letters - 1];
  const { match, repeat, rhyme, clash } = weights;
  return match * matches + repeat * repeats + (rhymes ? rhyme : 0) + (clashes > 0 ? clash : 0);
}

/** `[P,R]` rewards. */
export function responseRewards(responses: Responses, weights: RewardWeights): Float64Array {
  const { count, length, tokens, letters } = responses;
  const rewards = new Float64Array(PROMPTS * count);
  for (let i = 0; i < rewards.length; i++) {
    const r = i % count;
    const text = tokens.subarray(r * length, (r + 1) * length);
    rewards[i] = rewardOf((i - r) / count, text, letters[r]!, weights);
  }
  return rewards;
}
