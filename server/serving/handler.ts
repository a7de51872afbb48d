/**
 * The Open Inference Protocol, version 2, as REST with JSON: health, metadata and inference of exported policies.
 *
 * Source   https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 * Differs  no binary tensor data, no repository control; parameters that are not known are refused
 *
 * @module
 */
import project from "../../deno.json" with { type: "json" };
import type { Port } from "../../tensor/mod.ts";
import { Problem, problemResponse } from "../problem.ts";
import { readJson } from "./body.ts";
import { datatypes } from "./datatypes.ts";
import { infer, OPTIONAL, type ServedModel } from "./infer.ts";
import { quote } from "./json.ts";
import { defaultLimits, type ServingLimits } from "./limits.ts";
import { MODEL_NAME } from "./load.ts";

export interface ServingOptions {
  readonly models: readonly ServedModel[];
  readonly limits?: Partial<ServingLimits>;
  /** Told of errors that are ours; their text never reaches the client. */
  readonly onError?: (error: unknown) => void;
}

const MODEL = new RegExp(
  `^/v2/models/(${MODEL_NAME})(?:/versions/([1-9][0-9]{0,17}))?(/infer|/ready)?$`,
);

/** The handler of `/v2` and everything below it. Every refusal is `{"error": text}`. */
export function servingHandler(options: ServingOptions): (request: Request) => Promise<Response> {
  const { onError = () => {} } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const models = new Map(options.models.map((model) => [model.name, model]));

  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const fixed = FIXED[pathname];
    if (fixed) return get(request, fixed);
    const match = MODEL.exec(pathname);
    if (!match) throw new Problem(404, "there is nothing here; models are at /v2/models/NAME");
    const [, name, version = "1", call] = match;
    const model = models.get(name!);
    if (!model) {
      throw new Problem(404, `there is no model ${quote(name)}; there are: ${list([...models.keys()])}`);
    }
    if (version !== "1") throw new Problem(404, `model ${quote(name)} has version 1 only`);
    if (call === "/ready") return get(request, { name, ready: true });
    if (call === undefined) return get(request, describe(model));
    if (request.method !== "POST") throw wrongMethod(request, "POST");
    const text = infer(model, await readJson(request, limits.bodyBytes), limits);
    return new Response(text, { headers: JSON_HEADERS });
  };

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      if (error instanceof Problem) return problemResponse(error.status, error.message, error.headers);
      onError(error);
      return problemResponse(500, "the server failed on this request");
    }
  };
}

const JSON_HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

const SERVER = { name: "paddock", version: project.version, extensions: [] };

const FIXED: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), {
  "/v2": SERVER,
  "/v2/": SERVER,
  "/v2/health/live": { live: true },
  "/v2/health/ready": { ready: true },
});

function get(request: Request, body: unknown): Response {
  if (request.method !== "GET" && request.method !== "HEAD") throw wrongMethod(request, "GET, HEAD");
  return new Response(JSON.stringify(body), { headers: JSON_HEADERS });
}

function wrongMethod(request: Request, allow: string): Problem {
  return new Problem(405, `${request.method} is not offered here; use ${allow.split(",")[0]}`, { allow });
}

/** A model's metadata; `parameters.optional` marks the inputs that a request may leave out. */
function describe(model: ServedModel): unknown {
  const port = ({ name, dtype, shape }: Port) => ({
    name,
    datatype: datatypes[dtype].name,
    shape: shape.map((axis) => typeof axis === "number" ? axis : -1),
  });
  return {
    name: model.name,
    versions: ["1"],
    platform: "onnx_onnxv1",
    inputs: model.session.inputs.map((input) => {
      const fill = OPTIONAL.get(input.name);
      return { ...port(input), ...(fill !== undefined && { parameters: { optional: true, default: fill } }) };
    }),
    outputs: model.session.outputs.map(port),
    parameters: { metadata: model.metadata },
  };
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.slice(0, 10).join(", ");
}
