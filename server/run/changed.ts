/**
 * The world of a run with changes, to judge its policy elsewhere than where it was trained: other params, flawed
 * sensors, other limits. What the policy sees and does must stay as it is.
 *
 * @module
 */
import { UsageError } from "../../core/mod.ts";
import { makeWorld, type WorldSpec } from "../../sim/mod.ts";
import { bindLimits } from "../../constraints/mod.ts";
import { worldOptions } from "../../agents/mod.ts";
import { usage } from "../cli/flags.ts";
import type { LimitFlag } from "../cli/values.ts";
import { type Plan, withLimits } from "./config.ts";

export interface Changes {
  /** Realism among them. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly limits: readonly LimitFlag[];
}

/**
 * The setting of a plan, changed.
 *
 * @throws UsageError on what the scenario does not know, or what changes who sees and does what
 */
export function changedSetting({ setting, spec }: Plan, { params, limits }: Changes): Plan["setting"] {
  return usage(() => {
    const changed = { ...setting, params: { ...setting.params, ...params } };
    const now = makeWorld(setting.scenario, worldOptions(changed)).spec;
    const was = shapeOf(spec);
    const is = shapeOf(now);
    const other = Object.keys(was).find((name) => was[name] !== is[name]);
    if (other !== undefined) {
      throw new UsageError(
        `${Object.keys(params).join(", ")}: the policy was trained for ${other} ${
          was[other]
        }, and this makes it ` +
          `${is[other]}. Leave it out, or train a run with it`,
      );
    }
    const budgets = withLimits({ ...now, budgets: setting.budgets }, limits);
    bindLimits(now, budgets);
    return { ...changed, budgets };
  });
}

/** What a policy depends on, in words. */
function shapeOf(spec: WorldSpec): Readonly<Record<string, string>> {
  return {
    agents: spec.agents.join(", "),
    groups: spec.groups.map(({ name, members }) => `${name} of ${members.length}`).join(", "),
    "observations of size": spec.observationSizes.join(", "),
    actions: spec.groups.map(({ action }) => JSON.stringify(action)).join(", "),
  };
}
