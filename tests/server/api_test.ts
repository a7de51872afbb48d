import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import * as protocol from "../../islands/protocol.ts";
import { apiHandler } from "../../server/api/app.ts";
import { startHttp } from "../../server/http.ts";
import { openStore, type Store } from "../../server/store.ts";
import { openWorkspace, type RunFolder } from "../../server/workspace.ts";

const NAME = "crossing-mappo-lagrangian-1";
const problem = z.strictObject({ error: z.string().min(1) });

interface Bench {
  store: Store;
  run: RunFolder;
  get(path: string, init?: RequestInit): Promise<Response>;
  failures: unknown[];
}

function withApi(work: (bench: Bench) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "paddock-api-"));
    const workspace = openWorkspace(join(folder, "runs"));
    const failures: unknown[] = [];
    const store = openStore(workspace.database);
    try {
      const run = workspace.create({
        scenario: "safe/crossing",
        algorithm: "mappo",
        constraint: "lagrangian",
      });
      assert.equal(run.name, NAME);
      const config = { note: "as at the start" };
      const limits: protocol.LimitInfo[] = [{ channel: "contact", scope: "pair", kind: "episode", limit: 2 }];
      const row = {
        scenario: "safe/crossing",
        algorithm: "mappo",
        constraint: "lagrangian",
        seed: 1,
        steps: 100,
      };
      store.createRun({ name: NAME, ...row, limits, config });
      const handler = apiHandler({
        store,
        workspace,
        live: { poll: 10, heartbeat: 60 },
        onError: (error) => failures.push(error),
      });
      const get = async (path: string, init?: RequestInit) =>
        await handler(new Request(`http://127.0.0.1${path}`, init));
      await work({ store, run, get, failures });
      assert.deepEqual(failures, []);
    } finally {
      store.close();
      rmSync(folder, { recursive: true });
    }
  };
}

async function refused(response: Response, status: number, pattern: RegExp): Promise<void> {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.match(problem.parse(await response.json()).error, pattern);
}

Deno.test(
  "runs, a run and its curves are as the protocol says",
  withApi(async ({ store, run, get }) => {
    for (let step = 1; step <= 50; step++) {
      store.appendMetrics(NAME, step, {
        "episode/return": step,
        "cost/contact": step === 33 ? 99 : 1,
        "policy/kl": 0,
      });
    }
    store.addReplay({
      run: NAME,
      file: "0001.replay",
      scenario: "safe/crossing",
      policy: "mappo",
      episodes: 1,
      steps: 5,
      bytes: 3,
    });
    const runs = z.array(protocol.runSummary).parse(await (await get("/api/runs")).json());
    assert.deepEqual(runs.map((summary) => summary.name), [NAME]);

    const detail = protocol.runDetail.parse(await (await get(`/api/runs/${NAME}`)).json());
    assert.deepEqual(detail.config, { note: "as at the start" });
    assert.equal(detail.replays.length, 1);
    run.writeConfig({
      format: 1,
      name: NAME,
      scenario: "safe/crossing",
      params: {},
      algorithm: "mappo",
      settings: {},
      constraint: null,
      constraintSettings: {},
      limits: [],
      seed: 1,
      steps: 1,
      envs: 1,
      actions: "discrete",
      backend: "js",
      codeHash: "",
      versions: {},
      createdAt: "",
      extra: 5,
    });
    assert.equal(protocol.runDetail.parse(await (await get(`/api/runs/${NAME}`)).json()).config.extra, 5);

    const all = protocol.runMetrics.parse(await (await get(`/api/runs/${NAME}/metrics`)).json());
    assert.deepEqual(all.series.map((series) => series.tag), ["cost/contact", "episode/return", "policy/kl"]);
    const query = "tags=cost%2Fcontact,episode/return&points=10";
    const few = protocol.runMetrics.parse(await (await get(`/api/runs/${NAME}/metrics?${query}`)).json());
    assert.deepEqual(few.series.map((series) => series.tag), ["cost/contact", "episode/return"]);
    assert.ok(few.series.every((series) => series.step.length <= 10));
    assert.ok(few.series[0]!.value.includes(99), "a peak survives");
  }),
);

