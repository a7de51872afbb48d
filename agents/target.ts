/**
 * Target networks: copies of parameters that follow them slowly.
 *
 * @module
 */

/**
 * The soft update: target ← target + τ (theta − target).
 *
 * Source   Lillicrap et al. 2016, arXiv:1509.02971, section 3
 */
export function follow(theta: Float32Array, tau: number, target: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += tau * (theta[i]! - target[i]!);
}
