/**
 * The rollout of one group: what its rows saw, did and received over `T` steps, in columns, time first.
 * A row is one member of one environment: row `e·M + m`.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import type { Group, Reals, World, WorldSpec } from "../sim/mod.ts";
import type { Sight } from "./sight.ts";

/** What a centralised critic sees: the row's own observation, or the state beside it. */
export type CriticView = "own" | "joint";

/** What a rollout is recorded for. */
export interface RolloutOptions {
  readonly spec: WorldSpec;
  readonly group: Group;
  readonly sight: Sight;
  readonly view: CriticView;
  /** Steps of each environment. */
  readonly horizon: number;
  /** Steps of a sequence that is learned from as a whole; 1 where the learner has no memory. */
  readonly chunk: number;
  /** Size of the actor's memory. */
  readonly memory: number;
  /** Whether a row is paid what its team earns, after its agent's death too; where the reward is shared unless given. */
  readonly team?: boolean;
}

/** The columns of a rollout. */
export interface Rollout {
  readonly spec: WorldSpec;
  readonly group: Group;
  readonly sight: Sight;
  readonly view: CriticView;
  readonly team: boolean;
  readonly T: number;
  readonly B: number;
  /** Steps of a sequence, and number of sequences: `T·B = U·L`. */
  readonly L: number;
  readonly U: number;
  /** Observation size of the group, and input size of its critic. */
  readonly O: number;
  readonly O_critic: number;
  /** Steps recorded so far. */
  t: number;
  /** `[T,B,O]` and `[T,B,O_critic]`, as the networks take them (normalised); one column where the view is own. */
  readonly obs: Float32Array;
  readonly criticObs: Float32Array;
  /** `[T,B,A]` */
  readonly mask: Float32Array;
  /** `[T,B]` discrete, `[T,B,A]` continuous. */
  readonly action: Int32Array | Float32Array;
  /** `[T,B]` log-probability of the action when it was taken. */
  readonly logp: Float32Array;
  /** `[T,B]` 1 where the row's agent was alive. */
  readonly alive: Float32Array;
  /** `[T,B]` 1 where it was, and where they take turns, it was its turn. */
  readonly acted: Float32Array;
  /** `[T,B]` 1 where what the row was paid counts: its agent was alive, or its team is paid. */
  readonly earns: Float32Array;
  /** `[T,B]` 1 where the row's episode began with the step. */
  readonly first: Float32Array;
  /** `[U,H]` the actor's memory before each sequence. */
  readonly hidden: Float32Array;
  /** `[T,B]` the reward, then each cost channel. */
  readonly signals: readonly Float32Array[];
  /** `[T,B]` 1 where the row's episode ended with the step. */
  readonly done: Uint8Array;
  /** Ends whose future still has a value (truncations): index `t·B + b` and the critic's raw input there. */
  readonly truncations: { readonly index: number; readonly criticObs: Float32Array }[];
}

/** Throws a UserError where a memory is to learn from chunks that the horizon is no whole number of. */
export function checkChunk(
  name: string,
  { memory, horizon, chunk }: { readonly memory: number; readonly horizon: number; readonly chunk: number },
): void {
  if (memory === 0 || horizon % chunk === 0) return;
  let fits = Math.min(chunk, horizon);
  while (horizon % fits !== 0) fits--;
  throw new UserError(
    `${name}.horizon: with a memory it is a multiple of chunk, which is ${chunk}; found ${horizon}. ` +
      `Say chunk=${fits}, or horizon=${chunk * Math.max(1, Math.round(horizon / chunk))}`,
  );
}

/** An empty rollout; the horizon is a whole number of chunks. */
export function rollout(options: RolloutOptions): Rollout {
  const { spec, group, sight, view, horizon: T, chunk: L, memory, team = spec.sharedReward } = options;
  const B = spec.E * group.members.length;
  const { O } = sight;
  const A = spec.actionSizes[group.members[0]!]!;
  const criticSize = view === "joint" ? spec.S + O : O;
  const actions = spec.actionKind === "discrete" ? new Int32Array(T * B) : new Float32Array(T * B * A);
  const U = T * B / L;
  const alive = new Float32Array(T * B);
  const obs = new Float32Array(T * B * O);
  return {
    spec,
    group,
    sight,
    view,
    team,
    T,
    B,
    L,
    U,
    O,
    O_critic: criticSize,
    t: 0,
    obs,
    criticObs: view === "own" ? obs : new Float32Array(T * B * criticSize),
    mask: new Float32Array(T * B * A),
    action: actions,
    logp: new Float32Array(T * B),
    alive,
    acted: new Float32Array(T * B),
    earns: team ? new Float32Array(T * B).fill(1) : alive,
    first: new Float32Array(T * B),
    hidden: new Float32Array(U * memory),
    signals: Array.from({ length: 1 + spec.C }, () => new Float32Array(T * B)),
    done: new Uint8Array(T * B),
    truncations: [],
  };
}

/** Copy the group's rows of an `[E,N,width]` column, `size` numbers of each, into `[B,size]`. */
export function rowsOf(
  column: ArrayLike<number>,
  spec: WorldSpec,
  group: Group,
  width: number,
  size: number,
  into: Float32Array,
): void {
  let at = 0;
  for (let e = 0; e < spec.E; e++) {
    for (const n of group.members) {
      const from = (e * spec.N + n) * width;
      for (let i = 0; i < size; i++) into[at++] = column[from + i]!;
    }
  }
}

