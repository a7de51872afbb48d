/**
 * Preference: a writer answers a prompt letter by letter, and learns only at the end what the whole is worth.
 *
 * So small that all of it can be enumerated: 3 prompts with 1024 responses each. What RLHF and DPO should come to is
 * known exactly; `problem` in `sim/text` has the rewards and the reference policy of every response.
 *
 * Prompt       a letter x of A, B, C, all equally likely
 * Action       [4]  the next letter, A to D; with `eos` [5], 4 ends the response
 * Observation  [3 + 4L + L]  prompt, one-hot; for each of the L = `length` places its letter, one-hot, zeros where none is
 *              written yet; the place that is next, one-hot
 * Reward       0 until the response is complete, then match · #{y_t = x} + repeat · #{y_t = y_(t−1)} +
 *              rhyme · [y_1 = y_last] + clash · [D directly after A]; a rhyme needs two letters
 * End          the response has L letters, or its writer ends it: the episode is terminated
 * Optimum      2.8 for every prompt, as by ABABA for A; with `eos` and L = 4, 2.3
 * Reference    policy `reference`: a Markov chain of its own for each prompt; it earns .423628
 * Scripted     the best letter, by enumeration of all responses that go on from here; with `eos`, it ends where that is best
 *
 * @module
 */
import { categorical } from "../../../core/mod.ts";
import { ruled } from "../../language/rule.ts";
import { scenario } from "../../language/scenario.ts";
import type { Num } from "../../language/values.ts";
import { column, group, plain } from "../../language/world.ts";
import { preferenceParams, problem } from "../../text/problem.ts";
import { referenceChances } from "../../text/reference.ts";
import { EOS, LETTERS, PROMPTS } from "../../text/responses.ts";
import type { Policy, Shape, World, WorldSpec } from "../../types.ts";

const NAMES = ["A", "B", "C", "D"];
const COLORS = ["#4c6ef5", "#40c057", "#f08c00", "#fa5252"] as const;

export const preference = scenario({
  id: "text/preference",
  summary: "a writer answers a prompt letter by letter; all responses can be enumerated",
  maxCycles: ({ length }) => length,
  discount: 1,
  params: preferenceParams,

  world: () => plain({ agents: group("writer", 1) }),
  /** Of `text`, a letter plus 1 for each place, 0 where none is written; `written` counts them. */
  fields: ({ length }) => ({
    prompt: column("world"),
    text: column("world", length),
    written: column("world"),
    complete: column("world"),
  }),
  actions: ({ eos }) => ({ discrete: eos ? LETTERS + 1 : LETTERS }),

  reset: (k) => k.fields.prompt.set(k.integer(PROMPTS)),

  dynamics: (k) => {
    const { text, written, complete } = k.fields;
    const token = k.action(k.at(k.agents, 0));
    const place = written.get();
    const letter = token.ne(EOS);
    for (let t = 0; t < k.p.length; t++) {
      text.set(t, k.select(place.eq(t).and(letter), token.add(1), text.get(t)));
    }
    written.set(place.add(letter.num()));
    complete.set(written.get().eq(k.p.length).or(letter.not()).num());
  },

  observe: (k) => {
    const { prompt, text, written } = k.fields;
    const letters = Array.from({ length: k.p.length }, (_, t) => k.oneHot(text.get(t).sub(1), LETTERS));
    return [k.oneHot(prompt.get(), PROMPTS), letters, k.oneHot(written.get(), k.p.length)];
  },

  reward: (k) => {
    const { prompt, text, written, complete } = k.fields;
    const letters = Array.from({ length: k.p.length }, (_, t) => text.get(t));
    const follows = letters.slice(1).map((letter, t) => [letters[t]!, letter] as const);
    const wanted = prompt.get().add(1);
    const matches = count(letters.map((letter) => letter.eq(wanted).num()));
    const repeats = count(follows.map(([a, b]) => a.eq(b).and(b.gt(0)).num()));
    const clashes = count(follows.map(([a, b]) => a.eq(1).and(b.eq(4)).num()));
    const rhymes = written.get().gt(1).and(k.at(letters, written.get().sub(1)).eq(letters[0]!));
    const worth = matches.mul(k.param("match")).add(repeats.mul(k.param("repeat")))
      .add(rhymes.num().mul(k.param("rhyme"))).add(clashes.gt(0).num().mul(k.param("clash")));
    return k.select(complete.get().eq(1), worth, 0);
  },
  terminate: { scope: "team", of: (k) => k.fields.complete.get().eq(1) },

  view: ({ length }) => ({ camera: [-0.7, length + 1.7, -1, 1], shapes: draw, caption }),
  policies: { reference, scripted: ({ params }) => ruled("scripted", bestLetter(params))() },
});