Deno.test(
  "a replay is served byte for byte, and nothing outside its folder is",
  withApi(async ({ run, get }) => {
    const bytes = crypto.getRandomValues(new Uint8Array(1000));
    await refused(await get(`/api/runs/${NAME}/replays/0001.replay`), 404, /no replay "0001\.replay"/);
    run.writeConfig({
      ...{ format: 1, name: NAME, scenario: "s", params: {}, algorithm: "a", settings: {}, constraint: null },
      ...{
        constraintSettings: {},
        limits: [],
        seed: 1,
        steps: 1,
        envs: 1,
        actions: "discrete",
        backend: "js",
      },
      ...{ codeHash: "", versions: {}, createdAt: "" },
    });
    run.writeReplay(bytes);
    const response = await get(`/api/runs/${NAME}/replays/0001.replay`);
    assert.equal(response.headers.get("content-type"), "application/octet-stream");
    assert.equal(response.headers.get("content-length"), "1000");
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
    for (
      const file of [
        "config.json",
        "..%2fconfig.json",
        "..%2f..%2f..%2fpaddock.db",
        "%2e%2e%2fconfig.json",
        "x%00.replay",
        "..replay",
        ".replay",
        "a..b.replay",
        "%ff.replay",
      ]
    ) await refused(await get(`/api/runs/${NAME}/replays/${file}`), 400, /file: expected/);
  }),
);

Deno.test(
  "bad requests are 4xx with an error that names the field",
  withApi(async ({ get }) => {
    await refused(await get("/api/runs/crossing-2"), 404, /no run "crossing-2"/);
    await refused(await get("/api/runs/crossing-2/metrics"), 404, /no run/);
    await refused(await get("/api/runs/crossing-2/live"), 404, /no run/);
    await refused(await get("/api/runs/..%2fx"), 400, /name: expected the name of a run/);
    await refused(await get(`/api/runs/${"x".repeat(200)}`), 400, /name/);
    await refused(await get("/api/runs/__proto__"), 400, /name/);
    await refused(await get("/api/runs/constructor"), 404, /no run/);
    for (const points of ["3", "1e9", "x", "-1", "5.5", "", "Infinity", "NaN"]) {
      await refused(await get(`/api/runs/${NAME}/metrics?points=${points}`), 400, /points/);
    }
    for (const since of ["-1", "x", "1.5", "99999999999999999999"]) {
      await refused(await get(`/api/runs/${NAME}/live?since=${since}`), 400, /since/);
      const headers = { "last-event-id": since };
      await refused(await get(`/api/runs/${NAME}/live`, { headers }), 400, /last-event-id/);
    }
    await refused(await get("/api/nothing"), 404, /openapi/);
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      const response = await get("/api/runs", { method });
      assert.equal(response.headers.get("allow"), "GET, HEAD");
      await refused(response, 405, new RegExp(method));
    }
    assert.equal((await get("/api/runs", { method: "HEAD" })).status, 200);
  }),
);

Deno.test(
  "the API describes itself",
  withApi(async ({ get }) => {
    const document = await (await get("/api/openapi.json")).json();
    assert.equal(document.openapi, "3.1.0");
    assert.deepEqual(Object.keys(document.paths), [
      "/api/runs",
      "/api/runs/{name}",
      "/api/runs/{name}/metrics",
      "/api/runs/{name}/live",
      "/api/runs/{name}/scenario.js",
      "/api/runs/{name}/replays/{file}",
    ]);
    assert.deepEqual(
      document.paths["/api/runs/{name}/metrics"].get.parameters.map((p: { name: string }) => p.name),
      ["name", "tags", "points"],
    );
  }),
);

Deno.test({
  name: "our own failures are told to us, and not to the client",
  fn: withApi(async ({ store, get, failures }) => {
    store.close();
    const response = await get("/api/runs");
    await refused(response, 500, /^the server failed on this request$/);
    assert.equal(failures.length, 1);
    failures.length = 0;
    store.close = () => {};
  }),
});

