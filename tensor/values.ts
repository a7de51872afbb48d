/**
 * Flat arrays checked against the shapes they are to have.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import { type Numbers, sizeOf, type Spec, type Specs, type Value } from "./types.ts";

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/**
 * Flat arrays with the shapes of their specs.
 *
 * @param complete whether every spec needs an array
 * @throws UserError naming what is missing, unknown or does not fit
 */
export function valuesOf(
  arrays: Readonly<Record<string, Numbers>>,
  specs: Specs,
  complete = true,
): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, data] of Object.entries(arrays)) {
    const spec = specs[name];
    if (spec === undefined) {
      throw new UserError(`no input or output "${name}". There are: ${Object.keys(specs).join(", ")}`);
    }
    values[name] = valueOf(name, data, spec);
  }
  const missing = complete ? Object.keys(specs).filter((name) => !(name in values)) : [];
  if (missing.length > 0) throw new UserError(`missing: ${missing.join(", ")}`);
  return values;
}

/** A flat array with the shape of its spec. */
export function valueOf(name: string, data: Numbers, spec: Spec): Value {
  const { dtype = "float32" } = spec;
  if (!(data instanceof ARRAYS[dtype])) {
    throw new UserError(`${name}: expected a ${ARRAYS[dtype].name}, found a ${data.constructor.name}`);
  }
  const size = sizeOf(spec.shape);
  if (data.length !== size) {
    throw new UserError(
      `${name}: expected ${size} elements for the shape [${spec.shape}], found ${data.length}`,
    );
  }
  return { dtype, shape: spec.shape, data };
}
