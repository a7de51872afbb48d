/** GRU and LSTM: scans against hand-written steps, unrolled differentiation and finite differences. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs-core";
import { seed } from "../../core/mod.ts";
import {
  compileForward,
  eagerForward,
  gru,
  gruParts,
  type Layout,
  layout,
  lstm,
  lstmOutput,
  lstmParts,
  scanGru,
  scanLstm,
  type Tensors,
} from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { agree, f, type Input } from "./compare.ts";
import { matchesDifferences } from "./differences.ts";
import { wave } from "./kernels/case.ts";

const runtime = nodeRuntime();
const [I, H, B] = [3, 4, 2];

interface Recurrence {
  readonly parts: Layout;
  readonly width: number;
  readonly step: (p: Tensors, x: tf.Tensor, state: tf.Tensor) => tf.Tensor;
  readonly scan: typeof scanGru;
}

const kinds: Record<string, Recurrence> = {
  gru: {
    parts: layout(gruParts("rnn", I, H)),
    width: H,
    step: (p, x, h) => gru(p, "rnn", x, h),
    scan: scanGru,
  },
  lstm: {
    parts: layout(lstmParts("rnn", I, H)),
    width: 2 * H,
    step: (p, x, h) => lstm(p, "rnn", x, h),
    scan: scanLstm,
  },
};

function inputs({ parts, width }: Recurrence, steps: number): Record<string, Input> {
  const theta = parts.init(seed(1));
  theta.forEach((value, k) => theta[k] = value + 0.1 * Math.sin(k));
  return { theta: { shape: [parts.size], data: theta }, h: wave(B, width), x: wave(steps, B, I) };
}

const reset = (steps: number): Input =>
  f([steps, B], ...Array.from({ length: steps * B }, (_, k) => k % 3 === 2 ? 1 : 0));

/** The recurrence step by step, for tfjs to differentiate. */
function oracle({ parts, step }: Recurrence, { theta, h, x, reset }: Tensors): tf.Tensor {
  const p = parts.unpack(theta!);
  let state = h!;
  const states = tf.unstack(x!).map((input, t) => {
    const keep = reset === undefined ? 1 : tf.sub(1, tf.reshape(tf.slice(reset, t, 1), [B, 1]));
    return state = step(p, input, tf.mul(state, keep));
  });
  return tf.stack(states);
}

for (const [name, kind] of Object.entries(kinds)) {
  for (const steps of [1, 2, 5]) {
    Deno.test(`${name}: a scan of ${steps} has the states and gradients of its steps, as a loop and unrolled`, () => {
      const given = { ...inputs(kind, steps), reset: reset(steps) };
      const gradients = ["theta", "h", "x"];
      for (const unroll of [0, 99]) {
        for (const all of [given, inputs(kind, steps)]) {
          agree(
            runtime,
            name,
            (x) => {
              const p = kind.parts.unpack(x.theta!);
              const scanned = kind.scan(p, "rnn", x.x!, x.h!, x.reset, { unroll });
              return [scanned, tf.sub(scanned, oracle(kind, x))]; // the second is zero, and so is its gradient
            },
            all,
            { gradients },
          );
          const zero = eagerForward(
            (x) => {
              const apart = (...[theta, h, input]: tf.Tensor[]) => {
                const at = { ...x, theta: theta!, h: h!, x: input! };
                const p = kind.parts.unpack(theta!);
                const both = tf.sub(kind.scan(p, "rnn", input!, h!, x.reset, { unroll }), oracle(kind, at));
                return tf.sum(tf.mul(both, tf.reshape(tf.range(1, both.size + 1), both.shape)));
              };
              const slopes = tf.grads(apart)([x.theta!, x.h!, x.x!]);
              return {
                value: apart(x.theta!, x.h!, x.x!),
                ...Object.fromEntries(slopes.map((g, k) => [`d${k}`, g])),
              };
            },
            specs(all),
            feeds(all),
          );
          for (const [key, values] of Object.entries(zero)) {
            values.forEach((v) => assert.ok(Math.abs(v) < 1e-4, `${key}: ${v}`));
          }
        }
      }
    });
  }

  Deno.test(`${name}: the gradient of its steps is that of finite differences`, () => {
    matchesDifferences((x) => oracle(kind, x), inputs(kind, 2));
  });

  Deno.test(`${name}: an unrolled scan has second derivatives, and a loop says that it has none`, () => {
    const slope = (unroll: number) => ({ h, x, theta, v }: Tensors) => {
      const p = kind.parts.unpack(theta!);
      const first = tf.grad((h: tf.Tensor) =>
        tf.sum(tf.square(kind.scan(p, "rnn", x!, h, undefined, { unroll })))
      );
      return tf.mul(first(h!), v!);
    };
    const all: Record<string, Input> = { ...inputs(kind, 3), v: wave(B, kind.width) };
    matchesDifferences(({ h }) => {
      const fixed = Object.fromEntries(
        Object.entries(all).map(([k, { shape, data }]) => [k, tf.tensor(data.slice(), [...shape])]),
      );
      return slope(9)({ ...fixed, h: h! });
    }, { h: all.h! });
    agree(runtime, name, slope(9), all, { gradients: ["h", "theta"] });
    const twice = (x: Tensors) => ({ y: tf.grad((h: tf.Tensor) => slope(0)({ ...x, h }))(x.h!) });
    assert.throws(
      () => compileForward({ runtime, inputs: specs(all), fn: twice }),
      /no gradient through loop\(\).*unroll/,
    );
  });

  Deno.test(`${name}: the graph of a long scan does not grow, and its resets cut the episodes apart`, () => {
    const nodes = [30, 300].map((steps) => {
      const fn = ({ theta, h, x }: Tensors) => ({
        g: tf.grad((t: tf.Tensor) => tf.sum(kind.scan(kind.parts.unpack(t), "rnn", x!, h!)))(theta!),
      });
      return compileForward({ runtime, inputs: specs(inputs(kind, steps)), fn }).nodes;
    });
    assert.ok(nodes[1]! - nodes[0]! <= 2 && nodes[1]! < 130, `${nodes}`);
    const all = { ...inputs(kind, 4), reset: f([4, B], 0, 0, 0, 0, 1, 1, 0, 0) };
    const fn = ({ theta, h, x, reset }: Tensors) => {
      const p = kind.parts.unpack(theta!);
      const whole = kind.scan(p, "rnn", x!, h!, reset);
      const second = kind.scan(p, "rnn", tf.slice(x!, 2, 2), tf.zerosLike(h!));
      return { apart: tf.sub(tf.slice(whole, 2, 2), second) };
    };
    const { apart } = compileForward({ runtime, inputs: specs(all), fn }).run(feeds(all));
    assert.ok(apart!.data.every((v) => Math.abs(v) < 1e-6));
  });
}

