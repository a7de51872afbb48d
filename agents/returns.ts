/**
 * Returns and advantages, on flat `[T,B]` arrays. Each is its recursion, written once.
 *
 * @module
 */

/** One rollout of one signal (the reward or one cost). All `[T,B]` but `last`. */
export interface Signal {
  readonly reward: Float32Array;
  readonly value: Float32Array;
  /** `[T,B]` 1 where the row's episode ended with this step. */
  readonly done: Uint8Array;
  /** `[T,B]` value of what follows an ended episode: of `finalObs` where it was truncated, 0 where it terminated. */
  readonly final: Float32Array;
  /** `[B]` value of what follows the rollout. */
  readonly last: Float32Array;
}

/**
 * Generalised advantage estimation:
 *
 *     δ_t = r_t + γ v_{t+1} − v_t        Â_t = δ_t + γ λ Â_{t+1}
 *
 * where v_{t+1} of an ended episode is `final`, and Â_{t+1} is then 0. The returns are Â + v.
 *
 * Source   Schulman et al. 2016, arXiv:1506.02438, eq. 16
 *
 * @param into `advantage` and `target`, `[T,B]`
 */
export function gae(
  { reward, value, done, final, last }: Signal,
  gamma: number,
  lambda: number,
  into: { advantage: Float32Array; target: Float32Array },
): void {
  const B = last.length;
  const T = reward.length / B;
  for (let b = 0; b < B; b++) {
    let advantage = 0;
    for (let t = T - 1; t >= 0; t--) {
      const i = t * B + b;
      const ended = done[i] !== 0;
      const next = ended ? final[i]! : t === T - 1 ? last[b]! : value[i + B]!;
      advantage = reward[i]! + gamma * next - value[i]! + (ended ? 0 : gamma * lambda * advantage);
      into.advantage[i] = advantage;
      into.target[i] = advantage + value[i]!;
    }
  }
}

/**
 * Episodes for a λ-return, flat: `[N,L]`, with `V` values for each step. `W` is 1 where all values share one future,
 * else `V`.
 */
export interface EpisodeValues {
  /** `[N,L,V]` */
  readonly reward: Float32Array;
  /** `[N,L+1,V]` value of what is seen at each entry; entry `t + 1` follows step `t`. */
  readonly value: Float32Array;
  /** `[N,L,W]` 1 where the future still counts. */
  readonly goesOn: Float32Array;
  /** `[N,L,W]` 1 where there was a step; the others get no return. */
  readonly filled: Float32Array;
}

/**
 * λ-returns along whole episodes:
 *
 *     G_t = r_t + γ g_t [ (1 − λ) v_{t+1} + λ G_{t+1} ] ,   G_{t+1} = v_{t+1} after the last step
 *
 * with g = `goesOn`. λ = 0 is the one-step target of Q-learning.
 *
 * Source   Sutton and Barto 2018, eq. 12.2
 *
 * @param into `[N,L,V]`
 */
export function lambdaReturns(
  { reward, value, goesOn, filled }: EpisodeValues,
  { V, gamma, lambda }: { V: number; gamma: number; lambda: number },
  into: Float32Array,
): void {
  const steps = reward.length / V;
  const W = filled.length / steps;
  const L = steps / (value.length / V - steps);
  for (let t = steps - 1; t >= 0; t--) {
    // Entry t of an array of L steps an episode is entry t + (episode) of one of L + 1.
    const entry = t + Math.floor(t / L) + 1;
    for (let v = 0; v < V; v++) {
      const w = W === 1 ? t : t * V + v;
      if (filled[w] === 0) continue;
      const last = (t + 1) % L === 0 || filled[w + W] === 0;
      const next = value[entry * V + v]!;
      const later = last ? next : (1 - lambda) * next + lambda * into[(t + 1) * V + v]!;
      into[t * V + v] = reward[t * V + v]! + gamma * goesOn[w]! * later;
    }
  }
}