/** Reads events until `count` of them are there or the stream ends. */
async function readEvents(
  response: Response,
  count: number,
): Promise<{ updates: protocol.LiveUpdate[]; text: string }> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const updates = () => [...text.matchAll(/^id: (\d+)\ndata: (.*)\n\n/gm)];
  while (updates().length < count) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  const parsed = updates().map(([, id, data]) => {
    const update = protocol.liveUpdate.parse(JSON.parse(data!));
    assert.equal(update.id, Number(id));
    return update;
  });
  return { updates: parsed, text };
}

Deno.test(
  "live sends the newest update, then what follows, and ends with the run",
  withApi(async ({ store, get }) => {
    for (const step of [1, 2, 3]) store.appendMetrics(NAME, step, { "episode/return": step });
    const response = await get(`/api/runs/${NAME}/live`);
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.match(response.headers.get("cache-control")!, /no-store/);
    const reading = readEvents(response, 99);
    setTimeout(() => store.appendMetrics(NAME, 4, { "episode/return": 4 }), 30);
    setTimeout(() => store.setStatus(NAME, "done", 4), 150);
    const { updates, text } = await reading;
    assert.match(text, /^retry: 500\n\n/);
    assert.match(text, /\n: still here\n\n/, "a heartbeat in the silence");
    assert.deepEqual(updates.map(({ id, status }) => [id, status]), [[3, "running"], [4, "running"], [
      5,
      "done",
    ]]);
    const again = await get(`/api/runs/${NAME}/live`, { headers: { "last-event-id": "5" } });
    assert.equal(again.status, 204, "a browser that reconnects is told to stop");
  }),
);

Deno.test(
  "live resumes after Last-Event-ID, or after ?since, without a gap or a repetition, however many updates",
  withApi(async ({ store, get }) => {
    for (let step = 1; step <= 1234; step++) store.appendMetrics(NAME, step, { "episode/return": step });
    store.setStatus(NAME, "stopped", 1234);
    const all = await readEvents(await get(`/api/runs/${NAME}/live?since=0`), Infinity);
    assert.deepEqual(all.updates.map((update) => update.id), Array.from({ length: 1235 }, (_, i) => i + 1));
    const headers = { "last-event-id": "1230" };
    const tail = await readEvents(await get(`/api/runs/${NAME}/live?since=7`, { headers }), Infinity);
    assert.deepEqual(tail.updates.map((update) => update.id), [1231, 1232, 1233, 1234, 1235]);
  }),
);

Deno.test(
  "live stops looking into the store when the client goes, and when the request is aborted",
  withApi(async ({ store, get }) => {
    let looks = 0;
    const { since } = store;
    store.since = (run, id) => {
      looks++;
      return since(run, id);
    };
    const response = await get(`/api/runs/${NAME}/live`);
    const reader = response.body!.getReader();
    await reader.read();
    const waiting = reader.read();
    await reader.cancel();
    await waiting;
    const gone = new AbortController();
    const aborted = await get(`/api/runs/${NAME}/live`, { signal: gone.signal });
    const rest = readEvents(aborted, 1);
    gone.abort();
    await rest;
    const before = looks;
    await new Promise((wake) => setTimeout(wake, 60));
    assert.equal(looks, before);
  }),
);

Deno.test(
  "live over a socket: events come as they are written, and a client that hangs up ends the stream",
  withApi(async ({ store, get }) => {
    const server = await startHttp({
      port: 0,
      handler: (request) => get(new URL(request.url).pathname, request),
    });
    let looks = 0;
    const { since } = store;
    store.since = (run, id) => {
      looks++;
      return since(run, id);
    };
    const gone = new AbortController();
    const response = await fetch(`${server.url}/api/runs/${NAME}/live`, { signal: gone.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("retry: 500")) text += (await reader.read()).value;
    for (const step of [1, 2]) {
      store.appendMetrics(NAME, step, { "episode/return": step });
      while (!text.includes(`id: ${step}\n`)) text += (await reader.read()).value;
    }
    gone.abort();
    await reader.read().catch(() => {});
    for (let before = -1; before !== looks;) {
      before = looks;
      await new Promise((wake) => setTimeout(wake, 60));
    }
    await server.close(100);
  }),
);
