/**
 * A protobuf message read into a tree, by the tables of `schema.ts`.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { type Field, type Message, MODEL } from "./schema.ts";
import { packedInts, WIRE, type WireField, wireFields } from "./wire.ts";

/** Deepest nesting of messages. A plain model needs 6 levels; each Loop in a Loop adds 3. */
const MAX_DEPTH = 24;

/** Most fields of one file: a tree larger than this is no policy. */
const MAX_FIELDS = 4_000_000;

/** A message: the values of each field by name, in the file's order. */
export interface Tree {
  readonly ints: ReadonlyMap<string, readonly number[]>;
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly bytes: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly messages: ReadonlyMap<string, readonly Tree[]>;
}

/**
 * Reads a whole ONNX file.
 *
 * @throws UserError when it is no protobuf, or has a field that is unknown, refused, of the wrong kind or repeated
 */
export function parseModel(file: Uint8Array): Tree {
  return parse(file, MODEL, { left: MAX_FIELDS }, 0);
}

function parse(bytes: Uint8Array, message: Message, fields: { left: number }, depth: number): Tree {
  if (depth > MAX_DEPTH) throw new UserError(`the model is nested more than ${MAX_DEPTH} messages deep`);
  const tree = {
    ints: new Map<string, number[]>(),
    texts: new Map<string, string[]>(),
    bytes: new Map<string, Uint8Array[]>(),
    messages: new Map<string, Tree[]>(),
  };
  const seen = new Set<number>();
  for (const found of wireFields(bytes, message.name)) {
    if (--fields.left < 0) throw new UserError(`the model has more than ${MAX_FIELDS} fields`);
    const field = known(message, found, seen);
    switch (field.kind) {
      case "int":
        for (const value of integers(found, message, field)) push(tree.ints, field.name, value);
        break;
      case "number":
        break; // the wire format is checked, the values are of no interest
      case "text":
        push(tree.texts, field.name, text(content(found, message, field), message, field));
        break;
      case "bytes":
        push(tree.bytes, field.name, content(found, message, field));
        break;
      case "message":
        push(tree.messages, field.name, parse(content(found, message, field), field.of(), fields, depth + 1));
    }
  }
  return tree;
}

function known(message: Message, { number }: WireField, seen: Set<number>): Field {
  const field = message.fields[number];
  if (field === undefined) {
    throw new UserError(
      `not an ONNX model we know: ${message.name} has no field ${number} up to IR version 13`,
    );
  }
  if (field.refused !== undefined) {
    throw new UserError(`the model has ${message.name}.${field.name}, which is refused: ${field.refused}`);
  }
  if (!field.many && seen.has(number)) {
    throw new UserError(`the model has two ${message.name}.${field.name} in one place, where one is allowed`);
  }
  seen.add(number);
  return field;
}

/** One number, or a packed list of them. */
function integers({ wire, int, bytes }: WireField, message: Message, field: Field): number[] {
  if (wire === WIRE.varint) return [int];
  if (wire !== WIRE.delimited || !field.many) return wrongKind(message, field);
  return packedInts(bytes, `${message.name}.${field.name}`);
}

function content({ wire, bytes }: WireField, message: Message, field: Field): Uint8Array {
  return wire === WIRE.delimited ? bytes : wrongKind(message, field);
}

function text(bytes: Uint8Array, message: Message, field: Field): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`the model's ${message.name}.${field.name} is no UTF-8 text`);
  }
}

function wrongKind(message: Message, field: Field): never {
  throw new UserError(`not an ONNX model: ${message.name}.${field.name} has the wrong wire type`);
}

function push<T>(map: Map<string, T[]>, name: string, value: T): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [value]);
  else list.push(value);
}
