/** Singular values against hand-worked matrices and against what defines them; the products of a null space. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { dot, orthonormal } from "../../sim/identify/columns.ts";
import { echelon, inWords, productName, toldProducts } from "../../sim/identify/products.ts";
import { student } from "../../sim/identify/quantile.ts";
import { reduce } from "../../sim/identify/reduce.ts";
import { svd } from "../../sim/identify/svd.ts";

const columns = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));

function near(found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-12) {
  assert.equal(found.length, expected.length);
  expected.forEach((x, i) => assert.ok(Math.abs(found[i]! - x) <= tolerance, `${i}: ${found[i]} for ${x}`));
}

Deno.test("svd() of matrices worked by hand", () => {
  near(svd(columns([3, 0], [0, -4])).values, [4, 3]);
  near(svd(columns([3, 4], [0, 5])).values, [Math.sqrt(45), Math.sqrt(5)]);
  near(svd(columns([1, 1, 1], [1, 1, 1])).values, [Math.sqrt(6), 0]);
  near(svd(columns([0, 0], [0, 0])).values, [0, 0]);
  const { right } = svd(columns([1, 2, 3, 4, 5, 6, 7, 8, 9], [2, 4, 6, 8, 10, 12, 14, 16, 18]));
  near(right[1]!.map((x) => x / right[1]![1]!), [-2, 1]);
});

const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 24 })).chain(([P, n]) =>
  fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n }), {
    minLength: P,
    maxLength: P,
  })
);

Deno.test("svd() gives back the matrix, with orthonormal columns and falling values", () => {
  fc.assert(
    fc.property(matrix, (rows) => {
      const A = columns(...rows);
      const { left, values, right } = svd(A);
      A.forEach((column, j) => {
        const sum = column.map((_, i) => left.reduce((s, u, k) => s + u[i]! * values[k]! * right[k]![j]!, 0));
        near(sum, Array.from(column), 1e-8);
      });
      right.forEach((v, i) => right.forEach((w, j) => near([dot(v, w)], [Number(i === j)], 1e-12)));
      values.forEach((value, i) => assert.ok(value >= 0 && (i === 0 || value <= values[i - 1]!)));
      left.forEach((u, i) => {
        if (values[i]! > 1e-6 * values[0]!) near([dot(u, u)], [1], 1e-8);
      });
    }),
    { seed: 7, numRuns: 300 },
  );
});

Deno.test("the singular values are the roots of the eigenvalues of AᵀA: trace and determinant of two columns", () => {
  fc.assert(
    fc.property(matrix.filter((rows) => rows.length === 2), (rows) => {
      const [a, b] = columns(...rows) as [Float64Array, Float64Array];
      const [s, t] = svd([a, b]).values as unknown as [number, number];
      near([s * s + t * t], [dot(a, a) + dot(b, b)], 1e-9);
      near([s * s * t * t], [dot(a, a) * dot(b, b) - dot(a, b) * dot(a, b)], 1e-7);
    }),
    { seed: 8, numRuns: 200 },
  );
});

Deno.test("orthonormal() leaves out columns that depend on others", () => {
  const { basis, places } = orthonormal(columns([1, 0, 0], [2, 0, 0], [1, 1, 0]));
  assert.deepEqual(places, [0, 2]);
  near(basis[1]!, [0, 1, 0]);
});

Deno.test("reduce() finds what solving for all unknowns at once finds", () => {
  // y = 2 θ t + x + 3: residuals for θ = 1.5, x = -0.5 over t = 0 … 4
  const t = [0, 1, 2, 3, 4];
  const own = columns(t.map(() => 1));
  const shared = columns(t.map((x) => 2 * x));
  const { rest, residual, start } = reduce(own, shared, Float64Array.from(t, (x) => 3 * x - 0.5));
  const delta = dot(rest[0]!, residual) / dot(rest[0]!, rest[0]!);
  near([delta], [1.5]);
  near(start(Float64Array.of(delta)), [-0.5]);
});

Deno.test("a null space is told in words, and what is at right angles to it as products", () => {
  const scale = echelon(columns([0, 0.5, 0.5, 0, 0.5]), 5);
  const cart = ["gravity", "massCart", "massPole", "length", "force"];
  assert.equal(inWords(scale.rows[0]!, cart), "massCart, massPole and force only by their common scale");
  assert.deepEqual(toldProducts(scale, 5).map((exponents) => productName(exponents, cart)), [
    "gravity",
    "massCart·force⁻¹",
    "massPole·force⁻¹",
    "length",
  ]);
  const law = echelon(columns([-0.3, 0.6, -0.3]), 3);
  const rod = ["gravity", "mass", "length"];
  assert.equal(
    inWords(law.rows[0]!, rod),
    "gravity, mass and length only together: gravity·c, mass·c⁻² and length·c move alike for every c",
  );
  assert.deepEqual(toldProducts(law, 3).map((exponents) => productName(exponents, rod)), [
    "gravity·length⁻¹",
    "mass·length²",
  ]);
  assert.equal(inWords([0, 1, 0], rod), "mass: no step depends on it");
  const two = echelon(columns([1, 1, 0], [0, 1, 1]), 3);
  assert.deepEqual(two.rows.map((row) => row.map((x) => x + 0)), [[-1, 0, 1], [1, 1, 0]]);
  assert.equal(productName([0.5, 1 / 3, 0], rod), "gravity^0.5·mass^0.333");
});

Deno.test("student() agrees with the tables of t", () => {
  near([student(5), student(10), student(30), student(1e9)], [2.5706, 2.2281, 2.0423, 1.96], 5e-4);
});
