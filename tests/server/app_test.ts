import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { openApp } from "../../server/app.ts";
import { apiHandler } from "../../server/api/app.ts";
import { openStore, type Store } from "../../server/store.ts";
import { openWorkspace, type Workspace } from "../../server/workspace.ts";
import { recordReplays } from "../browser/recordings.ts";
import { fillStore, SKETCHES } from "../browser/sketches.ts";

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** The dashboard over a store that `fill` wrote. */
async function withApp(
  fill: (store: Store, workspace: Workspace) => void,
  work: (ask: Ask) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  const workspace = openWorkspace(dir);
  const store = openStore(workspace.database);
  try {
    fill(store, workspace);
    const serving = (req: Request) => Response.json({ served: new URL(req.url).pathname });
    const handler = (await openApp({ store, api: apiHandler({ store, workspace }), serving })).handler();
    await work((path, init) => handler(new Request(`http://127.0.0.1${path}`, init)));
  } finally {
    store.close();
    await Deno.remove(dir, { recursive: true });
  }
}

const NAME = SKETCHES[0]!.row.name;

Deno.test("every kind of answer carries the page's policy, and no page breaks it", () =>
  withApp(fillStore, async (ask) => {
    for (
      const path of ["/", `/runs/${NAME}`, "/runs/none", "/base.css", "/uplot.css", "/api/runs", "/v2"]
    ) {
      const response = await ask(path);
      const policy = response.headers.get("content-security-policy")!;
      assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/, path);
      assert.doesNotMatch(policy, /'unsafe-(inline|eval)'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      const body = await response.text();
      if (!response.headers.get("content-type")!.startsWith("text/html")) continue;
      assert.doesNotMatch(body, /<[^>]+\s(style|on\w+)=/, `${path} has inline style or code`);
      for (const [, attributes] of body.matchAll(/<script([^>]*)>/g)) {
        assert.match(attributes!, /src="\/_fresh\/|type="application\/json"/);
      }
      assert.doesNotMatch(body, /(href|src)="(https?:)?\/\//, `${path} asks another host`);
    }
  }));

Deno.test("the list shows each run with its state and limits", () =>
  withApp(fillStore, async (ask) => {
    const html = await (await ask("/")).text();
    for (const { row } of SKETCHES) assert.match(html, new RegExp(`href="/runs/${row.name}"`));
    assert.match(html, /4 runs, 1 running/);
    assert.match(html, /aria-label="Cost contact: [\d.]+, limit 2"/);
  }));

Deno.test("an empty workspace says which command fills it, and waits for its runs", () =>
  withApp(() => {}, async (ask) => {
    const html = await (await ask("/")).text();
    assert.match(html, /deno task demo/);
    assert.match(html, /data-island="RunList#default"/);
  }));

Deno.test("a run's page shows limits with intervals, tails and every evaluation", () =>
  withApp(fillStore, async (ask) => {
    const html = await (await ask(`/runs/${NAME}`)).text();
    assert.match(html, new RegExp(`<title>${NAME} · Paddock</title>`));
    assert.match(html, /From 200 evaluation episodes, stochastic policy, seed 7/);
    assert.match(html, /aria-label="Cost contact: 1\.84, limit 2, 95 % interval 1\.71 – 1\.97"/);
    assert.match(html, /Deterministic.*Stochastic|Stochastic.*Deterministic/s);
    assert.match(html, /within limit/);
  }));

Deno.test("a run or replay that is not there answers 404 and names it, escaped", () =>
  withApp(fillStore, async (ask) => {
    for (const path of ["/runs/%3Cscript%3Ex", `/runs/${NAME}/replays/0009.replay`, `/runs/..%2f..%2fetc`]) {
      const response = await ask(path);
      assert.equal(response.status, 404);
      assert.doesNotMatch(await response.text(), /<script>x/);
    }
  }));

Deno.test("hostile text of a run stays text", () =>
  withApp((store) => {
    const text = `</script><img src=x onerror=alert(1)>`;
    store.createRun({
      name: "hostile",
      scenario: text,
      algorithm: text,
      constraint: text,
      seed: 1,
      steps: 10,
      limits: [{ channel: text, scope: "team", kind: "episode", limit: 1 }],
      config: { text },
    });
  }, async (ask) => {
    for (const path of ["/", "/runs/hostile"]) {
      const html = await (await ask(path)).text();
      assert.match(html, /&lt;img|\\u003cimg/);
      assert.doesNotMatch(html, /<img/);
    }
  }));

Deno.test("the API and the inference protocol are mounted beside the pages", () =>
  withApp(fillStore, async (ask) => {
    assert.equal((await (await ask("/api/runs")).json()).length, SKETCHES.length);
    assert.deepEqual(await (await ask("/v2/health/live")).json(), { served: "/v2/health/live" });
    assert.equal((await ask("/", { method: "POST" })).status, 405);
  }));

/**
 * The most that a page may load, in KB of gzip: about twice what it is, a whole library less. That of replays holds all
 * scenarios, with the 70 KB of planck's physics under LunarLander.
 */
const BUDGETS: Readonly<Record<string, number>> = {
  "/": 80,
  [`/runs/${NAME}`]: 120,
  [`/runs/${NAME}/replays/0001.replay`]: 250,
};

Deno.test("pages load little script, and neither tfjs nor onnxruntime", () =>
  withApp((store, workspace) => {
    fillStore(store);
    recordReplays(store, workspace);
  }, async (ask) => {
    for (const [path, budget] of Object.entries(BUDGETS)) {
      const html = await (await ask(path)).text();
      let size = 0;
      for (const url of new Set(html.match(/\/_fresh\/js\/[\w-]+\.js/g))) {
        const script = await (await ask(url)).text();
        assert.doesNotMatch(script, /tfjs|onnxruntime/i, url);
        size += gzipSync(script).length / 1000;
      }
      assert.ok(size > 5 && size < budget, `${path} loads ${size.toFixed(1)} KB, its budget is ${budget}`);
    }
  }));
