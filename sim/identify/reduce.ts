/**
 * Unknown starts of stretches, taken out of a least-squares problem one stretch at a time.
 *
 * The residuals of stretch k are r = B δθ + A δx, where θ is shared by all and x is the stretch's own. With A = Q R,
 * what is left of B and r outside the columns of Q holds all that the stretch says about θ.
 *
 * @module
 */
import { add, type Columns, dot, orthonormal } from "./columns.ts";

export interface Reduced {
  /** Orthonormal columns of the space that A spans. */
  readonly basis: Columns;
  /** B, less its part within that space. */
  readonly rest: Columns;
  /** The residuals, less their part within that space. */
  readonly residual: Float64Array;
  /** The δx that fits best, for a given δθ. Directions that the stretch says nothing about stay as they are. */
  start(delta: Float64Array): Float64Array;
}

export function reduce(own: Columns, shared: Columns, residual: Float64Array): Reduced {
  const { basis, places, parts } = orthonormal(own);
  const without = (column: Float64Array) => {
    if (basis.length === 0) return column;
    const rest = column.slice();
    for (const q of basis) add(q, -dot(q, rest), rest);
    return rest;
  };
  return {
    basis,
    rest: shared.map(without),
    residual: without(residual),
    start(delta) {
      const left = residual.slice();
      shared.forEach((column, j) => add(column, -delta[j]!, left));
      const found = new Float64Array(own.length);
      for (let i = basis.length - 1; i >= 0; i--) {
        let value = dot(basis[i]!, left);
        for (let j = i + 1; j < basis.length; j++) value -= parts[places[j]!]![i]! * found[places[j]!]!;
        found[places[i]!] = value / parts[places[i]!]![i]!;
      }
      return found;
    },
  };
}
