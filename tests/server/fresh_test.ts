import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { h } from "preact";
import { App, type Handler, HttpError, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import { scriptJson } from "../../server/fresh/json.ts";
import { compare, decodePath, match, pattern } from "../../server/fresh/pattern.ts";
import { routePattern } from "../../server/fresh/files.ts";
import { resolveStatic } from "../../server/fresh/static.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixture = "tests/server/fresh_fixture";

const apply = await new Builder({
  root,
  routeDir: `${fixture}/routes`,
  islandDir: `${fixture}/islands`,
  staticDir: `${fixture}/static`,
}).build();

function app(): App<unknown> {
  const made = new App<unknown>().use(staticFiles()).fsRoutes();
  apply(made);
  return made;
}

const ask = (handler: Handler, path: string, init?: RequestInit) =>
  handler(new Request(`http://localhost${path}`, init));

/** What the app told its operator while `work` ran. */
async function reports(work: () => Promise<void>): Promise<unknown[]> {
  const said: unknown[] = [];
  const { error } = globalThis["console"];
  Object.assign(globalThis["console"], { error: (...args: unknown[]) => said.push(...args) });
  try {
    await work();
  } finally {
    Object.assign(globalThis["console"], { error });
  }
  return said;
}

async function text(handler: Handler, path: string, init?: RequestInit): Promise<[number, string]> {
  const response = await ask(handler, path, init);
  return [response.status, await response.text()];
}

Deno.test("routePattern() reads Fresh's file names", () => {
  assert.equal(routePattern("index"), "/");
  assert.equal(routePattern("runs/[name]/index"), "/runs/:name");
  assert.equal(routePattern("(pages)/about"), "/about");
  assert.equal(routePattern("docs/[[page]]"), "/docs/:page?");
  assert.equal(routePattern("files/[...path]"), "/files/:path*");
  assert.throws(() => routePattern("a[b]c"), /expected a name/);
});

Deno.test("pattern() sorts static before parameter before optional before wildcard", () => {
  const sorted = ["/*", "/a/:b*", "/a/:b?", "/:x/b", "/a/:b", "/a/b", "/a"].map(pattern).sort(compare);
  assert.deepEqual(sorted.map((p) => p.text), ["/a/b", "/a/:b", "/a", "/a/:b?", "/a/:b*", "/:x/b", "/*"]);
  assert.throws(() => pattern("/*/a"), /must be the last/);
});

Deno.test("match() gives decoded parameters, and none for an empty segment", () => {
  assert.deepEqual(match(pattern("/runs/:name"), decodePath("/runs/a%20b%2Fc/")), { name: "a b/c" });
  assert.deepEqual(match(pattern("/api/*"), decodePath("/api/x/y")), { 0: "x/y" });
  assert.deepEqual(match(pattern("/docs/:page?"), decodePath("/docs")), {});
  assert.equal(match(pattern("/runs/:name"), decodePath("/runs//x")), undefined);
  assert.equal(match(pattern("/runs/:name"), decodePath("/runs/a/b")), undefined);
});

Deno.test("a file route is chosen by its most specific pattern", async () => {
  const handler = app().handler();
  assert.match((await text(handler, "/items/new"))[1], /<h1>New item<\/h1>/);
  assert.match((await text(handler, "/items/7"))[1], /<section class="items"><h1>Item 7<\/h1><\/section>/);
  assert.deepEqual(await text(handler, "/items/a/b", { method: "POST" }), [200, "posted a/b"]);
});

Deno.test("middleware files wrap their folder, the root outermost", async () => {
  const handler = app().handler();
  assert.equal((await ask(handler, "/items/7")).headers.get("x-trail"), "items, root");
  assert.equal((await ask(handler, "/")).headers.get("x-trail"), "root");
  assert.equal((await ask(handler, "/items/7")).headers.get("x-item"), "yes");
});

Deno.test("middleware runs for later routes and its own path only, and for what nothing answers", async () => {
  const seen: string[] = [];
  const handler = new App<unknown>()
    .get("/early", () => new Response("early"))
    .use((ctx) => (seen.push("all"), ctx.next()))
    .use("/a/:x", (ctx) => (seen.push("a"), ctx.next()))
    .get("/a/b/c", () => new Response("c"))
    .handler();
  await ask(handler, "/early");
  assert.deepEqual(seen, []);
  await ask(handler, "/a/b/c");
  assert.deepEqual(seen.splice(0), ["all", "a"]);
  assert.equal((await ask(handler, "/nothing")).status, 404);
  assert.deepEqual(seen, ["all"]);
});

Deno.test("next() called twice runs the same rest of the chain twice", async () => {
  let runs = 0;
  const handler = new App<unknown>()
    .use(async (ctx) => (await ctx.next(), await ctx.next()))
    .use((ctx) => ctx.next())
    .get("/", () => new Response(String(++runs)))
    .handler();
  assert.deepEqual(await text(handler, "/"), [200, "2"]);
});

Deno.test("a known path with another method answers 405 and names what it allows", async () => {
  const handler = app().handler();
  const put = await ask(handler, "/items/7", { method: "PUT" });
  assert.deepEqual([put.status, put.headers.get("allow")], [405, "GET, HEAD"]);
  const home = await ask(handler, "/", { method: "POST" });
  assert.deepEqual([home.status, home.headers.get("allow")], [405, "GET, HEAD"]);
  const rest = await ask(handler, "/items/a/b");
  assert.deepEqual([rest.status, rest.headers.get("allow")], [405, "POST"]);
});

Deno.test("HEAD answers like GET without a body", async () => {
  const handler = app().handler();
  for (const path of ["/", "/items/7", "/site.css"]) {
    const [head, get] = [await ask(handler, path, { method: "HEAD" }), await ask(handler, path)];
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("content-type"), get.headers.get("content-type"));
    assert.equal(await head.text(), "");
    assert.notEqual(await get.text(), "");
  }
});

