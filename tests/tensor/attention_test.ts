/** Attention and transformers against hand-written sums, and what a mask must hide. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { seed } from "../../core/mod.ts";
import {
  attention,
  attentionParts,
  compileForward,
  eagerForward,
  embed,
  embeddingParts,
  layout,
  type Tensors,
  transformer,
  transformerParts,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { agree, f, i, type Input } from "./compare.ts";
import { wave } from "./kernels/case.ts";

const runtime = nodeRuntime();
const [B, T, D, heads] = [2, 4, 6, 2];
const single = layout(attentionParts("a", D));
const stack = layout(transformerParts("t", { width: D, blocks: 2, inner: 8 }));

/** Parameters large enough that every one of them matters. */
function started({ size, init }: typeof single): Input {
  const theta = init(seed(1));
  theta.forEach((value, k) => theta[k] = 10 * value + 0.1 * Math.sin(k));
  return { shape: [size], data: theta };
}

function run(fn: (x: Tensors) => tf.Tensor, inputs: Record<string, Input>): number[] {
  const specs = Object.fromEntries(Object.entries(inputs).map(([k, { shape }]) => [k, { shape }]));
  const feeds = Object.fromEntries(Object.entries(inputs).map(([k, { data }]) => [k, data]));
  return [...eagerForward((x) => ({ y: fn(x) }), specs, feeds).y!];
}

/** softmax(q kᵀ / sqrt d) v, sum by sum. */
function byHand(
  theta: Float32Array,
  x: ArrayLike<number>,
  seen: (b: number, q: number, k: number) => boolean,
): number[] {
  const p = single.views(theta);
  const map = (from: number[], w: Float32Array, bias: Float32Array, out: number) =>
    Array.from({ length: out }, (_, j) => from.reduce((sum, v, i) => sum + v * w[i * out + j]!, bias[j]!));
  const token = (b: number, t: number) => Array.from({ length: D }, (_, k) => x[(b * T + t) * D + k]!);
  const size = D / heads;
  const result: number[] = [];
  for (let b = 0; b < B; b++) {
    const qkv = Array.from({ length: T }, (_, t) => map(token(b, t), p["a.qkv.w"]!, p["a.qkv.b"]!, 3 * D));
    for (let q = 0; q < T; q++) {
      const mixed: number[] = [];
      for (let h = 0; h < heads; h++) {
        const scores = qkv.map((other, k) => {
          let dot = 0;
          for (let e = 0; e < size; e++) dot += qkv[q]![h * size + e]! * other[D + h * size + e]!;
          return seen(b, q, k) ? Math.exp(dot / Math.sqrt(size)) : 0;
        });
        const total = scores.reduce((a, b) => a + b);
        for (let e = 0; e < size; e++) {
          mixed.push(scores.reduce((sum, s, k) => sum + s / total * qkv[k]![2 * D + h * size + e]!, 0));
        }
      }
      result.push(...map(mixed, p["a.out.w"]!, p["a.out.b"]!, D));
    }
  }
  return result;
}

const near = (found: readonly number[], want: readonly number[], tolerance = 1e-4): void => {
  assert.equal(found.length, want.length);
  found.forEach((v, k) => assert.ok(Math.abs(v - want[k]!) < tolerance, `[${k}]: ${v}, expected ${want[k]}`));
};

Deno.test("attention() is the sum it is defined by, causal, open and masked", () => {
  const theta = started(single);
  const x = wave(B, T, D);
  const keys = f([B, T], 1, 0, 1, 1, 1, 1, 1, 0);
  const pairs = f([1, T, T], ...Array.from({ length: T * T }, (_, k) => k % 5 === 0 || k % 3 === 1 ? 1 : 0));
  const cases: [Record<string, Input>, boolean, (b: number, q: number, k: number) => boolean][] = [
    [{}, true, (_, q, k) => k <= q],
    [{}, false, () => true],
    [{ mask: keys }, false, (b, _, k) => keys.data[b * T + k] === 1],
    [{ mask: keys }, true, (b, q, k) => k <= q && keys.data[b * T + k] === 1],
    [{ mask: pairs }, false, (_, q, k) => pairs.data[q * T + k] === 1],
  ];
  for (const [extra, causal, seen] of cases) {
    const found = run(
      ({ theta, x, mask }) =>
        attention(single.unpack(theta!), "a", x!, { heads, causal, ...(mask && { mask }) }),
      { theta, x, ...extra },
    );
    near(found, byHand(theta.data as Float32Array, x.data, seen));
  }
});

