/**
 * A graph with a free batch axis, made of two graphs of the same function at two batch sizes: what differs between them
 * is the batch.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import {
  type Attribute,
  bodies,
  type Graph,
  type GraphPort,
  type Initializer,
  type Node,
} from "./onnx/graph.ts";

/** The name of the free axis. */
export const BATCH = "batch";

/** Names of what this file adds to a graph; the tracer's own names end in a number. */
const SIZE = "/batch_size";

/**
 * The first graph with every trace of its batch size replaced.
 *
 * @param sizes the two batch sizes; primes that occur nowhere else keep coincidences out
 * @throws UserError when the function depends on the batch size in a way that no free axis can express
 */
export function symbolic([a, b]: readonly [Graph, Graph], sizes: readonly [number, number]): Graph {
  const graph = merge(a, b, sizes);
  if (!reads(graph, SIZE)) return graph;
  return { ...graph, nodes: [sizeNode(graph), ...graph.nodes] };
}

function merge(a: Graph, b: Graph, sizes: readonly [number, number]): Graph {
  if (a.nodes.length !== b.nodes.length || a.initializers.length !== b.initializers.length) {
    throw dependent("it builds other operations for other batch sizes");
  }
  const nodes = a.nodes.map((node, i) => mergeNode(node, b.nodes[i]!, sizes));
  const graph = {
    name: a.name,
    nodes,
    inputs: ports(a.inputs, b.inputs, sizes),
    outputs: ports(a.outputs, b.outputs, sizes),
  };
  const initializers: Initializer[] = [];
  const added: Node[] = [];
  a.initializers.forEach((tensor, i) => {
    const other = b.initializers[i]!;
    if (equal(tensor, other)) initializers.push(tensor);
    else free(tensor, other, { nodes, sizes, initializers, added });
  });
  return { ...graph, nodes: [...added, ...nodes], initializers };
}

function mergeNode(a: Node, b: Node, sizes: readonly [number, number]): Node {
  const plain = ({ op, inputs, outputs, attributes }: Node) =>
    JSON.stringify(
      [op, inputs, outputs, Object.entries(attributes).filter(([, value]) => !isGraph(value))],
      text,
    );
  if (plain(a) !== plain(b)) throw dependent(`its operation ${a.op} differs`);
  const others = bodies(b);
  const attributes = Object.entries(a.attributes).map(([name, value]) =>
    [name, isGraph(value) ? { graph: merge(value.graph, others.shift()!, sizes) } : value] as const
  );
  return { ...a, attributes: Object.fromEntries(attributes) };
}

function isGraph(value: Attribute): value is { readonly graph: Graph } {
  return typeof value === "object" && "graph" in value;
}

/** Typed arrays and bigints as text. */
function text(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? `${value}` : value;
}

function equal(a: Initializer, b: Initializer): boolean {
  return a.dtype === b.dtype && `${a.dims}` === `${b.dims}` &&
    a.data.every((n, i) => Object.is(n, b.data[i]));
}

/** Ports whose differing sizes are the batch. */
function ports(
  a: readonly GraphPort[],
  b: readonly GraphPort[],
  sizes: readonly [number, number],
): GraphPort[] {
  return a.map(({ name, dtype, dims }, i) => ({
    name,
    dtype,
    dims: dims.map((n, axis) => {
      const m = b[i]!.dims[axis];
      if (n === m) return n;
      if (n === sizes[0] && m === sizes[1]) return BATCH;
      throw dependent(`"${name}" has an axis of ${n} at batch ${sizes[0]} and ${m} at batch ${sizes[1]}`);
    }),
  }));
}

interface Freeing {
  readonly nodes: Node[];
  readonly sizes: readonly [number, number];
  readonly initializers: Initializer[];
  readonly added: Node[];
}

/**
 * Replaces a stored shape that depends on the batch. Where only reshapes read it and one axis differs, that axis becomes
 * -1, "whatever is left"; elsewhere the shape is put together from the batch size of the input.
 */
function free(a: Initializer, b: Initializer, { nodes, sizes, initializers, added }: Freeing): void {
  const { name, data } = a;
  if (
    !(data instanceof BigInt64Array) || !(b.data instanceof BigInt64Array) || data.length !== b.data.length
  ) {
    throw dependent(
      `it holds a constant of shape [${a.dims}] at batch ${sizes[0]} and [${b.dims}] at batch ${sizes[1]}`,
    );
  }
  const factors = Array.from(
    data,
    (n, i) => n === (b.data as BigInt64Array)[i] ? 0n : factor(n, b.data[i] as bigint, sizes),
  );
  const readers = nodes.filter((node) => node.inputs.includes(name));
  if (readers.every(({ op }) => op === "Reshape") && factors.filter((f) => f > 0n).length === 1) {
    initializers.push({ ...a, data: data.map((n, i) => factors[i]! > 0n ? -1n : n) });
    return;
  }
  const pieces = Array.from(data, (n, i) => piece(`${name}.${i}`, n, factors[i]!, initializers, added));
  added.push({ op: "Concat", inputs: pieces, outputs: [name], attributes: { axis: 0 } });
}

/** One axis of a shape as a value [1]: the batch size, a multiple of it, or a number. */
function piece(name: string, n: bigint, times: bigint, initializers: Initializer[], added: Node[]): string {
  if (times === 1n) return SIZE;
  initializers.push({ name, dtype: "int64", dims: [1], data: BigInt64Array.of(times === 0n ? n : times) });
  if (times === 0n) return name;
  added.push({ op: "Mul", inputs: [SIZE, name], outputs: [`${name}.size`], attributes: {} });
  return `${name}.size`;
}

/** How many times the batch size two numbers are. */
function factor(n: bigint, m: bigint, [first, second]: readonly [number, number]): bigint {
  const times = n / BigInt(first);
  if (times > 0n && times * BigInt(first) === n && times * BigInt(second) === m) return times;
  throw dependent(`a shape or offset is ${n} at batch ${first} and ${m} at batch ${second}`);
}

/** The batch size [1], read off the first input that has a batch axis. */
function sizeNode({ inputs }: Graph): Node {
  for (const { name, dims } of inputs) {
    const start = dims.indexOf(BATCH);
    if (start >= 0) {
      return { op: "Shape", inputs: [name], outputs: [SIZE], attributes: { start, end: start + 1 } };
    }
  }
  throw dependent("no input has a batch axis");
}

function reads(graph: Graph, name: string): boolean {
  return graph.nodes.some((node) =>
    node.inputs.includes(name) || bodies(node).some((body) => reads(body, name))
  );
}

function dependent(why: string): UserError {
  return new UserError(`the policy cannot be exported with a free batch axis: ${why}`);
}
