/**
 * Whether policies draw random numbers: what they did is told, not what they were asked for.
 *
 * @module
 */
import type { Policy } from "../sim/mod.ts";

/** What was seen of policies at play. */
export interface Dice {
  /** Whether any of them drew a random number so far. */
  drawn: boolean;
}

/** `policies`, by group, which note in `dice` when one of them draws. */
export function watched(policies: Readonly<Record<string, Policy>>, dice: Dice): Record<string, Policy> {
  return Object.fromEntries(Object.entries(policies).map(([group, policy]) => [group, watch(policy, dice)]));
}

function watch(policy: Policy, dice: Dice): Policy {
  return {
    ...policy,
    act(input, into) {
      if (dice.drawn) return policy.act(input, into);
      const before = input.streams.map(({ c0 }) => c0);
      policy.act(input, into);
      dice.drawn = input.streams.some(({ c0 }, row) => c0 !== before[row]);
    },
  };
}
