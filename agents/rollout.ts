/**
 * The rollout of one group: what its rows saw, did and received over `T` steps, in columns, time first.
 * A row is one member of one environment: row `e·M + m`.
 *
 * @module
 */
import type { Group, Reals, World, WorldSpec } from "../sim/mod.ts";

/** What a centralised critic sees: the row's own observation, or the state beside it. */
export type CriticView = "own" | "joint";

/** The columns of a rollout. */
export interface Rollout {
  readonly T: number;
  readonly B: number;
  /** Observation size of the group, and input size of its critic. */
  readonly O: number;
  readonly O_critic: number;
  /** Steps recorded so far. */
  t: number;
  /** `[T,B,O]` and `[T,B,O_critic]`, as the networks take them (normalised). */
  readonly obs: Float32Array;
  readonly criticObs: Float32Array;
  /** `[T,B,A]` */
  readonly mask: Float32Array;
  /** `[T,B]` discrete, `[T,B,A]` continuous. */
  readonly action: Int32Array | Float32Array;
  /** `[T,B]` log-probability of the action when it was taken. */
  readonly logp: Float32Array;
  /** `[T,B]` 1 where the row's agent was alive and acted. */
  readonly alive: Float32Array;
  /** `[T,B]` the reward, then each cost channel. */
  readonly signals: readonly Float32Array[];
  /** `[T,B]` 1 where the row's episode ended with the step. */
  readonly done: Uint8Array;
  /** Ends whose future still has a value (truncations): index `t·B + b` and the critic's raw input there. */
  readonly truncations: { readonly index: number; readonly criticObs: Float32Array }[];
}

/** An empty rollout of `T` steps of `group`. */
export function rollout(spec: WorldSpec, group: Group, T: number, view: CriticView): Rollout {
  const B = spec.E * group.members.length;
  const O = spec.observationSizes[group.members[0]!]!;
  const A = spec.actionSizes[group.members[0]!]!;
  const criticSize = view === "joint" ? spec.S + O : O;
  const actions = spec.actionKind === "discrete" ? new Int32Array(T * B) : new Float32Array(T * B * A);
  return {
    T,
    B,
    O,
    O_critic: criticSize,
    t: 0,
    obs: new Float32Array(T * B * O),
    criticObs: new Float32Array(T * B * criticSize),
    mask: new Float32Array(T * B * A),
    action: actions,
    logp: new Float32Array(T * B),
    alive: new Float32Array(T * B),
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

/** The critic's raw input of every row, `[B,O_critic]`: its observation, behind the state where the view is joint. */
export function criticRows(
  obs: Reals,
  state: Reals,
  spec: WorldSpec,
  group: Group,
  view: CriticView,
  into: Float32Array,
): void {
  const O = spec.observationSizes[group.members[0]!]!;
  const S = view === "joint" ? spec.S : 0;
  let at = 0;
  for (let e = 0; e < spec.E; e++) {
    for (const n of group.members) {
      for (let s = 0; s < S; s++) into[at++] = state[e * spec.S + s]!;
      for (let o = 0; o < O; o++) into[at++] = obs[(e * spec.N + n) * spec.O + o]!;
    }
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

/** Record what the step that `world` just made brought the group: rewards, costs, ends. Advances `roll.t`. */
export function recordStep(roll: Rollout, world: World, group: Group, view: CriticView): void {
  const { spec } = world;
  const M = group.members.length;
  const start = roll.t * roll.B;
  const endObs = new Float32Array(roll.O_critic * roll.B);
  let ended = false;
  for (let e = 0; e < spec.E; e++) {
    for (let m = 0; m < M; m++) {
      const row = e * spec.N + group.members[m]!;
      const i = start + e * M + m;
      roll.signals[0]![i] = world.reward[row]!;
      for (let c = 0; c < spec.C; c++) roll.signals[1 + c]![i] = world.cost[row * spec.C + c]!;
      const terminated = world.terminated[row] !== 0;
      const over = terminated || world.truncated[row] !== 0 || world.done[e] !== 0;
      roll.done[i] = over ? 1 : 0;
      if (!over || terminated || roll.alive[i] === 0) continue;
      if (!ended) criticRows(world.finalObs, world.finalState, spec, group, view, endObs);
      ended = true;
      const at = (e * M + m) * roll.O_critic;
      roll.truncations.push({ index: i, criticObs: endObs.slice(at, at + roll.O_critic) });
    }
  }
  roll.t++;
}
