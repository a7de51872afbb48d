/**
 * Algorithms by name.
 *
 * @module
 */
import { suggest, UsageError, UserError } from "../core/mod.ts";
import { makeWorld, type Scenario, type WorldSpec } from "../sim/mod.ts";
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

/**
 * Refuse, before step 0, an algorithm whose needs the world of `scenario` does not meet, or that cannot obey the
 * constraint.
 */
export function checkNeeds(
  algorithm: Algorithm,
  spec: WorldSpec,
  scenario: Scenario,
  constraint?: Constraint,
): void {
  const { actions, sharedReward } = algorithm.needs;
  if (constraint && !algorithm.obeys.includes(constraint.shape)) {
    const able = algorithms.filter((entry) => entry.make({}).obeys.includes(constraint.shape));
    throw new UserError(
      `${algorithm.name} cannot obey ${constraint.name}, which ${constraint.shape} cost. ` +
        `Use ${able.map((entry) => entry.name).join(" or ")}`,
    );
  }
  if (actions && actions !== spec.actionKind) {
    const others = fitting((needs) => !needs.actions || needs.actions === spec.actionKind);
    throw new UserError(
      `${algorithm.name} needs ${actions} actions, and ${spec.scenario} has ${spec.actionKind} ones. ` +
        `Use ${others}${otherActions(scenario, spec, algorithm.needs)}`,
    );
  }
  if (sharedReward && !shares(spec)) {
    throw new UserError(
      `${algorithm.name} needs a reward that all agents share, and ${spec.scenario} does not say that its agents ` +
        `earn alike. Use ${fitting((needs) => !needs.sharedReward)}` +
        ("teamReward" in algorithm.settings
          ? ", or learn from the mean of each group, which is the reward itself where its members earn alike: " +
            "--set teamReward=mean"
          : ""),
    );
  }
}

/** Whether the agents of each learner earn alike; one that is alone in its group does. */
function shares({ sharedReward, groups }: WorldSpec): boolean {
  return sharedReward || groups.every(({ members }) => members.length === 1);
}

/** The flag for actions of the other kind, where the scenario has them too. */
function otherActions(
  scenario: Scenario,
  { params }: WorldSpec,
  { actions, sharedReward }: Algorithm["needs"],
): string {
  try {
    const { spec } = makeWorld(scenario, { params, actions: actions!, backend: "eval" });
    const paid = sharedReward && !shares(spec) ? " with --set teamReward=mean" : "";
    return `, or --actions ${actions}${paid}`;
  } catch (error) {
    if (error instanceof UserError) return "";
    throw error;
  }
}

/** The names of the algorithms whose needs pass `test`. */
function fitting(test: (needs: Algorithm["needs"]) => boolean): string {
  return algorithms.filter((entry) => test(entry.make({}).needs)).map((entry) => entry.name).join(" or ");
}
