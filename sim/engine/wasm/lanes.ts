/**
 * Arithmetic on the lanes of a kernel: one environment (plain numbers), or two or four side by side (vectors). What is
 * written once on lanes gives the same bits for any number of them.
 *
 * A lane holds a float; a truth, as a mask (for one lane: 0 or 1); or a whole number of 32 bits. Whole numbers beside
 * doubles fill the low half of a vector.
 *
 * @module
 */
import { type Bytes, type Code, double, single } from "./encode.ts";
import { code, f32Const, f64Const, i32Const, v128Const, word } from "./instructions.ts";
import * as op from "./opcodes.ts";

type Unary = (a: Code) => Code;
type Binary = (a: Code, b: Code) => Code;

export interface Lanes {
  readonly count: 1 | 2 | 4;
  /** Bytes of a float. */
  readonly size: 4 | 8;
  /** The types that hold a float, a truth, and a whole number in each lane. */
  readonly float: op.Type;
  readonly mask: op.Type;
  readonly ints: op.Type;

  number(x: number): Code;
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  readonly sqrt: Unary;
  readonly abs: Unary;
  readonly neg: Unary;
  readonly floor: Unary;
  /** As Math.min: a NaN wins, -0 is below 0. */
  readonly min: Binary;
  readonly max: Binary;
  /** The same for numbers that are not negative (and not -0): `b` is used twice. */
  readonly minPositive: Binary;
  readonly maxPositive: Binary;
  readonly fround: Unary;
  readonly lt: Binary;
  readonly le: Binary;
  readonly eq: Binary;
  /** By truth: floats, or whole numbers. */
  select(test: Code, yes: Code, no: Code): Code;
  /** The float where the truth holds, else 0; and where it does not. */
  readonly where: Binary;
  readonly unless: Binary;

  truth(known: boolean): Code;
  readonly and: Binary;
  readonly or: Binary;
  readonly not: Unary;
  /** A truth for all lanes, from 0 or 1. */
  readonly spread: Unary;
  /** 0 or not: whether it holds in some lane. */
  readonly any: Unary;
  /** One bit for each lane. */
  readonly bits: Unary;
  /** 1 or 0. */
  readonly num: Unary;

  int(x: number): Code;
  readonly addInts: Binary;
  readonly subInts: Binary;
  readonly mulInts: Binary;
  readonly minInts: Binary;
  readonly maxInts: Binary;
  readonly ltInts: Binary;
  readonly leInts: Binary;
  readonly eqInts: Binary;
  readonly spreadInt: Unary;
  readonly fromInts: Unary;
  readonly toInts: Unary;
  /** One lane's whole number. */
  intOf(ints: Code, lane: number): Code;

  /** 2^k, from the float k + 1.5 · 2^(bits of a mantissa − 1), whose lowest bits are those of k. */
  readonly powerOfTwo: Unary;
  /** Whether a bit of a float's pattern is set, counted from the lowest. */
  bit(x: Code, bit: 0 | 1): Code;

  /** One lane's float, as a plain number. */
  floatOf(x: Code, lane: number): Code;
  withFloat(x: Code, lane: number, value: Code): Code;
  readonly spreadFloat: Unary;
}

/** Makes the code of a number once; -0 is another number than 0. */
function once(make: (x: number) => Code): (x: number) => Code {
  const known = new Map<number, Code>();
  const negativeZero = make(-0);
  return (x) => {
    if (Object.is(x, -0)) return negativeZero;
    let made = known.get(x);
    if (made === undefined) known.set(x, made = make(x));
    return made;
  };
}

function unary(instruction: Code): Unary {
  return (a) => code(a, instruction);
}

function binary(instruction: Code): Binary {
  return (a, b) => code(a, b, instruction);
}

/** What one-lane and vector kernels have in common: instructions of the same names. */
function arithmetic(of: typeof op.f64 | typeof op.f32 | typeof op.f64x2 | typeof op.f32x4) {
  return {
    add: binary(of.add),
    sub: binary(of.sub),
    mul: binary(of.mul),
    div: binary(of.div),
    sqrt: unary(of.sqrt),
    abs: unary(of.abs),
    neg: unary(of.neg),
    floor: unary(of.floor),
    min: binary(of.min),
    max: binary(of.max),
  };
}

function same(a: Code): Code {
  return a;
}

