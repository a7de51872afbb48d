/**
 * Matrices as lists of their columns.
 *
 * @module
 */
export type Columns = readonly Float64Array[];

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** `into` += factor · a */
export function add(a: Float64Array, factor: number, into: Float64Array): void {
  for (let i = 0; i < a.length; i++) into[i]! += factor * a[i]!;
}

/** Share of a column that must stand outside the columns before it, for it to count. */
const DEPENDENT = 1e-9;

export interface Orthonormal {
  /** `[r][n]` */
  readonly basis: Columns;
  /** `[r]` the column that each of them came from. */
  readonly places: readonly number[];
  /** `[P][P]` each column as a sum of the basis; the first r numbers count. */
  readonly parts: Columns;
}

/** Gram and Schmidt's process, each column twice; columns that depend on those before them add nothing to the basis. */
export function orthonormal(columns: Columns): Orthonormal {
  const basis: Float64Array[] = [];
  const places: number[] = [];
  const all = columns.map((column, place) => {
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
    if (norm > DEPENDENT * Math.sqrt(dot(column, column))) {
      parts[basis.length] = norm;
      basis.push(rest.map((x) => x / norm));
      places.push(place);
    }
    return parts;
  });
  return { basis, places, parts: all };
}
