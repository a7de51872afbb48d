/**
 * TensorBoard event files: the metrics of a run as `events.out.tfevents.*` beside it.
 *
 *     record = length (u64) · crc(length) (u32) · event · crc(event) (u32), little endian
 *     event  = wall time (1, double) · step (2, varint) · file version (3, text) or summary (5)
 *     summary = one value (1) per metric: tag (1, text) · simple value (2, float)
 *
 * Source   TFRecord framing and the Event and Summary messages of TensorFlow
 *
 * @module
 */
import type { TrainEvent } from "../../agents/mod.ts";
import { metricsOf } from "./logs.ts";

/** CRC-32C (Castagnoli), reflected polynomial 0x82f63b78, byte by byte. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C of `bytes`. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** What TFRecord stores instead of a CRC: rotated right by 15 bits, plus 0xa282ead8. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** One event in its record. */
export function record(event: Uint8Array): Uint8Array {
  const framed = new Uint8Array(16 + event.length);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(event.length), true);
  view.setUint32(8, maskedCrc(framed.subarray(0, 8)), true);
  framed.set(event, 12);
  view.setUint32(12 + event.length, maskedCrc(event), true);
  return framed;
}

/** Kinds of protobuf fields. */
const VARINT = 0;
const DOUBLE = 1;
const BYTES = 2;
const FLOAT = 5;

const text = new TextEncoder();

function join(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let left = value; left > 0 || bytes.length === 0; left = Math.floor(left / 128)) {
    bytes.push(left % 128 + (left >= 128 ? 128 : 0));
  }
  return Uint8Array.from(bytes);
}

const key = (field: number, kind: number) => Uint8Array.of(field * 8 + kind);

function double(field: number, value: number): Uint8Array {
  return join(key(field, DOUBLE), new Uint8Array(Float64Array.of(value).buffer));
}

function float(field: number, value: number): Uint8Array {
  return join(key(field, FLOAT), new Uint8Array(Float32Array.of(value).buffer));
}

function bytes(field: number, content: Uint8Array): Uint8Array {
  return join(key(field, BYTES), varint(content.length), content);
}

/** The first record of every file. */
export function versionRecord(seconds: number): Uint8Array {
  return record(join(double(1, seconds), bytes(3, text.encode("brain.Event:2"))));
}

/** The record of the metrics of one step. */
export function scalarRecord(
  seconds: number,
  step: number,
  metrics: Readonly<Record<string, number>>,
): Uint8Array {
  const values = Object.entries(metrics).map(([tag, value]) =>
    bytes(1, join(bytes(1, text.encode(tag)), float(2, value)))
  );
  return record(join(double(1, seconds), key(2, VARINT), varint(step), bytes(5, join(...values))));
}

/**
 * A callback that appends the metrics of every update and evaluation to a new event file in `folder`. A resumed run starts a new file,
 * which TensorBoard reads after the older ones.
 */
export function tensorboard(folder: string): (event: TrainEvent) => void {
  const now = () => Date.now() / 1000;
  const path = `${folder}/events.out.tfevents.${Math.floor(now())}.paddock.${Deno.pid}`;
  const append = (content: Uint8Array) => Deno.writeFileSync(path, content, { append: true });
  return (event) => {
    if (event.kind === "start") append(versionRecord(now()));
    const found = metricsOf(event);
    if (found) append(scalarRecord(now(), event.step, found));
  };
}
