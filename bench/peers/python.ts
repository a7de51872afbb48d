/**
 * A peer written in Python, kept running and asked by lines of JSON: one object in, one object out. Its first line says
 * its version, or which package is missing.
 *
 * @module
 */
import { createInterface } from "node:readline";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { UserError } from "../../core/mod.ts";
import type { Chunk } from "../measure.ts";

export interface Peer {
  readonly version: string;
  /** Sends one request and waits for its answer. */
  ask(request: Record<string, unknown>): Promise<unknown>;
  /** A chunk of the work the script measures. */
  run(seconds: number): Promise<Chunk>;
  close(): void;
}

export interface Missing {
  readonly missing: string;
}

/** The environment variable that names a peer's interpreter, and the packages that it must have. */
const interpreters = {
  PADDOCK_PYTHON: "bench/peers/requirements.txt",
  /** Of its own, since JaxMARL wants an older Gymnasium than the other peers. */
  PADDOCK_JAX_PYTHON: "bench/peers/requirements-jax.txt",
} as const;

/** Threads of every numerical library a peer may load. */
const oneThread = { OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };

/** Starts `bench/peers/SCRIPT`; what is missing where Python or a package is. */
export async function openPeer(
  script: string,
  interpreter: keyof typeof interpreters = "PADDOCK_PYTHON",
): Promise<Peer | Missing> {
  const python = Deno.env.get(interpreter) ?? "python3";
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(python, [path], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...Deno.env.toObject(), ...oneThread },
  });
  const failed = once(child, "error").then(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const line = await Promise.race([lines.next(), failed]);
    if (line === undefined) return { missing: `${python} (it does not start)` };
    if (line.done) throw new UserError(`${script} stopped without an answer: see its message above`);
    return JSON.parse(line.value);
  };
  const hello = await answer();
  if (hello.missing !== undefined) {
    const cure = `install ${interpreters[interpreter]} and set ${interpreter} to that interpreter`;
    return { missing: `no ${hello.missing}; ${cure}` };
  }
  const ask = (request: Record<string, unknown>) => {
    child.stdin.write(JSON.stringify(request) + "\n");
    return answer();
  };
  return {
    version: String(hello.version),
    ask,
    run: async (seconds) => {
      const { work, seconds: used } = await ask({ op: "run", seconds });
      return { work: Number(work), seconds: Number(used) };
    },
    close: () => child.stdin.end(),
  };
}