function count(terms: readonly Num[]): Num {
  return terms.reduce((sum, term) => sum.add(term));
}

/** The prompt in a disc, then the places, each with the letter written there. */
function draw({ columns }: World, env: number): Shape[] {
  const { data, width } = columns["text"]!;
  const prompt = columns["prompt"]!.data[env]!;
  const asked: Shape = {
    kind: "disc",
    x: 0,
    y: 0,
    r: 0.45,
    color: COLORS[prompt]!,
    label: NAMES[prompt]!,
    agent: 0,
  };
  const places = Array.from(data.subarray(width * env, width * (env + 1)), (letter, t): Shape => {
    const place = { kind: "cell", x: t + 1.5, y: 0, r: 0.45 } as const;
    if (letter === 0) return { ...place, color: "#ced4da" };
    return { ...place, color: COLORS[letter - 1]!, label: NAMES[letter - 1]! };
  });
  return [asked, ...places];
}

function caption({ columns, reward }: World, env: number): string {
  const { data, width } = columns["text"]!;
  const letters = Array.from(
    data.subarray(width * env, width * (env + 1)),
    (letter) => NAMES[letter - 1] ?? "",
  );
  const text = `${NAMES[columns["prompt"]!.data[env]!]}: ${letters.join("")}`;
  return columns["complete"]!.data[env] === 1 ? `${text}, reward ${reward[env]!.toFixed(1)}` : text;
}

/** What an observation says: the prompt, and the letters so far. */
function read(obs: Float32Array, length: number): { prompt: number; text: number[] } {
  const written = obs.subarray(PROMPTS + LETTERS * length).indexOf(1);
  const text = Array.from({ length: written }, (_, t) => {
    return obs.subarray(PROMPTS + LETTERS * t, PROMPTS + LETTERS * (t + 1)).indexOf(1);
  });
  return { prompt: obs.subarray(0, PROMPTS).indexOf(1), text };
}

/** Draws each letter from the reference chain. */
function reference({ params }: WorldSpec): Policy {
  const { length, eos } = preferenceParams.parse(params);
  return {
    name: "reference",
    hiddenSize: 0,
    act({ rows, obs, streams }, into) {
      const O = obs.length / rows;
      for (let row = 0; row < rows; row++) {
        const { prompt, text } = read(obs.subarray(O * row, O * (row + 1)), length);
        into[row] = categorical(streams[row]!, referenceChances(prompt, text.at(-1) ?? -1, eos));
      }
    },
  };
}

/** The next token of the best response that begins with the letters so far, the first of equals. */
function bestLetter(params: WorldSpec["params"]): (obs: Float32Array) => number {
  const { responses: { count, length, tokens, steps }, rewards } = problem(params);
  const best = new Map<string, { reward: number; token: number }>();
  for (let i = 0; i < PROMPTS * count; i++) {
    const r = i % count;
    const prompt = (i - r) / count;
    for (let t = 0; t < steps[r]!; t++) {
      const key = [prompt, ...tokens.subarray(r * length, r * length + t)].join(" ");
      const found = best.get(key);
      if (found !== undefined && found.reward >= rewards[i]!) continue;
      best.set(key, { reward: rewards[i]!, token: tokens[r * length + t]! });
    }
  }
  return (obs) => {
    const { prompt, text } = read(obs, length);
    return best.get([prompt, ...text].join(" "))?.token ?? 0;
  };
}
