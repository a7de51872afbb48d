import assert from "node:assert/strict";
import * as core from "../../core/mod.ts";
import { fromBits, oracle, ulp, ulpsFrom } from "./oracle.ts";
import reference from "./math_reference.json" with { type: "json" };

type Math2 = (x: number, y: number) => number;
const functions = {
  atan2: core.atan2,
  cos: core.cos,
  exp: core.exp,
  expNeg: core.expNeg,
  expm1: core.expm1,
  hypot: core.hypot,
  log: core.log,
  log1p: core.log1p,
  log1p01: core.log1p01,
  pow: core.pow,
  sin: core.sin,
  softplus: core.softplus,
  tan: core.tan,
  tanh: core.tanh,
} satisfies Record<keyof typeof reference, Math2>;
type Name = keyof typeof functions;
const names = Object.keys(functions) as Name[];

/** Rows of the table: arguments, the nearest double, and how far the exact value lies from it in ulps. */
function rows(name: Name): { x: number; y: number; nearest: number; away: number }[] {
  return reference[name].map((text) => {
    const words = text.split(" ");
    const [x, y] = words.slice(0, -2).map(fromBits);
    return { x: x!, y: y ?? 0, nearest: fromBits(words.at(-2)!), away: Number(words.at(-1)) / 1000 };
  });
}

for (const name of names) {
  const f: Math2 = functions[name];

  Deno.test(`${name}() is within 1 ulp of mpmath over the table`, () => {
    for (const { x, y, nearest, away } of rows(name)) {
      const found = f(x, y);
      const error = Math.abs((found - nearest) / ulp(nearest) - away);
      assert.ok(error <= 1, `${name}(${x}, ${y}) = ${found}, ${error} ulp from ${nearest}`);
    }
  });

  Deno.test(`${name}() is within 1 ulp of the oracle over random arguments`, () => {
    const stream = core.fork(core.seed(3), name);
    for (let i = 0; i < 1200; i++) {
      const [x, y] = ranges[name][i % ranges[name].length]!(stream);
      const found = f(x, y);
      const error = ulpsFrom(oracle[name]!(found, x, y), found);
      assert.ok(error <= 1, `${name}(${x}, ${y}) = ${found}, ${error} ulp off`);
    }
  });
}

Deno.test("the oracle agrees with mpmath", () => {
  for (const name of names) {
    for (const { x, y, nearest, away } of rows(name)) {
      const sizes = [Math.abs(x), Math.abs(y)].filter((size) => size > 0);
      if (Math.min(...sizes) < 1e-60 || Math.max(...sizes) > 1e60 || Math.abs(nearest) < 1e-60) continue;
      const error = ulpsFrom(oracle[name]!(nearest, x, y), nearest);
      assert.ok(Math.abs(error - Math.abs(away)) < 0.002, `${name}(${x}, ${y}): ${error} and ${away}`);
    }
  }
});

type Draw = (stream: core.Stream) => [x: number, y: number];
/** Uniform between two bounds. */
const flat = (low: number, high: number): Draw => (s) => [core.uniform(s, low, high), 0];
/** Of either sign, uniform in the exponent from 2^low to 2^high. */
const spread = (low: number, high: number, sign = 0): Draw => (s) => {
  const size = core.pow(2, core.uniform(s, low, high));
  return [sign > 0 || (sign === 0 && core.integer(s, 2) === 0) ? size : -size, 0];
};
const both = (x: Draw, y: Draw): Draw => (s) => [x(s)[0], y(s)[0]];
const shifted = (by: number, draw: Draw): Draw => (s) => [by + draw(s)[0], 0];

const ranges: Record<Name, Draw[]> = {
  exp: [flat(-708, 709), flat(-2, 2), spread(-60, 0), flat(709, 709.78)],
  expNeg: [flat(-708, 0), flat(-2, 0), spread(-60, 0, -1)],
  expm1: [flat(-37, 100), flat(-0.4, 0.4), flat(-2, 2), flat(30, 46), spread(-60, 0)],
  log: [spread(-200, 200, 1), flat(0.1, 3), flat(0.6, 1.5), shifted(1, spread(-50, -2))],
  log1p: [
    spread(-60, 200, 1),
    flat(-0.99, 3),
    flat(-0.3, 0.45),
    spread(-60, -1),
    shifted(-1, spread(-50, -1, 1)),
  ],
  log1p01: [flat(0, 1), spread(-60, 0, 1), spread(-3, 0, 1)],
  softplus: [flat(-100, 50), flat(-3, 3), spread(-60, 0), flat(-38, 38)],
  sin: [flat(-1e6, 1e6), flat(-10, 10), flat(-1, 1), spread(-60, 100)],
  cos: [flat(-1e6, 1e6), flat(-10, 10), flat(-1, 1), spread(-60, 100)],
  tan: [flat(-1e6, 1e6), flat(-10, 10), flat(-1, 1), spread(-60, 100)],
  tanh: [flat(-20, 20), flat(-1, 1), spread(-60, 5)],
  atan2: [
    both(flat(-1, 1), flat(-1, 1)),
    both(spread(-20, 20), spread(-20, 20)),
    both(flat(0.9, 1.1), flat(-1.1, -0.9)),
  ],
  pow: [
    both(flat(0, 10), flat(-20, 20)),
    both(shifted(1, spread(-40, -2)), spread(0, 8)),
    both(spread(-20, 20, 1), flat(-30, 30)),
  ],
  hypot: [
    both(flat(-1, 1), flat(-1, 1)),
    both(spread(-50, 50), spread(-50, 50)),
    both(flat(1, 2), flat(0, 2)),
  ],
};

