/** A frame as SVG and as text. */
import assert from "node:assert/strict";
import {
  type Frame,
  frame,
  lookOf,
  LOOKS,
  makeWorld,
  picture,
  roundStep,
  scenarios,
  wordsOf,
} from "../../sim/mod.ts";
import { ansi } from "../../sim/pettingzoo/ansi.ts";

const small: Frame = {
  camera: [-2, 2, -1, 1],
  caption: "",
  shapes: [
    { kind: "disc", x: 1, y: 0, r: 0.5, color: "#111111", agent: 0 },
    { kind: "disc", x: -1, y: 0, r: 0.5, color: "#222222" },
    { kind: "cell", x: 0, y: 0.5, r: 0.25, color: "#333333", label: "a < b & c" },
    { kind: "line", x: -2, y: -1, r: 0.05, x2: 2, y2: 1, color: "#444444" },
    { kind: "zone", x: 0, y: 0, r: 0.5, color: "#555555" },
    { kind: "ring", x: 0, y: 0, r: 0.5, color: "#666666" },
    { kind: "text", x: 0, y: -0.5, r: 0.05, color: "#777777", label: "words" },
  ],
};

Deno.test("picture() puts world units where the camera says, and y upwards", () => {
  const svg = picture(small, { width: 400 });
  assert.match(svg, /viewBox="0 0 400 200"/);
  assert.ok(svg.includes(`M250 100a50 50 0 1 1 100 0a50 50 0 1 1 -100 0" fill="#111111"`), "disc at (1, 0)");
  assert.ok(svg.includes(`M175 25h50v50h-50z" fill="#333333"`), "cell at (0, 0.5)");
  assert.ok(svg.includes(`M0 200L400 0" fill="none" stroke="#444444" stroke-width="10"`), "line");
});

Deno.test("picture() draws each kind by its look, things fainter than agents and below them, words on top", () => {
  const svg = picture(small);
  for (const shape of small.shapes) {
    const look = lookOf(shape);
    if (look === undefined) continue;
    const [inside] = LOOKS[look];
    assert.ok(
      svg.includes(
        inside === 0 ? `stroke="${shape.color}"` : `fill="${shape.color}" fill-opacity="${inside}"`,
      ),
    );
  }
  const order = ["#333333", "#222222", "#111111", ">words<"].map((part) => svg.indexOf(part));
  assert.ok(order[0]! < order[2]! && order[1]! < order[2]! && order[2]! < order[3]!);
  assert.ok(svg.includes("a &lt; b &amp; c"));
});

Deno.test("a high world is held in the middle; a long caption goes on in the next line", () => {
  const svg = picture({ camera: [0, 1, 0, 10], shapes: [], caption: "word ".repeat(40) }, { width: 300 });
  const [, width, height] = /viewBox="0 0 (\d+) ([\d.]+)"/.exec(svg)!;
  assert.equal(width, "300");
  assert.ok(Number(height) > 400 && Number(height) < 600);
  assert.ok(svg.match(/<text/g)!.length > 2);
});

Deno.test("trails end at their agents", () => {
  const svg = picture(small, { width: 400, trails: [[0, 0, 0.5, 0]] });
  assert.ok(svg.includes(`M200 100L250 100"`) && svg.includes(`L300 100"`), svg);
});

Deno.test("texts have their own size as far as it can be read; labels stand under their shapes", () => {
  const at = { scale: 100, left: 0, top: 0 };
  const words = (r: number) => wordsOf([{ kind: "text", x: 1, y: -2, r, color: "", label: "t" }], at)[0];
  assert.deepEqual(words(0.06), { text: "t", x: 100, y: 200, height: 12 });
  assert.equal(words(0.001)!.height, 9);
  assert.equal(words(1)!.height, 16);
  assert.deepEqual(wordsOf([{ kind: "ring", x: 1, y: -2, r: 0.5, color: "", label: "r" }], at), [
    { text: "r", x: 100, y: 259, height: 11 },
  ]);
});

Deno.test("roundStep() is the nearest of 1, 2 and 5 times a power of ten, not below", () => {
  const cases = [[1, 1], [1.01, 2], [3, 5], [7, 10], [0.25, 0.5], [0.03, 0.05], [40, 50], [600, 1000]];
  for (const [x, step] of cases) assert.ok(Math.abs(roundStep(x!) - step!) < 1e-12 * step!, `${x}`);
});

Deno.test("ansi() writes texts as they are", () => {
  assert.match(ansi(small), /words/);
});

for (const scenario of scenarios) {
  Deno.test(`the picture of ${scenario.id} is an XML document without a wrong number`, () => {
    const svg = picture(frame(scenario, makeWorld(scenario), 0));
    assert.match(svg, /^<svg xmlns[^]*<\/svg>\n$/);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
    assert.ok(
      svg.split("\n").slice(1, -2).every((line) => /^<(\w+) [^<>]*(\/>|>[^<>]*<\/\1>)$/.test(line)),
      svg,
    );
  });
}
