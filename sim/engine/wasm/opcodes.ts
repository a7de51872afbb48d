/**
 * WebAssembly's types and instructions, as far as worlds need them.
 *
 * Source   WebAssembly Core Specification 2.0, chapter 5 (instructions), with fixed-width SIMD
 *
 * @module
 */
import type { Bytes } from "./encode.ts";

export const I32 = 0x7f;
export const F32 = 0x7d;
export const F64 = 0x7c;
export const V128 = 0x7b;

/** A type of value. */
export type Type = typeof I32 | typeof F32 | typeof F64 | typeof V128;

/** A SIMD instruction: its number follows a prefix. */
function simd(number: number): Bytes {
  return number < 128 ? [0xfd, number] : [0xfd, number & 127 | 128, number >> 7];
}

export const BLOCK: Bytes = [0x02, 0x40];
export const LOOP: Bytes = [0x03, 0x40];
export const IF: Bytes = [0x04, 0x40];
export const ELSE: Bytes = [0x05];
export const END: Bytes = [0x0b];
export const BR = 0x0c;
export const BR_IF = 0x0d;
export const CALL = 0x10;
export const SELECT: Bytes = [0x1b];
export const LOCAL_GET = 0x20;
export const LOCAL_SET = 0x21;
export const LOCAL_TEE = 0x22;
export const I32_CONST = 0x41;
export const F32_CONST = 0x43;
export const F64_CONST = 0x44;
export const V128_CONST: Bytes = simd(12);
export const SHUFFLE: Bytes = simd(13);

export const MEMORY_COPY: Bytes = [0xfc, 10, 0, 0];
export const MEMORY_FILL: Bytes = [0xfc, 11, 0];

export const i32 = {
  load: [0x28],
  load8u: [0x2d],
  store: [0x36],
  store8: [0x3a],
  eqz: [0x45],
  eq: [0x46],
  ne: [0x47],
  lt: [0x48],
  ltU: [0x49],
  gt: [0x4a],
  gtU: [0x4b],
  le: [0x4c],
  ge: [0x4e],
  add: [0x6a],
  sub: [0x6b],
  mul: [0x6c],
  and: [0x71],
  or: [0x72],
  xor: [0x73],
  shl: [0x74],
  shrU: [0x76],
  rotl: [0x77],
  fromF32: [0xfc, 0x00],
  fromF64: [0xfc, 0x02],
  reinterpret: [0xbc],
  wrap: [0xa7],
} as const;

export const i64 = { shl: [0x86], shrU: [0x88], add: [0x7c], reinterpret: [0xbd] } as const;
export const I64_CONST = 0x42;

export const f32 = {
  load: [0x2a],
  store: [0x38],
  eq: [0x5b],
  lt: [0x5d],
  le: [0x5f],
  abs: [0x8b],
  neg: [0x8c],
  floor: [0x8e],
  sqrt: [0x91],
  add: [0x92],
  sub: [0x93],
  mul: [0x94],
  div: [0x95],
  min: [0x96],
  max: [0x97],
  fromI32: [0xb2],
  demote: [0xb6],
  reinterpret: [0xbe],
} as const;

export const f64 = {
  load: [0x2b],
  store: [0x39],
  eq: [0x61],
  lt: [0x63],
  le: [0x65],
  abs: [0x99],
  neg: [0x9a],
  floor: [0x9c],
  sqrt: [0x9f],
  add: [0xa0],
  sub: [0xa1],
  mul: [0xa2],
  div: [0xa3],
  min: [0xa4],
  max: [0xa5],
  fromI32: [0xb7],
  fromU32: [0xb8],
  promote: [0xbb],
  reinterpret: [0xbf],
} as const;

export const v128 = {
  load: simd(0),
  load32Splat: simd(9),
  load64Splat: simd(10),
  store: simd(11),
  not: simd(77),
  and: simd(78),
  andNot: simd(79),
  or: simd(80),
  xor: simd(81),
  bitselect: simd(82),
  anyTrue: simd(83),
  load32Lane: simd(86),
  load64Lane: simd(87),
  store8Lane: simd(88),
  store32Lane: simd(90),
  store64Lane: simd(91),
  load32Zero: simd(92),
  load64Zero: simd(93),
} as const;

export const i32x4 = {
  splat: simd(17),
  lane: simd(27),
  withLane: simd(28),
  eq: simd(55),
  lt: simd(57),
  gt: simd(59),
  gtU: simd(60),
  le: simd(61),
  allTrue: simd(163),
  bitmask: simd(164),
  shl: simd(171),
  shrS: simd(172),
  shrU: simd(173),
  add: simd(174),
  sub: simd(177),
  mul: simd(181),
  min: simd(182),
  max: simd(184),
  fromF32: simd(248),
  fromF64: simd(252),
} as const;

export const i64x2 = {
  splat: simd(18),
  allTrue: simd(195),
  bitmask: simd(196),
  extendLow: simd(199),
  shl: simd(203),
  shrS: simd(204),
  add: simd(206),
} as const;

export const f32x4 = {
  splat: simd(19),
  lane: simd(31),
  withLane: simd(32),
  eq: simd(65),
  ne: simd(66),
  lt: simd(67),
  le: simd(69),
  demote: simd(94),
  floor: simd(104),
  abs: simd(224),
  neg: simd(225),
  sqrt: simd(227),
  add: simd(228),
  sub: simd(229),
  mul: simd(230),
  div: simd(231),
  min: simd(232),
  max: simd(233),
  pmin: simd(234),
  pmax: simd(235),
  fromI32: simd(250),
} as const;

export const f64x2 = {
  splat: simd(20),
  lane: simd(33),
  withLane: simd(34),
  eq: simd(71),
  ne: simd(72),
  lt: simd(73),
  le: simd(75),
  promote: simd(95),
  floor: simd(117),
  abs: simd(236),
  neg: simd(237),
  sqrt: simd(239),
  add: simd(240),
  sub: simd(241),
  mul: simd(242),
  div: simd(243),
  min: simd(244),
  max: simd(245),
  pmin: simd(246),
  pmax: simd(247),
  fromI32: simd(254),
  fromU32: simd(255),
} as const;
