/**
 * A training run in a process of its own: `paddock train --json`, its events read back.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { UserError } from "../../core/mod.ts";
import type { ResultEvent, RunEvent } from "./events.ts";

export interface Child {
  /** The result; rejects with a UserError that says why, where the run failed. */
  readonly result: Promise<ResultEvent>;
  /** Ask it to save and stop. Asking again changes nothing: a second signal would end it at once. */
  stop(): void;
}

/**
 * Start `paddock train` with `flags`, under the permissions that this process has.
 *
 * @param label names the run in errors
 * @param tell is given its events as they come
 */
export function trainChild(label: string, flags: readonly string[], tell: (event: RunEvent) => void): Child {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions(), mainModule(), "train", ...flags, "--json"],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // Ctrl-C goes to us alone; we pass it on, once
  }).spawn();
  const follow = async (): Promise<ResultEvent> => {
    const errors = new Response(child.stderr).text();
    let result: ResultEvent | undefined, failure: string | undefined;
    for await (const line of linesOf(child.stdout)) {
      const event = parse(line);
      if (event?.event === "error") failure = event.error;
      else if (event) tell(event);
      if (event?.event === "result") result = event;
    }
    const { code, signal } = await child.status;
    if (result) return result;
    const why = failure ?? ((await errors).trim() || `it ended with ${signal ?? `exit code ${code}`}`);
    throw new UserError(`the ${label} training failed: ${why}`);
  };
  let asked = false;
  return {
    result: follow(),
    stop() {
      if (!asked) stop(child);
      asked = true;
    },
  };
}

function stop(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch {
    return; // it has ended already
  }
}

/** The flags that grant a child what this process was granted. */
function permissions(): string[] {
  const names = ["read", "write", "env", "sys", "ffi", "run", "net"] as const;
  return names
    .filter((name) => Deno.permissions.querySync({ name }).state === "granted")
    .map((name) => `--allow-${name}`);
}

function mainModule(): string {
  return fileURLToPath(new URL("../../main.ts", import.meta.url));
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function parse(line: string): RunEvent | { event: "error"; error: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
