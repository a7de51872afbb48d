/**
 * An algorithm in which some groups do not learn: a policy that never changes plays them.
 *
 * @module
 */
import type { Algorithm, Learner, LearnerContext, Player, PlayerContext } from "../../../agents/mod.ts";
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
  const policyOf = ({ spec, group }: PlayerContext) => {
    const kind = fixed[group.name];
    return kind && unlearned(kind, scenario, spec, group);
  };
  return {
    ...algorithm,
    start(context) {
      const policy = policyOf(context);
      return policy ? still(policy, context) : algorithm.start(context);
    },
    player(context) {
      const policy = policyOf(context);
      return policy ? player(policy, context) : algorithm.player(context);
    },
  };
}

/** A player of a policy without parameters. */
function player(policy: Policy, { group }: PlayerContext): Player {
  return {
    policyState: {},
    refresh: () => {},
    policy: () => policy,
    export() {
      throw new UserError(`${group.name} did not learn: there is nothing to export`);
    },
  };
}

/** A learner that learns nothing. */
function still(policy: Policy, context: LearnerContext): Learner {
  const { group, stream } = context;
  let seat: Side | undefined;
  return {
    ...player(policy, context),
    state: {},
    act(world) {
      seat ??= side(world, group.name, policy, stream);
      seat.act();
    },
    observe: () => seat!.forget(),
    learn: () => ({}),
    dispose: () => {},
  };
}
