/**
 * One inference: a request of the Open Inference Protocol checked, filled up, run, and its answer as JSON text.
 *
 * A policy's `mask` may be left out (every action is legal), and so may its `noise`: zeros, the policy's mode, or,
 * with `parameters: {"stochastic": true, "seed": n}`, a draw from our streams, the same for the same seed and row. A
 * policy with a memory begins an episode where `hidden` is left out, and goes on where it is given the last `hidden_next`.
 *
 * @module
 */
import { fillGumbel, fillNormal, fork, seed as seeded } from "../../core/mod.ts";
import type { Numbers, Port, Session, Value } from "../../tensor/mod.ts";
import { Problem } from "../problem.ts";
import { datatypes } from "./datatypes.ts";
import { array, expected, object, parameters, quote, string } from "./json.ts";
import type { ServingLimits } from "./limits.ts";
import { type Axes, names, parseInputs, resolveShape } from "./tensors.ts";

/** The value of an optional input that the request leaves out. */
export const OPTIONAL: ReadonlyMap<string, number> = new Map([["mask", 1], ["noise", 0], ["hidden", 0]]);

/** What a handler serves under a name. */
export interface ServedModel {
  readonly name: string;
  readonly session: Session;
  /** As the exporter wrote it: scenario, group, spaces, channels, budgets, versions, each a JSON string. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The answer's JSON text. Throws a Problem that tells what to change. */
export function infer(model: ServedModel, body: unknown, limits: ServingLimits): string {
  const { session } = model;
  const request = object(body, "the body");
  const id = request.id === undefined ? undefined : string(request.id, "id", limits.idLength);
  const seed = parseSeed(request.parameters);
  const outputs = parseOutputs(request.outputs, session.outputs, limits);
  const axes: Axes = new Map();
  const given = parseInputs(request.inputs, session.inputs, limits, axes);
  if (seed !== undefined) checkNoise(session, given);
  const feeds: Record<string, Value> = {};
  for (const port of session.inputs) {
    feeds[port.name] = given.get(port.name) ?? filled(port, axes, seed, session.outputs);
  }
  checkMask(given.get("mask"));
  checkAgent(given.get("agent"), model.metadata);
  const results = session.run(feeds);
  const tensors = outputs.map((name) => tensorText(name, results[name]!));
  const name = JSON.stringify(model.name);
  const echo = id === undefined ? "" : `,"id":${JSON.stringify(id)}`;
  const drawn = seed === undefined ? "" : `,"parameters":{"stochastic":true,"seed":${seed}}`;
  return `{"model_name":${name},"model_version":"1"${echo}${drawn},"outputs":[${tensors.join(",")}]}`;
}

/** The seed of the noise; undefined for the policy's mode. */
function parseSeed(value: unknown): number | undefined {
  const found = parameters(value, "parameters", ["stochastic", "seed", "binary_data_output"]);
  const { stochastic = false, seed } = found;
  if (typeof stochastic !== "boolean") throw expected("parameters.stochastic", "true or false", stochastic);
  refuseBinary(found.binary_data_output, "parameters.binary_data_output");
  if (seed === undefined) return stochastic ? crypto.getRandomValues(new Uint32Array(1))[0] : undefined;
  if (!stochastic) throw new Problem(400, 'parameters.seed has an effect with "stochastic": true only');
  if (!Number.isSafeInteger(seed) || (seed as number) < 0) {
    throw expected("parameters.seed", "a whole number in [0, 2^53)", seed);
  }
  return seed as number;
}

/** Names of the outputs to send, in the order asked; all where none is named. */
function parseOutputs(value: unknown, ports: readonly Port[], limits: ServingLimits): string[] {
  const entries = value === undefined ? [] : array(value, "outputs", limits.tensors);
  const wanted = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    const output = object(entry, `outputs[${i}]`);
    const name = string(output.name, `outputs[${i}].name`, 128);
    if (!ports.some((port) => port.name === name)) {
      throw new Problem(400, `there is no output ${quote(name)}; the model has: ${names(ports)}`);
    }
    if (wanted.has(name)) throw new Problem(400, `output ${quote(name)} is asked for twice`);
    const found = parameters(output.parameters, `outputs[${i}].parameters`, ["binary_data"]);
    refuseBinary(found.binary_data, `outputs[${i}].parameters.binary_data`);
    wanted.add(name);
  }
  return wanted.size > 0 ? [...wanted] : ports.map((port) => port.name);
}

