/**
 * `Deno` and the builtins of Node stay where no browser looks: everything else also runs in a browser tab.
 *
 * @module
 */
import { onGlobal } from "./globals.ts";
import { onImport } from "./imports.ts";
import { placeOf } from "./place.ts";

const folders = new Set(["server", "tests", "bench", "tools"]);
const files = new Set(["main.ts", "tensor/runtime/node.ts"]);

/** Packages that need a file system, a process or a native library. */
const nativePackages = /^(npm:)?(onnxruntime-node|esbuild|puppeteer-core|commander|cli-progress)(@|\/|$)/;

const hint =
  "this folder also runs in a browser tab: take what you need as an argument, and let server/ or main.ts pass it in";

export const denoOnlyInServer: Deno.lint.Rule = {
  create(context) {
    const place = placeOf(context.filename);
    if (place === undefined || folders.has(place.folder) || files.has(place.path)) return {};
    return {
      ...onGlobal("Deno", (node) => context.report({ node, message: "Deno is not in the browser", hint })),
      ...onImport((specifier, node) => {
        if (specifier.startsWith("node:") || nativePackages.test(specifier)) {
          context.report({ node, message: `${specifier} is not in the browser`, hint });
        }
      }),
    };
  },
};
