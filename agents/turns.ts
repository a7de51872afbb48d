/**
 * Games of turns, for learners of action values. A row that waits chooses nothing, so no action of its has a value to
 * learn; what it sees may even be what it saw when it was to move. Its steps belong to the decision before them.
 *
 * @module
 */
import type { Signal } from "./returns.ts";

/** `[rows]` 1 where a row chooses: 0 where its agent lives, and `mask [rows,A]` allows it nothing. */
export function chooses(mask: Float32Array, alive: Float32Array): Uint8Array {
  const A = mask.length / alive.length;
  const into = new Uint8Array(alive.length);
  for (let row = 0; row < into.length; row++) {
    let a = 0;
    while (a < A && mask[row * A + a] === 0) a++;
    into[row] = a < A || alive[row] === 0 ? 1 : 0;
  }
  return into;
}

/**
 * λ-returns from one decision of a row to its next, `n` steps later:
 *
 *     G_t = r_t + γ r_{t+1} + … + γ^{n−1} r_{t+n−1} + γ^n [ (1 − λ) v_{t+n} + λ G_{t+n} ]
 *
 * up to the episode's end, where `final` takes the bracket's place. A decision whose next is not in sight has no return
 * yet: what it is worth to those before it is its value.
 *
 * @param choosing `[T,B]` 1 where the row chose, and `next [B]` where it chooses after the rollout
 * @param into `target [T,B]`, and `weight [T,B]`, set to 0 where there is nothing to learn
 */
export function decisionReturns(
  { reward, value, done, final, last }: Signal,
  choosing: { readonly now: Uint8Array; readonly next: Uint8Array },
  { gamma, lambda }: { readonly gamma: number; readonly lambda: number },
  into: { readonly target: Float32Array; readonly weight: Float32Array },
): void {
  const B = last.length;
  for (let b = 0; b < B; b++) {
    let later = last[b]!;
    let known = choosing.next[b] === 1;
    for (let i = reward.length - B + b; i >= 0; i -= B) {
      if (done[i] !== 0) {
        later = final[i]!;
        known = true;
      }
      const brought = reward[i]! + gamma * later;
      const chose = choosing.now[i] === 1;
      if (!chose || !known) into.weight[i] = 0;
      into.target[i] = !chose || known ? brought : value[i]!;
      later = chose ? (1 - lambda) * value[i]! + lambda * into.target[i]! : brought;
      known ||= chose;
    }
  }
}