/** One environment. */
export function oneLane(size: 4 | 8): Lanes {
  const of = size === 8 ? op.f64 : op.f32;
  const number = once(size === 8 ? f64Const : f32Const);
  const choose = (test: Code, yes: Code, no: Code) => code(yes, no, test, op.SELECT);
  return {
    count: 1,
    size,
    float: size === 8 ? op.F64 : op.F32,
    mask: op.I32,
    ints: op.I32,
    number,
    ...arithmetic(of),
    minPositive: binary(of.min),
    maxPositive: binary(of.max),
    fround: size === 8 ? (a) => code(a, op.f32.demote, op.f64.promote) : same,
    lt: binary(of.lt),
    le: binary(of.le),
    eq: binary(of.eq),
    select: choose,
    where: (test, a) => choose(test, a, number(0)),
    unless: (test, a) => choose(test, number(0), a),
    truth: (known) => i32Const(known ? 1 : 0),
    and: binary(op.i32.and),
    or: binary(op.i32.or),
    not: unary(op.i32.eqz),
    spread: same,
    any: same,
    bits: same,
    num: unary(of.fromI32),
    int: i32Const,
    addInts: binary(op.i32.add),
    subInts: binary(op.i32.sub),
    mulInts: binary(op.i32.mul),
    minInts: (a, b) => choose(code(a, b, op.i32.lt), a, b),
    maxInts: (a, b) => choose(code(a, b, op.i32.gt), a, b),
    ltInts: binary(op.i32.lt),
    leInts: binary(op.i32.le),
    eqInts: binary(op.i32.eq),
    spreadInt: same,
    fromInts: unary(of.fromI32),
    toInts: unary(size === 8 ? op.i32.fromF64 : op.i32.fromF32),
    intOf: same,
    powerOfTwo: size === 8
      ? (a) =>
        code(
          a,
          op.i64.reinterpret,
          [op.I64_CONST, 52],
          op.i64.shl,
          f64Const(1),
          op.i64.reinterpret,
          op.i64.add,
          op.f64.reinterpret,
        )
      : (a) =>
        code(
          a,
          op.i32.reinterpret,
          i32Const(23),
          op.i32.shl,
          f32Const(1),
          op.i32.reinterpret,
          op.i32.add,
          op.f32.reinterpret,
        ),
    bit: (x, bit) => {
      const shifted = size === 8
        ? code(x, op.i64.reinterpret, [op.I64_CONST, bit], op.i64.shrU, op.i32.wrap)
        : code(x, op.i32.reinterpret, i32Const(bit), op.i32.shrU);
      return code(shifted, i32Const(1), op.i32.and);
    },
    floatOf: same,
    withFloat: (_, __, value) => value,
    spreadFloat: same,
  };
}

/**
 * Two environments in doubles, or four in floats.
 *
 * @param constant reads a vector of the same bytes over and over
 */
export function vectorLanes(size: 4 | 8, constant: (bytes: Bytes) => Code): Lanes {
  const of = size === 8 ? op.f64x2 : op.f32x4;
  const number = once((x) => constant(size === 8 ? double(x) : single(x)));
  const int = once((x) => constant(word(x)));
  // Comparisons of whole numbers fill 32 bits; beside doubles a truth has 64.
  const widen = (mask: Code) => size === 8 ? code(mask, op.i64x2.extendLow) : mask;
  const compare = (instruction: Code): Binary => (a, b) => widen(code(a, b, instruction));
  const unordered = (a: Code) => code(a, a, of.ne);
  return {
    count: size === 8 ? 2 : 4,
    size,
    float: op.V128,
    mask: op.V128,
    ints: op.V128,
    number,
    ...arithmetic(of),
    minPositive: (a, b) => code(a, b, of.pmin, unordered(b), op.v128.or),
    maxPositive: (a, b) => code(a, b, of.pmax, unordered(b), op.v128.or),
    fround: size === 8 ? (a) => code(a, op.f32x4.demote, op.f64x2.promote) : same,
    lt: binary(of.lt),
    le: binary(of.le),
    eq: binary(of.eq),
    select: (test, yes, no) => code(yes, no, test, op.v128.bitselect),
    where: binary(op.v128.and),
    unless: (test, a) => code(a, test, op.v128.andNot),
    truth: (known) => v128Const([known ? 255 : 0]),
    and: binary(op.v128.and),
    or: binary(op.v128.or),
    not: unary(op.v128.not),
    spread: (a) => code(i32Const(0), a, op.i32.sub, op.i32x4.splat),
    any: unary(op.v128.anyTrue),
    bits: unary(size === 8 ? op.i64x2.bitmask : op.i32x4.bitmask),
    num: (a) => code(a, number(1), op.v128.and),
    int,
    addInts: binary(op.i32x4.add),
    subInts: binary(op.i32x4.sub),
    mulInts: binary(op.i32x4.mul),
    minInts: binary(op.i32x4.min),
    maxInts: binary(op.i32x4.max),
    ltInts: compare(op.i32x4.lt),
    leInts: compare(op.i32x4.le),
    eqInts: compare(op.i32x4.eq),
    spreadInt: unary(op.i32x4.splat),
    fromInts: unary(of.fromI32),
    toInts: unary(size === 8 ? op.i32x4.fromF64 : op.i32x4.fromF32),
    powerOfTwo: size === 8
      ? (a) => code(a, i32Const(52), op.i64x2.shl, number(1), op.i64x2.add)
      : (a) => code(a, i32Const(23), op.i32x4.shl, number(1), op.i32x4.add),
    bit: (x, bit) => {
      const { shl, shrS } = size === 8 ? op.i64x2 : op.i32x4;
      const top = 8 * size - 1;
      return code(x, i32Const(top - bit), shl, i32Const(top), shrS);
    },
    intOf: (ints, lane) => code(ints, op.i32x4.lane, [lane]),
    floatOf: (x, lane) => code(x, of.lane, [lane]),
    withFloat: (x, lane, value) => code(x, value, of.withLane, [lane]),
    spreadFloat: unary(of.splat),
  };
}
