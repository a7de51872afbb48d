/** The stream of a run's updates: what it sends, from where it resumes, and how it ends. */
import assert from "node:assert/strict";
import * as protocol from "../../islands/protocol.ts";
import { startHttp } from "../../server/http.ts";
import { NAME, withApi } from "./api_made.ts";

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
