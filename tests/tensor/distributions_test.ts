/** Distributions against closed forms, numeric integration, and tfjs-cpu. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { fillGumbel, fillNormal, seed } from "../../core/mod.ts";
import { categorical, eagerForward, gaussian, squashedGaussian, type Tensors } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { agree, f, i } from "./compare.ts";

const runtime = nodeRuntime();
const logits = f([2, 3], 0.5, -1, 2, 0, 0, -3);
const mask = f([2, 3], 1, 0, 1, 1, 1, 1);

/** Evaluates a function of no inputs. */
function evaluate(fn: () => Tensors): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(eagerForward(fn, {}, {})).map(([name, values]) => [name, [...values]]),
  );
}

function near(found: number | undefined, want: number, tolerance = 1e-5): void {
  assert.ok(Math.abs(found! - want) < tolerance, `${found}, expected ${want}`);
}

Deno.test("categorical() has the probabilities, entropy and mode of its logits", () => {
  const found = evaluate(() => {
    const d = categorical(tf.tensor2d([[0.5, -1, 2]]));
    return {
      p: tf.exp(d.logits),
      logp: d.logp(tf.tensor1d([2], "int32")),
      entropy: d.entropy(),
      mode: d.mode(),
    };
  });
  const weights = [0.5, -1, 2].map(Math.exp);
  const p = weights.map((w) => w / weights.reduce((a, b) => a + b));
  p.forEach((q, k) => near(found.p![k], q));
  near(found.logp![0], Math.log(p[2]!));
  near(found.entropy![0], -p.reduce((sum, q) => sum + q * Math.log(q), 0));
  assert.equal(found.mode![0], 2);
});

Deno.test("categorical() never takes a masked action, and survives a row without any", () => {
  const noise = new Float32Array(3000 * 3);
  fillGumbel(seed(1), noise);
  const found = evaluate(() => {
    const wide = tf.tile(tf.tensor2d([[5, 1, 1]]), [3000, 1]);
    const d = categorical(wide, tf.tensor2d([[0, 1, 1]]));
    const none = categorical(tf.tensor2d([[5, 1, 1]]), tf.zeros([1, 3]));
    return {
      sample: d.sample(tf.tensor2d(noise, [3000, 3])),
      mode: d.mode(),
      entropy: d.entropy(),
      none: none.entropy(),
      logp: none.logp(tf.tensor1d([0], "int32")),
    };
  });
  const ones = found.sample!.filter((a) => a === 1).length;
  assert.ok(found.sample!.every((a) => a === 1 || a === 2));
  assert.ok(Math.abs(ones / 3000 - 0.5) < 0.03);
  assert.equal(found.mode![0], 1);
  near(found.entropy![0], Math.log(2));
  near(found.none![0], Math.log(3));
  near(found.logp![0], -Math.log(3));
});

Deno.test("categorical() samples with its probabilities", () => {
  const rows = 20000;
  const noise = new Float32Array(rows * 3);
  fillGumbel(seed(2), noise);
  const { sample, p } = evaluate(() => {
    const d = categorical(tf.tile(tf.tensor2d([[0.5, -1, 2]]), [rows, 1]));
    return { sample: d.sample(tf.tensor2d(noise, [rows, 3])), p: tf.exp(tf.slice(d.logits, 0, 1)) };
  });
  p!.forEach((q, k) => near(sample!.filter((a) => a === k).length / rows, q, 0.012));
});

Deno.test("gaussian() has the density, entropy and divergence of the closed forms", () => {
  const [mean, std] = [[0.5, -1], [0.5, 2]] as const;
  const found = evaluate(() => {
    const d = gaussian(tf.tensor2d([[...mean]]), tf.log(tf.tensor1d([...std])));
    const other = gaussian(tf.tensor2d([[0, 0]]), tf.zeros([2]));
    const actions = tf.tensor2d([[1, 1]]);
    return {
      logp: d.logp(actions),
      entropy: d.entropy(),
      kl: d.kl(other),
      self: d.kl(d),
      sample: d.sample(actions),
    };
  });
  const density = (x: number, k: 0 | 1) =>
    -0.5 * ((x - mean[k]) / std[k]) ** 2 - Math.log(std[k]) - Math.log(2 * Math.PI) / 2;
  near(found.logp![0], density(1, 0) + density(1, 1));
  near(found.entropy![0], std.reduce((sum, s) => sum + 0.5 * Math.log(2 * Math.PI * Math.E * s * s), 0));
  near(found.kl![0], std.reduce((sum, s, k) => sum - Math.log(s) + (s * s + mean[k]! ** 2 - 1) / 2, 0));
  near(found.self![0], 0);
  assert.deepEqual(found.sample, [1, 1]);
});

