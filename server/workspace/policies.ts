/**
 * Exported policies: `policy.onnx` in a run's folder, or `policy.GROUP.onnx` for each of several groups.
 *
 * @module
 */
import { join } from "node:path";
import { checkedName, namesIn } from "./files.ts";

export interface ExportedPolicy {
  readonly path: string;
  /** Undefined where the scenario has one group only. */
  readonly group: string | undefined;
}

/** Where the policy of `group`, or of the only group, is exported to. */
export function policyPath(folder: string, group?: string): string {
  if (group === undefined) return join(folder, "policy.onnx");
  return join(folder, `policy.${checkedName(group, "name of a group")}.onnx`);
}

/** The policies in a run's folder, by group. */
export function policiesIn(folder: string): ExportedPolicy[] {
  return namesIn(folder, "file").flatMap((name) => {
    const found = /^policy(?:\.(.+))?\.onnx$/.exec(name);
    return found ? [{ path: join(folder, name), group: found[1] }] : [];
  });
}
