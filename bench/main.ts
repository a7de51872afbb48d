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
import { suggest, UsageError, UserError } from "../core/mod.ts";
import { compile } from "./compile.ts";
import { growth } from "./growth.ts";
import { mpe } from "./mpe.ts";
import { parallel } from "./parallel.ts";
import { peers } from "./peers.ts";
import { replay } from "./replay.ts";
import { type Benchmark, line, type Row } from "./rows.ts";
import { scenariosBench as scenarios } from "./scenarios.ts";
import { spread } from "./spread.ts";
import { tensor } from "./tensor.ts";
import { wasm } from "./wasm.ts";
import { workers } from "./workers.ts";

/** Every benchmark by its own name. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  spread,
  wasm,
  scenarios,
  mpe,
  growth,
  peers,
  parallel,
  workers,
  replay,
  compile,
  tensor,
};

/** What a folder's name runs: all that measures it. */
const families: Readonly<Record<string, readonly string[]>> = {
  sim: ["spread", "wasm", "peers", "mpe", "growth", "parallel", "workers", "replay", "compile"],
};

function write(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
}

/** Runs the named benchmarks (all, if none is named), one after the other. */
export async function bench(names: readonly string[], json: boolean): Promise<Row[]> {
  const chosen = names.length > 0
    ? names.flatMap((name) => families[name] ?? [name])
    : Object.keys(benchmarks);
  const known = [...Object.keys(families), ...Object.keys(benchmarks)];
  for (const name of chosen) {
    if (name in benchmarks) continue;
    const near = suggest(name, known);
    throw new UsageError(
      `no benchmark is called "${name}".${near ? ` Did you mean "${near}"?` : ""} There are: ${
        known.join(", ")
      }`,
    );
  }
  if (!json) {
    write(
      `${
        cpus()[0]?.model ?? "unknown CPU"
      }, Deno ${Deno.version.deno}, V8 ${Deno.version.v8}; per CPU second`,
    );
  }
  const rows: Row[] = [];
  for (const name of chosen) {
    for await (const row of benchmarks[name]!()) {
      rows.push(row);
      if (!json) write(line(row));
    }
  }
  if (json) write(JSON.stringify(rows, null, 2));
  return rows;
}

if (import.meta.main) {
  try {
    await bench(Deno.args.filter((arg) => arg !== "--json"), Deno.args.includes("--json"));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    Deno.stderr.writeSync(new TextEncoder().encode(error.message + "\n"));
    Deno.exit(error instanceof UsageError ? 2 : 1);
  }
}
