/**
 * Gradients of products: einsum and cumprod, of which tfjs has none, and prod, which tfjs differentiates along axes
 * counted from the front only.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { shiftLeft } from "./axes.ts";

/** The gradient to one operand is an einsum too: of dy and the other operand, with the operand's own letters. */
tf.registerGradient({
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc(dy, saved, attributes) {
    const { equation } = attributes as unknown as tf.EinsumAttrs;
    const [from, to] = equation.replaceAll(" ", "").split("->") as [string, string];
    const letters = from.split(",");
    const gradient = (k: number) => () => {
      const others = saved.filter((_, other) => other !== k);
      const given = [to, ...letters.filter((_, other) => other !== k)];
      const known = [...letters[k]!].filter((letter) => given.join("").includes(letter));
      const part = tf.einsum(`${given.join(",")}->${known.join("")}`, dy as tf.Tensor, ...others);
      const { shape } = saved[k]!; // a letter that only this operand has was summed over: its gradient is the same all along
      const wide = shape.map((n, axis) => known.includes(letters[k]![axis]!) ? n : 1);
      return tf.broadcastTo(tf.reshape(part, wide), shape);
    };
    return Object.fromEntries(saved.map((_, k) => [k, gradient(k)]));
  },
});

/**
 * With yⱼ = x₁ … xⱼ: dxᵢ = (x₁ … xᵢ₋₁) · sᵢ, where sᵢ = dyᵢ + xᵢ₊₁ sᵢ₊₁. Nothing is divided by x, so zeros are no trouble.
 */
tf.registerGradient({
  kernelName: "Cumprod",
  inputsToSave: ["x"],
  gradFunc(dy, saved, attributes) {
    const [x] = saved as [tf.Tensor];
    const { axis, exclusive, reverse } = attributes as unknown as tf.CumprodAttrs;
    const along = axis < 0 ? axis + x.rank : axis;
    const turned = (value: tf.Tensor) => reverse ? tf.reverse(value, along) : value;
    const slope = () => {
      const factors = turned(x);
      const pull = turned(dy as tf.Tensor);
      const inclusive = exclusive ? shiftLeft(pull, along, 1) : pull;
      const sums = recurrence(shiftLeft(factors, along, 1), inclusive, along);
      return turned(tf.mul(tf.cumprod(factors, along, true), sums));
    };
    return { x: slope };
  },
});

/** sᵢ = bᵢ + aᵢ sᵢ₊₁ along an axis, by doubling. */
function recurrence(a: tf.Tensor, b: tf.Tensor, axis: number): tf.Tensor {
  for (let by = 1; by < b.shape[axis]!; by *= 2) {
    b = tf.add(b, tf.mul(a, shiftLeft(b, axis, by)));
    a = tf.mul(a, shiftLeft(a, axis, by));
  }
  return b;
}

const frontProd = tf.getGradient("Prod");
tf.registerGradient({
  ...frontProd,
  gradFunc(dy, saved, attributes) {
    const { axis } = attributes as unknown as tf.ProdAttrs;
    const { rank } = saved[0]!;
    const front = (at: number): number => at < 0 ? at + rank : at;
    const axes = axis === null || axis === undefined ? axis : [axis].flat().map(front);
    return frontProd.gradFunc(dy, saved, { ...attributes, axis: axes } as typeof attributes);
  },
});
