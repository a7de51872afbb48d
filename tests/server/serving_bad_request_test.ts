/** Inference requests that are wrong around their body (headers, length, path, method), and answers that fail. */
import assert from "node:assert/strict";
import { startHttp } from "../../server/http.ts";
import { servingHandler } from "../../server/serving/handler.ts";
import { type ServedModel } from "../../server/serving/infer.ts";
import { raw, statusOf } from "./raw.ts";
import { failures, goesOn, handler, obs, one, refused, send } from "./serving_bad.ts";
import { A, fakePolicy } from "./serving_fake.ts";

Deno.test("content types and encodings that are not offered are 415", async () => {
  const body = JSON.stringify({ inputs: [obs()] });
  for (
    const type of [
      "",
      "text/plain",
      "application/octet-stream",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonp",
      "text/plain; application/json",
      "application/json; charset=utf-16",
    ]
  ) await refused(await send({ headers: { "content-type": type }, body }), 415, /application\/json/, type);
  for (const type of ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"']) {
    assert.equal((await send({ headers: { "content-type": type }, body })).status, 200, type);
  }
  for (const encoding of ["gzip", "deflate", "br", "identity, gzip", "x"]) {
    await refused(await send({ headers: { "content-encoding": encoding }, body }), 415, /encoding/, encoding);
  }
  assert.equal((await send({ headers: { "content-encoding": "identity" }, body })).status, 200);
  const headers = { "inference-header-content-length": "10" };
  await refused(await send({ headers, body }), 415, /binary/, "binary extension");
});

Deno.test("a body over the cap is refused by its stated length, and while it comes", async () => {
  const cap = 4 * 2 ** 20;
  const large = "x".repeat(cap + 1);
  let pulled = 0;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
  await refused(await send({ body: large }), 413, /longer than 4194304 bytes/, "large");
  const headers = { "content-length": String(1e12) };
  await refused(await send({ headers, body: endless() }), 413, /longer/, "stated");
  assert.ok(pulled < 4);
  await refused(await send({ body: endless() }), 413, /longer/, "endless");
  assert.ok(pulled < 80, "reading stops at the cap");
  await goesOn();
});

Deno.test("unknown paths are 404, wrong methods 405 with the ones to use", async () => {
  for (
    const path of [
      "/v2/models",
      "/v2/models/",
      "/v2/models//infer",
      "/v2/models/unknown",
      "/v2/models/unknown/infer",
      "/v2/models/__proto__/infer",
      "/v2/models/constructor",
      "/v2/models/..%2f..%2fetc/infer",
      "/v2/models/%2e%2e%2fcrossing/infer",
      "/v2/models/crossing%00/infer",
      "/v2/models/crossing%2Finfer",
      `/v2/models/${"x".repeat(10_000)}/infer`,
      "/v2/models/crossing/",
      "/v2/models/crossing/infer/",
      "/v2/models/crossing/versions/0/infer",
      "/v2/models/crossing/versions/2/infer",
      "/v2/models/crossing/versions/99999999999999999999/infer",
      "/v2/models/crossing/versions/-1/infer",
      "/v2/models/crossing/versions/1e0/infer",
      "/v2/models/crossing/versions//infer",
      "/v2/repository/index",
      "/v2/health",
      "/v2/constructor",
      "/v2/__proto__",
      "/v1/models/crossing",
    ]
  ) await refused(await send({ path, body: "{}" }), 404, /no|only/, path);

  const wrong: [method: string, path: string, allow: string][] = [
    ["GET", "/v2/models/crossing/infer", "POST"],
    ["PUT", "/v2/models/crossing/infer", "POST"],
    ["DELETE", "/v2/models/crossing/infer", "POST"],
    ["POST", "/v2/models/crossing", "GET, HEAD"],
    ["POST", "/v2/models/crossing/ready", "GET, HEAD"],
    ["DELETE", "/v2/health/live", "GET, HEAD"],
    ["POST", "/v2", "GET, HEAD"],
  ];
  for (const [method, path, allow] of wrong) {
    const response = await send({ method, path });
    assert.equal(response.headers.get("allow"), allow);
    await refused(response, 405, new RegExp(`^${method} is not offered`), `${method} ${path}`);
  }
});

