/**
 * The tfjs backend "onnx": its kernels record nodes instead of computing. One recorder serves one trace and is
 * registered only while that trace runs, so nothing leaks into the next.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs-core";
import { UserError } from "../../core/mod.ts";
import type { Builder } from "./builder.ts";
import { elements, literal, type Sym } from "./symbols.ts";
import type { DType } from "../types.ts";

/** The backend's name in tfjs. */
export const BACKEND = "onnx";

/** The most elements a tensor from outside may have: it becomes a constant of the graph, frozen for good. */
export const OUTSIDE_LIMIT = 64;

/** Keeps, for each tensor of a trace, the symbol it stands for. */
export class Recorder extends tf.KernelBackend {
  readonly #syms = new WeakMap<object, Sym>();

  constructor(readonly builder: Builder) {
    super();
  }

  /** A new tensor that stands for a symbol. */
  tensor(sym: Sym): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.info(sym));
  }

  /** What tfjs knows of a symbol. */
  info(sym: Sym): tf.TensorInfo {
    const dataId = {};
    this.#syms.set(dataId, sym);
    return { dataId, shape: [...sym.shape], dtype: sym.dtype as DType };
  }

  /** The symbol a tensor stands for. A small tensor from outside the trace becomes a literal. */
  sym(info: tf.TensorInfo): Sym {
    const known = this.#syms.get(info.dataId);
    if (known === undefined) return outside(info);
    return known;
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.#syms.set(dataId, literal(numbers(values), shape, supported(dtype)));
    return dataId;
  }

  override move(dataId: object, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    this.#syms.set(dataId, literal(numbers(values), shape, supported(dtype)));
  }

  override readSync(dataId: object): tf.BackendValues {
    const sym = this.#syms.get(dataId);
    if (sym?.literal === undefined) {
      throw new UserError(
        "a traced tensor has no value yet, so dataSync(), arraySync() and JavaScript's if cannot read it: " +
          "use tf.where or a mask, or return the tensor and read the result",
      );
    }
    return elements(sym) as Float32Array | Int32Array | Uint8Array;
  }

  override read(dataId: object): Promise<tf.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(): boolean {
    return true;
  }
  override refCount(): number {
    return 1;
  }
  override incRef(): void {}
  override numDataIds(): number {
    return 0;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {}
}

/** The recorder of the trace that is running, or undefined when code runs eagerly. */
export function recorder(): Recorder | undefined {
  const backend = tf.getBackend() === BACKEND ? tf.backend() : undefined;
  return backend instanceof Recorder ? backend : undefined;
}

/** A tensor that was made before the trace, as a literal. */
function outside({ dataId, shape, dtype }: tf.TensorInfo): Sym {
  const size = tf.util.sizeFromShape(shape);
  if (size > OUTSIDE_LIMIT) {
    throw new UserError(
      `a tensor of shape [${shape}] from outside the traced function would be frozen into the graph: ` +
        `make it an input, or create it inside the function (outside: at most ${OUTSIDE_LIMIT} elements)`,
    );
  }
  const home = tf.engine().state.tensorInfo.get(dataId)?.backend;
  if (home === undefined || home instanceof Recorder) {
    throw new UserError("a tensor of another trace, or a disposed one, is used in a traced function");
  }
  return literal(numbers(home.readSync(dataId)), shape, supported(dtype));
}

function numbers(values: tf.BackendValues): ArrayLike<number> {
  if (Array.isArray(values)) throw new UserError("text tensors cannot be traced");
  return values;
}

function supported(dtype: tf.DataType): DType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new UserError(`tensors of type ${dtype} cannot be traced: use float32, int32 or bool`);
}
