/** Every rule of the tracer, forward and gradient, against tfjs-cpu. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { rules } from "../../tensor/trace/register.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { compileForward } from "../../tensor/mod.ts";
import { agree, b, f, i } from "./compare.ts";
import { binary, type Case, FORWARD, of, OWN, unary, wave } from "./kernels/case.ts";
import { images } from "./kernels/images.ts";
import { picking } from "./kernels/picking.ts";
import { shape } from "./kernels/shape.ts";

const runtime = nodeRuntime();

/** Negatives, ties, zeros, tiny, large, not a number. */
const x = f([3, 5], -2.5, -1, -0.5, -1e-8, 0, 1e-8, 0.5, 1, 1, 2.5, -7.25, 9.5, 1e-3, -1e-3, NaN);
const tame = f([3, 4], -2.5, -1, -0.5, 0.25, 0.5, 1, 1, 2.5, -7.25, 9.5, 3, -3);
const other = f([3, 4], 1.5, -1, 2, -0.25, 0.5, 3, 1, -2, 2, -4, 1.25, 7);
const positive = f([2, 3], 0.1, 1e-6, 1, 2.5, 7, 100);
const unit = f([2, 3], -0.9, -0.5, -1e-5, 1e-5, 0.3, 0.9);
const row = f([4], -1.5, 0.5, 2, 3);
const whole = i([3, 4], -7, -3, -1, 0, 1, 3, 5, 7, 8, -8, 2, 100);
const divisor = i([4], 2, -2, 3, -3);
const yes = b([3, 4], 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0);
const no = b([3, 4], 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0);

