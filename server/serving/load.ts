/**
 * From the bytes of an ONNX file to a model that can be served.
 *
 * @module
 */
import { UsageError, UserError } from "../../core/mod.ts";
import { readModel, type Runtime, type Session, type Value } from "../../tensor/mod.ts";
import { datatypes } from "./datatypes.ts";
import { OPTIONAL, type ServedModel } from "./infer.ts";
import { resolveShape } from "./tensors.ts";

/** What a model may be called, as the source of a regular expression. */
export const MODEL_NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";

/**
 * Loads a model that may come from anyone: its file is checked before the runtime sees it (no external data, no foreign
 * operators, no loops), and it answers one batch of one before it serves.
 *
 * @param bytes the file's content; never a path, which the runtime would follow
 * @param source where the bytes are from, the first word of an error
 * @throws UserError that says why the model cannot be served; UsageError on a name that no address could hold
 */
export function loadModel(runtime: Runtime, bytes: Uint8Array, name: string, source: string): ServedModel {
  if (!new RegExp(`^${MODEL_NAME}$`).test(name) || name.includes("..")) {
    throw new UsageError(
      `model name ${JSON.stringify(name)}: expected up to 128 letters, digits, "_", "-" or ".". ` +
        "Give one with --name",
    );
  }
  let session: Session | undefined;
  try {
    const { metadata } = readModel(bytes);
    session = runtime.load(bytes);
    tryOut(session);
    return { name, session, metadata };
  } catch (error) {
    session?.dispose();
    throw new UserError(`${source}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Runs a batch of one, of zeros where no default is known. */
function tryOut(session: Session): void {
  const feeds: Record<string, Value> = {};
  for (const port of session.inputs) {
    const shape = resolveShape(port, new Map());
    const size = shape.reduce((product, n) => product * n, 1);
    const data = datatypes[port.dtype].allocate(size).fill(OPTIONAL.get(port.name) ?? 0);
    feeds[port.name] = { dtype: port.dtype, shape, data };
  }
  session.run(feeds);
}
