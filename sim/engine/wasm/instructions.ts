/**
 * Instructions with their operands, as code that can be put together.
 *
 * @module
 */
import { type Bytes, type Code, double, signed, single, unsigned } from "./encode.ts";
import { CALL, F32_CONST, F64_CONST, i32, I32_CONST, SHUFFLE, V128_CONST } from "./opcodes.ts";

/** Operands, then what is done with them. */
export function code(...parts: readonly Code[]): Code {
  return parts;
}

export function i32Const(value: number): Code {
  return [I32_CONST, ...signed(value)];
}

export function f64Const(value: number): Bytes {
  return [F64_CONST, ...double(value)];
}

export function f32Const(value: number): Bytes {
  return [F32_CONST, ...single(value)];
}

/** The same bytes over and over, as many as a vector holds. */
export function v128Const(bytes: Bytes): Code {
  const all = Array.from({ length: 16 }, (_, i) => bytes[i % bytes.length]!);
  return [...V128_CONST, ...all];
}

/** The four bytes of a whole number. */
export function word(value: number): Bytes {
  return [value & 255, value >> 8 & 255, value >> 16 & 255, value >>> 24];
}

/** A load or store at an address plus a constant; alignment is not promised. */
export function at(op: Code, offset: number): Code {
  return [...op, 0, ...unsigned(offset)];
}

/** The same for one lane of a vector. */
export function laneAt(op: Code, offset: number, lane: number): Code {
  return [...op, 0, ...unsigned(offset), lane];
}

export function call(index: number): Code {
  return [CALL, ...unsigned(index)];
}

/** Bytes chosen from two vectors: `unit` bytes at a time, numbered through both. */
export function shuffle(a: Code, b: Code, unit: 4 | 8, picks: readonly number[]): Code {
  const bytes = picks.flatMap((pick) => Array.from({ length: unit }, (_, i) => pick * unit + i));
  return [...a, ...b, ...SHUFFLE, ...bytes];
}

/** index · scale, for a scale that is mostly a power of two. */
export function scaled(index: Code, scale: number): Code {
  if (scale === 1) return index;
  const power = 31 - Math.clz32(scale);
  if (scale === 1 << power) return code(index, i32Const(power), i32.shl);
  return code(index, i32Const(scale), i32.mul);
}
