/**
 * Singular values by one-sided Jacobi rotations: pairs of columns are turned until all are orthogonal.
 *
 *     A V = U Σ        A [n, P], U [n, P] with orthonormal columns, V [P, P] orthogonal, Σ falling
 *
 * Source   Hestenes 1958, "Inversion of matrices by biorthogonalization"; the rotation of Golub & Van Loan, 8.4
 *
 * @module
 */
import { add, type Columns, dot, orthonormal } from "./columns.ts";

export interface Svd {
  /** `[P][n]` left singular vectors, as columns; all 0 where the singular value is. */
  readonly left: Columns;
  /** `[P]` from the largest on. */
  readonly values: Float64Array;
  /** `[P][P]` right singular vectors, as columns. */
  readonly right: Columns;
}

const SWEEPS = 60;
/** Cosine of two columns below which they are orthogonal. */
const ORTHOGONAL = 1e-15;

/**
 * The singular value decomposition of a matrix given by its columns, which stay as they are. That of a tall matrix is
 * found from its triangle: directions below 1e-9 of a column are rounded away.
 */
export function svd(columns: Columns): Svd {
  const P = columns.length;
  if (P === 0 || columns[0]!.length <= 4 * P) return jacobi(columns);
  const { basis, parts } = orthonormal(columns);
  const { left, values, right } = jacobi(parts);
  return {
    left: left.map((u) => {
      const whole = new Float64Array(columns[0]!.length);
      basis.forEach((q, i) => add(q, u[i]!, whole));
      return whole;
    }),
    values,
    right,
  };
}

function jacobi(columns: Columns): Svd {
  const P = columns.length;
  const left = columns.map((column) => column.slice());
  const right = columns.map((_, j) => Float64Array.from({ length: P }, (_, i) => i === j ? 1 : 0));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < P; p++) {
      for (let q = p + 1; q < P; q++) {
        const [a, b] = [left[p]!, left[q]!];
        const [alpha, beta, gamma] = [dot(a, a), dot(b, b), dot(a, b)];
        if (gamma === 0 || Math.abs(gamma) <= ORTHOGONAL * Math.sqrt(alpha) * Math.sqrt(beta)) continue;
        turned = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const cosine = 1 / Math.sqrt(1 + t * t);
        turn(a, b, cosine, cosine * t);
        turn(right[p]!, right[q]!, cosine, cosine * t);
      }
    }
    if (!turned) break;
  }
  const norms = left.map((column) => Math.sqrt(dot(column, column)));
  const order = norms.map((_, j) => j).sort((i, j) => norms[j]! - norms[i]!);
  return {
    left: order.map((j) => left[j]!.map((x) => norms[j]! > 0 ? x / norms[j]! : 0)),
    values: Float64Array.from(order, (j) => norms[j]!),
    right: order.map((j) => right[j]!),
  };
}

function turn(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}
