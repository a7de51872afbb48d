/**
 * `deno task golden`: rewrites tests/conformance/hashes.json with the bits of the scenarios as they are now, and says
 * what changed. A changed hash means that replays of yesterday no longer verify: its reason belongs in the changelog.
 *
 * @module
 */
import { golden, nameOf, parting, subjects } from "../tests/conformance/golden.ts";
import { type GoldenFile, readGolden, writeGolden } from "../tests/conformance/golden_file.ts";
import { say } from "./say.ts";

/** What became of each subject, a line each; empty where nothing changed. */
export function changes(before: GoldenFile, after: GoldenFile): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    if (!(name in before)) return [`new      ${name}`];
    if (!(name in after)) return [`gone     ${name}`];
    const parts = parting(before[name]!, after[name]!);
    return parts === undefined ? [] : [`CHANGED  ${name} ${parts}`];
  });
}

if (import.meta.main) {
  const before = readGolden();
  const after = Object.fromEntries(subjects().map((subject) => [nameOf(subject), golden(subject, "js")]));
  const lines = changes(before, after);
  writeGolden(after);
  for (const line of lines) say(line);
  const changed = lines.filter((line) => line.startsWith("CHANGED")).length;
  say(`${Object.keys(after).length} plays, ${changed} changed`);
  if (changed > 0) say("Replays of these no longer verify. Say why in CHANGELOG.md");
}
