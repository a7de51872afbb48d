/**
 * Data drawn from policies over all responses: texts, and pairs of them with a label.
 *
 * @module
 */
import { exp, integer, type Stream, uniform } from "../../core/mod.ts";
import { PROMPTS } from "./responses.ts";

/** `[n]` each: a prompt, and the index of a response to it. */
export interface Samples {
  readonly prompts: Int32Array;
  readonly responses: Int32Array;
}

/** `[n]` each: a prompt, and the indices of the response that was preferred and of the other. */
export interface Pairs {
  readonly prompts: Int32Array;
  readonly chosen: Int32Array;
  readonly rejected: Int32Array;
}

/** Draws prompts, all equally likely, and a response of the policy `logp` [P,R] to each. */
export function sampleResponses(stream: Stream, logp: Float64Array, n: number): Samples {
  const draw = drawing(logp);
  const prompts = new Int32Array(n);
  const responses = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    prompts[i] = integer(stream, PROMPTS);
    responses[i] = draw(stream, prompts[i]!);
  }
  return { prompts, responses };
}

/** Draws pairs of the policy's responses; which one is preferred, Bradley and Terry's model of `rewards` [P,R] says. */
export function samplePairs(stream: Stream, logp: Float64Array, rewards: Float64Array, n: number): Pairs {
  const draw = drawing(logp);
  const count = rewards.length / PROMPTS;
  const prompts = new Int32Array(n);
  const chosen = new Int32Array(n);
  const rejected = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const prompt = integer(stream, PROMPTS);
    const [first, second] = [draw(stream, prompt), draw(stream, prompt)];
    const difference = rewards[prompt * count + first]! - rewards[prompt * count + second]!;
    const wins = uniform(stream) < 1 / (1 + exp(-difference));
    prompts[i] = prompt;
    chosen[i] = wins ? first : second;
    rejected[i] = wins ? second : first;
  }
  return { prompts, chosen, rejected };
}

/** Draws a response to a prompt, with one block of random bits. */
function drawing(logp: Float64Array): (stream: Stream, prompt: number) => number {
  const count = logp.length / PROMPTS;
  const sums = new Float64Array(logp.length);
  for (let i = 0; i < sums.length; i++) sums[i] = (i % count === 0 ? 0 : sums[i - 1]!) + exp(logp[i]!);
  return (stream, prompt) => {
    let low = prompt * count;
    let high = low + count - 1;
    const target = uniform(stream) * sums[high]!;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (sums[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low - prompt * count;
  };
}
