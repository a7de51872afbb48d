/**
 * Pairs of a transition and a member of a group: the rows that a critic of many agents learns from.
 *
 * Shape letters: `R = batch · M` rows, `X` what the critic sees, `J` the actions it sees.
 *
 * @module
 */
import type { Group, WorldSpec } from "../sim/mod.ts";
import type { Sight } from "./sight.ts";
import type { Transitions } from "./transitions.ts";

/** The rows of a batch, as networks take them. */
export interface Pairs {
  readonly X: number;
  readonly J: number;
  readonly rows: number;
  /** `[R,X]` the state, or the member's own observation, before and after the step. */
  readonly seen: Float32Array;
  readonly nextSeen: Float32Array;
  /** `[R,J]` all actions, or the member's own, before and after. */
  readonly actions: Float32Array;
  readonly nextActions: Float32Array;
  /** `[R,J]` 1 in the member's place. */
  readonly own: Float32Array;
  /** `[R,M]` one-hot: which member. */
  readonly whose: Float32Array;
  /** `[R,O]` what the member sees before the step, and after it. */
  readonly obs: Float32Array;
  readonly nextObs: Float32Array;
  /** `[R,A]` its legal actions after the step. */
  readonly nextMask: Float32Array;
  /** `[R]` */
  readonly reward: Float32Array;
  readonly goesOn: Float32Array;
  readonly alive: Float32Array;
  /** Fill all of it from `batch`; `following [batch,N,A]` are the actions after it. */
  fill(batch: Transitions, following: Float32Array): void;
  /** Fill `nextObs` and `nextMask` alone. */
  fillNext(batch: Transitions): void;
  /** Put the members' actions `[R,A]` into their places of `into`, `[batch,N,A]`. */
  spread(actions: Float32Array, into: Float32Array): void;
}

/** Rows for batches of `size` transitions; `joint` critics see everything. */
export function pairs(
  spec: WorldSpec,
  group: Group,
  sight: Sight,
  size: number,
  joint: boolean,
): Pairs {
  const { N, S } = spec;
  const M = group.members.length;
  const O = spec.observationSizes[group.members[0]!]!;
  const A = spec.actionSizes[group.members[0]!]!;
  const X = joint ? S : O;
  const J = joint ? N * spec.A : A;
  const rows = size * M;
  const column = (width: number) => new Float32Array(rows * width);
  const self: Pairs = {
    X,
    J,
    rows,
    seen: column(X),
    nextSeen: column(X),
    actions: column(J),
    nextActions: column(J),
    own: column(J),
    whose: column(M),
    obs: column(sight.O),
    nextObs: column(sight.O),
    nextMask: column(A),
    reward: column(1),
    goesOn: column(1),
    alive: column(1),
    fill(batch, following) {
      each((row, i, n) => {
        const agent = i * N + n;
        copy(joint ? batch.state : batch.obs, joint ? i * X : agent * spec.O, X, self.seen, row * X);
        copy(
          joint ? batch.nextState : batch.nextObs,
          joint ? i * X : agent * spec.O,
          X,
          self.nextSeen,
          row * X,
        );
        copy(batch.action, joint ? i * J : agent * spec.A, J, self.actions, row * J);
        copy(following, joint ? i * J : agent * spec.A, J, self.nextActions, row * J);
        self.reward[row] = batch.reward[agent]!;
        self.goesOn[row] = batch.goesOn[agent]!;
        self.alive[row] = batch.alive[agent]!;
      });
      sight.rows(batch.obs, self.obs);
    },
    fillNext(batch) {
      each((row, i, n) => copy(batch.nextMask, (i * N + n) * spec.A, A, self.nextMask, row * A));
      sight.rows(batch.nextObs, self.nextObs);
    },
    spread(actions, into) {
      each((row, i, n) => copy(actions, row * A, A, into, (i * N + n) * spec.A));
    },
  };
  each((row, _, n, m) => {
    self.whose[row * M + m] = 1;
    const place = joint ? n * spec.A : 0;
    self.own.fill(1, row * J + place, row * J + place + A);
  });
  return self;

  /** Every row with its transition, agent and member. */
  function each(visit: (row: number, transition: number, agent: number, member: number) => void): void {
    for (let i = 0; i < size; i++) group.members.forEach((n, m) => visit(i * M + m, i, n, m));
  }
}

function copy(from: Float32Array, at: number, size: number, into: Float32Array, to: number): void {
  for (let i = 0; i < size; i++) into[to + i] = from[at + i]!;
}
