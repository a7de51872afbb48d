/**
 * The bytes of WebAssembly's binary format: numbers, vectors, sections.
 *
 * Source   WebAssembly Core Specification 2.0, chapter 5
 *
 * @module
 */

/** Instructions: bytes, and code among them. It is flattened once, when its function is complete. */
export type Code = readonly (number | Code)[];

/** Code that grows. */
export type Growing = (number | Code)[];

/** A part of a module as it stands in the file. */
export type Bytes = readonly number[];

/** All bytes of code, in order. */
export function flatten(code: Code): Bytes {
  const bytes: number[] = [];
  const visit = (part: Code) => {
    for (let i = 0; i < part.length; i++) {
      const piece = part[i]!;
      if (typeof piece === "number") bytes.push(piece);
      else visit(piece);
    }
  };
  visit(code);
  return bytes;
}

/** An unsigned number below 2³², LEB128. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** A signed 32-bit number, LEB128. */
export function signed(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const last = rest === (low & 64 ? -1 : 0);
    bytes.push(last ? low : low + 128);
    if (last) return bytes;
  }
}

/** The eight bytes of a double. */
export function double(value: number): Bytes {
  return [...new Uint8Array(Float64Array.of(value).buffer)];
}

/** The four bytes of a float. */
export function single(value: number): Bytes {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

/** Items, preceded by how many they are. */
export function vector(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

/** Bytes, preceded by how many they are. */
export function sized(bytes: Bytes): Bytes {
  return unsigned(bytes.length).concat(bytes);
}

/** A name; ASCII. */
export function text(name: string): Bytes {
  return sized(Array.from(name, (letter) => letter.charCodeAt(0)));
}
