/**
 * Tensors of a request against the ports of a model: names, datatypes, shapes and every element.
 *
 * @module
 */
import type { Numbers, Port, Value } from "../../tensor/mod.ts";
import { Problem } from "../problem.ts";
import { datatypes } from "./datatypes.ts";
import { array, expected, type Json, object, parameters, quote, string } from "./json.ts";
import type { ServingLimits } from "./limits.ts";

/** Sizes of the free axes, by name, as the inputs so far have them. */
export type Axes = Map<string, number>;

/** The tensors of `inputs` by name, in the order given. Free axes of one name must agree; `axes` learns their sizes. */
export function parseInputs(
  value: unknown,
  ports: readonly Port[],
  limits: ServingLimits,
  axes: Axes,
): Map<string, Value> {
  const entries = array(value, "inputs", limits.tensors);
  if (entries.length === 0) throw new Problem(400, "inputs: expected at least one tensor");
  const tensors = new Map<string, Value>();
  let elements = 0;
  for (const [i, entry] of entries.entries()) {
    const input = object(entry, `inputs[${i}]`);
    const name = string(input.name, `inputs[${i}].name`, 128);
    const port = ports.find((candidate) => candidate.name === name);
    if (!port) throw new Problem(400, `there is no input ${quote(name)}; the model has: ${names(ports)}`);
    if (tensors.has(name)) throw new Problem(400, `input ${quote(name)} is given twice`);
    const where = `input ${quote(name)}`;
    parameters(input.parameters, `${where}: parameters`, []);
    const { dtype } = port;
    const { name: datatype, also } = datatypes[dtype];
    if (input.datatype !== datatype && !also.includes(input.datatype as string)) {
      throw expected(`${where}: datatype`, quote(datatype), input.datatype);
    }
    const shape = parseShape(input.shape, port, where, limits, axes);
    const size = shape.reduce((product, n) => product * n, 1);
    elements += size;
    if (elements > limits.elements) {
      throw new Problem(
        400,
        `${where}: all inputs together may have ${limits.elements} elements; send smaller batches`,
      );
    }
    tensors.set(name, { dtype, shape, data: parseData(input, shape, size, port, where) });
  }
  return tensors;
}

/** The shape of a port once its free axes are known. */
export function resolveShape(port: Port, axes: Axes): number[] {
  return port.shape.map((axis) => typeof axis === "number" ? axis : axes.get(axis) ?? 1);
}

export function names(ports: readonly Port[]): string {
  return ports.map((port) => port.name).join(", ");
}

function parseShape(value: unknown, port: Port, where: string, limits: ServingLimits, axes: Axes): number[] {
  const found = array(value, `${where}: shape`, 16);
  for (const n of found) {
    if (!Number.isSafeInteger(n) || (n as number) < 1) {
      throw expected(`${where}: shape`, "whole numbers above 0", n);
    }
  }
  const shape = found as number[];
  const fits = shape.length === port.shape.length &&
    port.shape.every((axis, i) => typeof axis === "string" || axis === shape[i]);
  if (!fits) {
    throw new Problem(
      400,
      `${where}: expected shape [${port.shape.join(", ")}], found [${shape.join(", ")}]`,
    );
  }
  for (const [i, axis] of port.shape.entries()) {
    if (typeof axis === "number") continue;
    const size = shape[i]!;
    if (size > limits.batch) {
      throw new Problem(
        400,
        `${where}: ${axis} may be ${limits.batch} at most, found ${size}; send smaller batches`,
      );
    }
    const known = axes.get(axis);
    if (known !== undefined && known !== size) {
      throw new Problem(400, `${where}: ${axis} is ${size} here and ${known} in another input`);
    }
    axes.set(axis, size);
  }
  return shape;
}

/** `data` is flat, or nested as the shape says; row-major either way. */
function parseData(input: Json, shape: number[], size: number, port: Port, where: string): Numbers {
  const data = array(input.data, `${where}: data`, Infinity);
  const into = datatypes[port.dtype].allocate(size);
  if (Array.isArray(data[0]) && shape.length > 1) {
    fillNested(data, shape, 0, 0, port, where, into);
    return into;
  }
  if (data.length !== size) {
    throw new Problem(
      400,
      `${where}: shape [${shape.join(", ")}] has ${size} elements, data has ${data.length}`,
    );
  }
  fillRow(data, 0, port, where, into);
  return into;
}

/** Writes the block `data` of axis `axis` from element `at` on and returns the element after it. */
function fillNested(
  data: readonly unknown[],
  shape: readonly number[],
  axis: number,
  at: number,
  port: Port,
  where: string,
  into: Numbers,
): number {
  if (data.length !== shape[axis]) {
    throw new Problem(
      400,
      `${where}: data has ${data.length} entries along axis ${axis}, shape says ${shape[axis]}`,
    );
  }
  if (axis === shape.length - 1) return fillRow(data, at, port, where, into);
  for (const block of data) {
    if (!Array.isArray(block)) throw expected(`${where}: data along axis ${axis}`, "arrays", block);
    at = fillNested(block, shape, axis + 1, at, port, where, into);
  }
  return at;
}

function fillRow(row: readonly unknown[], at: number, port: Port, where: string, into: Numbers): number {
  const { parse, expected: wanted } = datatypes[port.dtype];
  for (const value of row) {
    const number = parse(value);
    if (Number.isNaN(number)) throw expected(`${where}: element ${at}`, wanted, value);
    into[at++] = number;
  }
  return at;
}
