/**
 * The house rules, a plugin of `deno lint`: what must not be remembered. Each report says the cure in its hint.
 *
 * @module
 */
import { denoOnlyInServer } from "./lint/deno_only.ts";
import { exactMath } from "./lint/exact_math.ts";
import { functionConstructor } from "./lint/function_constructor.ts";
import { layers } from "./lint/layers.ts";

export default {
  name: "house",
  rules: {
    "layers": layers,
    "exact-math": exactMath,
    "deno-only-in-server": denoOnlyInServer,
    "function-constructor": functionConstructor,
  },
} satisfies Deno.lint.Plugin;
