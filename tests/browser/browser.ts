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
import { CHROMIUM, CHROMIUM_FLAGS, required } from "./programs.ts";

export interface Stand {
  readonly browser: Browser;
  readonly url: string;
  readonly store: Store;
  readonly workspace: Workspace;
  /** A page that keeps what went wrong on it; `check` throws if anything did. `before` runs in it before any script. */
  open(path: string, before?: () => void): Promise<{ page: Page; check: () => Promise<void> }>;
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
  const { missing } = CHROMIUM;
  const ignore = missing !== undefined && !required;
  Deno.test({
    name: ignore ? `${name} (ignored: ${missing})` : name,
    ignore,
    // the driver keeps sockets and timers of its own
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => withStand(fill, work),
  });
}

/** A dashboard that `fill` fills, and a browser on it, while `work` runs. */
export async function withStand(
  fill: (store: Store, workspace: Workspace) => void,
  work: (stand: Stand) => Promise<void>,
): Promise<void> {
  if (CHROMIUM.path === undefined) throw new Error(CHROMIUM.missing);
  const dir = await Deno.makeTempDir({ prefix: "paddock-browser-" });
  const workspace = openWorkspace(dir);
  const store = openStore(workspace.database);
  fill(store, workspace);
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const handle = (await openApp({ store, api: apiHandler({ store, workspace, onError }) })).handler();
  const server = await startHttp({ handler: (request) => handle(request), port: 0, onError });
  const browser = await puppeteer.launch({
    executablePath: CHROMIUM.path,
    headless: true,
    args: CHROMIUM_FLAGS,
  });
  try {
    await work({
      browser,
      url: server.url,
      store,
      workspace,
      open: (path, before) => openPage(browser, server.url + path, before),
    });
    if (errors.length > 0) throw errors[0];
  } finally {
    await browser.close();
    await server.close(0);
    store.close();
    await Deno.remove(dir, { recursive: true });
  }
}

async function openPage(
  browser: Browser,
  url: string,
  before: () => void = () => {},
): Promise<{ page: Page; check: () => Promise<void> }> {
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
  await page.evaluateOnNewDocument(before);
  await page.goto(url, { waitUntil: "load" });
  const check = async () => {
    const violation = await page.evaluate(() => sessionStorage.getItem("violation"));
    if (violation !== null) wrong.push(`policy violated: ${violation}`);
    if (wrong.length > 0) throw new Error(`${page.url()}: ${wrong.join("; ")}`);
  };
  return { page, check };
}
