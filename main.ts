/**
 * The `paddock` command.
 *
 * @module
 */
import { main } from "./server/cli.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