function refuseBinary(value: unknown, where: string): void {
  if (value === undefined || value === false) return;
  throw new Problem(400, `${where}: binary tensor data is not offered; leave it out or send false`);
}

function checkNoise(session: Session, given: ReadonlyMap<string, Value>): void {
  if (!session.inputs.some((port) => port.name === "noise")) {
    throw new Problem(
      400,
      "parameters.stochastic: this model has no noise input, it always answers the same",
    );
  }
  if (given.has("noise")) {
    throw new Problem(400, "parameters.stochastic: the request brings its own noise; leave one of them out");
  }
}

/** Each row of a mask says 0 or 1 of each action, and allows at least one: without any there is no policy. */
function checkMask(mask: Value | undefined): void {
  if (!mask) return;
  const { data, shape } = mask;
  const A = shape.at(-1)!;
  for (let at = 0; at < data.length; at += A) {
    const row = data.subarray(at, at + A);
    const odd = row.findIndex((legal) => legal !== 0 && legal !== 1);
    if (odd >= 0) throw expected(`input "mask": element ${at + odd}`, "0 or 1", row[odd]);
    if (!row.includes(1)) {
      throw new Problem(400, `input "mask": row ${at / A} allows no action; one must be 1`);
    }
  }
}

/** Which member of the policy's group each row is: the number of one of those that its metadata name. */
function checkAgent(agent: Value | undefined, metadata: ServedModel["metadata"]): void {
  const members = agent && membersOf(metadata);
  const odd = members ? agent.data.findIndex((n) => n < 0 || n >= members.length) : -1;
  if (odd < 0) return;
  const known = `a whole number in [0, ${members!.length - 1}], for ${members!.slice(0, 10).join(", ")}`;
  throw expected(`input "agent": element ${odd}`, known, agent!.data[odd]);
}

/** The members of the group that a model plays; undefined where its exporter says nothing that we understand. */
function membersOf({ agents }: ServedModel["metadata"]): readonly unknown[] | undefined {
  try {
    const found: unknown = JSON.parse(agents ?? "");
    return Array.isArray(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** An input that the request left out. */
function filled(port: Port, axes: Axes, seed: number | undefined, outputs: readonly Port[]): Value {
  const fill = OPTIONAL.get(port.name);
  if (fill === undefined) throw new Problem(400, `input ${quote(port.name)} is missing`);
  const shape = resolveShape(port, axes);
  const data = datatypes[port.dtype].allocate(shape.reduce((product, n) => product * n, 1)).fill(fill);
  if (port.name === "noise" && seed !== undefined && data instanceof Float32Array) {
    drawNoise(seed, shape[0]!, outputs, data);
  }
  return { dtype: port.dtype, shape, data };
}

/**
 * Gumbel noise where actions are numbers of a choice, normal noise where they are vectors. Each row has its stream,
 * so an answer does not depend on the batch it came in.
 */
function drawNoise(seed: number, rows: number, outputs: readonly Port[], into: Float32Array): void {
  const discrete = outputs.find((port) => port.name === "action")?.dtype === "int32";
  const fill = discrete ? fillGumbel : fillNormal;
  const base = fork(seeded(seed), "serve");
  const A = into.length / rows;
  for (let row = 0; row < rows; row++) fill(fork(base, row), into.subarray(row * A, (row + 1) * A));
}

function tensorText(name: string, { dtype, shape, data }: Value): string {
  const datatype = datatypes[dtype];
  const head = JSON.stringify({ name, datatype: datatype.name, shape });
  return `${head.slice(0, -1)},"data":[${elementsText(name, data, datatype.text)}]}`;
}

function elementsText(name: string, data: Numbers, text: (value: number) => string | undefined): string {
  let out = "";
  for (let i = 0; i < data.length; i++) {
    const element = text(data[i]!);
    if (element === undefined) {
      throw new Problem(
        400,
        `these inputs give ${data[i]} in output ${quote(name)}, which JSON cannot carry`,
      );
    }
    out += i === 0 ? element : `,${element}`;
  }
  return out;
}
