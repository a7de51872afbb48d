/**
 * Random numbers in lanes: core's Threefry2x32-20 on vectors of words.
 *
 * In doubles a draw has 53 bits, the same as everywhere; in floats the upper 24 of them.
 *
 * Source   Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11
 *
 * @module
 */
import type { Code } from "./encode.ts";
import { at, code, i32Const, shuffle, v128Const, word } from "./instructions.ts";
import type { Lanes } from "./lanes.ts";
import { append, type Func, get, type ModuleWriter, set } from "./module.ts";
import { BR_IF, END, f32x4, f64x2, I32, i32, i32x4, LOOP, type Type, V128, v128 } from "./opcodes.ts";

const PARITY = 0x1bd11bda;
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];

/** Words side by side. */
interface Words {
  readonly type: Type;
  add(a: Code, b: Code): Code;
  xor(a: Code, b: Code): Code;
  rotate(a: Code, by: number): Code;
  constant(x: number): Code;
}

const oneWord: Words = {
  type: I32,
  add: (a, b) => code(a, b, i32.add),
  xor: (a, b) => code(a, b, i32.xor),
  rotate: (a, by) => code(a, i32Const(by), i32.rotl),
  constant: i32Const,
};

const manyWords: Words = {
  type: V128,
  add: (a, b) => code(a, b, i32x4.add),
  xor: (a, b) => code(a, b, v128.xor),
  rotate: (a, by) => code(a, i32Const(by), i32x4.shl, a, i32Const(32 - by), i32x4.shrU, v128.or),
  constant: (x) => v128Const(word(x)),
};

/** The two words of each block, for kept keys and counters; blocks take turns, so that they do not wait for themselves. */
function blocks(
  w: Words,
  func: Func,
  k0: Code,
  k1: Code,
  c0: Code,
  counts: readonly Code[],
): readonly { a: Code; b: Code }[] {
  const keep = (value: Code) => func.keep(value, w.type);
  const keys = [k0, k1, keep(w.xor(w.xor(k0, k1), w.constant(PARITY)))];
  const all = counts.map((c1) => ({ a: keep(w.add(c0, k0)), b: keep(w.add(c1, k1)) }));
  for (let round = 0; round < 20; round++) {
    for (const block of all) block.a = keep(w.add(block.a, block.b));
    for (const block of all) block.b = keep(w.xor(w.rotate(block.b, ROTATIONS[round % 8]!), block.a));
    if (round % 4 < 3) continue;
    const injection = (round + 1) / 4;
    const added = keep(w.add(keys[(injection + 1) % 3]!, w.constant(injection)));
    for (const block of all) {
      block.a = keep(w.add(block.a, keys[injection % 3]!));
      block.b = keep(w.add(block.b, added));
    }
  }
  return all;
}

/** A function of two key words and two counter words: a number from [0, 1) in each lane. */
export function defineDraw(module: ModuleWriter, l: Lanes): Func {
  const func = module.define(new Array<Type>(4).fill(l.ints), [l.float]);
  const w = l.count === 1 ? oneWord : manyWords;
  const [{ a, b }] = blocks(w, func, get(0), get(1), get(2), [get(3)]) as [{ a: Code; b: Code }];
  const shift = (x: Code, by: number) => code(x, i32Const(by), l.count === 1 ? i32.shrU : i32x4.shrU);
  append(
    func.body,
    l.size === 8
      ? l.mul(
        l.add(l.mul(l.fromInts(shift(a, 5)), l.number(67108864)), l.fromInts(shift(b, 6))),
        l.number(1.1102230246251565e-16),
      )
      : l.mul(l.fromInts(shift(a, 8)), l.number(5.960464477539063e-8)),
  );
  return func;
}

/** Where the numbers of a reset lie, up to `MANY` more than there are. */
export interface Drawn {
  readonly count: number;
  readonly offset: number;
  readonly size: 4 | 8;
}

/** Numbers drawn at a time, at most. */
export const MANY = 16;

/** A function of key, key, episode that draws all numbers of a reset, counted from 0. */
export function defineFill(module: ModuleWriter, { count, offset, size }: Drawn): Func {
  const func = module.define([I32, I32, I32], []);
  const next = func.local(I32);
  const pointer = func.local(I32);
  const spread = (local: number) => func.keep(code(get(local), i32x4.splat), V128);
  const [k0, k1, c0] = [spread(0), spread(1), spread(2)];
  const fours = Math.min(MANY, count + 3 & ~3) / 4;
  append(func.body, LOOP);
  const counts = Array.from({ length: fours }, (_, i) => {
    const places = v128Const([0, 1, 2, 3].flatMap((lane) => word(4 * i + lane)));
    return func.keep(code(get(next), i32x4.splat, places, i32x4.add), V128);
  });
  blocks(manyWords, func, k0, k1, c0, counts).forEach(({ a, b }, i) => {
    const place = offset + 4 * i * size;
    append(func.body, size === 8 ? storeDoubles(a, b, pointer, place) : storeFloats(a, pointer, place));
  });
  const step = (local: number, by: number) => code(get(local), i32Const(by), i32.add, set(local));
  append(func.body, code(step(pointer, 4 * fours * size), step(next, 4 * fours)));
  append(func.body, code(get(next), i32Const(count), i32.lt, [BR_IF, 0], END));
  return func;
}

function storeDoubles(a: Code, b: Code, pointer: number, offset: number): Code {
  const constant = (x: number) => v128Const([...new Uint8Array(Float64Array.of(x).buffer)]);
  const high = (x: Code, upper: boolean) => upper ? shuffle(x, x, 8, [1, 1]) : x;
  const part = (x: Code, by: number, upper: boolean) => {
    return code(high(code(x, i32Const(by), i32x4.shrU), upper), f64x2.fromI32);
  };
  return [false, true].flatMap((upper) =>
    code(
      get(pointer),
      part(a, 5, upper),
      constant(67108864),
      f64x2.mul,
      part(b, 6, upper),
      f64x2.add,
      constant(1.1102230246251565e-16),
      f64x2.mul,
      at(v128.store, offset + (upper ? 16 : 0)),
    )
  );
}

function storeFloats(a: Code, pointer: number, offset: number): Code {
  const scale = v128Const([...new Uint8Array(Float32Array.of(5.960464477539063e-8).buffer)]);
  const value = code(a, i32Const(8), i32x4.shrU, f32x4.fromI32, scale, f32x4.mul);
  return code(get(pointer), value, at(v128.store, offset));
}