/** The critic's raw input of every row, `[B,O_critic]`: what it sees, behind the state where the view is joint. */
export function criticRows(
  { spec, group, sight, view, B }: Rollout,
  obs: Reals,
  state: Reals,
  into: Float32Array,
): void {
  if (view === "own") return sight.rows(obs, into);
  const { S } = spec;
  const { O } = sight;
  const M = group.members.length;
  const seen = into.subarray(S * B); // the last B·O places: each row is read before it is written over
  sight.rows(obs, seen);
  let at = 0;
  for (let b = 0; b < B; b++) {
    const from = Math.floor(b / M) * S;
    for (let s = 0; s < S; s++) into[at++] = state[from + s]!;
    for (let o = b * O; o < (b + 1) * O; o++) into[at++] = seen[o]!;
  }
}

/** A column `[T,B,size]` as the sequences that are learned from, `[U,L,size]`; itself where a sequence is one step. */
export function inSequences<A extends Float32Array | Int32Array>(
  { T, B, L }: Pick<Rollout, "T" | "B" | "L">,
  column: A,
): A {
  if (L === 1) return column;
  const size = column.length / (T * B);
  const into = column.slice() as A;
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      const unit = Math.floor(t / L) * B + b;
      const from = (t * B + b) * size;
      into.set(column.subarray(from, from + size), (unit * L + t % L) * size);
    }
  }
  return into;
}

/** Each of `columns` in sequences. */
export function allInSequences(
  roll: Pick<Rollout, "T" | "B" | "L">,
  columns: Readonly<Record<string, Float32Array | Int32Array>>,
): Record<string, Float32Array | Int32Array> {
  return Object.fromEntries(Object.entries(columns).map(([name, it]) => [name, inSequences(roll, it)]));
}

/** Note who is alive before the coming step, and who is about to act. */
export function recordAlive({ spec, group, B, t, alive, acted }: Rollout, world: World): void {
  const M = B / spec.E;
  for (let e = 0; e < spec.E; e++) {
    const turn = world.turn[e]!;
    group.members.forEach((n, m) => {
      const i = t * B + e * M + m;
      alive[i] = world.alive[e * spec.N + n]!;
      acted[i] = turn < 0 || turn === n ? alive[i]! : 0;
    });
  }
}

/** Note which rows' episodes begin with the coming step. */
export function recordFirst({ spec, B, t, first }: Rollout, world: World): void {
  const M = B / spec.E;
  for (let e = 0; e < spec.E; e++) {
    first.fill(world.cycle[e] === 0 ? 1 : 0, t * B + e * M, t * B + (e + 1) * M);
  }
}

/** Zero the memory of the rows whose episode begins with step `t`. */
export function forgetAtFirst({ B, first }: Rollout, t: number, memory: Float32Array): void {
  const width = memory.length / B;
  for (let b = 0; b < B; b++) {
    if (first[t * B + b] !== 0) memory.fill(0, b * width, (b + 1) * width);
  }
}

/** Write the group's actions, `[B]` or `[B,A]` of its own size, into the world's. */
export function writeActions(
  actions: Int32Array | Float32Array,
  spec: WorldSpec,
  group: Group,
  into: Int32Array | Float32Array,
): void {
  const size = actions.length / (spec.E * group.members.length);
  const stride = actions instanceof Int32Array ? 1 : spec.A;
  let at = 0;
  for (let e = 0; e < spec.E; e++) {
    for (const n of group.members) {
      for (let i = 0; i < size; i++) into[(e * spec.N + n) * stride + i] = actions[at++]!;
    }
  }
}

/**
 * Whether the episode that ended in environment `env` was cut by its time, so that its future still counts for the
 * group. Of agents that died before, `truncated` says nothing: where the reward is shared, any agent's does.
 */
export function outOfTime({ spec, truncated }: World, env: number, group: Group): boolean {
  if (!spec.sharedReward) return group.members.some((n) => truncated[env * spec.N + n] !== 0);
  return truncated.subarray(env * spec.N, (env + 1) * spec.N).includes(1);
}

/**
 * Record what the step that `world` just made brought the group: rewards, costs, ends. Advances `roll.t`.
 *
 * Where the reward is the team's, an agent that dies still earns what its team earns, and its row ends with the episode.
 */
export function recordStep(roll: Rollout, world: World): void {
  const { spec, group } = roll;
  const M = group.members.length;
  const start = roll.t * roll.B;
  let endObs: Float32Array | undefined;
  for (let e = 0; e < spec.E; e++) {
    const cut = world.done[e] !== 0 && outOfTime(world, e, group);
    for (let m = 0; m < M; m++) {
      const row = e * spec.N + group.members[m]!;
      const i = start + e * M + m;
      roll.signals[0]![i] = world.reward[row]!;
      for (let c = 0; c < spec.C; c++) roll.signals[1 + c]![i] = world.cost[row * spec.C + c]!;
      const dead = world.terminated[row] !== 0 || roll.alive[i] === 0;
      const over = roll.team
        ? world.done[e] !== 0
        : world.terminated[row] !== 0 || world.truncated[row] !== 0 || world.done[e] !== 0;
      roll.done[i] = over ? 1 : 0;
      if (!over || (roll.team ? !cut : dead)) continue;
      if (!endObs) {
        endObs = new Float32Array(roll.O_critic * roll.B);
        criticRows(roll, world.finalObs, world.finalState, endObs);
      }
      const at = (e * M + m) * roll.O_critic;
      roll.truncations.push({ index: i, criticObs: endObs.slice(at, at + roll.O_critic) });
    }
  }
  roll.t++;
}
