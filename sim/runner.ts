/**
 * The runner: who acts for whom. It maps agents to groups to policies, one row per agent and environment, and steps
 * the world.
 *
 * @module
 */
import { fork, seed as seedStream, type Stream, UsageError, UserError } from "../core/mod.ts";
import { findGroup } from "./policies.ts";
import type { Group, Policy, World } from "./types.ts";

/** The rows of one group: row `e * members + m` is member `m` in environment `e`. All arrays are reused. */
export interface Seat {
  readonly group: Group;
  readonly policy: Policy;
  readonly rows: number;
  /** `[rows,O]` of the group's own size. */
  readonly obs: Float32Array;
  /** `[rows,A]` */
  readonly mask: Uint8Array;
  /** `[rows]` which member of the group. */
  readonly member: Int32Array;
  /** `[rows,H]` */
  readonly hidden: Float32Array;
  /** Keyed by (seed, environment id, agent), so that no row depends on the batch it sits in. */
  readonly streams: readonly Stream[];
  /** Discrete: `Int32Array [rows]`. Continuous: `Float32Array [rows,A]`. */
  readonly actions: Int32Array | Float32Array;
}

export interface Runner {
  readonly seats: readonly Seat[];
  /** Act for every group, advance the world, forget the hidden state of environments whose episode ended. */
  step(): void;
}

/** Plays one group of a world that somebody else steps. */
export interface Side {
  /** Write the group's actions into `world.actions`. */
  act(): void;
  /** After the step: forget the hidden state of environments whose episode ended. */
  forget(): void;
}

/** Who plays the group called `name` by `policy`; its random numbers come from `stream`. */
export function side(world: World, name: string, policy: Policy, stream: Stream): Side {
  const it = seat(world, findGroup(world.spec, name), policy, stream, 0);
  return {
    act() {
      observe(world, it);
      it.policy.act(it, it.actions);
      enact(it, world);
    },
    forget: () => forget(world, undefined, it),
  };
}

export interface RunnerOptions {
  /** Id of the world's first environment, as given to `makeWorld`. */
  readonly firstEnv?: number;
  /** What advances the world: `world.step` if not given; a recorder's `step` to write the run down. */
  readonly advance?: () => void;
}

/**
 * A runner of `world`, which must have been reset.
 *
 * @param policies one for each group, by the group's name
 * @param seed of the policies' random streams
 * @throws UsageError when a group has no policy, or a policy no group
 */
export function runner(
  world: World,
  policies: Readonly<Record<string, Policy>>,
  seed: number,
  { firstEnv = 0, advance = () => world.step() }: RunnerOptions = {},
): Runner {
  const { spec } = world;
  for (const name of Object.keys(policies)) findGroup(spec, name);
  const root = fork(seedStream(seed), "policy");
  const seats = spec.groups.map((group) => {
    const policy = policies[group.name];
    if (!policy) throw new UsageError(`${spec.scenario}: no policy for group "${group.name}"`);
    return seat(world, group, policy, root, firstEnv);
  });

  /** Environments in which episodes begin with the coming step, beside those that it ends. */
  const waiting = world.autoreset === "next-step" ? new Uint8Array(spec.E) : undefined;

  return {
    seats,
    step() {
      waiting?.set(world.done);
      for (const it of seats) {
        observe(world, it);
        it.policy.act(it, it.actions);
        enact(it, world);
      }
      advance();
      for (const it of seats) forget(world, waiting, it);
    },
  };
}

function seat({ spec }: World, group: Group, policy: Policy, root: Stream, firstEnv: number): Seat {
  const { members } = group;
  const O = spec.observationSizes[members[0]!]!;
  const A = spec.actionSizes[members[0]!]!;
  const rows = spec.E * members.length;
  for (const n of members) {
    if (spec.observationSizes[n] !== O || spec.actionSizes[n] !== A) {
      throw new UserError(`${spec.scenario}: the agents of group "${group.name}" differ in their spaces`);
    }
  }
  const streams = Array.from({ length: rows }, (_, row) => {
    const env = fork(root, firstEnv + Math.floor(row / members.length));
    return fork(env, members[row % members.length]!);
  });
  return {
    group,
    policy,
    rows,
    obs: new Float32Array(rows * O),
    mask: new Uint8Array(rows * A),
    member: Int32Array.from({ length: rows }, (_, row) => row % members.length),
    hidden: new Float32Array(rows * policy.hiddenSize),
    streams,
    actions: spec.actionKind === "discrete" ? new Int32Array(rows) : new Float32Array(rows * A),
  };
}

/** Fill the seat's observations and masks from the world's padded columns. */
function observe({ spec: { E, N, O, A }, obs, mask }: World, into: Seat): void {
  const { members } = into.group;
  const ownO = into.obs.length / into.rows;
  const ownA = into.mask.length / into.rows;
  let row = 0;
  for (let e = 0; e < E; e++) {
    for (let m = 0; m < members.length; m++, row++) {
      const agent = e * N + members[m]!;
      for (let o = 0; o < ownO; o++) into.obs[row * ownO + o] = obs[agent * O + o]!;
      for (let a = 0; a < ownA; a++) into.mask[row * ownA + a] = mask[agent * A + a]!;
    }
  }
}

/** Fill the world's actions from the seat's. */
function enact({ group: { members }, actions, rows }: Seat, into: World): void {
  const { E, N, A, actionKind } = into.spec;
  const own = actions.length / rows;
  const width = actionKind === "discrete" ? 1 : A;
  let row = 0;
  for (let e = 0; e < E; e++) {
    for (let m = 0; m < members.length; m++, row++) {
      const at = (e * N + members[m]!) * width;
      for (let a = 0; a < own; a++) into.actions[at + a] = actions[row * own + a]!;
    }
  }
}

/** Zero the hidden rows of environments that were reset. */
function forget({ spec: { E }, done }: World, waiting: Uint8Array | undefined, into: Seat): void {
  if (into.hidden.length === 0) return;
  const perEnv = into.hidden.length / E;
  for (let e = 0; e < E; e++) {
    if (done[e] === 1 || waiting?.[e] === 1) into.hidden.fill(0, e * perEnv, (e + 1) * perEnv);
  }
}
