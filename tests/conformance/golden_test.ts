/**
 * The bits of every scenario are those of the golden file. Where they are not, either something broke, or replays of
 * yesterday stop verifying on purpose: then rewrite the file with `deno task golden`, and say why in the changelog.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type Golden, golden, nameOf, parting, subjects } from "./golden.ts";
import { readGolden } from "./golden_file.ts";

const CURE = "If that is meant, run `deno task golden` and say why in CHANGELOG.md";
const file = readGolden();
const known = subjects();

for (const subject of known) {
  const name = nameOf(subject);
  Deno.test(`${name}: the bits of the golden file`, () => {
    const expected = file[name];
    assert.ok(expected, `${name} is new: run \`deno task golden\` to add its hashes`);
    const found = golden(subject, "js");
    const parts = parting(expected, found);
    assert.ok(parts === undefined, `${name} ${parts}. ${CURE}`);
    assert.deepEqual(found, expected);
  });
}

Deno.test("the golden file holds no scenario that is gone", () => {
  const gone = Object.keys(file).filter((name) => !known.some((subject) => nameOf(subject) === name));
  assert.deepEqual(gone, [], CURE);
});

Deno.test("parting() names the first step and the columns in which two plays differ", () => {
  const trail = (from: number) =>
    btoa(String.fromCharCode(...Array.from({ length: 100 }, (_, t) => t < from ? t : 7)));
  const hashes = { "seed 1": { "1": "a", "10": "b", "100": "c" } };
  const play: Golden = { hashes, trail: { pos: trail(100), vel: trail(100) } };
  assert.equal(parting(play, play), undefined);
  const columns = (pos: number, vel: number): Golden => ({
    hashes,
    trail: { pos: trail(pos), vel: trail(vel) },
  });
  assert.equal(parting(play, columns(40, 12)), "differs from step 13 on, in vel");
  assert.equal(parting(play, columns(12, 12)), "differs from step 13 on, in pos, vel");
  assert.equal(parting(play, { ...play, trail: { pos: trail(100) } }), "differs from step 1 on, in vel");
  const other = { ...play, hashes: { "seed 1": { ...hashes["seed 1"], "10": "x" } } };
  assert.equal(parting(play, other), "has another hash at step 10 of seed 1");
});
