/**
 * The reference policy: for each prompt a Markov chain over letters, which never looks back further than one letter.
 *
 * The rows were drawn once from Dirichlet(1.5) and are given to four digits; each is divided by its sum.
 *
 * @module
 */
import { log } from "../../core/mod.ts";
import { LETTERS, PROMPTS, type Responses } from "./responses.ts";

/** Chance that the text ends before the next letter, where it may. */
export const STOP = 0.2;

/** By prompt, a row for each letter that may come before, then one for the start; chances of the next letter. */
const CHAINS: readonly (readonly (readonly number[])[])[] = [
  [
    [.1814, .2780, .0941, .4465],
    [.3800, .4174, .0179, .1847],
    [.1697, .4216, .2609, .1478],
    [.5961, .1304, .1805, .0930],
    [.1912, .2696, .1131, .4261],
  ],
  [
    [.0310, .3843, .1715, .4132],
    [.5932, .2155, .1568, .0345],
    [.2428, .0427, .1082, .6063],
    [.1808, .4462, .2311, .1419],
    [.4510, .1012, .2100, .2378],
  ],
  [
    [.2296, .0740, .5461, .1503],
    [.1985, .1706, .3277, .3032],
    [.0434, .3319, .1842, .4405],
    [.2388, .0144, .2780, .4688],
    [.2060, .3426, .2304, .2210],
  ],
];

/**
 * The chances of the next token `[4]`, or `[5]` with EOS.
 *
 * @param previous the letter before; −1 at the start
 */
export function referenceChances(prompt: number, previous: number, eos: boolean): number[] {
  const row = CHAINS[prompt]![previous < 0 ? LETTERS : previous]!;
  const letters = (eos ? 1 - STOP : 1) / row.reduce((sum, chance) => sum + chance, 0);
  return [...row.map((chance) => chance * letters), ...eos ? [STOP] : []];
}

/** `[P,R,L]` log-probability of each token under the reference; 0 where none is chosen any more. */
export function referenceTokens({ count, length, tokens, steps, eos }: Responses): Float64Array {
  const logp = new Float64Array(PROMPTS * count * length);
  for (let i = 0; i < logp.length; i++) {
    const t = i % length;
    const r = (i - t) / length % count;
    if (t >= steps[r]!) continue;
    const place = r * length + t;
    const prompt = Math.floor(i / (count * length));
    const chances = referenceChances(prompt, t === 0 ? -1 : tokens[place - 1]!, eos);
    logp[i] = log(chances[tokens[place]!]!);
  }
  return logp;
}

/** `[P,R]` log-probability of each response under the reference. */
export function referenceLogp(responses: Responses): Float64Array {
  const { count, length } = responses;
  const each = referenceTokens(responses);
  return Float64Array.from({ length: PROMPTS * count }, (_, i) => {
    return each.subarray(i * length, (i + 1) * length).reduce((sum, logp) => sum + logp, 0);
  });
}