const { NaN: nan, POSITIVE_INFINITY: inf, MIN_VALUE: least, MAX_VALUE: most } = Number;
const special = [
  nan,
  inf,
  -inf,
  0,
  -0,
  1,
  -1,
  least,
  -least,
  most,
  -most,
  0.5,
  -0.5,
  2,
  3,
  -2,
  -3,
  2 ** 53,
  1e300,
  710,
  -746,
];

Deno.test("the math has ECMAScript's special cases", () => {
  const unary = ["exp", "expm1", "log", "log1p", "sin", "cos", "tan", "tanh"] as const;
  for (const name of unary) {
    for (const x of special) sameSpecial(core[name](x), Math[name](x), `${name}(${x})`);
  }
  for (const name of ["atan2", "pow", "hypot"] as const) {
    for (const x of special) {
      for (const y of special) {
        if (name === "atan2" && Math.abs(x) === least && y > 1) continue; // Deno loses the sign of x / y
        sameSpecial(core[name](x, y), Math[name](x, y), `${name}(${x}, ${y})`);
      }
    }
  }
});

Deno.test("a quotient too small for a double keeps its sign in atan2()", () => {
  assert.ok(Object.is(core.atan2(-least, most), -0) && Object.is(core.atan2(least, most), 0));
  assert.equal(core.atan2(least, -most), Math.PI);
});

/** Equal with the sign of 0, or both ordinary numbers that differ in the last places only. */
function sameSpecial(found: number, expected: number, what: string): void {
  const ordinary = Number.isFinite(expected) && expected !== 0;
  if (!ordinary) return assert.ok(Object.is(found, expected), `${what} = ${found}, expected ${expected}`);
  assert.ok(Math.abs(found - expected) <= 2 * ulp(expected), `${what} = ${found}, expected ${expected}`);
}

Deno.test("the kernels keep NaN, 0 and the ends of their ranges", () => {
  assert.equal(core.expNeg(0), 1);
  assert.equal(core.expNeg(-0), 1);
  assert.ok(Object.is(core.log1p01(0), 0));
  assert.ok(
    Number.isNaN(core.expNeg(nan)) && Number.isNaN(core.log1p01(nan)) && Number.isNaN(core.softplus(nan)),
  );
  assert.equal(core.softplus(inf), inf);
  assert.equal(core.softplus(-inf), 0);
  assert.equal(core.softplus(-708.1), 0);
  assert.equal(core.softplus(1e10), 1e10);
});

Deno.test("exp() gives the bits of expNeg()", () => {
  const stream = core.seed(11);
  for (let i = 0; i < 5000; i++) {
    const x = core.uniform(stream, -708, 0);
    assert.equal(core.exp(x), core.expNeg(x));
  }
});

Deno.test("pow() is exact where the power is a double, hypot() on Pythagorean triples", () => {
  for (let x = 1; x <= 20; x++) {
    let product = 1;
    for (let y = 0; y <= 12; y++) {
      assert.equal(core.pow(x, y), product, `${x}^${y}`);
      assert.equal(core.pow(-x, y), y % 2 === 0 ? product : -product, `(-${x})^${y}`);
      product *= x;
    }
    assert.equal(core.pow(x * x, 0.5), x);
  }
  for (let m = 2; m < 40; m++) {
    for (let n = 1; n < m; n++) assert.equal(core.hypot(m * m - n * n, 2 * m * n), m * m + n * n);
  }
});

Deno.test("the odd functions are odd, cos() is even, bit for bit", () => {
  const stream = core.seed(12);
  for (let i = 0; i < 3000; i++) {
    const [x] = spread(-300, 300)(stream);
    for (const f of [core.sin, core.tan, core.tanh]) assert.ok(Object.is(f(-x), -f(x)), `${f.name}(${x})`);
    assert.equal(core.cos(-x), core.cos(x));
  }
});
