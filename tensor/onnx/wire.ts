/**
 * Reads the protobuf wire format strictly, for files that may be hostile: every length is checked before use, and
 * what a lenient parser would skip or merge is an error.
 *
 * Source   protobuf.dev/programming-guides/encoding
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";

/** Wire types. 3 and 4 (groups) are refused: ONNX has none. */
export const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** One field as it stands in the file. */
export interface WireField {
  readonly number: number;
  readonly wire: number;
  /** The value of a varint, as a signed 64-bit number; 0 for other types. Exact up to 2^53. */
  readonly int: number;
  /** The content of any other type. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Longest packed list of numbers, bytes: shapes and axes are short, and weights are not read as numbers. */
const MAX_PACKED = 65536;

/**
 * The fields of a message, in the file's order.
 *
 * @param what the message's name, for errors
 * @throws UserError when the bytes are no protobuf message
 */
export function* wireFields(message: Uint8Array, what: string): Generator<WireField> {
  const read = cursor(message, what);
  while (!read.done()) {
    const tag = read.varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (number < 1 || number > 536870911) read.fail(`has a field numbered ${number}`);
    if (wire === WIRE.varint) yield { number, wire, int: read.varint(), bytes: NOTHING };
    else if (wire === WIRE.delimited) yield { number, wire, int: 0, bytes: read.take(read.varint()) };
    else if (wire === WIRE.fixed32) yield { number, wire, int: 0, bytes: read.take(4) };
    else if (wire === WIRE.fixed64) yield { number, wire, int: 0, bytes: read.take(8) };
    else read.fail(`has a field of wire type ${wire}`);
  }
}

/** The numbers of a packed list. */
export function packedInts(bytes: Uint8Array, what: string): number[] {
  const read = cursor(bytes, what);
  if (bytes.length > MAX_PACKED) read.fail(`is a list of ${bytes.length} bytes`);
  const numbers: number[] = [];
  while (!read.done()) numbers.push(read.varint());
  return numbers;
}

interface Cursor {
  done(): boolean;
  /** A signed 64-bit number. */
  varint(): number;
  take(length: number): Uint8Array;
  fail(problem: string): never;
}

function cursor(bytes: Uint8Array, what: string): Cursor {
  let at = 0;

  function fail(problem: string): never {
    throw new UserError(`not an ONNX model: ${what} ${problem} at byte ${at}. Is the file complete?`);
  }

  function byte(): number {
    return bytes[at++] ?? fail("ends inside a number");
  }

  function varint(): number {
    let low = 0; // seven groups of 7 bits are exact in a double; the rest needs a bigint
    let scale = 1;
    for (let k = 0; k < 7; k++) {
      const group = byte();
      low += (group & 127) * scale;
      if (group < 128) return low;
      scale *= 128;
    }
    let big = BigInt(low);
    for (let k = 7n; k < 10n; k++) {
      const group = byte();
      big |= BigInt(group & 127) << (7n * k);
      if (group < 128) return Number(BigInt.asIntN(64, big));
    }
    return fail("has a number of more than ten bytes");
  }

  function take(length: number): Uint8Array {
    if (length < 0 || length > bytes.length - at) {
      fail(`has a field of ${length} bytes that ends past its end`);
    }
    at += length;
    return bytes.subarray(at - length, at);
  }

  return { done: () => at >= bytes.length, varint, take, fail };
}