const cases: Case[] = [
  ...images,
  ...picking,
  ...shape,

  // arithmetic
  binary("Add", tf.add, tame, row),
  binary("Add", tf.add, row, f([2, 1, 1], 3, -4)),
  binary("Add", tf.add, whole, divisor, FORWARD),
  unary("Add", (x) => tf.add(x, tf.zeros([2, 3, 5])), x),
  of("AddN", ({ a, b, c }) => tf.addN([a!, b!, c!]), { a: tame, b: other, c: tame }),
  binary("Sub", tf.sub, tame, row),
  unary("Sub", (x) => tf.sub(x, tf.zeros([3, 1])), x),
  binary("Multiply", tf.mul, tame, row),
  unary("Multiply", (x) => tf.mul(tf.ones([3, 5]), x), x),
  binary("Multiply", tf.mul, whole, divisor, FORWARD),
  binary("Multiply", tf.mul, tame, yes, { gradients: ["a"] }),
  binary("RealDiv", tf.div, tame, other),
  binary("RealDiv", tf.div, f([4], 1, -1, 0, NaN), f([4], 0, 0, 0, 1), FORWARD),
  binary("RealDiv", tf.divNoNan, f([3], 1, -1, 4), f([3], 0, 2, 0.5)),
  binary("FloorDiv", tf.floorDiv, tame, other),
  binary("FloorDiv", tf.div, whole, divisor, FORWARD),
  binary("FloorDiv", tf.floorDiv, whole, i([1], 0), { gradients: [], absolute: Infinity }),
  binary("Mod", tf.mod, tame, other),
  binary("Mod", tf.mod, whole, divisor, FORWARD),
  binary("Pow", tf.pow, positive, f([3], -1.5, 0, 2)),
  binary("Pow", tf.pow, tame, f([1], 3)),
  binary("Pow", tf.pow, i([3], -2, 3, 0), i([3], 3, 2, 0), FORWARD),
  binary("Maximum", tf.maximum, tame, other),
  binary("Maximum", tf.maximum, f([4], NaN, 1, NaN, 1), f([4], 1, NaN, NaN, 1)),
  binary("Maximum", tf.maximum, whole, divisor, FORWARD),
  binary("Minimum", tf.minimum, tame, other),
  binary("Minimum", tf.minimum, f([4], NaN, 1, NaN, 1), f([4], 1, NaN, NaN, 1)),
  binary("SquaredDifference", tf.squaredDifference, tame, row),
  binary("Maximum", tf.maximum, tame, row),
  binary("Minimum", tf.minimum, f([3, 1], -1, 1, 3), tame),
  binary("Atan2", tf.atan2, tame, other),
  binary("Atan2", tf.atan2, f([8], 0, 0, 1, -1, 1, -1, NaN, 1), f([8], 1, -1, 0, 0, -1, -1, 1, NaN)),
  binary("Prelu", (a, b) => tf.prelu(a, b), tame, row),

  // comparisons, logic, selection
  ...([
    ["Greater", tf.greater],
    ["GreaterEqual", tf.greaterEqual],
    ["Less", tf.less],
    ["LessEqual", tf.lessEqual],
    ["Equal", tf.equal],
    ["NotEqual", tf.notEqual],
  ] as const).flatMap(([kernel, fn]) => [
    binary(kernel, fn, tame, other, FORWARD),
    binary(kernel, fn, x, f([1], NaN), FORWARD),
    binary(kernel, fn, whole, divisor, FORWARD),
    binary(kernel, fn, yes, no, FORWARD),
    binary(kernel, (a, b) => tf.where(fn(a, b), tf.mul(a, 3), b), tame, other),
  ]),
  binary("LogicalAnd", tf.logicalAnd, yes, no),
  binary("LogicalOr", tf.logicalOr, yes, no),
  binary("LogicalNot", (a, b) => tf.logicalXor(a, b), yes, no),
  binary(
    "LogicalAnd LogicalOr LogicalNot",
    (a, b) => {
      const both = tf.logicalAnd(tf.greater(a, 0), tf.logicalNot(tf.less(b, 0)));
      return tf.where(tf.logicalOr(both, tf.equal(a, b)), a, tf.neg(b));
    },
    tame,
    other,
  ),
  binary("BitwiseAnd", tf.bitwiseAnd, i([3], 5, 12, 255), i([3], 3, 10, 17), FORWARD),
  unary("IsNan", (x) => tf.isNaN(x), x, FORWARD),
  unary("IsInf", (x) => tf.isInf(x), f([5], Infinity, -Infinity, 0, NaN, -3), FORWARD),
  unary("IsFinite", (x) => tf.isFinite(x), f([5], Infinity, -Infinity, 0, NaN, -3), FORWARD),
  unary("IsNan Select", (x) => tf.where(tf.isNaN(x), tf.zerosLike(x), x), tame),
  of("Select", ({ c, a, b }) => tf.where(c!, a!, b!), { c: yes, a: tame, b: other }),
  of("Select", ({ c, a, b }) => tf.where(c!, a!, b!), { c: b([4], 1, 0, 0, 1), a: tame, b: f([], 3) }),
  of("Select", ({ c, a, b }) => tf.where(c!, a!, b!), { c: yes, a: whole, b: whole }, FORWARD),
  of("Select", ({ c, a, b }) => tf.where(c!, a!, b!), { c: yes, a: no, b: yes }, FORWARD),
  of("Select", ({ c, a }) => tf.where(c!, a!, tf.fill([3, 4], -1e9)), { c: yes, a: tame }),
  unary("Step", (x) => tf.step(x), x),
  unary("Step", (x) => tf.step(x, 0.25), x),
  unary("Sign", (x) => tf.sign(x), x),
  unary("Sign", (x) => tf.sign(x), whole, FORWARD),
  unary("ClipByValue", (x) => tf.clipByValue(x, -1, 1), x),
  unary("ClipByValue", (x) => tf.clipByValue(x, -3, 5), whole, FORWARD),
  of("Maximum Minimum", ({ x, low, high }) => tf.maximum(low!, tf.minimum(high!, x!)), {
    x: tame,
    low: f([], -1),
    high: f([], 1),
  }),

  // creation
  unary("Fill", (x) => tf.mul(x, tf.fill([4], 2.5)), tame),
  unary("ZerosLike", (x) => tf.add(x, tf.zerosLike(x)), tame),
  unary("OnesLike", (x) => tf.mul(x, tf.onesLike(x)), tame),
  unary("Range", (x) => tf.add(x, tf.range(3, -5, -2)), tame),
  unary("LinSpace", (x) => tf.add(x, tf.linspace(0, 1, 4)), tame),

  // functions
  ...([
    ["Abs", tf.abs],
    ["Atan", tf.atan],
    ["Asinh", tf.asinh],
    ["Ceil", tf.ceil],
    ["Cos", tf.cos],
    ["Cosh", tf.cosh],
    ["Elu EluGrad", tf.elu],
    ["Erf", tf.erf],
    ["Exp", tf.exp],
    ["Expm1", tf.expm1],
    ["Floor", tf.floor],
    ["LeakyRelu", tf.leakyRelu],
    ["Neg", tf.neg],
    ["Relu", tf.relu],
    ["Relu6", tf.relu6],
    ["Round", tf.round],
    ["Selu", tf.selu],
    ["Sigmoid", tf.sigmoid],
    ["Sin", tf.sin],
    ["Sinh", tf.sinh],
    ["Softplus", tf.softplus],
    ["Square", tf.square],
    ["Tanh", tf.tanh],
  ] as const).map(([kernel, fn]) => unary(kernel, (x) => fn(x), x)),
  ...([
    ["Acos", tf.acos],
    ["Asin", tf.asin],
    ["Atanh", tf.atanh],
    ["Log1p", tf.log1p],
    ["Tan", tf.tan],
  ] as const).map(([kernel, fn]) => unary(kernel, (x) => fn(x), unit)),
  ...([
    ["Log", tf.log],
    ["Log1p", tf.log1p],
    ["Reciprocal", tf.reciprocal],
    ["Rsqrt", tf.rsqrt],
    ["Sqrt", tf.sqrt],
  ] as const).map(([kernel, fn]) => unary(kernel, (x) => fn(x), positive)),
  unary("Acosh", tf.acosh, f([3], 1.5, 2, 40)),
  unary("Log Sqrt", (x) => tf.add(tf.log(x), tf.sqrt(x)), f([3], -1, 0, NaN), FORWARD),
  unary("Log1p", tf.log1p, f([8], 1e-8, -1e-8, 1e-5, -1e-5, 1e-10, 0, -1, Infinity), FORWARD),
  unary("Expm1", tf.expm1, f([8], 1e-8, -1e-8, 1e-5, -1e-5, 1e-10, 0, -Infinity, Infinity), FORWARD),
  unary("Cast", (x) => tf.cast(x, "int32"), tame, FORWARD),
  unary("Cast", (x) => tf.cast(x, "bool"), x, FORWARD),
  unary("Cast", (x) => tf.cast(x, "float32"), whole, FORWARD),
  unary("Cast", (x) => tf.cast(x, "float32"), yes, FORWARD),
  unary("Cast", (x) => tf.cast(x, "int32"), yes, FORWARD),

  // products
  binary("BatchMatMul", (a, b) => tf.matMul(a, b), tame, f([4, 2], 1, 2, 3, 4, 5, 6, 7, 8)),
  binary("BatchMatMul", (a, b) => tf.matMul(a, b, true), tame, f([3, 2], 1, 2, 3, 4, 5, 6)),
  binary("BatchMatMul", (a, b) => tf.matMul(a, b, false, true), tame, other),
  binary("BatchMatMul", (a, b) => tf.matMul(a, b, true, true), tame, f([2, 3], 1, 2, 3, 4, 5, 6)),
  binary(
    "BatchMatMul",
    (a, b) => tf.matMul(a, b),
    f([2, 1, 3], 1, 2, 3, 4, 5, 6),
    f([1, 3, 2], 1, -2, 3, -4, 5, -6),
  ),
  binary(
    "BatchMatMul",
    (a, b) => tf.matMul(a, b, true, true),
    f([2, 3, 1], 1, 2, 3, 4, 5, 6),
    f([2, 2, 3], 1, -2, 3, -4, 5, -6, 7, 8, 9, 10, 11, 12),
  ),
  of("BatchMatMul Add", ({ x, w, b }) => tf.add(tf.matMul(x!, w!), b!), {
    x: tame,
    w: f([4, 2], 1, 2, 3, 4, 5, 6, 7, 8),
    b: f([2], 0.5, -0.5),
  }),
  of("BatchMatMul Add", ({ x, w, b }) => {
    const product = tf.matMul(x!, w!); // read twice, so the bias must not be fused into it
    return [tf.add(b!, product), tf.mul(product, 2)];
  }, { x: tame, w: f([4, 2], 1, 2, 3, 4, 5, 6, 7, 8), b: f([1, 2], 0.5, -0.5) }),
  binary("BatchMatMul", (a, b) => tf.dot(a, b), row, f([4], 1, 2, 3, 4)),

  of("Einsum", ({ a, b }) => tf.einsum("ij,kj->ik", a!, b!), { a: tame, b: other }, OWN),
  of("Einsum", ({ a, b }) => tf.einsum("bqhd, bkhd -> bhqk", a!, b!), {
    a: wave(1, 2, 2, 3),
    b: wave(1, 3, 2, 3),
  }, OWN),
  of("Einsum", ({ a, b }) => tf.einsum("ij,j->i", a!, b!), { a: tame, b: row }, OWN),
  of("Einsum", ({ a, b }) => tf.einsum("i,j->ij", a!, b!), { a: row, b: f([2], 2, -1) }, OWN),
  unary("Einsum", (x) => tf.einsum("ij->j", x), tame, OWN),
  unary("Einsum", (x) => tf.einsum("ij->ji", x), tame, OWN),

  // reductions
  ...([
    ["Sum", tf.sum],
    ["Mean", tf.mean],
    ["Max", tf.max],
    ["Min", tf.min],
    ["Prod", tf.prod],
  ] as const).flatMap(([kernel, fn]) => [
    unary(kernel, (x) => fn(x), tame),
    unary(kernel, (x) => fn(x, -1), tame),
    unary(kernel, (x) => fn(x, 0, true), tame),
    unary(kernel, (x) => fn(x, [0, 2]), f([2, 2, 2], 1, 2, -3, 4, 5, 5, 7, -8)),
    unary(kernel, (x) => fn(x, 1), whole, FORWARD),
    unary(kernel, (x) => fn(x, 1), x, kernel === "Prod" ? FORWARD : {}),
  ]),
  unary("Sum", (x) => tf.sum(x, 1), yes, FORWARD),
  unary("Mean", (x) => tf.mean(x, 1), yes, FORWARD),
  unary("Sum", (x) => tf.sum(x), f([], 3)),
  unary("All", (x) => tf.all(x, 1), yes, FORWARD),
  unary("All", (x) => tf.all(x), yes, FORWARD),
  unary("Any", (x) => tf.any(x, 0), yes, FORWARD),
  unary("ArgMax", (x) => tf.argMax(x, -1), tame, FORWARD),
  unary("ArgMax", (x) => tf.argMax(x, 0), whole, FORWARD),
  unary("ArgMin", (x) => tf.argMin(x, 1), tame, FORWARD),
  unary("ArgMax OneHot", (x) => tf.mul(x, tf.oneHot(tf.argMax(x, -1), 4)), tame),
  unary("Cumsum", (x) => tf.cumsum(x, 1), tame),
  unary("Cumsum", (x) => tf.cumsum(x, 0, true), tame),
  unary("Cumsum", (x) => tf.cumsum(x, 1, false, true), tame), // tfjs-cpu wants axes from the front
  unary("Cumsum", (x) => tf.cumsum(x, 0, true, true), tame),
  unary("Cumprod", (x) => tf.cumprod(x, 1), tame, OWN),
  unary("Cumprod", (x) => tf.cumprod(x, 1, true), tame, OWN),
  unary("Cumprod", (x) => tf.cumprod(x, 0, false, true), tame, OWN),
  unary("Cumprod", (x) => tf.cumprod(x, 1, true, true), tame, OWN),
  unary("Cumprod", (x) => tf.cumprod(x, 0), f([5, 1], 2, 0, -3, 0, 1.5), OWN), // zeros have slopes too
  unary("Prod", (x) => tf.prod(x, -1), f([2, 3], 2, 0, -3, 1, 0.5, 4), OWN),
  unary("Softmax", (x) => tf.softmax(x), tame),
  unary("Softmax", (x) => tf.softmax(x), f([2, 3], 1e4, 0, -1e4, -1e9, -1e9, 0)),
  unary("Softmax", (x) => tf.logSoftmax(x), f([2, 3], 1e4, 0, -1e4, -1e9, -1e9, 0)),
  unary("Softmax", (x) => tf.logSoftmax(x), tame),
  unary("Max", (x) => tf.logSumExp(x, 1), tame),

  // composites that losses are made of
  binary("", (a, b) => tf.losses.huberLoss(a, b), tame, other),
  binary("", (a, b) => tf.losses.meanSquaredError(a, b), tame, other),
  binary("", (a, b) => tf.losses.sigmoidCrossEntropy(a, b), b([3, 4], ...yes.data), tame, {
    gradients: ["b"],
  }),
  unary("", (x) => tf.norm(x), tame),
  unary("", (x) => tf.norm(x, 2, 1), tame),
  unary("", (x) => tf.norm(x, 1, 0, true), tame),
  unary("", (x) => tf.norm(x, "euclidean", [0, 1]), tame),
  unary("", (x) => tf.moments(x, 0).variance, tame),
  unary("", (x) => tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2)))), tame),
];

cases.forEach(({ kernels, fn, inputs, options }, n) => {
  const shapes = Object.values(inputs).map(({ shape, data }) => `${data.constructor.name[0]}[${shape}]`);
  Deno.test(`kernel case ${n}, ${kernels || "composite"} on ${shapes.join(" ")}, agrees with tfjs-cpu`, () => {
    agree(runtime, kernels, fn, inputs, options);
  });
});

Deno.test("argMax() and argMin() find a NaN first, as NumPy does (tfjs-cpu depends on where it stands)", () => {
  const forward = compileForward({
    runtime,
    inputs: { x: { shape: [2, 4] } },
    fn: ({ x }) => ({ most: tf.argMax(x!, 1), least: tf.argMin(x!, 1) }),
  });
  const { most, least } = forward.run({ x: Float32Array.of(1, NaN, 3, NaN, NaN, 2, 0, 1) });
  assert.deepEqual([...most!.data], [1, 0]);
  assert.deepEqual([...least!.data], [1, 0]);
});

Deno.test("every rule has a case", () => {
  const covered = new Set(cases.flatMap(({ kernels }) => kernels.split(" ")));
  assert.deepEqual(Object.keys(rules).filter((kernel) => !covered.has(kernel)), []);
});
