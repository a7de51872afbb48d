/** What the API says of runs, their curves and replays, and of requests that are wrong. */
import assert from "node:assert/strict";
import * as z from "zod";
import * as protocol from "../../islands/protocol.ts";
import { config, NAME, withApi } from "./api_made.ts";

const problem = z.strictObject({ error: z.string().min(1) });

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
    run.writeConfig({ ...config, extra: 5 });
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
    run.writeConfig(config);
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
