/**
 * Games of turns, for learners of action values. A row that waits chooses nothing, so none of its actions has a value
 * to learn; what it sees may even be what it saw when it was to move. Its steps belong to the decision before them.
 *
 * @module
 */
import type { EpisodeValues, Signal } from "./returns.ts";

/** `[rows]` 0 where a row waits: its agent lives, and `mask [rows,A]` allows it nothing. Else 1, for the dead too. */
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

/**
 * The same along whole episodes `[N,L,V]`, of members with futures of their own.
 *
 * @param mask `[N,L+1,V,A]`
 * @param into `[N,L,V]`; `filled` becomes 0 where a member waited
 */
export function episodeDecisions(
  { reward, value, goesOn, filled }: EpisodeValues,
  mask: Float32Array,
  { V, gamma, lambda }: { readonly V: number; readonly gamma: number; readonly lambda: number },
  into: Float32Array,
): void {
  const N = (value.length - reward.length) / V;
  const size = reward.length / N;
  const A = mask.length / value.length;
  for (let n = 0; n < N; n++) {
    const part = (column: Float32Array, length = size, from = n * size) =>
      column.subarray(from, from + length);
    const seen = n * (size + V);
    const now = chooses(part(mask, size * A, seen * A), part(filled));
    if (!now.includes(0)) continue;
    const final = part(value, size, seen + V).map((next, i) => goesOn[n * size + i]! * next);
    const done = Uint8Array.from({ length: size }, (_, i) => {
      const ends = i + V >= size || filled[n * size + i + V] === 0 || goesOn[n * size + i] === 0;
      return ends ? 1 : 0;
    });
    const signal = {
      reward: part(reward),
      value: part(value, size, seen),
      done,
      final,
      last: new Float32Array(V),
    };
    const next = new Uint8Array(V);
    decisionReturns(signal, { now, next }, { gamma, lambda }, { target: part(into), weight: part(filled) });
  }
}
