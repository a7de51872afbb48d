/**
 * The bytes of WebAssembly's binary format: numbers, vectors, sections.
 *
 * Source   WebAssembly Core Specification 2.0, chapter 5
 *
 * @module
 */

/** Instructions, or any other part of a module. */
export type Code = readonly number[];

/** An unsigned number below 2³², LEB128. */
export function unsigned(value: number): Code {
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
export function signed(value: number): Code {
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
export function double(value: number): Code {
  return [...new Uint8Array(Float64Array.of(value).buffer)];
}

/** The four bytes of a float. */
export function single(value: number): Code {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

/** Items, preceded by how many they are. */
export function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

/** Bytes, preceded by how many they are. */
export function sized(bytes: Code): Code {
  return unsigned(bytes.length).concat(bytes);
}

/** A name; ASCII. */
export function text(name: string): Code {
  return sized(Array.from(name, (letter) => letter.charCodeAt(0)));
}
