/**
 * What an ONNX file contains, read without ONNX Runtime. Whatever could harm the process that loads it is refused
 * here, before the native code sees it: ONNX Runtime resolves external data of a model given as bytes against the
 * current directory, and would hand a stranger the content of our files.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import { CONTROL_FLOW, OPERATORS } from "./operators.ts";
import { parseModel, type Tree } from "./parse.ts";

/** An input or output as the file declares it. */
export interface ModelPort {
  readonly name: string;
  /** float32, int64, bool, … */
  readonly dtype: string;
  /** Sizes; a text is the name of a free axis, "?" one without a name. */
  readonly shape: readonly (number | string)[];
}

/** What a model declares. */
export interface ModelInfo {
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  /** The free-form texts stored in the file. */
  readonly metadata: Record<string, string>;
  readonly opset: number;
  /** Operators used, each once, in alphabetical order. */
  readonly ops: readonly string[];
}

/** What a model may be. */
export interface ModelLimits {
  /** Largest file, bytes. 64 MiB unless given. */
  readonly maxBytes?: number;
  /** Whether Loop, Scan and If are allowed. Not unless given: a body can run for ever. */
  readonly controlFlow?: boolean;
}

const MAX_NODES = 20_000;
const MAX_ELEMENTS = 2 ** 26;
const OPSETS = { from: 7, to: 26 };

/** Element types by TensorProto.DataType number: name, and bytes per element. */
const TYPES: Readonly<Record<number, readonly [name: string, size: number]>> = {
  1: ["float32", 4],
  2: ["uint8", 1],
  3: ["int8", 1],
  4: ["uint16", 2],
  5: ["int16", 2],
  6: ["int32", 4],
  7: ["int64", 8],
  9: ["bool", 1],
  10: ["float16", 2],
  11: ["float64", 8],
  12: ["uint32", 4],
  13: ["uint64", 8],
  16: ["bfloat16", 2],
};

/**
 * Reads and checks an ONNX file.
 *
 * @throws UserError when it is too large, garbage or truncated, reads data outside the file, or uses operators that are
 * foreign, random, or (unless allowed) control flow
 */
export function readModel(
  file: Uint8Array,
  { maxBytes = 64 * 2 ** 20, controlFlow = false }: ModelLimits = {},
): ModelInfo {
  if (file.length > maxBytes) {
    throw new UserError(`the model has ${file.length} bytes, more than the ${maxBytes} that are allowed`);
  }
  if (file.length === 0) throw new UserError("not an ONNX model: the file is empty");
  const model = parseModel(file);
  const graph = model.messages.get("graph")?.[0];
  if (graph === undefined) throw new UserError("not an ONNX model: it has no graph");
  const opset = checkOpsets(model);

  const ops = new Set<string>();
  const budget = { nodes: MAX_NODES };
  checkGraph(graph, { ops, budget, controlFlow });

  const weights = new Set(list(graph, "initializer").map((tensor) => text(tensor, "name")));
  const inputs = list(graph, "input").map(port).filter(({ name }) => !weights.has(name));
  const outputs = list(graph, "output").map(port);
  if (outputs.length === 0) throw new UserError("the model has no outputs");
  unique("input", inputs.map(({ name }) => name));
  unique("output", outputs.map(({ name }) => name));
  const metadata = list(model, "metadata_props").map((entry) =>
    [text(entry, "key"), text(entry, "value")] as const
  );
  unique("metadata key", metadata.map(([key]) => key));
  return { inputs, outputs, metadata: Object.fromEntries(metadata), opset, ops: [...ops].sort() };
}

function checkOpsets(model: Tree): number {
  const opsets = list(model, "opset_import").map((id) => [text(id, "domain"), int(id, "version")] as const);
  for (const [domain] of opsets) checkDomain(domain, "the model");
  const [first, ...more] = opsets;
  if (first === undefined || more.length > 0) {
    throw new UserError(`the model imports ${opsets.length} operator sets: expected exactly one`);
  }
  if (!(first[1] >= OPSETS.from && first[1] <= OPSETS.to)) {
    throw new UserError(`the model's opset is ${first[1]}: expected ${OPSETS.from} to ${OPSETS.to}`);
  }
  return first[1];
}

