import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { seed } from "../../core/mod.ts";
import {
  constant,
  eagerForward,
  glorot,
  he,
  type Init,
  layerNorm,
  layerNormParts,
  layout,
  lecun,
  linear,
  linearParts,
  mlp,
  mlpParts,
  normal,
  orthogonal,
  rmsNorm,
  rmsNormParts,
  scaled,
  sideBySide,
  truncatedNormal,
  uniform,
  zeros,
} from "../../tensor/mod.ts";

const net = layout({ ...mlpParts("pi", [3, 4, 2]), scale: { shape: [], init: constant(7) } });

Deno.test("layout() lays parameters end to end, in order", () => {
  assert.deepEqual(net.names, ["pi.w0", "pi.b0", "pi.w1", "pi.b1", "scale"]);
  assert.deepEqual(net.offsets, { "pi.w0": 0, "pi.b0": 12, "pi.w1": 16, "pi.b1": 24, scale: 26 });
  assert.deepEqual(net.shapes["pi.w0"], [3, 4]);
  assert.equal(net.size, 27);
  const theta = Float32Array.from({ length: 27 }, (_, k) => k);
  const views = net.views(theta);
  assert.deepEqual([...views["pi.b0"]!], [12, 13, 14, 15]);
  views.scale![0] = -1;
  assert.equal(theta[26], -1);
  const parts = eagerForward(({ theta }) => net.unpack(theta!), { theta: { shape: [27] } }, { theta });
  assert.deepEqual([...parts["pi.b1"]!], [24, 25]);
  assert.deepEqual([...parts.scale!], [-1]);
});

Deno.test("layout() refuses an empty layout and a vector of the wrong length", () => {
  assert.throws(() => layout({}), /at least one parameter/);
  assert.throws(() => net.views(new Float32Array(26)), /theta: expected \[P\] = \[27\], found \[26\]/);
  assert.throws(() => net.unpack(tf.zeros([28])), /theta: expected \[P\] = \[27\], found \[28\]/);
});

Deno.test("init() is a function of the stream and the name, so another parameter changes none", () => {
  const first = net.init(seed(1));
  assert.deepEqual(net.init(seed(1)), first);
  assert.notDeepEqual(net.init(seed(2)), first);
  const wider = layout({ extra: { shape: [5], init: normal(1) }, ...mlpParts("pi", [3, 4, 2]) });
  assert.deepEqual(wider.views(wider.init(seed(1)))["pi.w0"], net.views(first)["pi.w0"]);
  assert.deepEqual([...net.views(first)["pi.b0"]!], [0, 0, 0, 0]);
  assert.deepEqual([...net.views(first).scale!], [7]);
});

Deno.test("orthogonal() makes orthogonal rows or columns of length gain", () => {
  for (const [rows, columns] of [[18, 64], [64, 64], [64, 5]] as const) {
    const w = new Float32Array(rows * columns);
    orthogonal(1.5)(seed(3), [rows, columns], w);
    const count = Math.min(rows, columns);
    const at = (k: number, i: number) => rows < columns ? w[k * columns + i]! : w[i * columns + k]!;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let i = 0; i < Math.max(rows, columns); i++) dot += at(a, i) * at(b, i);
        assert.ok(
          Math.abs(dot - (a === b ? 2.25 : 0)) < 1e-5,
          `[${a}, ${b}] of [${rows}, ${columns}]: ${dot}`,
        );
      }
    }
  }
});

Deno.test("normal() and uniform() have the spread they are asked for", () => {
  const draws = new Float32Array(20000);
  const moments = () => {
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    return [mean, Math.sqrt(draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length)] as const;
  };
  normal(0.5)(seed(1), [20000], draws);
  let [mean, spread] = moments();
  assert.ok(Math.abs(mean) < 0.02 && Math.abs(spread - 0.5) < 0.01);
  uniform(3)(seed(1), [20000], draws);
  [mean, spread] = moments();
  assert.ok(Math.abs(mean) < 0.06 && Math.abs(spread - Math.sqrt(3)) < 0.03);
  assert.ok(draws.every((x) => x >= -3 && x < 3));
  zeros(seed(1), [20000], draws);
  assert.ok(draws.every((x) => x === 0));
});

Deno.test("glorot(), he() and lecun() have the variance of their fans, whatever the draws", () => {
  const cases: [Init, number][] = [
    [glorot(), 1 / 150],
    [glorot("normal"), 1 / 150],
    [he(), 2 / 100],
    [he("uniform"), 2 / 100],
    [lecun("normal"), 1 / 100],
    [scaled(3, "out"), 3 / 200],
  ];
  const w = new Float32Array(100 * 200);
  for (const [init, variance] of cases) {
    init(seed(5), [100, 200], w);
    const found = w.reduce((sum, x) => sum + x * x, 0) / w.length;
    assert.ok(Math.abs(found / variance - 1) < 0.05, `${found}, expected ${variance}`);
    assert.ok(Math.abs(w.reduce((a, b) => a + b) / w.length) < 0.05 * Math.sqrt(variance));
  }
  const filter = new Float32Array(3 * 3 * 8 * 16);
  he()(seed(6), [3, 3, 8, 16], filter);
  const found = filter.reduce((sum, x) => sum + x * x, 0) / filter.length;
  assert.ok(Math.abs(found / (2 / 72) - 1) < 0.15, `${found}`);
  assert.throws(
    () => he()(seed(1), [4], new Float32Array(4)),
    /a fan needs a matrix \[in, out\], found \[4\]/,
  );
});

