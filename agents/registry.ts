/**
 * Algorithms by name.
 *
 * @module
 */
import { suggest, UsageError, UserError } from "../core/mod.ts";
import type { WorldSpec } from "../sim/mod.ts";
import type { Constraint } from "../constraints/mod.ts";
import * as shelf from "./algorithms/mod.ts";
import type { Algorithm, AlgorithmEntry } from "./types.ts";

export const algorithms: readonly AlgorithmEntry[] = Object.values(shelf);

/** The algorithm called `name`. Throws a UsageError that names the nearest one. */
export function findAlgorithm(name: string): AlgorithmEntry {
  const found = algorithms.find((entry) => entry.name === name);
  if (found) return found;
  const names = algorithms.map((entry) => entry.name);
  const near = suggest(name, names);
  throw new UsageError(
    `there is no algorithm "${name}".` + (near ? ` Did you mean "${near}"?` : "") +
      ` There is: ${names.join(", ")}`,
  );
}

/** Refuse, before step 0, an algorithm whose needs the world does not meet, or that cannot obey the constraint. */
export function checkNeeds(algorithm: Algorithm, spec: WorldSpec, constraint?: Constraint): void {
  const { actions, sharedReward } = algorithm.needs;
  if (constraint && !algorithm.obeys.includes(constraint.shape)) {
    const able = algorithms.filter((entry) => entry.make({}).obeys.includes(constraint.shape));
    throw new UserError(
      `${algorithm.name} cannot obey ${constraint.name}, which ${constraint.shape} cost. ` +
        `Use ${able.map((entry) => entry.name).join(" or ")}`,
    );
  }
  if (actions && actions !== spec.actionKind) {
    throw new UserError(
      `${algorithm.name} needs ${actions} actions, and ${spec.scenario} has ${spec.actionKind} ones. ` +
        `Use ${
          fitting((needs) => !needs.actions || needs.actions === spec.actionKind)
        }, or --actions ${actions} where the scenario offers it`,
    );
  }
  if (sharedReward && !spec.sharedReward) {
    throw new UserError(
      `${algorithm.name} needs a reward that all agents share, and those of ${spec.scenario} differ. ` +
        `Use ${fitting((needs) => !needs.sharedReward)}` +
        ("teamReward" in algorithm.settings ? ", or learn from their mean: --set teamReward=mean" : ""),
    );
  }
}

/** The names of the algorithms whose needs pass `test`. */
function fitting(test: (needs: Algorithm["needs"]) => boolean): string {
  return algorithms.filter((entry) => test(entry.make({}).needs)).map((entry) => entry.name).join(" or ");
}
