/**
 * `deno task bench [NAME…] [--json]`: our speed beside that of our peers, measured in the same minutes on the same core.
 * A number below its bar is said, not punished: the exit code is 0. Peers that disagree with us about the result are an
 * error.
 *
 * Python peers need the packages of bench/peers/requirements.txt; `PADDOCK_PYTHON` names the interpreter that has them.
 *
 * @module
 */
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { suggest, UsageError, UserError } from "../core/mod.ts";
import { boardGames as boards } from "./board_games.ts";
import { cartpole } from "./cartpole.ts";
import { compile } from "./compile.ts";
import { grids } from "./grids.ts";
import { growth } from "./growth.ts";
import { lander } from "./lander.ts";
import { memory } from "./memory.ts";
import { mpe } from "./mpe.ts";
import { parallel } from "./parallel.ts";
import { peers } from "./peers.ts";
import { qmix } from "./qmix.ts";
import { recurrent } from "./recurrent.ts";
import { replay } from "./replay.ts";
import { type Benchmark, line, type Row } from "./rows.ts";
import { sac } from "./sac.ts";
import { scenariosBench as control } from "./scenarios.ts";
import { spread } from "./spread.ts";
import { tensor } from "./tensor.ts";
import { train } from "./training.ts";
import { wasm } from "./wasm.ts";
import { workers } from "./workers.ts";

/** Every benchmark by its own name. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  spread,
  wasm,
  control,
  lander,
  grids,
  boards,
  ...mpe,
  growth,
  peers,
  parallel,
  workers,
  replay,
  compile,
  tensor,
  qmix,
  recurrent,
  sac,
  train,
  cartpole,
  memory,
};

/** What a folder's name runs: all that measures it. */
const families: Readonly<Record<string, readonly string[]>> = {
  learners: ["tensor", "qmix", "recurrent", "sac", "train", "cartpole", "memory"],
  mpe: Object.keys(mpe),
  scenarios: ["control", "lander", "grids", "boards"],
  sim: ["spread", "wasm", "peers", ...Object.keys(mpe), "growth", "parallel", "workers", "replay", "compile"],
};

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
}

/** The benchmarks behind `names` (all, if there are none). Throws a UsageError that names the nearest. */
function choose(names: readonly string[]): readonly string[] {
  if (names.length === 0) return Object.keys(benchmarks);
  const known = [...new Set([...Object.keys(families), ...Object.keys(benchmarks)])];
  return names.flatMap((name) => {
    const found = families[name] ?? (name in benchmarks ? [name] : undefined);
    if (found) return found;
    const near = suggest(name, known);
    throw new UsageError(
      `no benchmark is called "${name}".${near ? ` Did you mean "${near}"?` : ""} There are: ${
        known.join(", ")
      }`,
    );
  });
}

/**
 * The rows of one benchmark. Each has a process of its own, whose compiler has seen nothing else: what another
 * benchmark ran before would make the same code slower.
 */
async function* rowsOf(name: string, alone: boolean): AsyncGenerator<Row> {
  if (alone) return yield* benchmarks[name]!();
  const args = ["run", "-A", fileURLToPath(import.meta.url), name, "--lines"];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
  for await (const line of createInterface({ input: Readable.fromWeb(child.stdout as never) })) {
    yield JSON.parse(line) as Row;
  }
  const { code } = await child.status;
  if (code !== 0) {
    throw new UserError(`the benchmark ${name} ended with exit code ${code}: see its message above`);
  }
}

/** Runs the named benchmarks one after the other; `lines` prints each row as JSON as soon as it is there. */
export async function bench(names: readonly string[], form: "text" | "json" | "lines"): Promise<Row[]> {
  const chosen = choose(names);
  if (form === "text") {
    const machine = cpus()[0]?.model ?? "unknown CPU";
    write(`${machine}, Deno ${Deno.version.deno}, V8 ${Deno.version.v8}; per CPU second`);
  }
  const rows: Row[] = [];
  for (const name of chosen) {
    for await (const row of rowsOf(name, form === "lines")) {
      rows.push(row);
      if (form !== "json") write(form === "text" ? line(row) : JSON.stringify(row));
    }
  }
  if (form === "json") write(JSON.stringify(rows, null, 2));
  return rows;
}

if (import.meta.main) {
  const names = Deno.args.filter((arg) => !arg.startsWith("--"));
  const form = Deno.args.includes("--json") ? "json" : Deno.args.includes("--lines") ? "lines" : "text";
  try {
    const unknown = Deno.args.find((arg) => arg.startsWith("--") && arg !== "--json" && arg !== "--lines");
    if (unknown) throw new UsageError(`unknown option "${unknown}". There is: --json`);
    await bench(names, form);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    Deno.stderr.writeSync(new TextEncoder().encode(error.message + "\n"));
    Deno.exit(error instanceof UsageError ? 2 : 1);
  }
}
