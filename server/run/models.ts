/**
 * The exported policies of runs as models to serve.
 *
 * @module
 */
import { statSync } from "node:fs";
import { UserError } from "../../core/mod.ts";
import type { Runtime } from "../../tensor/mod.ts";
import { servingHandler } from "../serving/handler.ts";
import type { ServedModel } from "../serving/infer.ts";
import { loadModel } from "../serving/load.ts";
import { type ExportedPolicy, readWhole, type Workspace } from "../workspace.ts";

/** An exported policy under `name`, or, where it is one of several groups, `NAME.GROUP`. Errors name its file. */
export function policyModel(runtime: Runtime, { path, group }: ExportedPolicy, name: string): ServedModel {
  return loadModel(runtime, readWhole(path), group === undefined ? name : `${name}.${group}`, path);
}

/** How long the list of models holds before the folder is looked at again, in ms. */
const holds = 1000;

/** The models of a workspace's runs; one exported later is found without a restart. */
export interface LiveModels {
  readonly handler: (request: Request) => Promise<Response>;
  names(): string[];
}

/** A policy as it was when its file was read; without a model where it cannot be served. */
interface Known {
  readonly stamp: string;
  readonly model?: ServedModel;
}

/** @param note told once of each policy that cannot be served */
export function liveModels(workspace: Workspace, runtime: Runtime, note: (line: string) => void): LiveModels {
  /** By path. */
  let known = new Map<string, Known>();
  let handler = servingHandler({ models: [] });
  let looked = -Infinity;

  const models = () => [...known.values()].flatMap(({ model }) => model ?? []);

  const look = (): void => {
    if (performance.now() - looked < holds) return;
    looked = performance.now();
    const before = known;
    known = new Map();
    for (const run of workspace.list()) {
      for (const policy of workspace.open(run).policies()) {
        const stamp = stampOf(policy.path);
        const old = before.get(policy.path);
        known.set(policy.path, old?.stamp === stamp ? old : { stamp, ...load(policy, run) });
      }
    }
    const served = new Set(models());
    for (const { model } of before.values()) if (model && !served.has(model)) model.session.dispose();
    handler = servingHandler({ models: [...served], onError: (error) => note(String(error)) });
  };

  const load = (policy: ExportedPolicy, run: string): Pick<Known, "model"> => {
    try {
      const model = policyModel(runtime, policy, run);
      if (!models().some(({ name }) => name === model.name)) return { model };
      model.session.dispose();
      throw new UserError(`${policy.path}: there is another model ${model.name}. Rename one of the runs`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      note(`not served: ${error.message}`);
      return {};
    }
  };

  return {
    handler(request) {
      look();
      return handler(request);
    },
    names() {
      look();
      return models().map(({ name }) => name);
    },
  };
}

/** What changes when a file does; empty where it is gone. */
function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : "";
}