Deno.test("a causal transformer does not see the future, and an open one does", () => {
  const theta = started(stack);
  const x = wave(1, T, D);
  const later = { shape: x.shape, data: Float32Array.from(x.data, (v, k) => k >= 2 * D ? v + 1 : v) };
  for (const causal of [true, false]) {
    const [before, after] = [x, later].map((x) =>
      run(({ theta, x }) => transformer(stack.unpack(theta!), "t", x!, { heads, causal }), { theta, x })
        .slice(0, 2 * D)
    ) as [number[], number[]];
    assert.equal(before.every((v, k) => v === after[k]), causal);
  }
});

Deno.test("padding at the front changes nothing behind it", () => {
  const theta = started(stack);
  const x = wave(1, T, D);
  const padded = {
    shape: [1, T + 2, D],
    data: Float32Array.of(...Array.from({ length: 2 * D }, () => 9), ...x.data),
  };
  const mask = f([1, T + 2], 0, 0, 1, 1, 1, 1);
  const plain = run(({ theta, x }) => transformer(stack.unpack(theta!), "t", x!, { heads }), { theta, x });
  const behind = run(
    ({ theta, x, mask }) => transformer(stack.unpack(theta!), "t", x!, { heads, mask: mask! }),
    { theta, x: padded, mask },
  );
  assert.ok(behind.every(Number.isFinite));
  near(behind.slice(2 * D), plain, 1e-5);
});

Deno.test("an open transformer permutes with its tokens", () => {
  const theta = started(stack);
  const x = wave(1, T, D);
  const order = [2, 0, 3, 1];
  const mixed = {
    shape: x.shape,
    data: Float32Array.from(order.flatMap((t) => [...x.data.slice(t * D, (t + 1) * D)])),
  };
  const of = (x: Input) =>
    run(({ theta, x }) => transformer(stack.unpack(theta!), "t", x!, { heads, causal: false }), { theta, x });
  const [plain, turned] = [of(x), of(mixed)];
  near(turned, order.flatMap((t) => plain.slice(t * D, (t + 1) * D)), 1e-5);
});

Deno.test("a traced transformer equals the eager one, gradients included", () => {
  const inputs = { theta: started(stack), x: wave(B, T, D), mask: f([B, T], 1, 1, 1, 1, 0, 1, 1, 1) };
  agree(
    runtime,
    "transformer",
    ({ theta, x, mask }) => transformer(stack.unpack(theta!), "t", x!, { heads, mask: mask! }),
    inputs,
    { gradients: ["theta", "x"], relative: 1e-4, absolute: 1e-4 },
  );
});

Deno.test("embed() picks rows, by a product or by rows, and its gradient adds up", () => {
  for (const count of [5, 600]) {
    const table = layout(embeddingParts("e", count, 3));
    const theta = { shape: [table.size], data: wave(table.size).data };
    const ids = i([2, 2], 4, 0, 4, 3);
    agree(runtime, `embedding of ${count}`, ({ theta, ids }) => embed(table.unpack(theta!), "e", ids!), {
      theta,
      ids,
    });
    const found = eagerForward(
      ({ theta, ids }) => ({ y: embed(table.unpack(theta!), "e", ids!) }),
      { theta: { shape: theta.shape }, ids: { shape: [2, 2], dtype: "int32" } },
      { theta: theta.data, ids: ids.data },
    ).y!;
    [4, 0, 4, 3].forEach((id, k) =>
      assert.deepEqual([...found.slice(3 * k, 3 * k + 3)], [...theta.data.slice(3 * id, 3 * id + 3)])
    );
  }
});

Deno.test("attention() names sizes that do not fit", () => {
  const p = Object.fromEntries(single.names.map((name) => [name, tf.zeros([...single.shapes[name]!])]));
  const x = tf.zeros([B, T, D]);
  assert.throws(() => attention(p, "a", x, { heads: 4 }), /6 features do not divide into 4 heads/);
  assert.throws(
    () => attention(p, "a", tf.zeros([T, D]), { heads }),
    /expected x \[B, T, D\], found \[4,6\]/,
  );
  assert.throws(
    () => attention(p, "a", x, { heads, mask: tf.ones([B, 3]) }),
    /a mask \[B, T\] or \[B, T, T\] with T = 4/,
  );
});

Deno.test("the graph of a transformer's gradient stays small", () => {
  const large = layout(transformerParts("t", { width: 64, blocks: 4 }));
  const compiled = compileForward({
    runtime,
    inputs: { theta: { shape: [large.size] }, x: { shape: [8, 16, 64] } },
    fn: ({ theta, x }) => ({
      g: tf.grad((t: tf.Tensor) => tf.sum(tf.square(transformer(large.unpack(t), "t", x!, { heads: 4 }))))(
        theta!,
      ),
    }),
  });
  assert.ok(compiled.nodes < 700, `${compiled.nodes} nodes`);
});
