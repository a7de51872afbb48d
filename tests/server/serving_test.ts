import assert from "node:assert/strict";
import fc from "fast-check";
import * as z from "zod";
import { servingHandler } from "../../server/serving/handler.ts";
import { A, type Fake, fakePolicy, fakeTypes, O } from "./serving_fake.ts";

const tensor = z.strictObject({
  name: z.string(),
  datatype: z.enum(["FP32", "INT32", "BOOL"]),
  shape: z.array(z.int().min(1)),
  data: z.array(z.union([z.number(), z.boolean()])),
});

/** The protocol's inference response. */
const answer = z.strictObject({
  ["model_name"]: z.string(),
  ["model_version"]: z.literal("1"),
  id: z.string().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  outputs: z.array(tensor),
});

const metadataTensor = z.strictObject({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int()),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

/** The protocol's model metadata. */
const metadata = z.strictObject({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.literal("onnx_onnxv1"),
  inputs: z.array(metadataTensor),
  outputs: z.array(metadataTensor),
  parameters: z.strictObject({ metadata: z.record(z.string(), z.string()) }),
});

function client(...fakes: Fake[]) {
  const handler = servingHandler({ models: fakes.map((fake) => fake.model) });
  const get = (path: string, init?: RequestInit) => handler(new Request(`http://127.0.0.1${path}`, init));
  const infer = async (body: unknown, model = "crossing") => {
    const headers = { "content-type": "application/json" };
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    const response = await get(`/v2/models/${model}/infer`, {
      method: "POST",
      body: sent,
      headers,
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return answer.parse(JSON.parse(text));
  };
  return { get, infer };
}

const obs = (...rows: number[][]) => ({
  name: "obs",
  datatype: "FP32",
  shape: [rows.length, O],
  data: rows.flat(),
});

Deno.test("health, server and model metadata are as the protocol says, with and without a version", async () => {
  const { get } = client(fakePolicy());
  assert.deepEqual(await (await get("/v2/health/live")).json(), { live: true });
  assert.deepEqual(await (await get("/v2/health/ready")).json(), { ready: true });
  for (const path of ["/v2", "/v2/"]) {
    assert.deepEqual(await (await get(path)).json(), { name: "paddock", version: "0.1.0", extensions: [] });
  }
  for (const version of ["", "/versions/1"]) {
    const model = metadata.parse(await (await get(`/v2/models/crossing${version}`)).json());
    assert.deepEqual(model, {
      name: "crossing",
      versions: ["1"],
      platform: "onnx_onnxv1",
      inputs: [
        { name: "obs", datatype: "FP32", shape: [-1, O] },
        { name: "mask", datatype: "FP32", shape: [-1, A], parameters: { optional: true, default: 1 } },
        { name: "noise", datatype: "FP32", shape: [-1, A], parameters: { optional: true, default: 0 } },
      ],
      outputs: [
        { name: "action", datatype: "INT32", shape: [-1] },
        { name: "logits", datatype: "FP32", shape: [-1, A] },
      ],
      parameters: { metadata: { scenario: '"safe/crossing"', group: '"agent"' } },
    });
    const ready = await (await get(`/v2/models/crossing${version}/ready`)).json();
    assert.deepEqual(ready, { name: "crossing", ready: true });
    assert.equal((await get(`/v2/models/crossing${version}`, { method: "HEAD" })).status, 200);
  }
});

Deno.test("one observation gives the policy's mode; mask and noise may be left out", async () => {
  const fake = fakePolicy();
  const { infer } = client(fake);
  const body = await infer({ inputs: [obs([0.5, 2, -1, 9])] });
  assert.deepEqual(body, {
    ["model_name"]: "crossing",
    ["model_version"]: "1",
    outputs: [
      { name: "action", datatype: "INT32", shape: [1], data: [1] },
      { name: "logits", datatype: "FP32", shape: [1, A], data: [0.5, 2, -1] },
    ],
  });
  assert.deepEqual(fake.fed.mask!.data, Float32Array.of(1, 1, 1));
  assert.deepEqual(fake.fed.noise!.data, Float32Array.of(0, 0, 0));
});

Deno.test("the id comes back, and outputs come in the order asked", async () => {
  const { infer } = client(fakePolicy());
  const inputs = [obs([1, 2, 3, 4])];
  for (const id of ["", "42", 'ü€😀\u2028"\\', "x".repeat(256)]) {
    assert.equal((await infer({ id, inputs })).id, id);
  }
  const order = async (...names: string[]) => {
    const outputs = names.map((name) => ({ name, parameters: { ["binary_data"]: false } }));
    return (await infer({ inputs, outputs })).outputs.map((output) => output.name);
  };
  assert.deepEqual(await order("logits", "action"), ["logits", "action"]);
  assert.deepEqual(await order("logits"), ["logits"]);
  assert.deepEqual(await order(), ["action", "logits"]);
});

Deno.test("flat and nested data mean the same", async () => {
  const fake = fakePolicy();
  const { infer } = client(fake);
  const rows = [[1, 2, 3, 4], [5, 6, 7, 8]];
  await infer({ inputs: [obs(...rows)] });
  const flat = fake.fed.obs;
  await infer({ inputs: [{ ...obs(...rows), data: rows }] });
  assert.deepEqual(fake.fed.obs, flat);
  assert.deepEqual(flat!.shape, [2, 4]);
});

Deno.test("a mask closes actions, and a noise of one's own is used", async () => {
  const { infer } = client(fakePolicy());
  const mask = { name: "mask", datatype: "FP32", shape: [1, A], data: [1, 0, 1] };
  assert.deepEqual((await infer({ inputs: [mask, obs([0.5, 2, -1, 0])] })).outputs[0]!.data, [0]);
  const noise = { name: "noise", datatype: "FP32", shape: [1, A], data: [0, 0, 9] };
  assert.deepEqual((await infer({ inputs: [noise, obs([0.5, 2, -1, 0])] })).outputs[0]!.data, [2]);
});

Deno.test("a seed gives the same noise again, row by row, whatever the batch", async () => {
  const fake = fakePolicy();
  const { infer } = client(fake);
  const parameters = { stochastic: true, seed: 7 };
  const rows = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]];
  const body = await infer({ parameters, inputs: [obs(...rows)] });
  assert.deepEqual(body.parameters, parameters);
  const noise = fake.fed.noise!.data;
  assert.equal(new Set(noise).size, 9);
  await infer({ parameters, inputs: [obs(rows[0]!)] });
  assert.deepEqual(fake.fed.noise!.data, noise.slice(0, A));
  await infer({ parameters: { stochastic: true, seed: 8 }, inputs: [obs(rows[0]!)] });
  assert.notDeepEqual(fake.fed.noise!.data, noise.slice(0, A));

  const drawn = await infer({ parameters: { stochastic: true }, inputs: [obs(...rows)] });
  const first = fake.fed.noise!.data;
  await infer({ parameters: drawn.parameters, inputs: [obs(...rows)] });
  assert.deepEqual(fake.fed.noise!.data, first, "the seed that was drawn is told, and repeats it");
});

Deno.test("a stochastic discrete policy samples its distribution; a continuous one gets normal noise", async () => {
  const { infer } = client(fakePolicy());
  const logits = [Math.log(0.6), Math.log(0.3), Math.log(0.1), 0];
  const rows = Array.from({ length: 1000 }, () => logits);
  const counts = [0, 0, 0];
  for (let seed = 0; seed < 10; seed++) {
    const body = await infer({ parameters: { stochastic: true, seed }, inputs: [obs(...rows)] });
    for (const action of body.outputs[0]!.data) counts[action as number]!++;
  }
  const share = counts.map((count) => count / 10_000);
  for (const [i, p] of [0.6, 0.3, 0.1].entries()) assert.ok(Math.abs(share[i]! - p) < 0.02, String(share));

  const continuous = fakePolicy("c", "continuous");
  await client(continuous).infer({ parameters: { stochastic: true, seed: 1 }, inputs: [obs(...rows)] }, "c");
  const noise = [...continuous.fed.noise!.data];
  const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
  const variance = noise.reduce((sum, x) => sum + (x - mean) ** 2, 0) / noise.length;
  assert.ok(Math.abs(mean) < 0.08 && Math.abs(variance - 1) < 0.1, `${mean} ${variance}`);
});

Deno.test("every float32, int32 and bool crosses unchanged, -0 and subnormal numbers included", async () => {
  const { infer } = client(fakeTypes());
  const one = fc.record({
    f: fc.float({ noNaN: true, noDefaultInfinity: true }),
    i: fc.tuple(fc.integer(), fc.integer()),
    b: fc.boolean(),
  });
  const special = [-0, 1e-45, -1e-45, 3.4028234663852886e38, 1.1754943508222875e-38].map((f) => ({
    f: Math.fround(f),
    i: [-(2 ** 31), 2 ** 31 - 1] as [number, number],
    b: true,
  }));
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 20 }), async (rows) => {
      const n = rows.length;
      const inputs = [
        { name: "b", datatype: "BOOL", shape: [1, n], data: rows.map((row) => row.b) },
        { name: "f", datatype: "FP32", shape: [n], data: [] as number[] },
        { name: "i", datatype: "INT32", shape: [n, 2], data: rows.map((row) => row.i) },
      ];
      inputs[1]!.data = rows.map((row) => row.f);
      const text = JSON.stringify({ inputs }, (_, value) => Object.is(value, -0) ? "minus zero" : value)
        .replaceAll('"minus zero"', "-0");
      const { outputs } = await infer(text, "types");
      assert.ok(rows.every((row, k) => Object.is(outputs[0]!.data[k], row.f)));
      assert.deepEqual(outputs[1]!.data, rows.flatMap((row) => row.i).map((x) => x + 0));
      assert.deepEqual(outputs[2]!.data, rows.map((row) => row.b));
    }),
    { seed: 11, numRuns: 100, examples: [[special]] },
  );
  const numeric = { name: "b", datatype: "BOOL", shape: [1, 2], data: [1, 0] };
  const f = { name: "f", datatype: "FP32", shape: [2], data: [0.1, 2] };
  const i = { name: "i", datatype: "INT32", shape: [2, 2], data: [1, 2, 3, 4] };
  const { outputs } = await infer({ inputs: [numeric, f, i] }, "types");
  assert.deepEqual(outputs[2]!.data, [true, false]);
  assert.equal(outputs[0]!.data[0], Math.fround(0.1));
});

Deno.test("several models are told apart", async () => {
  const { get, infer } = client(fakePolicy("a"), fakePolicy("b.1"));
  assert.equal((await infer({ inputs: [obs([1, 2, 3, 4])] }, "b.1")).model_name, "b.1");
  assert.equal((await get("/v2/models/a")).status, 200);
  assert.equal((await get("/v2/models/c")).status, 404);
});
