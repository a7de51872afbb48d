import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import { type HttpOptions, type HttpServer, startHttp } from "../../server/http.ts";
import { raw, statusOf } from "./raw.ts";

type Setup = Partial<HttpOptions> & Pick<HttpOptions, "handler">;

async function withServer(setup: Setup, work: (server: HttpServer) => Promise<void>): Promise<void> {
  const server = await startHttp({ port: 0, ...setup });
  try {
    await work(server);
  } finally {
    await server.close(200);
  }
}

const echo = async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url);
  const body = request.method === "GET" ? "" : await request.text();
  return new Response(`${request.method} ${pathname}${search} ${request.headers.get("x-a")} ${body.length}`, {
    status: 201,
    headers: [["x-b", "c"], ["set-cookie", "a=1"], ["set-cookie", "b=2"]],
  });
};

const get = (path: string, host = "localhost", connection = "close") =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: ${connection}\r\n\r\n`;

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
