import assert from "node:assert/strict";
import fc from "fast-check";
import { suggest } from "../../core/mod.ts";

Deno.test("suggest() finds what was meant", () => {
  const settings = ["gamma", "clip", "entropy", "learningRate"];
  assert.equal(suggest("gama", settings), "gamma");
  assert.equal(suggest("gmama", settings), "gamma");
  assert.equal(suggest("Clip", settings), "clip");
  assert.equal(suggest("learning_rate", settings), "learningRate");
  assert.equal(suggest("spread", ["mpe/simple_v3", "mpe/simple_spread_v3"]), "mpe/simple_spread_v3");
  assert.equal(
    suggest("mpe/simple_spred_v3", ["mpe/simple_speaker_v3", "mpe/simple_spread_v3"]),
    "mpe/simple_spread_v3",
  );
});

Deno.test("suggest() keeps silent when nothing is near", () => {
  assert.equal(suggest("horizon", ["gamma", "clip"]), undefined);
  assert.equal(suggest("x", ["y"]), undefined);
  assert.equal(suggest("gamma", []), undefined);
});

Deno.test("suggest() finds a word itself, and a word with one slip", () => {
  const word = fc.stringMatching(/^[a-z]{3,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), (meant, where) => {
      assert.equal(suggest(meant, ["#####", meant]), meant);
      const at = where % meant.length;
      assert.equal(suggest(meant.slice(0, at) + meant.slice(at + 1), ["#####", meant]), meant);
      assert.equal(suggest(`${meant.slice(0, at)}_${meant.slice(at)}`, ["#####", meant]), meant);
    }),
    { seed: 20240601, numRuns: 200 },
  );
});
