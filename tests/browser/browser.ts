/**
 * A real browser for tests: Debian's Chromium, driven without a window.
 *
 * @module
 */
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { apiHandler } from "../../server/api/app.ts";
import { openApp } from "../../server/app.ts";
import { startHttp } from "../../server/http.ts";
import { openStore, type Store } from "../../server/store.ts";
import { openWorkspace, type Workspace } from "../../server/workspace.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** No calls home: they fail in a closed network, and slow the start everywhere. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Stand {
  readonly browser: Browser;
  readonly url: string;
  readonly store: Store;
  readonly workspace: Workspace;
  /** A page that keeps what went wrong on it; `check` throws if anything did. */
  open(path: string): Promise<{ page: Page; check: () => Promise<void> }>;
}

/**
 * A test in a browser on a dashboard that `fill` fills. Without Chromium it is ignored, with a word why; where `CI` is
 * set it fails, since nobody would read that word.
 */
export function browserTest(
  name: string,
  fill: (store: Store, workspace: Workspace) => void,
  work: (stand: Stand) => Promise<void>,
): void {
  const chromium = findChromium();
  const ignore = chromium === undefined && Deno.env.get("CI") === undefined;
  Deno.test({
    name: ignore ? `${name} (ignored: no Chromium here, set CHROMIUM or apt install chromium)` : name,
    ignore,
    // the driver keeps sockets and timers of its own
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => withStand(chromium, fill, work),
  });
}

function findChromium(): string | undefined {
  const asked = Deno.env.get("CHROMIUM");
  return [...(asked === undefined ? [] : [asked]), ...PLACES].find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

async function withStand(
  chromium: string | undefined,
  fill: (store: Store, workspace: Workspace) => void,
  work: (stand: Stand) => Promise<void>,
): Promise<void> {
  if (chromium === undefined) throw new Error(`No Chromium at ${PLACES.join(", ")} and none in CHROMIUM`);
  const dir = await Deno.makeTempDir({ prefix: "paddock-browser-" });
  const workspace = openWorkspace(dir);
  const store = openStore(workspace.database);
  fill(store, workspace);
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const handle = (await openApp({ store, api: apiHandler({ store, workspace, onError }) })).handler();
  const server = await startHttp({ handler: (request) => handle(request), port: 0, onError });
  const browser = await puppeteer.launch({ executablePath: chromium, headless: true, args: FLAGS });
  try {
    await work({
      browser,
      url: server.url,
      store,
      workspace,
      open: (path) => openPage(browser, server.url + path),
    });
    if (errors.length > 0) throw errors[0];
  } finally {
    await browser.close();
    await server.close(0);
    store.close();
    await Deno.remove(dir, { recursive: true });
  }
}

async function openPage(browser: Browser, url: string): Promise<{ page: Page; check: () => Promise<void> }> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  const wrong: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warn") wrong.push(message.text());
  });
  page.on("pageerror", (error) => wrong.push((error as Error).message));
  await page.evaluateOnNewDocument(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) => {
      sessionStorage.setItem("violation", `${violatedDirective}: ${blockedURI} in ${sourceFile}`);
    });
  });
  await page.goto(url, { waitUntil: "load" });
  const check = async () => {
    const violation = await page.evaluate(() => sessionStorage.getItem("violation"));
    if (violation !== null) wrong.push(`policy violated: ${violation}`);
    if (wrong.length > 0) throw new Error(`${page.url()}: ${wrong.join("; ")}`);
  };
  return { page, check };
}
