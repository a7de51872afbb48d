/**
 * Policies that are a rule of thumb: what to do, seen this.
 *
 * @module
 */
import type { Policy } from "../types.ts";

/** What one agent does, given its own observation `[O]`: a discrete action, or the numbers of a continuous one. */
export type Rule = (obs: Float32Array) => number | readonly number[];

/** A scripted policy that asks `rule` for each row, as in `policies: { scripted: ruled("scripted", ([x]) => …) }`. */
export function ruled(name: string, rule: Rule): () => Policy {
  return () => ({
    name,
    hiddenSize: 0,
    act({ rows, obs }, into) {
      const [O, A] = [obs.length / rows, into.length / rows];
      for (let r = 0; r < rows; r++) {
        const action = rule(obs.subarray(r * O, (r + 1) * O));
        if (typeof action === "number") into[r] = action;
        else into.set(action, r * A);
      }
    },
  });
}
