/**
 * The runtime of this process: the native one, or WebAssembly where that cannot be loaded.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { UserError } from "../../core/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { webRuntime } from "../../tensor/runtime/web.ts";
import { note } from "../cli/output.ts";

const kinds = ["native", "web"] as const;

/**
 * What `PADDOCK_RUNTIME` asks for: `web` takes WebAssembly though the native one would do, `native` nothing else.
 *
 * @throws UserError where it asks for something else
 */
export function wantedRuntime(): (typeof kinds)[number] | undefined {
  const found = Deno.env.get("PADDOCK_RUNTIME") ?? "";
  const kind = kinds.find((kind) => kind === found);
  if (found === "" || kind !== undefined) return kind;
  throw new UserError(
    `PADDOCK_RUNTIME=${found}: expected ${
      kinds.join(" or ")
    }, or nothing for the native one where it can be loaded`,
  );
}

/** @param threads that heavy models may use; WebAssembly has one */
export async function openRuntime(threads = 1): Promise<Runtime> {
  const wanted = wantedRuntime();
  if (wanted === "web") return await inWebAssembly();
  try {
    return nodeRuntime({ threads });
  } catch (error) {
    if (!(error instanceof UserError) || wanted === "native") throw error;
    note(`${error.message}\nGoing on in WebAssembly, 3 to 4 times slower`);
    return await inWebAssembly();
  }
}

async function inWebAssembly(): Promise<Runtime> {
  const file = (suffix: string) =>
    createRequire(import.meta.url).resolve(`onnxruntime-web/ort-wasm-simd-threaded.${suffix}`);
  const { default: factory } = await import(pathToFileURL(file("mjs")).href);
  return webRuntime({ factory, wasm: readFileSync(file("wasm")) });
}
