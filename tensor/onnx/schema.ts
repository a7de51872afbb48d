/**
 * The messages of an ONNX file as tables: number, name and kind of each field that may occur. What is not listed is
 * refused, and so is what is listed as refused.
 *
 * Source   onnx.proto, IR versions 3 to 13
 *
 * @module
 */

/** A message's fields by number. */
export interface Message {
  readonly name: string;
  readonly fields: Readonly<Record<number, Field>>;
}

/**
 * int: a varint, or a packed list of them · number: numbers whose values are not read · text, bytes · a message.
 * A field that is not `many` may occur once. `refused` says why the field may not occur at all.
 */
export type Field =
  & { readonly name: string; readonly many?: boolean; readonly refused?: string }
  & ({ readonly kind: "int" | "number" | "text" | "bytes" } | { readonly kind: "message"; of(): Message });

const int = (name: string): Field => ({ name, kind: "int" });
const ints = (name: string): Field => ({ name, kind: "int", many: true });
const number = (name: string): Field => ({ name, kind: "number" });
const numbers = (name: string): Field => ({ name, kind: "number", many: true });
const text = (name: string): Field => ({ name, kind: "text" });
const texts = (name: string): Field => ({ name, kind: "text", many: true });
const bytes = (name: string): Field => ({ name, kind: "bytes" });
const one = (name: string, of: () => Message): Field => ({ name, kind: "message", of });
const many = (name: string, of: () => Message): Field => ({ name, kind: "message", of, many: true });
const refused = (name: string, why: string): Field => ({ name, kind: "bytes", many: true, refused: why });

const ENTRY: Message = { name: "StringStringEntryProto", fields: { 1: text("key"), 2: text("value") } };

export const MODEL: Message = {
  name: "ModelProto",
  fields: {
    1: int("ir_version"),
    2: text("producer_name"),
    3: text("producer_version"),
    4: text("domain"),
    5: int("model_version"),
    6: text("doc_string"),
    7: one("graph", () => GRAPH),
    8: many("opset_import", () => OPSET_ID),
    14: many("metadata_props", () => ENTRY),
    20: refused("training_info", "training graphs hide operators"),
    25: refused("functions", "a model's own functions hide operators"),
  },
};

const OPSET_ID: Message = { name: "OperatorSetIdProto", fields: { 1: text("domain"), 2: int("version") } };

const GRAPH: Message = {
  name: "GraphProto",
  fields: {
    1: many("node", () => NODE),
    2: text("name"),
    5: many("initializer", () => TENSOR),
    10: text("doc_string"),
    11: many("input", () => VALUE_INFO),
    12: many("output", () => VALUE_INFO),
    13: many("value_info", () => VALUE_INFO),
    14: refused("quantization_annotation", "quantised models are not supported"),
    15: refused("sparse_initializer", "sparse weights may lie outside the file"),
    16: many("metadata_props", () => ENTRY),
  },
};

const NODE: Message = {
  name: "NodeProto",
  fields: {
    1: texts("input"),
    2: texts("output"),
    3: text("name"),
    4: text("op_type"),
    5: many("attribute", () => ATTRIBUTE),
    6: text("doc_string"),
    7: text("domain"),
    8: refused("overload", "a model's own functions hide operators"),
    9: many("metadata_props", () => ENTRY),
  },
};

const ATTRIBUTE: Message = {
  name: "AttributeProto",
  fields: {
    1: text("name"),
    2: number("f"),
    3: int("i"),
    4: bytes("s"),
    5: one("t", () => TENSOR),
    6: one("g", () => GRAPH),
    7: numbers("floats"),
    8: ints("ints"),
    9: { name: "strings", kind: "bytes", many: true },
    10: many("tensors", () => TENSOR),
    11: many("graphs", () => GRAPH),
    13: text("doc_string"),
    14: refused("tp", "attributes that are types are not supported"),
    15: refused("type_protos", "attributes that are types are not supported"),
    20: int("type"),
    21: refused("ref_attr_name", "a model's own functions hide operators"),
    22: refused("sparse_tensor", "sparse weights may lie outside the file"),
    23: refused("sparse_tensors", "sparse weights may lie outside the file"),
  },
};

const TENSOR: Message = {
  name: "TensorProto",
  fields: {
    1: ints("dims"),
    2: int("data_type"),
    3: refused("segment", "tensors in segments are not supported"),
    4: numbers("float_data"),
    5: numbers("int32_data"),
    6: { name: "string_data", kind: "bytes", many: true, refused: "text tensors are not supported" },
    7: numbers("int64_data"),
    8: text("name"),
    9: bytes("raw_data"),
    10: numbers("double_data"),
    11: numbers("uint64_data"),
    12: text("doc_string"),
    13: refused(
      "external_data",
      "weights must lie inside the file: external data could read any file of this machine",
    ),
    14: int("data_location"),
    16: many("metadata_props", () => ENTRY),
  },
};

const VALUE_INFO: Message = {
  name: "ValueInfoProto",
  fields: {
    1: text("name"),
    2: one("type", () => TYPE),
    3: text("doc_string"),
    4: many("metadata_props", () => ENTRY),
  },
};

const TYPE: Message = {
  name: "TypeProto",
  fields: {
    1: one("tensor_type", () => TENSOR_TYPE),
    4: refused("sequence_type", "only tensors are supported"),
    5: refused("map_type", "only tensors are supported"),
    6: text("denotation"),
    7: refused("opaque_type", "only tensors are supported"),
    8: refused("sparse_tensor_type", "only dense tensors are supported"),
    9: refused("optional_type", "only tensors are supported"),
  },
};

const TENSOR_TYPE: Message = {
  name: "TypeProto.Tensor",
  fields: { 1: int("elem_type"), 2: one("shape", () => TENSOR_SHAPE) },
};

const TENSOR_SHAPE: Message = { name: "TensorShapeProto", fields: { 1: many("dim", () => DIMENSION) } };

const DIMENSION: Message = {
  name: "TensorShapeProto.Dimension",
  fields: { 1: int("dim_value"), 2: text("dim_param"), 3: text("denotation") },
};
