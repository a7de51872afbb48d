/**
 * The safetensors format: named arrays in one file, readable by every toolkit and unable to carry code.
 *
 * Layout   8 bytes: length of the header, little-endian · the header, JSON padded with spaces to a multiple of 8:
 *          {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, "__metadata__": {"key": "text"}} ·
 *          the data, without gaps. Offsets count from the end of the header.
 * Source   github.com/huggingface/safetensors, README "Format"
 *
 * @module
 */
import { UserError } from "../core/mod.ts";

/** Arrays that can be stored. */
export type Storable = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What a file holds. */
export interface Safetensors {
  /** Flat arrays by name. */
  readonly tensors: Record<string, Storable>;
  readonly metadata: Record<string, string>;
}

const KINDS = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

type Kind = keyof typeof KINDS;

const METADATA = "__metadata__";

/** The format's own bound on the header, bytes. */
const MAX_HEADER = 100_000_000;

/**
 * Writes arrays and texts as one file. The same content gives the same bytes, whatever the order of the keys.
 *
 * @throws UserError when a tensor is called "__metadata__", a name of the format
 */
export function encode(
  tensors: Readonly<Record<string, Storable>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  if (Object.hasOwn(tensors, METADATA)) throw new UserError(`a tensor cannot be called "${METADATA}"`);
  // widest elements first, so that each array starts at a multiple of its element's size
  const order = Object.entries(tensors).sort(([a, x], [b, y]) =>
    y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1)
  );
  let offset = 0;
  const entries = order.map(([name, data]): [string, unknown] => {
    const begin = offset;
    offset += data.byteLength;
    return [name, { dtype: kindOf(name, data), shape: [data.length], data_offsets: [begin, offset] }];
  });
  const texts = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => a < b ? -1 : 1));
  const json = JSON.stringify(Object.fromEntries([[METADATA, texts], ...entries]));
  const header = new TextEncoder().encode(json);
  const padded = Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(8 + padded + offset).fill(32, 8, 8 + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(header, 8);
  let at = 8 + padded;
  for (const [, data] of order) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * Reads a file; its arrays are copies.
 *
 * @throws UserError when the file is truncated or corrupt: every byte must belong to the header or to one tensor
 */
export function decode(file: Uint8Array): Safetensors {
  const { header, data } = sections(file);
  const { [METADATA]: texts = {}, ...rest } = header;
  const entries = Object.entries(rest).map(([name, found]) => [name, checkEntry(name, found)] as const);
  checkCover(entries, data.length);
  const tensors = entries.map(([name, { kind, begin, end }]) => {
    const copy = data.slice(begin, end);
    return [name, new KINDS[kind](copy.buffer)] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata: checkMetadata(texts) };
}

function kindOf(name: string, data: Storable): Kind {
  const found = Object.entries(KINDS).find(([, array]) => data instanceof array);
  if (found === undefined) {
    throw new UserError(`tensor "${name}": expected a Float32, Float64, Int32 or Uint8 array`);
  }
  return found[0] as Kind;
}

function sections(file: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (file.length < 8) fail(`it has ${file.length} bytes, less than the 8 of the header's length`);
  const length = Number(new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > file.length) {
    fail(`its header claims ${length} bytes and the file has ${file.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(8, 8 + length)));
  } catch {
    fail("its header is no JSON");
  }
  if (!isRecord(header)) fail("its header is no JSON object");
  return { header, data: file.subarray(8 + length) };
}

interface Entry {
  readonly kind: Kind;
  readonly begin: number;
  readonly end: number;
}

function checkEntry(name: string, found: unknown): Entry {
  if (!isRecord(found)) fail(`tensor "${name}" is no object`);
  const { dtype, shape, data_offsets: offsets } = found;
  if (typeof dtype !== "string" || !Object.hasOwn(KINDS, dtype)) {
    fail(
      `tensor "${name}" has the dtype ${JSON.stringify(dtype)}: expected ${Object.keys(KINDS).join(", ")}`,
    );
  }
  if (!isCounts(shape)) {
    fail(`tensor "${name}" has the shape ${JSON.stringify(shape)}: expected whole numbers`);
  }
  if (!isCounts(offsets) || offsets.length !== 2) fail(`tensor "${name}" has no data_offsets [begin, end]`);
  const kind = dtype as Kind;
  const [begin, end] = offsets as [number, number];
  const size = shape.reduce((product, n) => product * n, KINDS[kind].BYTES_PER_ELEMENT);
  if (end - begin !== size) {
    fail(`tensor "${name}" has ${end - begin} bytes, and its shape [${shape}] needs ${size}`);
  }
  return { kind, begin, end };
}

/** The tensors must lie end to end, from the first byte to the last. */
function checkCover(entries: readonly (readonly [string, Entry])[], length: number): void {
  let at = 0;
  for (
    const [name, { begin, end }] of entries.toSorted(([, a], [, b]) => a.begin - b.begin || a.end - b.end)
  ) {
    if (begin !== at) {
      fail(
        `tensor "${name}" begins at byte ${begin}: expected ${at}, where the one before it ends`,
      );
    }
    at = end;
  }
  if (at !== length) fail(`its tensors take ${at} bytes and the file holds ${length}`);
}

function checkMetadata(texts: unknown): Record<string, string> {
  if (!isRecord(texts) || !Object.values(texts).every((value) => typeof value === "string")) {
    fail(`${METADATA} is not made of texts`);
  }
  return texts as Record<string, string>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function fail(problem: string): never {
  throw new UserError(`not a whole safetensors file: ${problem}`);
}