Deno.test("errors show the _error page inside _app; only an HttpError's message is shown", async () => {
  const handler = app().handler();
  const [missing, missingText] = await text(handler, "/items/missing");
  assert.equal(missing, 404);
  assert.match(
    missingText,
    /<title>Fixture<\/title>.*<main class="error">404 No item &quot;missing&quot;<\/main>/,
  );
  assert.equal((await text(handler, "/nowhere"))[0], 404);
  assert.equal((await ask(handler, "/nowhere")).headers.get("x-trail"), "root");

  const reported = await reports(async () => {
    const [status, body] = await text(handler, "/items/broken");
    assert.equal(status, 500);
    assert.match(body, /500 Internal server error/);
    assert.doesNotMatch(body, /secret/);
  });
  assert.match(String(reported[0]), /secret detail/);
});

Deno.test("an error without an _error page is plain text under the strictest policy", async () => {
  const handler = new App<unknown>().get("/", () => {
    throw new HttpError(403, "<b>no</b>");
  }).handler();
  const response = await ask(handler, "/");
  assert.deepEqual([response.status, await response.text()], [403, "<b>no</b>\n"]);
  assert.match(response.headers.get("content-type")!, /^text\/plain/);
  assert.equal(response.headers.get("content-security-policy"), "default-src 'none'");
  assert.equal((await ask(handler, "/%zz")).status, 400);
});

Deno.test("static files never leave their folder", async () => {
  const handler = app().handler();
  assert.deepEqual(await text(handler, "/sub/page.txt"), [200, "deep\n"]);
  const outside = [
    "/%2e%2e%2foutside.txt",
    "/..%2foutside.txt",
    "/sub%2f..%2f..%2foutside.txt",
    "/%2e%2e/outside.txt",
    "/sub/..%5c..%5coutside.txt",
    "/sub%2fpage.txt",
    "/.secret",
    "/%2esecret",
    "/site.css%00.txt",
    "//etc/passwd",
    "/sub",
    "/",
  ];
  for (const path of outside.slice(0, -1)) assert.equal((await ask(handler, path)).status, 404, path);
  const dir = `${root}/${fixture}/static`;
  for (const path of outside) assert.equal(await resolveStatic(dir, path), undefined, path);
});

