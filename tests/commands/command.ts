/** Runs `paddock` in a process of its own, as a person or a script would. */
import { fileURLToPath } from "node:url";
import type { RunEvent } from "../../server/run.ts";

export const main = fileURLToPath(new URL("../../main.ts", import.meta.url));

/** What a command left behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export function spawn(args: readonly string[], cwd?: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", main, ...args],
    ...cwd !== undefined && { cwd },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** What Deno itself says where several of these processes look at the packages at once. */
const denoWaits = "Blocking waiting for file lock on node_modules directory\n";

/** Run to the end. */
export async function paddock(args: readonly string[], cwd?: string): Promise<Outcome> {
  const { code, stdout, stderr } = await spawn(args, cwd).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr).replace(denoWaits, "") };
}

/** The events of `train --json`, as they come. */
export async function* eventsOf(child: Deno.ChildProcess): AsyncGenerator<RunEvent> {
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}

/** A training of 60 updates that takes a second: two robots, tiny networks. */
export const smallRun: readonly string[] = [
  "train --scenario safe/crossing --algorithm mappo --constraint lagrangian --param N=2",
  "--set horizon=10 hidden=[8] epochs=2 minibatches=2 --envs 4 --steps 2400",
  "--checkpoint-every 3 --evaluate-every 5 --evaluate-episodes 4 --report-episodes 4 --seed 5",
].join(" ").split(" ");

/** A folder that is removed after `work`. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "paddock-" });
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
