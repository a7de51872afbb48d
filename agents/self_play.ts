/**
 * Self-play against the past: now and then the policies are frozen into a pool, and in a share of the updates one group
 * learns while the others are played by frozen policies, so that nobody forgets how to beat what it once met.
 *
 * Source   Bansal et al. 2018, arXiv:1710.03748, section 3.2 (opponents sampled from the past)
 *
 * @module
 */
import * as z from "zod";
import { fork, integer, type Stream, uniform, UserError } from "../core/mod.ts";
import { type Policy, type Side, side, type World, type WorldSpec } from "../sim/mod.ts";
import { nest } from "./state.ts";
import type { Learner, Player, State } from "./types.ts";

export const selfPlaySettings = z.strictObject({
  every: z.int().min(1).default(20).describe("updates between two policies that go into the pool"),
  pool: z.int().min(1).default(10).describe("policies that the pool holds; then the oldest leaves"),
  share: z.number().min(0).max(1).default(0.5).describe("share of the updates that meet the past"),
  untrained: z.number().min(0).max(1).default(0).describe(
    "share of these that meet the policy of before the training, so that nobody forgets how to beat a novice",
  ),
});

export type SelfPlay = z.output<typeof selfPlaySettings>;

/** The pool, and who is played out of it. */
export interface Pool {
  /** Everything to keep in a checkpoint. */
  readonly state: State;
  /** Freeze the policies as they are, where update number `update` is due. */
  freeze(update: number): void;
  /** The groups that frozen policies play in update number `update`; none where all learn. */
  opponents(update: number): Record<string, Side>;
}

/** A player and its policy, which is compiled once. */
interface Spare {
  readonly player: Player;
  readonly policy: Policy;
}

/**
 * A pool for the groups of `world`.
 *
 * @param learners those that learn
 * @param spare makes an untrained player of a group, to play what was frozen
 * @throws UserError where the scenario has one group
 */
export function selfPlayPool(
  set: SelfPlay,
  world: World,
  learners: Readonly<Record<string, Learner>>,
  spare: (group: string) => Player,
  stream: Stream,
): Pool {
  const { spec } = world;
  checkSides(spec);
  const count = new Float64Array(1);
  const frozen = mapOf(
    learners,
    ({ policyState }) =>
      mapOf(
        policyState,
        (array) => new (array.constructor as Float32ArrayConstructor)(array.length * set.pool),
      ),
  );
  /** Those who play for a group: one that is thawed, and one that stays as it was before the training. */
  const veterans = new Map<string, Spare>();
  const novices = new Map<string, Spare>();

  /** The one in `spares` who plays for `group`; its policy is compiled once, and reads what is thawed. */
  function spareOf(spares: Map<string, Spare>, group: string): Spare {
    const found = spares.get(group);
    if (found) return found;
    const player = spare(group);
    const hired = { player, policy: player.policy() };
    spares.set(group, hired);
    return hired;
  }

  /** The frozen policy number `k` of `group`, at play. */
  function thaw(group: string, k: number, dice: Stream): Side {
    const { player, policy } = spareOf(veterans, group);
    for (const [name, array] of Object.entries(player.policyState)) {
      array.set(frozen[group]![name]!.subarray(k * array.length, (k + 1) * array.length));
    }
    player.refresh();
    return side(world, group, policy, dice);
  }

  /** Who plays `group`, as the dice fall. */
  function opponent(group: string, held: number, dice: Stream): Side {
    if (set.untrained === 0 || uniform(dice) >= set.untrained) {
      return thaw(group, integer(dice, held), fork(dice, group));
    }
    return side(world, group, spareOf(novices, group).policy, fork(dice, group));
  }

  return {
    state: Object.assign({ count }, ...Object.entries(frozen).map(([group, it]) => nest(group, it))),
    freeze(update) {
      if (update % set.every !== 0) return;
      const k = count[0]! % set.pool;
      for (const [group, { policyState }] of Object.entries(learners)) {
        for (const [name, array] of Object.entries(policyState)) {
          frozen[group]![name]!.set(array as Float32Array, k * array.length);
        }
      }
      count[0]!++;
    },
    opponents(update) {
      const dice = fork(stream, update);
      const held = Math.min(count[0]!, set.pool);
      if (held === 0 || uniform(dice) >= set.share) return {};
      const learning = integer(dice, spec.groups.length);
      const others = spec.groups.filter((_, i) => i !== learning);
      return Object.fromEntries(others.map(({ name }) => [name, opponent(name, held, dice)]));
    },
  };
}

/** Throws a UserError where there is only one side. */
export function checkSides({ groups, scenario, N, sharedReward }: WorldSpec): void {
  if (groups.length > 1) return;
  const cure = N > 1 && !sharedReward
    ? `. If its agents play against each other, make each of them a side: --set share=false`
    : "";
  throw new UserError(`self-play needs two sides, and ${scenario} has one: "${groups[0]!.name}"${cure}`);
}

function mapOf<A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
}
