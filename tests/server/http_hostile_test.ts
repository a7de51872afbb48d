/** What the HTTP server refuses: foreign hosts, targets that climb, malformed requests, clients that never finish. */
import assert from "node:assert/strict";
import { echo, get, withServer } from "./http_served.ts";
import { raw, statusOf } from "./raw.ts";

Deno.test("names that are not this machine's are refused on 127.0.0.1", async () => {
  await withServer({ handler: echo }, async ({ port }) => {
    for (
      const host of [
        "localhost",
        `localhost:${port}`,
        "127.0.0.1",
        `127.0.0.1:${port}`,
        "[::1]:80",
        "LOCALHOST",
      ]
    ) {
      assert.equal(statusOf((await raw(port, get("/", host))).text), 201, host);
    }
    for (
      const host of ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil", ""]
    ) {
      assert.equal(statusOf((await raw(port, get("/", host))).text), 421, host);
    }
    assert.equal(statusOf((await raw(port, "GET / HTTP/1.0\r\n\r\n")).text), 201, "HTTP/1.0 has no Host");
  });
});

Deno.test("targets that a URL parser would resolve are refused before any route sees them", async () => {
  const seen: string[] = [];
  const handler = (request: Request) => {
    seen.push(new URL(request.url).pathname);
    return new Response("ok");
  };
  await withServer({ handler }, async ({ port }) => {
    for (
      const target of [
        "/v2/../etc/passwd",
        "/v2/%2e%2e/etc/passwd",
        "/v2/.%2E/etc",
        "/..",
        "/a/.",
        "/a/%2e",
        "/a/..?x",
        "/a\\..\\b",
        "http://localhost/../x",
        "*",
        "x",
      ]
    ) {
      const answer = await raw(port, get(target));
      assert.equal(statusOf(answer.text), 400, target);
    }
    assert.deepEqual(seen, []);
    for (
      const target of ["/a..b", "/...", "/a%2fb", "//evil.example/x", "http://evil.example/x", "/x?../.."]
    ) {
      assert.equal(statusOf((await raw(port, get(target))).text), 200, target);
    }
    assert.deepEqual(seen, ["/a..b", "/...", "/a%2fb", "//evil.example/x", "/x", "/x"]);
  });
});

const POST = "POST / HTTP/1.1\r\nHost: localhost\r\n";

const MALFORMED: Record<string, string> = {
  "two lengths": `${POST}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde`,
  "length and chunks":
    `${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n`,
  "negative length": `${POST}Content-Length: -3\r\n\r\nabc`,
  "length in words": `${POST}Content-Length: abc\r\n\r\nabc`,
  "chunk size not hex": `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n`,
  "huge header": `${POST}A: ${"b".repeat(65_536)}\r\n\r\n`,
  "no host": "GET / HTTP/1.1\r\n\r\n",
  "NUL in the path": "GET /a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "NUL in a header": "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\0c\r\n\r\n",
  "space before the colon": "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
  "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
  "HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
};

Deno.test("malformed HTTP is refused and the connection closed; the server goes on", async () => {
  const seen: string[] = [];
  const handler = (request: Request) => {
    seen.push(request.url);
    return echo(request);
  };
  await withServer({ handler }, async ({ port, url }) => {
    for (const [name, text] of Object.entries(MALFORMED)) {
      const answer = await raw(port, text, 1000);
      assert.equal(statusOf(answer.text), name === "huge header" ? 431 : 400, name);
      assert.ok(answer.closed, name);
    }
    assert.ok(seen.every((target) => !target.includes("smuggled")));
    const many = Array.from({ length: 1000 }, (_, i) => `h${i}: 1\r\n`).join("");
    await raw(port, `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${many}\r\n`);
    const pipelined = await raw(port, get("/", "localhost", "keep-alive").repeat(200));
    assert.equal(pipelined.text.match(/HTTP\/1\.1 201/g)?.length, 200);
    const chunks = await raw(
      port,
      `${POST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${"1\r\na\r\n".repeat(20_000)}0\r\n\r\n`,
      2000,
    );
    assert.match(chunks.text, /POST \/ null 20000/);
    assert.equal((await raw(port, "CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n")).closed, true);
    assert.equal(
      statusOf((await raw(port, "TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).text),
      405,
    );
    assert.equal((await fetch(url)).status, 201);
  });
});

Deno.test("clients that never finish are dropped: silent, half a header, half a body, not reading", async () => {
  const failures: unknown[] = [];
  let cancelled = false;
  const handler = (request: Request): Promise<Response> | Response => {
    if (!request.url.endsWith("/endless")) return echo(request);
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(1 << 20));
    return new Response(
      new ReadableStream({ pull, cancel: () => void (cancelled = true) }, { highWaterMark: 0 }),
    );
  };
  const timeouts = { headers: 300, request: 600, stall: 300 };
  await withServer({ handler, timeouts, onError: (error) => failures.push(error) }, async ({ port, url }) => {
    const started = performance.now();
    const slow = ["", "GET / HTTP/1.1\r\nHost: loc", `${POST}Content-Length: 100\r\n\r\nabc`].flatMap((
      text,
    ) => Array.from({ length: 20 }, () => raw(port, text, 5000)));
    const endless = await Deno.connect({ hostname: "127.0.0.1", port });
    await endless.write(new TextEncoder().encode(get("/endless")));
    assert.equal((await fetch(url)).status, 201, "others are answered meanwhile");
    const answers = await Promise.all(slow);
    assert.ok(answers.every((answer) => answer.closed));
    assert.ok(performance.now() - started < 4000);
    while (!cancelled) await new Promise((wake) => setTimeout(wake, 20));
    endless.close();
    assert.deepEqual(failures, [], "a client that goes away is no failure of ours");
  });
});