Deno.test("gru() computes the textbook's step", () => {
  const p = { wx: [0.5, -1, 2], wh: [0.3, 0.7, -0.2], b: [0.1, 0.2, 0.3], bn: [0.4] };
  const [x, h] = [0.6, -0.5];
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  const r = sigmoid(x * 0.5 + 0.1 + h * 0.3);
  const z = sigmoid(x * -1 + 0.2 + h * 0.7);
  const n = Math.tanh(x * 2 + 0.3 + r * (h * -0.2 + 0.4));
  const shapes = { wx: [1, 3], wh: [1, 3], b: [3], bn: [1] };
  const { y } = eagerForward(
    () => {
      const parts = Object.entries(p).map((
        [k, v],
      ) => [`c.${k}`, tf.tensor(v, shapes[k as keyof typeof shapes])]);
      return { y: gru(Object.fromEntries(parts), "c", tf.tensor2d([[x]]), tf.tensor2d([[h]])) };
    },
    {},
    {},
  );
  assert.ok(Math.abs(y![0]! - ((1 - z) * n + z * h)) < 1e-6);
});

Deno.test("lstm() computes the textbook's step, and lstmOutput() takes its first half", () => {
  const p = { wx: [0.5, -1, 2, 0.2], wh: [0.3, 0.7, -0.2, 1], b: [0.1, 0.2, 0.3, -0.4] };
  const [x, h, c] = [0.6, -0.5, 0.8];
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  const at = (k: number) => x * p.wx[k]! + h * p.wh[k]! + p.b[k]!;
  const memory = sigmoid(at(1)) * c + sigmoid(at(0)) * Math.tanh(at(3));
  const shapes = { wx: [1, 4], wh: [1, 4], b: [4] };
  const { state, output } = eagerForward(
    () => {
      const parts = Object.entries(p).map((
        [k, v],
      ) => [`c.${k}`, tf.tensor(v, shapes[k as keyof typeof shapes])]);
      const state = lstm(Object.fromEntries(parts), "c", tf.tensor2d([[x]]), tf.tensor2d([[h, c]]));
      return { state, output: lstmOutput(state) };
    },
    {},
    {},
  );
  assert.ok(Math.abs(state![1]! - memory) < 1e-6);
  assert.ok(Math.abs(state![0]! - sigmoid(at(2)) * Math.tanh(memory)) < 1e-6);
  assert.deepEqual([...output!], [state![0]]);
});

Deno.test("a new LSTM remembers: its forget gate starts with a bias of 1", () => {
  const parts = layout(lstmParts("c", 2, 3));
  assert.deepEqual([...parts.views(parts.init(seed(1)))["c.b"]!], [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
});

Deno.test("scanGru() names a shape that does not fit", () => {
  const p = {
    "c.wx": tf.zeros([3, 12]),
    "c.wh": tf.zeros([4, 12]),
    "c.b": tf.zeros([12]),
    "c.bn": tf.zeros([4]),
  };
  const x = tf.zeros([5, 2, 3]);
  assert.throws(() => scanGru(p, "c", x, tf.zeros([2, 5])), /a start of \[B, 4\] = \[2, 4\], found \[2,5\]/);
  assert.throws(
    () => scanGru(p, "c", x, tf.zeros([2, 4]), tf.zeros([2, 5])),
    /reset \[T, B\] = \[5, 2\], found \[2,5\]/,
  );
  assert.throws(
    () => scanGru(p, "c", tf.zeros([2, 3]), tf.zeros([2, 4])),
    /inputs \[T, B, I\], found \[2,3\]/,
  );
});

function specs(all: Record<string, Input>) {
  return Object.fromEntries(Object.entries(all).map(([k, { shape }]) => [k, { shape }]));
}

function feeds(all: Record<string, Input>) {
  return Object.fromEntries(Object.entries(all).map(([k, { data }]) => [k, data]));
}
