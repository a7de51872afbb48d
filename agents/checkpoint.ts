/**
 * Checkpoints: the state of a run as one safetensors file. Its metadata say what it belongs to, and carry the hash of
 * its content.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import { decode, encode, TRACER_VERSION } from "../tensor/mod.ts";
import { stateHash } from "./state.ts";
import type { TrainState } from "./types.ts";

const format = "paddock-checkpoint";
const version = "1";
/** Another tracer may give other bits, so a run goes on under the one it started with. */
const tracer = String(TRACER_VERSION);

/** What a checkpoint belongs to; compared when it is read. */
export interface Origin {
  readonly scenario: string;
  readonly codeHash: string;
  readonly algorithm: string;
}

/** A run's state as bytes. */
export function encodeCheckpoint({ step, update, tensors, rings }: TrainState, origin: Origin): Uint8Array {
  return encode(tensors, {
    format,
    version,
    tracer,
    ...origin,
    step: String(step),
    update: String(update),
    ...rings && { rings: JSON.stringify(rings) },
    hash: stateHash(tensors),
  });
}

/**
 * Read a checkpoint of `origin`. Throws a UserError that names the field and the expectation when the file is not
 * one, is damaged, or belongs to something else.
 */
export function decodeCheckpoint(bytes: Uint8Array, origin: Origin): TrainState {
  const { tensors, metadata } = decode(bytes);
  expect("format", metadata.format, format);
  expect("version", metadata.version, version);
  if (metadata.tracer !== tracer) {
    throw new UserError(
      `checkpoint: tracer: it was written by a Paddock whose compiler was number ${metadata.tracer}, and this is ` +
        `number ${tracer}, which may give other bits. Go on with that release, or train a new run`,
    );
  }
  for (const [field, value] of Object.entries(origin)) expect(field, metadata[field], value);
  expect("hash", stateHash(tensors), metadata.hash ?? "");
  const number = (field: "step" | "update") => {
    const value = Number(metadata[field]);
    if (!Number.isSafeInteger(value)) {
      throw new UserError(`checkpoint: ${field}: expected a whole number, found ${metadata[field]}`);
    }
    return value;
  };
  const rings = metadata.rings === undefined ? {} : { rings: JSON.parse(metadata.rings) };
  return { step: number("step"), update: number("update"), tensors, ...rings };
}

function expect(field: string, found: string | undefined, expected: string): void {
  if (found !== expected) {
    throw new UserError(`checkpoint: ${field}: expected ${expected}, found ${found ?? "nothing"}`);
  }
}