Deno.test("squashedGaussian() is a density on (-1, 1): it integrates to one and agrees with its samples", () => {
  const cells = 20000;
  const points = Float32Array.from({ length: cells }, (_, k) => -1 + 2 * (k + 0.5) / cells);
  const noise = new Float32Array(200);
  fillNormal(seed(1), noise);
  const { logp, drawn, again, mode } = evaluate(() => {
    const d = squashedGaussian(tf.fill([cells, 1], 0.3), tf.tensor1d([-0.5]));
    const few = squashedGaussian(tf.fill([200, 1], 0.3), tf.tensor1d([-0.5]));
    const { actions, logp } = few.sample(tf.tensor2d(noise, [200, 1]));
    return {
      logp: d.logp(tf.tensor2d(points, [cells, 1])),
      drawn: logp,
      again: few.logp(actions),
      mode: few.mode(),
    };
  });
  near(logp!.reduce((sum, l) => sum + Math.exp(l) * 2 / cells, 0), 1, 1e-3);
  drawn!.forEach((l, k) => near(again![k], l, 1e-3));
  near(mode![0], Math.tanh(0.3));
});

Deno.test("gaussian() integrates to one, and its entropy is the mean of -log density", () => {
  const cells = 4000;
  const [mean, std] = [0.7, 1.3];
  const points = Float32Array.from(
    { length: cells },
    (_, k) => mean + 10 * std * (2 * (k + 0.5) / cells - 1),
  );
  const { logp, entropy } = evaluate(() => {
    const d = gaussian(tf.fill([cells, 1], mean), tf.tensor1d([Math.log(std)]));
    return { logp: d.logp(tf.tensor2d(points, [cells, 1])), entropy: d.entropy() };
  });
  const width = 20 * std / cells;
  near(logp!.reduce((sum, l) => sum + Math.exp(l) * width, 0), 1, 1e-4);
  near(logp!.reduce((sum, l) => sum - l * Math.exp(l) * width, 0), entropy![0]!, 1e-3);
});

Deno.test("squashedGaussian() keeps its density and gradient where tanh rounds to one", () => {
  const far = [15, -15, 40];
  const { actions, logp, slope } = evaluate(() => {
    const sampled = (mean: tf.Tensor) => squashedGaussian(mean, tf.zeros([1])).sample(tf.zeros([3, 1]));
    const mean = tf.tensor2d(far, [3, 1]);
    return { ...sampled(mean), slope: tf.grad((mean: tf.Tensor) => tf.sum(sampled(mean).logp))(mean) };
  });
  far.forEach((u, k) => {
    assert.equal(actions![k], Math.sign(u));
    // log(1 - tanh²u) tends to log 4 - 2 |u|
    near(logp![k], -Math.log(2 * Math.PI) / 2 - Math.log(4) + 2 * Math.abs(u), 1e-4);
    near(slope![k], 2 * Math.sign(u), 1e-4);
  });
});

Deno.test("traced distributions equal eager ones, gradients included", () => {
  const actions = i([2], 2, 0);
  agree(
    runtime,
    "categorical",
    ({ logits, mask, actions }) => {
      const d = categorical(logits!, mask!);
      return [d.logp(actions!), d.entropy(), d.kl(categorical(tf.mul(logits!, 0.5), mask!))];
    },
    { logits, mask, actions },
    { gradients: ["logits"] },
  );
  const gaussians = {
    mean: f([2, 2], 0.5, -1, 2, 0),
    logStd: f([2], -0.5, 0.25),
    x: f([2, 2], 1, -2, 0.5, 0.1),
  };
  agree(runtime, "gaussian", ({ mean, logStd, x }) => {
    const d = gaussian(mean!, logStd!);
    return [d.logp(x!), d.entropy(), d.sample(x!), d.kl(gaussian(x!, tf.zeros([2])))];
  }, gaussians);
  agree(runtime, "squashed", ({ mean, logStd, x }) => {
    const d = squashedGaussian(mean!, logStd!);
    const { actions, logp } = d.sample(x!);
    return [actions, logp, d.mode(), d.logp(tf.mul(tf.tanh(x!), 0.9))];
  }, gaussians);
});
