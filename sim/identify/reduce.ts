/**
 * Unknown starts of stretches, taken out of a least-squares problem one stretch at a time.
 *
 * The residuals of stretch k are r = B δθ + A δx, where θ is shared by all and x is the stretch's own. With A = Q R,
 * what is left of B and r outside the columns of Q holds all that the stretch says about θ.
 *
 * @module
 */
import { add, type Columns, dot } from "./svd.ts";

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

/** Share of a column that must stand outside the columns before it, for it to count. */
const DEPENDENT = 1e-9;

export function reduce(own: Columns, shared: Columns, residual: Float64Array): Reduced {
  const { basis, places, triangle } = orthonormal(own);
  const without = (column: Float64Array) => {
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
        for (let j = i + 1; j < basis.length; j++) value -= triangle[j]![i]! * found[places[j]!]!;
        found[places[i]!] = value / triangle[i]![i]!;
      }
      return found;
    },
  };
}

/** Gram and Schmidt's process, each column twice; columns that depend on those before them are left out. */
function orthonormal(columns: Columns) {
  const basis: Float64Array[] = [];
  const places: number[] = [];
  const triangle: Float64Array[] = [];
  columns.forEach((column, place) => {
    const rest = column.slice();
    const parts = new Float64Array(columns.length);
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((q, i) => {
        const part = dot(q, rest);
        parts[i]! += part;
        add(q, -part, rest);
      });
    }
    const norm = Math.sqrt(dot(rest, rest));
    if (norm <= DEPENDENT * Math.sqrt(dot(column, column))) return;
    parts[basis.length] = norm;
    basis.push(rest.map((x) => x / norm));
    places.push(place);
    triangle.push(parts);
  });
  return { basis, places, triangle };
}
