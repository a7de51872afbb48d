/**
 * The workspace: a folder of runs, each in a folder of its own, and the store's file beside them.
 *
 *     runs/paddock.db
 *     runs/crossing-mappo-lagrangian-1/config.json  checkpoints/  replays/*.replay  evaluations/*.json  policy*.onnx
 *
 * @module
 */
import { existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { settings, suggest, UsageError, UserError } from "../core/mod.ts";
import { type EvaluationReport, evaluationReport } from "../islands/protocol.ts";
import { listed, typed } from "./cli/format.ts";
import {
  type Checkpoint,
  listCheckpoints,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from "./workspace/checkpoints.ts";
import { configFile, parseConfig, type RunConfig, runConfig } from "./workspace/config.ts";
import {
  checkedName,
  fileError,
  isName,
  namesIn,
  readInside,
  readWhole,
  writeWhole,
} from "./workspace/files.ts";
import { type ExportedPolicy, policiesIn, policyPath } from "./workspace/policies.ts";

export type { Checkpoint, ExportedPolicy, RunConfig };
export { readWhole, runConfig, writeWhole };

export interface NewFolder {
  readonly scenario: string;
  readonly algorithm: string;
  readonly constraint: string | null;
  readonly name?: string;
  readonly taken?: (name: string) => boolean;
}

export interface Workspace {
  /** Absolute path of the folder of runs. */
  readonly root: string;
  /** Path of the store's file. */
  readonly database: string;
  /**
   * Makes the folder of a new run: `SCENARIO-ALGORITHM[-CONSTRAINT]-N`, or `name` where it is given and free.
   * `taken` names runs that the store still knows though their folders are gone.
   */
  create(of: NewFolder): RunFolder;
  /** Throws a UsageError with the nearest name where there is no such run. */
  open(name: string): RunFolder;
  has(name: string): boolean;
  /** Names of the runs, sorted. */
  list(): string[];
}

/** One run's files. Writers leave a whole file or none. */
export interface RunFolder {
  readonly name: string;
  readonly path: string;
  readConfig(): Readonly<RunConfig>;
  writeConfig(config: RunConfig): void;
  /** Complete checkpoints, oldest first. */
  checkpoints(): Checkpoint[];
  writeCheckpoint(step: number, files: Readonly<Record<string, Uint8Array | string>>): Checkpoint;
  readCheckpoint(checkpoint: Checkpoint, file: string): Uint8Array<ArrayBuffer>;
  pruneCheckpoints(keep: number): void;
  /** File names, sorted. */
  replays(): string[];
  readReplay(file: string): Uint8Array<ArrayBuffer> | undefined;
  /** Writes `replays/0001.replay` or the next free number and returns the file's name. */
  writeReplay(bytes: Uint8Array, file?: string): string;
  /** Writes `evaluations/0001.json` or the next free number and returns the file's name. */
  writeEvaluation(report: EvaluationReport): string;
  /** The exported policies, by group. */
  policies(): ExportedPolicy[];
  /** Where the policy of `group`, or of the only group, is exported to. */
  policyPath(group?: string): string;
}

export function openWorkspace(root = "runs"): Workspace {
  const folder = resolve(root);
  const has = (name: string) => isName(name) && existsSync(join(folder, name, configFile));
  const list = () => namesIn(folder, "folder").filter(has);
  return {
    root: folder,
    database: join(folder, "paddock.db"),
    has,
    list,

    create({ scenario, algorithm, constraint, name, taken = () => false }) {
      makeFolder(folder);
      if (name !== undefined) {
        const path = join(folder, checkedName(name, "run name"));
        if (!taken(name) && claim(path)) return runFolder(path);
        throw new UserError(`there is already a run ${path}. Choose another name, or resume it`);
      }
      const stem = [scenario, algorithm, ...(constraint === null ? [] : [constraint])].map(slug).join("-");
      for (let n = 1 + lastNumber(folder, stem);; n++) {
        const path = join(folder, `${stem}-${n}`);
        if (!taken(basename(path)) && claim(path)) return runFolder(path);
      }
    },

    open(name) {
      if (has(name)) return runFolder(join(folder, name));
      const names = list();
      const near = suggest(name, names);
      const hint = near !== undefined
        ? ` Did you mean "${near}"?`
        : names.length > 0
        ? ` There are: ${listed(names)}`
        : ` There are no runs yet. Start one with: ${typed("train --help")}`;
      throw new UsageError(`there is no run "${name}" in ${folder}.${hint}`);
    },
  };
}

/**
 * The run that an argument of a command means: a folder (`runs/NAME`, a path of any kind) or a name in the
 * workspace `root`.
 */
export function findRun(argument: string, root = "runs"): { workspace: Workspace; run: RunFolder } {
  const path = resolve(argument);
  const workspace = openWorkspace(existsSync(join(path, configFile)) ? dirname(path) : root);
  return { workspace, run: workspace.open(basename(path)) };
}

function runFolder(path: string): RunFolder {
  const checkpoints = join(path, "checkpoints");
  const replays = join(path, "replays");
  const evaluations = join(path, "evaluations");
  const config = join(path, configFile);
  const replayNames = () => namesIn(replays, "file").filter((name) => name.endsWith(".replay"));
  const evaluationNames = () => namesIn(evaluations, "file").filter((name) => name.endsWith(".json"));
  return {
    name: basename(path),
    path,

    readConfig() {
      const bytes = readInside(path, configFile);
      if (!bytes) throw new UserError(`${config} is missing: ${path} is not the folder of a run`);
      return parseConfig(new TextDecoder().decode(bytes), config);
    },
    writeConfig(value) {
      writeWhole(config, JSON.stringify(settings(runConfig, value, config), null, 2) + "\n");
    },

    checkpoints: () => listCheckpoints(checkpoints),
    writeCheckpoint: (step, files) => writeCheckpoint(checkpoints, step, files),
    readCheckpoint,
    pruneCheckpoints: (keep) => pruneCheckpoints(checkpoints, keep),

    replays: replayNames,
    readReplay: (file) => file.endsWith(".replay") ? readInside(replays, file) : undefined,
    writeReplay(bytes, file = numbered(replayNames(), ".replay")) {
      makeFolder(replays);
      writeWhole(join(replays, checkedName(file, "replay name")), bytes);
      return file;
    },

    writeEvaluation(report) {
      makeFolder(evaluations);
      const file = numbered(evaluationNames(), ".json");
      writeWhole(join(evaluations, file), JSON.stringify(evaluationReport.parse(report), null, 2) + "\n");
      return file;
    },

    policies: () => policiesIn(path),
    policyPath: (group) => policyPath(path, group),
  };
}

/** Makes the folder of a new run; false where it is taken. */
function claim(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw fileError(error, path, "make");
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw fileError(error, path, "make");
  }
}

/** `safe/crossing` -> `crossing`, `./my_scenario.ts` -> `my_scenario`. */
function slug(id: string): string {
  const last = id.split("/").at(-1)!.replace(/\.[cm]?[jt]sx?$/, "");
  return last.replace(/[^A-Za-z0-9_]+/g, "-").replace(/^[-_]+|[-_]+$/g, "").slice(0, 40) || "run";
}

/** The greatest N among the folders `STEM-N`, 0 where there is none. */
function lastNumber(folder: string, stem: string): number {
  const numbers = namesIn(folder, "folder")
    .filter((name) => name.startsWith(`${stem}-`))
    .map((name) => Number(name.slice(stem.length + 1)))
    .filter((n) => Number.isSafeInteger(n) && n > 0);
  return Math.max(0, ...numbers);
}

/** `0001.replay`, or one more than the greatest number in use. */
function numbered(names: readonly string[], extension: string): string {
  const used = names.map((name) => Number(name.slice(0, -extension.length))).filter(Number.isSafeInteger);
  return String(Math.max(0, ...used) + 1).padStart(4, "0") + extension;
}
