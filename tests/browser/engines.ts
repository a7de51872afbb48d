/**
 * The engines that a replay must verify on: Deno, Node, Chromium and Firefox, each given the same program.
 *
 * @module
 */
import { build, stop } from "esbuild";
import puppeteer, { type LaunchOptions } from "puppeteer-core";
import type { BackendName } from "../../sim/mod.ts";
import type { Outcome } from "./bits.ts";
import { CHROMIUM, CHROMIUM_FLAGS, FIREFOX, NODE } from "./programs.ts";

/** One engine, and how to run the program of `bits.ts` on it. */
export interface Engine {
  readonly name: string;
  /** Whether it may make code out of text, which pages of ours may not. */
  readonly evaluates: boolean;
  /** What to do where it is not there; undefined where it is. */
  readonly missing: string | undefined;
  run(program: string, backends: readonly BackendName[]): Promise<Outcome>;
}

export const engines: readonly Engine[] = [
  {
    name: `Deno ${Deno.version.deno}`,
    evaluates: true,
    missing: undefined,
    async run(_, backends) {
      const { run } = await import("./bits.ts");
      return run(backends);
    },
  },
  { name: "Node", evaluates: true, missing: NODE.missing, run: onNode },
  {
    name: "Chromium",
    evaluates: false,
    missing: CHROMIUM.missing,
    run: (program, backends) =>
      inBrowser({ executablePath: CHROMIUM.path!, args: CHROMIUM_FLAGS }, program, backends),
  },
  {
    name: "Firefox",
    evaluates: false,
    missing: FIREFOX.missing,
    run: (program, backends) =>
      inBrowser({ browser: "firefox", executablePath: FIREFOX.path! }, program, backends),
  },
];

/** `bits.ts` and all it imports as one module, which leaves its function as `globalThis.run`. */
export async function bundle(): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [new URL("bits.ts", import.meta.url).pathname],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "bits",
      footer: { js: "globalThis.run = bits.run;" },
      platform: "browser",
      target: "es2022",
      tsconfigRaw: {},
      logLevel: "silent",
    });
    return outputFiles[0]!.text;
  } finally {
    await stop();
  }
}

async function onNode(program: string, backends: readonly BackendName[]): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "paddock-node-" });
  try {
    const file = `${folder}/bits.cjs`;
    await Deno.writeTextFile(file, `${program}\nconsole.log(JSON.stringify(run(process.argv.slice(2))));`);
    const { success, stdout, stderr } = await new Deno.Command(NODE.path!, { args: [file, ...backends] })
      .output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What the dashboard's pages may do, and no more. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/** ms that a browser may take; the page computes without a pause. */
const PATIENCE = 600_000;

async function inBrowser(
  options: LaunchOptions,
  program: string,
  backends: readonly BackendName[],
): Promise<Outcome> {
  const headers = (type: string) => ({
    "content-type": `${type}; charset=utf-8`,
    "content-security-policy": POLICY,
  });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, ({ url }) => {
    return new URL(url).pathname === "/bits.js"
      ? new Response(program, { headers: headers("text/javascript") })
      : new Response('<!doctype html><script src="/bits.js"></script>', { headers: headers("text/html") });
  });
  const browser = await puppeteer.launch({ headless: true, protocolTimeout: PATIENCE, ...options });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    return await page.evaluate(
      (names) => (globalThis as unknown as typeof import("./bits.ts")).run(names),
      backends,
    );
  } finally {
    await browser.close();
    await server.shutdown();
  }
}
