/**
 * A small policy with random weights, exported as training does.
 *
 * @module
 */
import { fork, seed } from "../../core/mod.ts";
import {
  categorical,
  exportPolicy,
  gaussian,
  layout,
  mlp,
  mlpParts,
  type Parts,
  type Specs,
  zeros,
} from "../../tensor/mod.ts";

export const O = 6;
export const A = 4;

const parts: Parts = { ...mlpParts("pi", [O, 16, A]), logStd: { shape: [A], init: zeros } };
export const net = layout(parts);
export const theta = net.init(fork(seed(3), "init"));
const inputs = (rows: number): Specs => ({
  obs: { shape: [rows, O] },
  mask: { shape: [rows, A] },
  noise: { shape: [rows, A] },
});

export function exported(kind: "discrete" | "continuous"): Uint8Array<ArrayBuffer> {
  return exportPolicy({
    weights: { pi: { layout: net, theta } },
    inputs,
    fn: ({ pi: p }, x) => {
      const out = mlp(p!, "pi", x.obs!);
      if (kind === "continuous") return { action: gaussian(out, p!.logStd!).sample(x.noise!), mean: out };
      const pi = categorical(out, x.mask!);
      return { action: pi.sample(x.noise!), logits: pi.logits };
    },
    metadata: { scenario: '"safe/crossing"', channels: '["contact"]' },
  });
}