Deno.test("a link in the static folder does not lead out of it", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${dir}/static`);
    await Deno.mkdir(`${dir}/static-private`);
    await Deno.writeTextFile(`${dir}/static-private/secret.txt`, "secret");
    await Deno.writeTextFile(`${dir}/static/own.txt`, "own");
    await Deno.symlink(`${dir}/static-private/secret.txt`, `${dir}/static/out.txt`);
    await Deno.symlink(`${dir}/static/own.txt`, `${dir}/static/in.txt`);
    assert.equal(await resolveStatic(`${dir}/static`, "/out.txt"), undefined);
    assert.match(await resolveStatic(`${dir}/static`, "/in.txt") ?? "", /own\.txt$/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("static files revalidate, or stay while the build lasts when addressed by asset()", async () => {
  const handler = app().handler();
  const first = await ask(handler, "/site.css");
  assert.equal(first.headers.get("cache-control"), "no-cache");
  assert.equal(first.headers.get("content-type"), "text/css; charset=utf-8");
  await first.text();
  const again = await ask(handler, "/site.css", { headers: { "if-none-match": first.headers.get("etag")! } });
  assert.equal(again.status, 304);
  const href = /href="(\/site\.css\?__frsh_c=\w+)"/.exec((await text(handler, "/"))[1])![1]!;
  assert.match((await ask(handler, href)).headers.get("cache-control")!, /immutable/);
  assert.equal((await ask(handler, "/site.css?__frsh_c=old")).headers.get("cache-control"), "no-cache");
});

Deno.test("scriptJson() leaves nothing that could end its script tag, and parses back", () => {
  const value = { a: "</script><!--\u2028&", b: [1, null] };
  const json = scriptJson(value);
  assert.doesNotMatch(json, /[<>&\u2028\u2029]/);
  assert.deepEqual(JSON.parse(json), value);
});

Deno.test("a page marks its islands and carries their props and modules", async () => {
  const handler = app().handler();
  const [, html] = await text(handler, "/");
  const json = /<script type="application\/json" id="fresh-islands">(.*?)<\/script>/.exec(html)![1]!;
  const manifest: { islands: Record<string, string>; props: unknown[] } = JSON.parse(json);
  assert.deepEqual(manifest.props, [{ label: "</script><script>alert(1)</script>", start: 3 }, { start: 1 }]);
  assert.deepEqual(Object.keys(manifest.islands), ["Counter#default", "Counter#Twice"]);
  assert.equal(html.match(/<fresh-island/g)!.length, 2, "an island inside an island is not marked");
  assert.doesNotMatch(html, /<script>alert/);
  const boot = /<script type="module" src="([^"]+)"><\/script><\/body>/.exec(html)![1]!;
  for (const url of [boot, ...Object.values(manifest.islands)]) {
    const script = await ask(handler, url);
    assert.equal(script.headers.get("content-type"), "text/javascript; charset=utf-8");
    assert.notEqual(await script.text(), "");
    assert.match(html, new RegExp(`<link rel="modulepreload" href="${url}">.*</head>`));
  }
  assert.doesNotMatch(
    (await text(handler, "/items/7"))[1],
    /<script/,
    "a page without islands has no script",
  );
});

Deno.test("an island refuses props that JSON would lose", async () => {
  const { default: Counter } = await import("./fresh_fixture/islands/Counter.tsx");
  const refused = new App<unknown>().get("/", (ctx) => ctx.render(h(Counter, { start: NaN })));
  apply(refused);
  const reported = await reports(async () => {
    assert.equal((await ask(refused.handler(), "/")).status, 500);
  });
  assert.match(String(reported[0]), /Island Counter#default: prop "start"/);
});

Deno.test("redirect() stays on this site", async () => {
  const handler = new App<unknown>().get("/:to*", (ctx) => ctx.redirect(ctx.url.searchParams.get("to")!))
    .handler();
  for (const to of ["//evil.example", "/\\evil.example", "///evil.example"]) {
    const response = await ask(handler, `/?to=${encodeURIComponent(to)}`);
    assert.deepEqual([response.status, response.headers.get("location")], [302, "/evil.example"]);
  }
});
