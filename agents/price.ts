/**
 * What a multiplier does to an advantage.
 *
 * @module
 */

/**
 * The priced advantage: centred over the rows that count, and divided by the spread its parts would have apart,
 * so that it vanishes where reward and price balance.
 *
 *     Â = (Â_r − Σ λ_k Â_k − mean) / (σ_r + Σ λ_k σ_k)
 *
 * @param heads the advantages of the reward, then of each priced cost, `[T·B]`
 */
export function priceAdvantage(
  heads: readonly Float32Array[],
  prices: ArrayLike<number>,
  counts: Float32Array,
  into: Float32Array,
): void {
  into.fill(0);
  let spread = 1e-8;
  heads.forEach((head, j) => {
    const { mean, deviation } = momentsWhere(head, counts);
    const weight = j === 0 ? 1 : -prices[j - 1]!;
    spread += Math.abs(weight) * deviation;
    for (let i = 0; i < into.length; i++) into[i]! += weight * (head[i]! - mean);
  });
  for (let i = 0; i < into.length; i++) into[i]! /= spread;
}

/** Mean and deviation over the rows that count. */
function momentsWhere(column: Float32Array, counts: Float32Array): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < column.length; i++) {
    count += counts[i]!;
    sum += counts[i]! * column[i]!;
  }
  const mean = sum / Math.max(count, 1);
  for (let i = 0; i < column.length; i++) squares += counts[i]! * (column[i]! - mean) * (column[i]! - mean);
  return { mean, deviation: Math.sqrt(squares / Math.max(count, 1)) };
}
