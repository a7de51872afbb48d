/**
 * The golden file, read and written.
 *
 * @module
 */
import type { Golden } from "./golden.ts";

const file = new URL("hashes.json", import.meta.url);

/** Subject -> its plays, as they were when the file was written last. */
export type GoldenFile = Readonly<Record<string, Golden>>;

export function readGolden(): GoldenFile {
  return JSON.parse(Deno.readTextFileSync(file));
}

export function writeGolden(plays: GoldenFile): void {
  Deno.writeTextFileSync(file, JSON.stringify(plays, null, 2) + "\n");
}