Deno.test("an answer that JSON cannot carry is refused, and a model that fails is our failure, without its text", async () => {
  const broken = (run: ServedModel["session"]["run"]): ServedModel => {
    const { model } = fakePolicy("broken");
    return { ...model, session: { ...model.session, run } };
  };
  const infer = async (model: ServedModel) => {
    const serve = servingHandler({ models: [model], onError: (error) => failures.push(error) });
    const init = { method: "POST", body: one({}), headers: { "content-type": "application/json" } };
    return await serve(new Request("http://127.0.0.1/v2/models/broken/infer", init));
  };
  for (const value of [NaN, Infinity, -Infinity]) {
    const model = broken(() => ({
      action: { dtype: "int32", shape: [1], data: Int32Array.of(0) },
      logits: { dtype: "float32", shape: [1, A], data: Float32Array.of(0, value, 0) },
    }));
    await refused(await infer(model), 400, new RegExp(`give ${value} in output "logits"`), String(value));
  }
  const response = await infer(broken(() => {
    throw new Error("Non-zero status code while running /secret/model.onnx");
  }));
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { error: "the server failed on this request" });
  assert.equal(failures.splice(0).length, 1);
});

Deno.test("over a raw socket: traversal, smuggling, lying lengths, early goodbyes", async () => {
  const server = await startHttp({ port: 0, handler, timeouts: { request: 10_000 } });
  const body = JSON.stringify({ inputs: [obs()] });
  const post = (path: string, headers = "", sent = body) =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}\r\n${sent}`;
  const length = `Content-Length: ${body.length}\r\n`;
  const infer = "/v2/models/crossing/infer";
  try {
    const cases: Record<string, [text: string, status: number]> = {
      "good": [post(infer, length), 200],
      "version %2e%2e": [post("/v2/models/crossing/versions/%2e%2e/infer", length), 400],
      "version ..": [post("/v2/models/crossing/versions/../infer", length), 400],
      "model ../": [post("/v2/models/../models/crossing/infer", length), 400],
      "model %2e%2e%2f": [post("/v2/models/%2e%2e%2fcrossing/infer", length), 404],
      "model with NUL": [post("/v2/models/cros%00sing/infer", length), 404],
      "model of 10 KB": [post(`/v2/models/${"x".repeat(10_240)}/infer`, length), 404],
      "length too short": [post(infer, "Content-Length: 5\r\n"), 400],
      "length over the cap": [post(infer, "Content-Length: 99999999999\r\n", ""), 413],
      "chunks of one byte": [
        post(
          infer,
          "Transfer-Encoding: chunked\r\n",
          `${[...body].map((c) => `1\r\n${c}\r\n`).join("")}0\r\n\r\n`,
        ),
        200,
      ],
      "chunks over the cap": [
        post(
          infer,
          "Transfer-Encoding: chunked\r\n",
          `${`10000\r\n${" ".repeat(65_536)}\r\n`.repeat(80)}0\r\n\r\n`,
        ),
        413,
      ],
      "false gzip": [post(infer, `${length}Content-Encoding: gzip\r\n`), 415],
      "upgrade": [post(infer, `${length}Upgrade: websocket\r\n`), 200],
    };
    for (const [name, [text, status]] of Object.entries(cases)) {
      const answer = await raw(server.port, text, 2000);
      assert.equal(statusOf(answer.text), status, `${name}: ${answer.text.slice(0, 300)}`);
    }
    for (let i = 0; i < 20; i++) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
      await connection.write(new TextEncoder().encode(post(infer, length).slice(0, 60 + i * 8)));
      connection.close();
    }
    assert.equal(statusOf((await raw(server.port, post(infer, length), 2000)).text), 200);
    assert.deepEqual(failures, []);
  } finally {
    await server.close(100);
  }
});

Deno.test("a body that never ends is 408, and the connection ends", async () => {
  const server = await startHttp({ port: 0, handler, timeouts: { headers: 300, request: 500 } });
  const head =
    "POST /v2/models/crossing/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const answer = await raw(server.port, `${head}Content-Length: 500\r\n\r\n{`, 4000);
  assert.deepEqual([answer.closed, statusOf(answer.text)], [true, 408]);
  await server.close(100);
});
