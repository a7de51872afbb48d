/**
 * The serving API over models that need no runtime, requests to it that can be spoiled, and what a refusal says.
 *
 * @module
 */
import assert from "node:assert/strict";
import * as z from "zod";
import { servingHandler } from "../../server/serving/handler.ts";
import { A, fakePolicy, fakeTypes, O } from "./serving_fake.ts";

const problem = z.strictObject({ error: z.string().min(1).max(400) });

export const failures: unknown[] = [];
export const handler = servingHandler({
  models: [fakePolicy().model, fakeTypes().model],
  onError: (error) => failures.push(error),
});

interface Sent {
  model?: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: BodyInit;
}

export function send({ model = "crossing", path, method = "POST", headers, body }: Sent): Promise<Response> {
  const init: RequestInit & { duplex?: "half" } = { method };
  init.headers = { "content-type": "application/json", ...headers };
  if (body !== undefined) init.body = body;
  if (body instanceof ReadableStream) init.duplex = "half";
  return handler(new Request(`http://127.0.0.1${path ?? `/v2/models/${model}/infer`}`, init));
}

export async function refused(
  response: Response,
  status: number,
  pattern: RegExp,
  name: string,
): Promise<void> {
  const text = await response.text();
  assert.equal(response.status, status, `${name}: ${text.slice(0, 300)}`);
  assert.equal(response.headers.get("content-type"), "application/json", name);
  const { error } = problem.parse(JSON.parse(text));
  assert.match(error, pattern, name);
  assert.doesNotMatch(error, /\.ts|\/work|file:|node_modules|\bat \S+ \(|Error:/, name);
  assert.deepEqual(failures, [], `${name}: a bad request is no failure of ours`);
}

export async function goesOn(): Promise<void> {
  const response = await send({ body: JSON.stringify({ inputs: [obs()] }) });
  assert.equal(response.status, 200, await response.text());
}

export const obs = (changed: object = {}) => ({
  name: "obs",
  datatype: "FP32",
  shape: [1, O],
  data: [1, 2, 3, 4],
  ...changed,
});
export const one = (changed: object) => JSON.stringify({ inputs: [obs(changed)] });
export const mask = (changed: object) => ({
  name: "mask",
  datatype: "FP32",
  shape: [1, A],
  data: [1, 1, 1],
  ...changed,
});
