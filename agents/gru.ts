/**
 * A gated recurrent unit and its scan along a sequence.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { linear, linearParts, type Parts, type Tensors } from "../tensor/mod.ts";
export function gruParts(prefix: string, I: number, H: number): Parts {
  return { ...linearParts(prefix + ".x", I, 3 * H), ...linearParts(prefix + ".h", H, 3 * H) };
}
export function gru(p: Tensors, prefix: string, x: tf.Tensor, h: tf.Tensor): tf.Tensor {
  const H = h.shape[1]!;
  const a = linear(p, prefix + ".x", x);
  const b = linear(p, prefix + ".h", h);
  const part = (t: tf.Tensor, i: number) => tf.slice(t, [0, i * H], [t.shape[0]!, H]);
  const r = tf.sigmoid(tf.add(part(a, 0), part(b, 0)));
  const z = tf.sigmoid(tf.add(part(a, 1), part(b, 1)));
  const n = tf.tanh(tf.add(part(a, 2), tf.mul(r, part(b, 2))));
  return tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h));
}
export function scanGru(
  p: Tensors,
  prefix: string,
  xs: tf.Tensor,
  h0: tf.Tensor,
  reset: tf.Tensor,
): tf.Tensor {
  let h = h0;
  return tf.stack(Array.from({ length: xs.shape[0]! }, (_, t) => {
    const keep = tf.sub(1, tf.reshape(tf.slice(reset, t, 1), [-1, 1]));
    return h = gru(p, prefix, tf.reshape(tf.slice(xs, t, 1), xs.shape.slice(1)), tf.mul(h, keep));
  }));
}
