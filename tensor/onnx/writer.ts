/**
 * Writes the protobuf wire format: varints, 32-bit floats and length-delimited fields.
 *
 * Source   protobuf.dev/programming-guides/encoding
 *
 * @module
 */

/** A growing buffer with one method per kind of field; `field` is the field's number. */
export interface Writer {
  /** A varint field; negative numbers take ten bytes, as in an int64. */
  int(field: number, value: number): void;
  float(field: number, value: number): void;
  bytes(field: number, value: Uint8Array): void;
  text(field: number, value: string): void;
  /** A nested message. */
  message(field: number, fill: (inner: Writer) => void): void;
  /** A copy of what was written. */
  done(): Uint8Array<ArrayBuffer>;
}

const VARINT = 0;
const DELIMITED = 2;
const FIXED32 = 5;

/** An empty buffer. */
export function writer(): Writer {
  let buffer = new Uint8Array(1024);
  let length = 0;
  const encoder = new TextEncoder();

  function reserve(count: number): void {
    if (length + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * buffer.length, length + count));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  }

  function varint(value: number): void {
    reserve(10);
    if (value < 0) return bigVarint(BigInt.asUintN(64, BigInt(value)));
    while (value > 127) {
      buffer[length++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    buffer[length++] = value;
  }

  function bigVarint(value: bigint): void {
    while (value > 127n) {
      buffer[length++] = Number(value & 127n) | 128;
      value >>= 7n;
    }
    buffer[length++] = Number(value);
  }

  function bytes(field: number, value: Uint8Array): void {
    varint(field * 8 + DELIMITED);
    varint(value.length);
    reserve(value.length);
    buffer.set(value, length);
    length += value.length;
  }

  return {
    int(field, value) {
      varint(field * 8 + VARINT);
      varint(value);
    },
    float(field, value) {
      varint(field * 8 + FIXED32);
      reserve(4);
      new DataView(buffer.buffer).setFloat32(length, value, true);
      length += 4;
    },
    bytes,
    text: (field, value) => bytes(field, encoder.encode(value)),
    message(field, fill) {
      const inner = writer();
      fill(inner);
      bytes(field, inner.done());
    },
    done: () => buffer.slice(0, length),
  };
}
