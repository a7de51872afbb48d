/**
 * A function compiled for inference: traced once, run by the runtime.
 *
 * @module
 */
import { countNodes } from "./onnx/graph.ts";
import { encodeModel } from "./onnx/encode.ts";
import { trace } from "./trace/trace.ts";
import type { Numbers, Runtime, Spec, Specs, Tensors, Value } from "./types.ts";
import { valuesOf } from "./values.ts";

/** A compiled function. Shapes are those it was traced with. */
export interface Forward {
  /**
   * Runs it once.
   *
   * @param feeds every input, flat
   * @param into outputs to write in place, flat; the others are allocated
   * @throws UserError when an input is missing, unknown, of the wrong length or of the wrong type
   */
  run(
    feeds: Readonly<Record<string, Numbers>>,
    into?: Readonly<Record<string, Numbers>>,
  ): Record<string, Value>;
  /** The ONNX model. */
  readonly bytes: Uint8Array;
  /** Number of nodes in the graph. */
  readonly nodes: number;
  dispose(): void;
}

/**
 * Compiles `fn`. Parameters are ordinary inputs: feed `theta` and `unpack` it inside, and new parameters need no
 * new graph.
 */
export function compileForward(
  { runtime, inputs, fn }: { runtime: Runtime; inputs: Specs; fn: (inputs: Tensors) => Tensors },
): Forward {
  const graph = trace(fn, inputs);
  const bytes = encodeModel(graph);
  const session = runtime.load(bytes);
  const outputs: Specs = Object.fromEntries(
    graph.outputs.map(({ name, dims, dtype }) => [name, { shape: dims, dtype } as Spec]),
  );
  return {
    run: (feeds, into = {}) => session.run(valuesOf(feeds, inputs), valuesOf(into, outputs, false)),
    bytes,
    nodes: countNodes(graph),
    dispose: () => session.dispose(),
  };
}
