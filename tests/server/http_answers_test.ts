/** Requests and answers between HTTP and a handler: whole, streamed, failed, and cut off by closing. */
import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import { startHttp } from "../../server/http.ts";
import { echo, get, withServer } from "./http_served.ts";
import { raw } from "./raw.ts";

Deno.test("requests and responses cross the adapter whole, in both directions", async () => {
  await withServer({ handler: echo }, async ({ url }) => {
    const response = await fetch(`${url}/a%20b?q=1`, { headers: { "x-a": "y" } });
    assert.equal(response.status, 201);
    assert.equal(await response.text(), "GET /a%20b?q=1 y 0");
    assert.equal(response.headers.get("x-b"), "c");
    assert.deepEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
    for (const size of [0, 1, 65_536, 65_537, 3_000_000]) {
      const posted = await fetch(`${url}/p`, { method: "POST", body: "x".repeat(size) });
      assert.equal(await posted.text(), `POST /p null ${size}`);
    }
    const stream = new Blob(["abc".repeat(50_000)]).stream();
    const streamed = await fetch(`${url}/p`, { method: "PUT", body: stream });
    assert.equal(await streamed.text(), "PUT /p null 150000");
    const head = await fetch(`${url}/a`, { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [201, ""]);
  });
});

Deno.test("a large body arrives whole, no faster than it is taken", async () => {
  let made = 0;
  const handler = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          if (++made > 320) controller.close();
          else controller.enqueue(new Uint8Array(65_536).fill(made));
        },
      }, { highWaterMark: 0 }),
    );
  await withServer({ handler }, async ({ url }) => {
    const response = await fetch(url);
    await new Promise((wake) => setTimeout(wake, 200));
    assert.ok(made < 320, `a reader that waits holds the writer back: ${made}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert.equal(bytes.length, 320 * 65_536);
    assert.ok(bytes.every((value, i) => value === ((i >>> 16) + 1) % 256));
  });
});

Deno.test("a port in use is a UserError that names the holder and a free port", async () => {
  await withServer({ handler: echo }, async ({ port }) => {
    await assert.rejects(startHttp({ handler: echo, port }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, new RegExp(`^port ${port} of 127.0.0.1 is in use`));
      const free = Number(/use --port (\d+)$/.exec(error.message)?.[1]);
      assert.ok(free > port && free <= port + 20);
      if (Deno.build.os === "linux") assert.match(error.message, new RegExp(`by process ${Deno.pid} `));
      return true;
    });
  });
  await assert.rejects(
    startHttp({ handler: echo, port: 0, host: "192.0.2.1" }),
    /no address of this machine/,
  );
  for (const port of [-1, 1.5, 65_536, NaN]) {
    await assert.rejects(startHttp({ handler: echo, port }), /--port: expected a whole number/);
  }
});

Deno.test("our own failures are 500 without their text; the server goes on", async () => {
  const failures: unknown[] = [];
  const handler = (request: Request): Response => {
    if (request.url.endsWith("/ok")) return new Response("ok");
    throw new Error("secret of /etc/passwd");
  };
  await withServer({ handler, onError: (error) => failures.push(error) }, async ({ url }) => {
    const response = await fetch(url);
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), { error: "the server failed on this request" });
    assert.equal(failures.length, 1);
    assert.equal(await (await fetch(`${url}/ok`)).text(), "ok");
  });
});

Deno.test("a body that breaks cuts the connection instead of passing for whole", async () => {
  const failures: unknown[] = [];
  const handler = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(10)),
        pull: () => Promise.reject(new Error("broken")),
      }),
    );
  await withServer({ handler, onError: (error) => failures.push(error) }, async ({ port }) => {
    const answer = await raw(port, get("/"));
    assert.ok(answer.closed);
    assert.doesNotMatch(answer.text, /\r\n0\r\n\r\n$/);
    assert.equal(failures.length, 1);
  });
});

/** Ticks until the request is aborted or its body cancelled, and counts the open streams. */
function ticker(open: { count: number }): (request: Request) => Response {
  return ({ signal }) => {
    open.count++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const body = new ReadableStream({
      start(controller) {
        const bytes = new TextEncoder().encode("data: 1\n\n");
        timer = setInterval(() => controller.enqueue(bytes), 20);
        signal.addEventListener("abort", () => {
          clearInterval(timer);
          try {
            controller.close();
          } catch {
            return; // cancelled before
          }
        });
      },
      cancel: () => clearInterval(timer),
    });
    signal.addEventListener("abort", () => open.count--);
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}

Deno.test("an event stream flows at once, and ends for the handler when the client goes", async () => {
  const open = { count: 0 };
  await withServer({ handler: ticker(open) }, async ({ url }) => {
    const gone = new AbortController();
    const response = await fetch(url, { signal: gone.signal });
    const reader = response.body!.getReader();
    for (let i = 0; i < 3; i++) {
      assert.equal(new TextDecoder().decode((await reader.read()).value), "data: 1\n\n");
    }
    assert.equal(open.count, 1);
    gone.abort();
    await reader.read().catch(() => {});
    while (open.count > 0) await new Promise((wake) => setTimeout(wake, 5));
  });
});

Deno.test("closing ends event streams at once and lets other answers finish", async () => {
  const open = { count: 0 };
  const tick = ticker(open);
  const handler = async (request: Request): Promise<Response> => {
    if (request.url.endsWith("/live")) return tick(request);
    await new Promise((wake) => setTimeout(wake, 150));
    return new Response("slow but whole");
  };
  const server = await startHttp({ port: 0, handler });
  const live = await fetch(`${server.url}/live`);
  const slow = fetch(`${server.url}/slow`);
  await new Promise((wake) => setTimeout(wake, 50));
  const started = performance.now();
  const closing = server.close(5000);
  await live.text();
  assert.ok(performance.now() - started < 100, "the stream ended before the slow answer");
  assert.equal(await (await slow).text(), "slow but whole");
  await closing;
  assert.ok(performance.now() - started < 2000);
  await assert.rejects(fetch(server.url));
  await server.close();
});
