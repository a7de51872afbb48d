/**
 * The names that `paddock train --name` gives to runs and to the summary of several seeds, checked before step 0.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../../core/mod.ts";
import { usage } from "../cli/flags.ts";
import { listed, resumeLine } from "../cli/format.ts";
import { openWorkspace } from "../workspace.ts";
import { checkedName } from "../workspace/files.ts";
import type { TrainFlags } from "./train.ts";

/** What the file ends with that sums up several seeds. */
export const summarySuffix = ".seeds.json";

/** Path of the summary that is called `name`, in the folder of runs. */
export function summaryPath(runs: string, name: string): string {
  return join(resolve(runs), name + summarySuffix);
}

/** The name of a seed's run: that of them all and the seed; undefined where none was given. */
export function seedName(name: string | undefined, seed: number): string | undefined {
  return name === undefined ? undefined : `${name}-${seed}`;
}

/** The seeds that `flags` ask for. */
export function seedsOf({ seed, seeds }: TrainFlags): number[] {
  return Array.from({ length: seeds }, (_, i) => seed + i);
}

/** Throws a UsageError where `--name` is none, or where a run or a summary has it already. Writes nothing. */
export async function checkNames(flags: TrainFlags): Promise<void> {
  const { name, runs } = flags;
  if (name === undefined) return;
  const names = flags.seeds === 1 ? [name] : seedsOf(flags).map((seed) => seedName(name, seed)!);
  usage(() => names.forEach((name) => checkedName(name, "--name")));
  const taken = await takenOf(runs, names);
  const summary = summaryPath(runs, name);
  const summed = flags.seeds > 1 && existsSync(summary);
  if (taken.length === 0 && !summed) return;
  const found = [...taken, ...summed ? [basename(summary)] : []];
  const path = summed ? summary : taken.length === 1 ? join(resolve(runs), taken[0]!) : undefined;
  const cure = path === undefined ? "" : `, or go on with what is there: ${resumeLine(path)}`;
  throw new UsageError(
    `--name ${name}: there is already ${listed(found)} in ${resolve(runs)}. Choose another --name${cure}`,
  );
}

/** Those of `names` that have a folder, or that the store still knows though their folders are gone. */
async function takenOf(runs: string, names: readonly string[]): Promise<string[]> {
  const { root, database } = openWorkspace(runs);
  const hasFolder = (name: string) => existsSync(join(root, name));
  if (!existsSync(database)) return names.filter(hasFolder);
  const { openStore } = await import("../store.ts");
  const store = openStore(database);
  try {
    return names.filter((name) => hasFolder(name) || store.run(name) !== undefined);
  } finally {
    store.close();
  }
}
