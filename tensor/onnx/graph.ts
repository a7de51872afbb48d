/**
 * An ONNX graph as plain data, as far as the tracer writes it.
 *
 * Source   onnx.proto, IR version 8 (github.com/onnx/onnx)
 *
 * @module
 */

/** Element types of a graph, with the numbers that `TensorProto.DataType` gives them. */
export const ELEMENT_CODE = { float32: 1, int32: 6, int64: 7, bool: 9, float64: 11 } as const;

/** An element type; int64 (shapes, axes) and float64 (exact integer division) stay inside the graph. */
export type ElementType = keyof typeof ELEMENT_CODE;

/** Typed arrays for each element type. */
export type Elements = Float32Array | Int32Array | BigInt64Array | Uint8Array | Float64Array;

/** A stored tensor. */
export interface Initializer {
  readonly name: string;
  readonly dtype: ElementType;
  readonly dims: readonly number[];
  readonly data: Elements;
}

/** The value of a node's attribute. A bare number is an int, a bare array is ints. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly tensor: Initializer }
  | { readonly graph: Graph };

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation. Empty input names are omitted optional inputs. */
export interface Node {
  readonly op: string;
  inputs: string[];
  readonly outputs: string[];
  attributes: Attributes;
}

/** A named input or output; a text dimension is symbolic. */
export interface GraphPort {
  readonly name: string;
  readonly dtype: ElementType;
  readonly dims: readonly (number | string)[];
}

/** A graph, or the body of a Loop. Nodes are in order of execution. */
export interface Graph {
  readonly name: string;
  nodes: Node[];
  initializers: Initializer[];
  inputs: GraphPort[];
  outputs: GraphPort[];
}

/** An empty graph. */
export function emptyGraph(name: string): Graph {
  return { name, nodes: [], initializers: [], inputs: [], outputs: [] };
}

/** The graphs inside a node's attributes. */
export function bodies(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((a) =>
    typeof a === "object" && "graph" in a ? [a.graph] : []
  );
}

/** Number of nodes, bodies included. */
export function countNodes(graph: Graph): number {
  return graph.nodes.reduce(
    (n, node) => n + 1 + bodies(node).reduce((m, body) => m + countNodes(body), 0),
    0,
  );
}

/** Operation names with how often each occurs, bodies included, in alphabetical order. */
export function histogram(graph: Graph): Record<string, number> {
  const counts = new Map<string, number>();
  const walk = (g: Graph): void => {
    for (const node of g.nodes) {
      counts.set(node.op, (counts.get(node.op) ?? 0) + 1);
      bodies(node).forEach(walk);
    }
  };
  walk(graph);
  return Object.fromEntries([...counts].sort(([a], [b]) => a < b ? -1 : 1));
}
