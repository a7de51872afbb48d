/**
 * The programs that tests drive, where they are installed. An environment variable (`CHROMIUM`, `FIREFOX`, `NODE`) may
 * name another.
 *
 * @module
 */

/** A program, or what to do where it is not there. */
export interface Found {
  readonly path: string | undefined;
  readonly missing: string | undefined;
}

/** No calls home: they fail in a closed network, and slow the start everywhere. */
export const CHROMIUM_FLAGS: string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const CHROMIUM = find("CHROMIUM", "chromium", ["chromium", "chromium-browser", "google-chrome"]);
export const FIREFOX = find("FIREFOX", "firefox-esr", ["firefox-esr", "firefox"]);
export const NODE = find("NODE", "nodejs", ["node"]);

/** Whether a missing program fails a test: where `CI` is set nobody would read that it was left out. */
export const required = Deno.env.get("CI") !== undefined;

function find(variable: string, packaged: string, names: readonly string[]): Found {
  const asked = Deno.env.get(variable);
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const places = asked === undefined
    ? names.flatMap((name) => folders.map((folder) => `${folder}/${name}`))
    : [asked];
  const path = places.find(isFile);
  if (path !== undefined) return { path, missing: undefined };
  const where = asked === undefined ? "on the PATH" : `at ${asked}`;
  return { path, missing: `no ${names[0]} ${where}: apt install ${packaged}, or name one in ${variable}` };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
