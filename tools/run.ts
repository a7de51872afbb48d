/**
 * Running a command and watching it at the same time.
 *
 * @module
 */
import { say } from "./say.ts";

/** The root of the project, with a slash at its end. */
export const root = new URL("../", import.meta.url);

/** No part of the tests needs longer; what does is stuck. */
const limitMinutes = 20;

export interface Ran {
  readonly code: number;
  /** What it printed on stdout and stderr, without colours. */
  readonly output: string;
}

/** Runs `deno ARGS` in the root. What it prints is passed on as it comes, unless `quiet`, and returned. */
export async function runDeno(args: readonly string[], quiet = false): Promise<Ran> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(limitMinutes * 60_000),
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
  }).spawn();
  const [out, err, status] = await Promise.all([
    collect(child.stdout, quiet ? undefined : Deno.stdout),
    collect(child.stderr, quiet ? undefined : Deno.stderr),
    child.status,
  ]);
  if (status.signal === "SIGTERM") say(`stopped after ${limitMinutes} minutes: deno ${args.join(" ")}`);
  return { code: status.code, output: out + err };
}

async function collect(
  from: ReadableStream<Uint8Array>,
  to: { writeSync(bytes: Uint8Array): number } | undefined,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of from) {
    for (let sent = 0; to !== undefined && sent < bytes.length;) sent += to.writeSync(bytes.subarray(sent));
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}
