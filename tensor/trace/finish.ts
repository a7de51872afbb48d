/**
 * What happens to a recorded graph before it is written: nodes that nothing reads go, and `x @ W + b` becomes one
 * Gemm. (ONNX Runtime's own Gemm fusion does not fire on these graphs; ours makes a PPO update 6 to 19 % faster.)
 *
 * @module
 */
import { bodies, type Graph, type Node } from "../onnx/graph.ts";
import type { Scope } from "./symbols.ts";

/** Prunes and fuses the graph of a scope, in place. */
export function finish({ graph, shapes, parent }: Scope): void {
  prune(graph);
  fuseBias(graph, shapes);
  prune(graph);
  if (parent !== undefined) nameOutputs(graph); // a loop would copy them in every turn
}

/** Drops nodes and constants that no output depends on. */
function prune(graph: Graph): void {
  const live = new Set(graph.outputs.map(({ name }) => name));
  const kept: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => live.has(name))) continue;
    kept.push(node);
    reads(node).forEach((name) => live.add(name));
  }
  graph.nodes = kept.reverse();
  graph.initializers = graph.initializers.filter(({ name }) => live.has(name));
}

/** Every name a node reads, those its bodies read included. */
function reads(node: Node): string[] {
  return [...node.inputs, ...bodies(node).flatMap((body) => body.nodes.flatMap(reads))];
}

/** Gemm(x, W) whose only reader is Add(·, b) with b of shape [n], [1, n] or [m, n] becomes Gemm(x, W, b). */
function fuseBias(graph: Graph, shapes: ReadonlyMap<string, readonly number[]>): void {
  const uses = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap(reads), ...graph.outputs.map((port) => port.name)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const products = new Map(
    graph.nodes.filter((node) => node.op === "Gemm" && node.inputs.length === 2).map((
      n,
    ) => [n.outputs[0]!, n]),
  );
  graph.nodes = graph.nodes.map((node) => {
    if (node.op !== "Add") return node;
    for (const [product, bias] of [node.inputs, node.inputs.toReversed()] as [string, string][]) {
      const gemm = products.get(product);
      if (gemm === undefined || uses.get(product) !== 1 || !isBias(shapes.get(bias), shapes.get(product))) {
        continue;
      }
      return { ...gemm, inputs: [...gemm.inputs, bias], outputs: node.outputs };
    }
    return node;
  });
}

function isBias(bias: readonly number[] | undefined, product: readonly number[] | undefined): boolean {
  const width = product?.[1];
  if (bias === undefined || width === undefined) return false;
  if (bias.length === 2 && bias[0] === product![0] && bias[1] === width) return true;
  return bias.at(-1) === width && (bias.length === 1 || (bias.length === 2 && bias[0] === 1));
}

/** Where an output is the copy of another node's value, that node writes the output itself. */
function nameOutputs(graph: Graph): void {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const names = new Map<string, string>();
  const kept = graph.nodes.filter(({ op, inputs: [from], outputs: [to] }) => {
    const copies = op === "Identity" && outputs.has(to!) && made.has(from!) && !outputs.has(from!);
    if (!copies || names.has(from!)) return true;
    names.set(from!, to!);
    return false;
  });
  graph.nodes = kept.map((node) => renamed(node, names));
}

/** A node with other names for some values, in its bodies too. */
function renamed(node: Node, names: ReadonlyMap<string, string>): Node {
  const rename = (name: string) => names.get(name) ?? name;
  const attributes = Object.entries(node.attributes).map(([key, value]) => {
    if (typeof value !== "object" || !("graph" in value)) return [key, value] as const;
    return [key, {
      graph: { ...value.graph, nodes: value.graph.nodes.map((inner) => renamed(inner, names)) },
    }] as const;
  });
  return {
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: Object.fromEntries(attributes),
  };
}
