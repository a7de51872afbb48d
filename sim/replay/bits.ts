/**
 * Actions as a stream of bits, lowest bit of each byte first, one step after another without padding.
 *
 * A discrete action out of `n` takes ceil(log2 n) bits, a continuous one 32 bits (a float32) for each dimension.
 *
 * @module
 */
import type { WorldSpec } from "../types.ts";

/** Bits that hold any of `n` values: ceil(log2 n). */
export function bitsFor(n: number): number {
  let bits = 0;
  while (n > 1 << bits) bits++;
  return bits;
}

/** `count` bits (at most 32) of `bytes`, from bit `at` on, as an unsigned number. */
export function readBits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let done = 0; done < count;) {
    const shift = (at + done) & 7;
    const take = Math.min(8 - shift, count - done);
    const part = (bytes[(at + done) >>> 3]! >>> shift) & ((1 << take) - 1);
    value |= part << done;
    done += take;
  }
  return value >>> 0;
}

/** Set `count` bits (at most 32) of `into`, from bit `at` on, to `value`. The bits must still be zero. */
export function writeBits(value: number, at: number, count: number, into: Uint8Array): void {
  for (let done = 0; done < count;) {
    const shift = (at + done) & 7;
    const take = Math.min(8 - shift, count - done);
    into[(at + done) >>> 3]! |= ((value >>> done) & ((1 << take) - 1)) << shift;
    done += take;
  }
}

/** How the joint action of one step is laid out. */
export interface ActionCodec {
  /** Bits of one step. */
  readonly stepBits: number;
  /** Put the actions of a world of one environment at bit `at`. */
  write(actions: Int32Array | Float32Array, at: number, into: Uint8Array): void;
  /** Read the joint action at bit `at`. */
  read(bytes: Uint8Array, at: number, into: Int32Array | Float32Array | Float64Array): void;
}

/** The codec for the actions of `spec`: `[N]` discrete, or `[N,A]` continuous with each agent's own size. */
export function actionCodec(spec: Pick<WorldSpec, "actionKind" | "actionSizes" | "A">): ActionCodec {
  return spec.actionKind === "discrete"
    ? discreteCodec(spec.actionSizes)
    : floatCodec(spec.actionSizes, spec.A);
}

function discreteCodec(sizes: readonly number[]): ActionCodec {
  const widths = sizes.map(bitsFor);
  return {
    stepBits: widths.reduce((sum, width) => sum + width, 0),
    write(actions, at, into) {
      for (let n = 0; n < widths.length; n++) {
        writeBits(actions[n]!, at, widths[n]!, into);
        at += widths[n]!;
      }
    },
    read(bytes, at, into) {
      for (let n = 0; n < widths.length; n++) {
        into[n] = readBits(bytes, at, widths[n]!);
        at += widths[n]!;
      }
    },
  };
}

function floatCodec(sizes: readonly number[], A: number): ActionCodec {
  const float = new Float32Array(1);
  const word = new Uint32Array(float.buffer);
  return {
    stepBits: 32 * sizes.reduce((sum, size) => sum + size, 0),
    write(actions, at, into) {
      for (let n = 0; n < sizes.length; n++) {
        for (let a = 0; a < sizes[n]!; a++, at += 32) {
          float[0] = actions[n * A + a]!;
          writeBits(word[0]!, at, 32, into);
        }
      }
    },
    read(bytes, at, into) {
      for (let n = 0; n < sizes.length; n++) {
        for (let a = 0; a < sizes[n]!; a++, at += 32) {
          word[0] = readBits(bytes, at, 32);
          into[n * A + a] = float[0]!;
        }
      }
    },
  };
}
