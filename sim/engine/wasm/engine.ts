/**
 * The backends `wasm64` and `wasm32`: a program as a WebAssembly module whose memory is the world's.
 *
 * @module
 */
import { UserError } from "../../../core/mod.ts";
import type { Autoreset, BackendName } from "../../types.ts";
import type { Engine } from "../engine.ts";
import type { Home } from "../evaluator.ts";
import { arrange, type Cells, inFloats, type Memory, view } from "../layout.ts";
import { forFloats, type Program } from "../program.ts";
import { hasSimd } from "./available.ts";
import { build, type Built } from "./build.ts";
import { OUTSIDE } from "./library.ts";
import { pagesOf } from "./module.ts";
import { finder } from "./searches.ts";

/** What a module exports. */
interface Exports {
  /** How many episodes ended. */
  readonly step: () => number;
  readonly reset: (env: number) => void;
  readonly observe: (env: number) => void;
  readonly suspicious?: () => number;
}

/** A module of E environments, its memory, and how to start it. */
export function assemble(
  program: Program,
  backend: BackendName & `wasm${string}`,
  E: number,
  autoreset: Autoreset,
): { readonly memory: Memory; start(home: Home): Engine } {
  const { scenario } = program.plan;
  const columns = backend === "wasm64" ? program.columns : program.columns.map(inFloats);
  const { offsets, size } = arrange(columns, E);
  const outside = program.plan.reset === "numpy" || autoreset === "disabled";
  const traced = backend === "wasm64" ? program : forFloats(program);
  const built = build(traced, backend, E, columns, { offsets, size, outside });
  const memory = reserve(built, scenario.id, E);
  const cells: Readonly<Record<string, Cells>> = view(columns, E, offsets, memory.buffer as ArrayBuffer);
  for (const { offset, bytes } of built.data) new Uint8Array(memory.buffer).set(bytes, offset);
  return {
    memory: { buffer: memory.buffer as ArrayBuffer, size, cells },
    start(home) {
      const { step, reset, observe, suspicious } = instantiate(built, memory, home);
      return {
        reset,
        observe,
        advance() {
          if (step() > 0) home.ended();
        },
        ...suspicious === undefined ? {} : { suspicious: () => suspicious() !== 0 },
      };
    },
  };
}

function reserve({ memory }: Built, scenario: string, E: number): WebAssembly.Memory {
  const pages = pagesOf(memory);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    const size = Math.ceil(memory / 1048576);
    throw new UserError(
      `${scenario}: ${E} environments need ${size} MiB of memory in one piece: use fewer envs`,
    );
  }
}

function instantiate({ bytes, searches }: Built, memory: WebAssembly.Memory, home: Home): Exports {
  const find = finder(searches, home.cells, memory.buffer as ArrayBuffer);
  const sim = { memory, find, finish: (env: number) => home.end(env), ...OUTSIDE };
  try {
    const module = new WebAssembly.Module(bytes);
    return new WebAssembly.Instance(module, { sim }).exports as unknown as Exports;
  } catch (error) {
    if (hasSimd()) throw error;
    throw new UserError(
      'this engine has no SIMD in WebAssembly: make the world with backend: "js" or "eval"',
    );
  }
}
