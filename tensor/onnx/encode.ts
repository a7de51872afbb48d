/**
 * A graph written as an ONNX file. Same graph, same bytes.
 *
 * Opset 18 and IR 8 are the newest pair that both onnx 1.12's checker and every ONNX Runtime since 1.14 accept.
 *
 * Source   field numbers: onnx.proto, IR version 8
 *
 * @module
 */
import {
  type Attribute,
  ELEMENT_CODE,
  type Graph,
  type GraphPort,
  type Initializer,
  type Node,
} from "./graph.ts";
import { type Writer, writer } from "./writer.ts";

export const OPSET = 18;
export const IR_VERSION = 8;

/**
 * Counts changes of the tracer that can change the bits a graph computes: another operation for the same kernel, another
 * fusion. Training is reproducible within one version; checkpoints record it, and every model carries it.
 */
export const TRACER_VERSION = 2;

/**
 * The bytes of a model. Weights are inside: no external data, no foreign operators.
 *
 * @param metadata free-form texts, kept in the file under their keys
 */
export function encodeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const model = writer();
  model.int(1, IR_VERSION);
  model.text(2, "paddock");
  model.text(3, `tracer ${TRACER_VERSION}`);
  model.message(7, (w) => writeGraph(w, graph));
  model.message(8, (w) => {
    w.text(1, "");
    w.int(2, OPSET);
  });
  for (const [key, value] of Object.entries(metadata)) {
    model.message(14, (w) => {
      w.text(1, key);
      w.text(2, value);
    });
  }
  return model.done();
}

function writeGraph(w: Writer, graph: Graph): void {
  for (const node of graph.nodes) w.message(1, (inner) => writeNode(inner, node));
  w.text(2, graph.name);
  for (const tensor of graph.initializers) w.message(5, (inner) => writeTensor(inner, tensor));
  for (const port of graph.inputs) w.message(11, (inner) => writePort(inner, port));
  for (const port of graph.outputs) w.message(12, (inner) => writePort(inner, port));
}

function writeNode(w: Writer, node: Node): void {
  for (const input of node.inputs) w.text(1, input);
  for (const output of node.outputs) w.text(2, output);
  w.text(3, node.outputs[0] ?? "");
  w.text(4, node.op);
  for (const [name, value] of Object.entries(node.attributes)) {
    w.message(5, (inner) => writeAttribute(inner, name, value));
  }
}

/** AttributeProto.AttributeType */
const TYPE = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, ints: 7 } as const;

function writeAttribute(w: Writer, name: string, value: Attribute): void {
  w.text(1, name);
  w.int(20, writeAttributeValue(w, value));
}

function writeAttributeValue(w: Writer, value: Attribute): number {
  if (typeof value === "number") {
    w.int(3, value);
    return TYPE.int;
  }
  if (typeof value === "string") {
    w.text(4, value);
    return TYPE.string;
  }
  if ("float" in value) {
    w.float(2, value.float);
    return TYPE.float;
  }
  if ("tensor" in value) {
    w.message(5, (inner) => writeTensor(inner, value.tensor));
    return TYPE.tensor;
  }
  if ("graph" in value) {
    w.message(6, (inner) => writeGraph(inner, value.graph));
    return TYPE.graph;
  }
  for (const n of value) w.int(8, n);
  return TYPE.ints;
}

function writeTensor(w: Writer, { name, dtype, dims, data }: Initializer): void {
  for (const n of dims) w.int(1, n);
  w.int(2, ELEMENT_CODE[dtype]);
  w.text(8, name);
  w.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writePort(w: Writer, { name, dtype, dims }: GraphPort): void {
  w.text(1, name);
  w.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.int(1, ELEMENT_CODE[dtype]);
      tensor.message(2, (shape) => {
        for (const n of dims) {
          shape.message(1, (dim) => typeof n === "number" ? dim.int(1, n) : dim.text(2, n));
        }
      });
    }));
}
