/**
 * `deno task ok`: what to run before every commit. Formatting, lint with the house rules, types, types as a browser
 * sees them, and the fast tests.
 *
 * @module
 */
import { checks, fastTests, runParts } from "./parts.ts";

if (import.meta.main) Deno.exit(await runParts([...checks, fastTests]));