function checkDomain(domain: string, what: string): void {
  if (domain !== "" && domain !== "ai.onnx") {
    throw new UserError(
      `${what} uses the operator domain "${domain}": only the standard one, ai.onnx, is allowed`,
    );
  }
}

interface Checking {
  readonly ops: Set<string>;
  readonly budget: { nodes: number };
  readonly controlFlow: boolean;
}

function checkGraph(graph: Tree, checking: Checking): void {
  for (const tensor of list(graph, "initializer")) checkTensor(tensor);
  for (const node of list(graph, "node")) checkNode(node, checking);
}

function checkNode(node: Tree, checking: Checking): void {
  const op = text(node, "op_type");
  checkDomain(text(node, "domain"), `operator ${op}`);
  if (--checking.budget.nodes < 0) throw new UserError(`the model has more than ${MAX_NODES} nodes`);
  if (CONTROL_FLOW.has(op)) {
    if (!checking.controlFlow) throw new UserError(`operator ${op} is refused: its body could run for ever`);
  } else if (!OPERATORS.has(op)) {
    throw new UserError(`operator "${op}" is not on the list of allowed operators`);
  }
  checking.ops.add(op);
  for (const attribute of list(node, "attribute")) {
    for (const tensor of [...list(attribute, "t"), ...list(attribute, "tensors")]) checkTensor(tensor);
    const bodies = [...list(attribute, "g"), ...list(attribute, "graphs")];
    if (bodies.length > 0 && !CONTROL_FLOW.has(op)) throw new UserError(`operator ${op} has a body`);
    for (const body of bodies) checkGraph(body, checking);
  }
}

/** A stored tensor: data inside the file, a known type, and exactly as many bytes as its shape says. */
function checkTensor(tensor: Tree): void {
  const name = text(tensor, "name");
  const what = `tensor "${name}"`;
  if (int(tensor, "data_location") !== 0) {
    throw new UserError(
      `${what} keeps its data outside the file: external data could read any file of this machine`,
    );
  }
  const type = TYPES[int(tensor, "data_type")];
  if (type === undefined) {
    throw new UserError(`${what} has the element type ${int(tensor, "data_type")}: not supported`);
  }
  const count = elements(tensor.ints.get("dims") ?? [], what);
  const raw = tensor.bytes.get("raw_data")?.[0];
  if (raw !== undefined && raw.length !== count * type[1]) {
    throw new UserError(`${what} has ${raw.length} bytes of data: expected ${count * type[1]}`);
  }
}

function elements(dims: readonly number[], what: string): number {
  const count = dims.reduce((product, n) => product * n, 1);
  if (dims.some((n) => !(n >= 0)) || !(count <= MAX_ELEMENTS)) {
    throw new UserError(`${what} has the shape [${dims}]: expected at most ${MAX_ELEMENTS} elements`);
  }
  return count;
}

function port(info: Tree): ModelPort {
  const name = text(info, "name");
  const tensor = list(info, "type")[0]?.messages.get("tensor_type")?.[0];
  const type = tensor && TYPES[int(tensor, "elem_type")];
  if (tensor === undefined || type === undefined) {
    throw new UserError(`the model's "${name}" has no supported type`);
  }
  const dims = list(list(tensor, "shape")[0], "dim");
  const shape = dims.map((dim) => dim.ints.get("dim_value")?.[0] ?? (text(dim, "dim_param") || "?"));
  elements(shape.filter((n) => typeof n === "number"), `the model's "${name}"`);
  return { name, dtype: type[0], shape };
}

function unique(what: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UserError(`the model has two ${what}s named "${twice}"`);
}

const list = (tree: Tree | undefined, name: string): readonly Tree[] => tree?.messages.get(name) ?? [];
const text = (tree: Tree, name: string): string => tree.texts.get(name)?.[0] ?? "";
const int = (tree: Tree, name: string): number => tree.ints.get(name)?.[0] ?? 0;