Deno.test("truncatedNormal() stays within two deviations of what it was cut from, and has the spread asked for", () => {
  const draws = new Float32Array(20000);
  truncatedNormal(0.5)(seed(2), [20000], draws);
  const spread = Math.sqrt(draws.reduce((sum, x) => sum + x * x, 0) / draws.length);
  assert.ok(Math.abs(spread - 0.5) < 0.01, `${spread}`);
  assert.ok(draws.every((x) => Math.abs(x) <= 2 * 0.5 / 0.8796));
});

Deno.test("sideBySide() starts each block of columns by itself", () => {
  const w = new Float32Array(4 * 6);
  sideBySide([constant(1), orthogonal(1), zeros])(seed(3), [4, 6], w);
  for (let row = 0; row < 4; row++) {
    assert.deepEqual([w[row * 6], w[row * 6 + 1], w[row * 6 + 4], w[row * 6 + 5]], [1, 1, 0, 0]);
  }
  const dot = [0, 1, 2, 3].reduce((sum, row) => sum + w[row * 6 + 2]! * w[row * 6 + 3]!, 0);
  assert.ok(Math.abs(dot) < 1e-6);
});

Deno.test("mlp() equals a hand-written forward pass, also on inputs with a time axis", () => {
  const theta = net.init(seed(1));
  const { "pi.w0": w0, "pi.b0": b0, "pi.w1": w1, "pi.b1": b1 } = net.views(theta);
  const x = Float32Array.from({ length: 12 }, (_, k) => Math.sin(k));
  const fn = (shape: number[]) =>
    eagerForward(
      ({ x, theta }) => ({ y: mlp(net.unpack(theta!), "pi", x!) }),
      { x: { shape }, theta: { shape: [27] } },
      { x, theta },
    ).y!;
  const flat = fn([4, 3]);
  assert.deepEqual(fn([2, 2, 3]), flat);
  for (let row = 0; row < 4; row++) {
    const hidden = Array.from({ length: 4 }, (_, j) => {
      let sum = b0![j]!;
      for (let i = 0; i < 3; i++) sum += x[row * 3 + i]! * w0![i * 4 + j]!;
      return Math.tanh(sum);
    });
    for (let j = 0; j < 2; j++) {
      const want = hidden.reduce((sum, h, i) => sum + h * w1![i * 2 + j]!, b1![j]!);
      assert.ok(Math.abs(flat[row * 2 + j]! - want) < 1e-6);
    }
  }
});

Deno.test("linear() and mlp() name a parameter that is missing", () => {
  const p = { "pi.w0": tf.zeros([3, 4]) };
  assert.throws(() => linear(p, "vf", tf.zeros([1, 3])), /no parameter "vf.w"\. The layout has: pi\.w0/);
  assert.throws(() => mlp(p, "vf", tf.zeros([1, 3])), /no parameter "vf.w0"/);
  assert.throws(() => mlpParts("pi", [3]), /at least \[input, output\]/);
  assert.deepEqual(linearParts("head", 3, 2)["head.w"]!.shape, [3, 2]);
});

Deno.test("layerNorm() gives each row mean 0 and variance 1, then scales and shifts", () => {
  const norm = layout(layerNormParts("n", 4));
  const theta = norm.init(seed(1));
  norm.views(theta)["n.shift"]!.fill(10);
  const specs = { x: { shape: [2, 4] }, theta: { shape: [8] } };
  const x = Float32Array.of(1, 2, 3, 6, -1, -1, 5, 1);
  const y = eagerForward(({ x, theta }) => ({ y: layerNorm(norm.unpack(theta!), "n", x!) }), specs, {
    x,
    theta,
  }).y!;
  for (const row of [Array.from(y.subarray(0, 4)), Array.from(y.subarray(4))]) {
    const mean = row.reduce((a, b) => a + b) / 4;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / 4;
    assert.ok(Math.abs(mean - 10) < 1e-5 && Math.abs(variance - 1) < 1e-3);
  }
});

Deno.test("rmsNorm() gives each row a mean square of 1, then scales", () => {
  const x = Float32Array.of(1, 2, 3, 6, -1, -1, 5, 1);
  const y = eagerForward(
    ({ x }) => ({ y: rmsNorm({ "n.scale": tf.fill([4], 2) }, "n", x!) }),
    { x: { shape: [2, 4] } },
    { x },
  ).y!;
  for (const start of [0, 4]) {
    const power = Array.from(y.subarray(start, start + 4)).reduce((sum, v) => sum + v * v / 4, 0);
    assert.ok(Math.abs(power - 4) < 1e-4, `${power}`);
    assert.ok(Math.abs(y[start]! / y[start + 1]! - x[start]! / x[start + 1]!) < 1e-5);
  }
  assert.deepEqual(Object.keys(rmsNormParts("n", 3)), ["n.scale"]);
});
