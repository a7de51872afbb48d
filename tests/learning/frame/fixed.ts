/**
 * An algorithm in which some groups do not learn: a policy that never changes plays them.
 *
 * @module
 */
import type { Algorithm, Learner, LearnerContext } from "../../../agents/mod.ts";
import { UserError } from "../../../core/mod.ts";
import {
  type Group,
  type Policy,
  randomPolicy,
  type Scenario,
  scriptedPolicy,
  type Side,
  side,
  type WorldSpec,
} from "../../../sim/mod.ts";
import type { Unlearned } from "./trial.ts";

/** The policy called `kind` for `group`. Throws a UserError where the scenario has none for it. */
export function unlearned(kind: Unlearned, scenario: Scenario, spec: WorldSpec, group: Group): Policy {
  if (kind === "random") return randomPolicy(spec, group);
  const policy = scriptedPolicy(scenario, spec, group);
  if (!policy) throw new UserError(`${scenario.id} has no scripted policy for ${group.name}: use "random"`);
  return policy;
}

/** `algorithm`, with `fixed` groups that play what is said there. */
export function withFixed(
  algorithm: Algorithm,
  scenario: Scenario,
  fixed: Readonly<Record<string, Unlearned>>,
): Algorithm {
  return {
    ...algorithm,
    start(context) {
      const kind = fixed[context.group.name];
      if (kind === undefined) return algorithm.start(context);
      return still(unlearned(kind, scenario, context.spec, context.group), algorithm, context);
    },
  };
}

/** A learner that learns nothing. */
function still(policy: Policy, { settings }: Algorithm, { group, stream }: LearnerContext): Learner {
  let seat: Side | undefined;
  return {
    state: {},
    policyState: {},
    horizon: Number(settings.horizon),
    act(world) {
      seat ??= side(world, group.name, policy, stream);
      seat.act();
    },
    observe: () => seat!.forget(),
    learn: () => ({}),
    refresh: () => {},
    policy: () => policy,
    export() {
      throw new UserError(`${group.name} did not learn: there is nothing to export`);
    },
    dispose: () => {},
  };
}
