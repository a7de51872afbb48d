/** Spaces as Gymnasium's, and pictures as text. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { seed } from "../../core/mod.ts";
import { findScenario } from "../../sim/mod.ts";
import {
  ansi,
  boxSpace,
  dictSpace,
  discreteSpace,
  multiBinarySpace,
  parallel,
  type Space,
} from "../../sim/pettingzoo/mod.ts";

const SPACES: Readonly<Record<string, Space<unknown>>> = {
  discrete: discreteSpace(5, "a"),
  box: boxSpace({ low: -1, high: [0, 0.1, 3], shape: [3] }, "a"),
  unbounded: boxSpace({ low: -Infinity, high: Infinity, shape: [2, 2] }, "a"),
  "bounded below": boxSpace({ low: 0.1, high: Infinity, shape: [4] }, "a"),
  "bounded above": boxSpace({ low: -Infinity, high: -0.1, shape: [4] }, "a"),
  multiBinary: multiBinarySpace(6, "a"),
  dict: dictSpace({
    observation: boxSpace({ low: 0, high: 1, shape: [2] }, "a"),
    actionMask: multiBinarySpace(3, "a"),
  }),
};

for (const [name, space] of Object.entries(SPACES)) {
  Deno.test(`a ${name} space holds its samples, which a seed or a stream repeats`, () => {
    space.seed(3);
    const draws = Array.from({ length: 50 }, () => space.sample());
    for (const draw of draws) assert.ok(space.contains(draw), JSON.stringify(draw));
    assert.ok(new Set(draws.map((draw) => JSON.stringify(draw))).size > 2);
    space.seed(3);
    assert.deepEqual(Array.from({ length: 50 }, () => space.sample()), draws);
    const own = () => space.sample(undefined, seed(9));
    assert.deepEqual(own(), own());
    for (const stranger of [undefined, null, "1", NaN, {}, [], [NaN], 1.5, -7, 99n]) {
      assert.ok(!space.contains(stranger), `${name} contains ${String(stranger)}`);
    }
  });
}

Deno.test("spaces of other names draw otherwise, seeded alike", () => {
  const draws = ["a", "b"].map((name) => {
    const space = discreteSpace(1000, name);
    return Array.from({ length: 4 }, () => space.sample());
  });
  assert.notDeepEqual(draws[0], draws[1]);
});

Deno.test("a masked sample is legal, and every legal action is drawn", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), (legal) => {
      const space = discreteSpace(legal.length, "masked");
      const mask = legal.map(Number);
      if (!legal.includes(true)) {
        assert.throws(() => space.sample(mask), { message: /the mask allows no action/ });
        return;
      }
      const drawn = new Set(Array.from({ length: 300 }, () => space.sample(mask)));
      assert.deepEqual([...drawn].sort(), legal.flatMap((is, a) => is ? [a] : []));
    }),
    { seed: 5, numRuns: 30 },
  );
});

Deno.test("a box takes typed and plain arrays of its size, and one bound for each number", () => {
  const box = boxSpace({ low: [0, 1], high: [1, 2], shape: [2] }, "a");
  for (const inside of [[0, 1], Float32Array.of(1, 2), Float64Array.of(0.5, 1.5)]) {
    assert.ok(box.contains(inside));
  }
  for (const outside of [[1, 0], [0.5], [0.5, 1.5, 0], ["0", "1"], new DataView(new ArrayBuffer(8))]) {
    assert.ok(!box.contains(outside));
  }
  assert.deepEqual([box.low, box.high], [Float32Array.of(0, 1), Float32Array.of(1, 2)]);
  assert.throws(() => boxSpace({ low: [0], high: 1, shape: [2] }, "a"), {
    message: /expected 2 numbers in low, one for each, found 1/,
  });
});

Deno.test("render() gives a Frame, text, or prints, by mode", () => {
  const crossing = findScenario("safe/crossing");
  const env = parallel(crossing, { renderMode: "frame" });
  env.reset({ seed: 1 });
  const frame = env.render();
  assert.ok(typeof frame === "object");
  assert.equal(frame.shapes.filter(({ agent }) => agent !== undefined).length, 4);
  const text = ansi(frame);
  for (const mark of ["0", "1", "2", "3", "*", "."]) assert.ok(text.includes(mark), `${mark} in\n${text}`);
});

Deno.test("ansi() draws shapes where they are, the last one on top", () => {
  const picture = ansi({
    camera: [0, 8, 0, 8],
    shapes: [
      { kind: "line", x: 0, y: 7, x2: 8, y2: 7, r: 0, color: "" },
      { kind: "cell", x: 6, y: 1, r: 1, color: "" },
      { kind: "disc", x: 0.5, y: 0.5, r: 1, color: "", agent: 11 },
      { kind: "ring", x: 4.5, y: 5, r: 1, color: "" },
      { kind: "disc", x: 99, y: 0, r: 1, color: "" },
    ],
    caption: "step 3",
  }, 8);
  assert.equal(
    picture,
    [
      "+--------+",
      "|--------|",
      "|    *   |",
      "|        |",
      "|b    ## |",
      "+--------+",
      "step 3",
    ].join("\n"),
  );
});
