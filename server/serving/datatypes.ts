/**
 * The element types of the Open Inference Protocol that our graphs have, each with its JSON form.
 *
 * @module
 */
import type { DType, Numbers } from "../../tensor/mod.ts";

interface Datatype {
  /** The protocol's name. */
  readonly name: "FP32" | "INT32" | "BOOL";
  /** Other datatypes that a request may name, whose elements are then checked one by one: JSON has one kind of number. */
  readonly also: readonly string[];
  /** What an element of a request must be, for error texts. */
  readonly expected: string;
  allocate(size: number): Numbers;
  /** The number a JSON value stands for, NaN where it stands for none. */
  parse(value: unknown): number;
  /** JSON text of an element; undefined for what JSON cannot carry. */
  text(value: number): string | undefined;
}

export const datatypes: Readonly<Record<DType, Datatype>> = {
  float32: {
    name: "FP32",
    also: [],
    expected: "a finite float32 number",
    allocate: (size) => new Float32Array(size),
    parse: (value) => typeof value === "number" && Number.isFinite(Math.fround(value)) ? value : NaN,
    text: (value) => Object.is(value, -0) ? "-0" : Number.isFinite(value) ? String(value) : undefined,
  },
  int32: {
    name: "INT32",
    also: ["INT8", "INT16", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"],
    expected: "a whole number in [-2147483648, 2147483647]",
    allocate: (size) => new Int32Array(size),
    parse: (value) => typeof value === "number" && (value | 0) === value ? value : NaN,
    text: String,
  },
  bool: {
    name: "BOOL",
    also: [],
    expected: "true or false",
    allocate: (size) => new Uint8Array(size),
    parse: (value) => value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : NaN,
    text: (value) => value === 0 ? "false" : "true",
  },
};
