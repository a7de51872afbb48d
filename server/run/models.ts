/**
 * Models to serve: exported policies, checked before the runtime sees them.
 *
 * @module
 */
import { statSync } from "node:fs";
import { UserError } from "../../core/mod.ts";
import { readModel, type Runtime } from "../../tensor/mod.ts";
import { servingHandler } from "../serving/handler.ts";
import type { ServedModel } from "../serving/infer.ts";
import type { RunFolder, Workspace } from "../workspace.ts";

/** The model in `bytes`. Throws a UserError that names `file` where it is none, or none to trust. */
export function servedModel(name: string, bytes: Uint8Array, file: string, runtime: Runtime): ServedModel {
  try {
    const { metadata } = readModel(bytes);
    return { name, metadata, session: runtime.load(bytes) };
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

/** How long the list of models holds before the folder is looked at again, in ms. */
const holds = 1000;

/** The models of a workspace's runs, by run; a run exported later is found without a restart. */
export interface LiveModels {
  readonly handler: (request: Request) => Promise<Response>;
  names(): string[];
}

/** @param note told once of each model that cannot be served */
export function liveModels(workspace: Workspace, runtime: Runtime, note: (line: string) => void): LiveModels {
  const known = new Map<string, { stamp: string; model: ServedModel | undefined }>();
  let handler = servingHandler({ models: [] });
  let looked = -Infinity;

  const look = (): void => {
    if (performance.now() - looked < holds) return;
    looked = performance.now();
    const now = new Map(
      workspace.list().flatMap((name) => {
        const stamp = stampOf(workspace.open(name));
        return stamp === undefined ? [] : [[name, stamp] as const];
      }),
    );
    const gone = [...known.keys()].filter((name) => !now.has(name));
    const changed = [...now].filter(([name, stamp]) => known.get(name)?.stamp !== stamp);
    if (gone.length + changed.length === 0) return;
    for (const name of gone) known.delete(name);
    for (const [name, stamp] of changed) known.set(name, { stamp, model: load(workspace.open(name)) });
    const models = [...known.values()].flatMap(({ model }) => model ? [model] : []);
    handler = servingHandler({ models, onError: (error) => note(String(error)) });
  };

  const load = (run: RunFolder): ServedModel | undefined => {
    try {
      const bytes = run.readPolicy();
      return bytes && servedModel(run.name, bytes, run.policy, runtime);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      note(`not served: ${error.message}`);
    }
  };

  return {
    handler(request) {
      look();
      return handler(request);
    },
    names() {
      look();
      return [...known].flatMap(([name, { model }]) => model ? [name] : []);
    },
  };
}

/** What changes when the exported policy does; undefined where there is none. */
function stampOf(run: RunFolder): string | undefined {
  const stat = statSync(run.policy, { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
}
