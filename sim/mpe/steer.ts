/**
 * Scripted MPE agents: they go to a point and stop there, and say a symbol.
 *
 * A particle that is pushed no more coasts on for 0.4 s of its speed: v · dt · (1 + ¾ + ¾² + …). A push of strength u
 * carries it u · accel · 0.04 further. So the agent pushes towards where it wants to rest, by as much as is missing.
 *
 * @module
 */
import type { Group, Policy, WorldSpec } from "../types.ts";

/** Metres that a particle coasts per m/s, and that one push at full strength carries it per unit of `accel`. */
const COAST = 0.4;
const PUSH = 0.04;

/** dt and 1 − damping, by which an agent that does not see its velocity reckons it. */
const DT = 0.1;
const KEPT = 0.75;

/** x, y */
export type Point = readonly [number, number];

/** What an agent wants: to be at an offset from where it is, and to say something. */
export interface Wish {
  readonly go?: Point;
  readonly say?: number;
}

export interface Steering {
  /** Force per unit of control; 5 if not given. */
  readonly accel?: number;
  /** Where the own velocity stands in the observation; without it the agent reckons it from its pushes. */
  readonly velocity?: number;
  /** `obs` is the agent's own observation, `member` its number in the group. */
  readonly wish: (obs: Float32Array, member: number) => Wish;
}

/** A policy that steers the agents of a group. */
export function steer(
  spec: WorldSpec,
  group: Group,
  { accel = 5, velocity, wish }: Steering,
  name = "scripted",
): Policy {
  const { actionKind, groups } = spec;
  const own = groups.find((one) => one.name === group.name)!;
  const count = own.members.length;
  const push = PUSH * accel;
  return {
    name,
    hiddenSize: velocity === undefined ? 2 : 0,
    act({ rows, obs, hidden }, into) {
      const O = obs.length / rows;
      const A = into.length / rows;
      for (let r = 0; r < rows; r++) {
        const seen = obs.subarray(r * O, (r + 1) * O);
        const { go, say = 0 } = wish(seen, r % count);
        const [vx, vy] = velocity === undefined
          ? [hidden[2 * r]!, hidden[2 * r + 1]!]
          : [seen[velocity]!, seen[velocity + 1]!];
        const missing: Point = go === undefined
          ? [0, 0]
          : [(go[0] - COAST * vx) / push, (go[1] - COAST * vy) / push];
        const moved = actionKind === "discrete"
          ? symbolAndMove(go !== undefined, say, missing, r, into)
          : strengths(go !== undefined, say, missing, into.subarray(r * A, (r + 1) * A));
        if (velocity === undefined) {
          hidden[2 * r] = KEPT * vx + accel * DT * moved[0];
          hidden[2 * r + 1] = KEPT * vy + accel * DT * moved[1];
        }
      }
    },
  };
}

/** Where the agent is. */
export const STILL: Point = [0, 0];
/** Stay, left, right, down, up. */
const MOVES: readonly Point[] = [STILL, [-1, 0], [1, 0], [0, -1], [0, 1]];

/** Writes 5 · symbol + move, or the symbol of one who stands; the control it amounts to. */
function symbolAndMove(
  moves: boolean,
  say: number,
  missing: Point,
  at: number,
  into: Int32Array | Float32Array,
): Point {
  const move = nearestMove(missing);
  into[at] = moves ? 5 * say + move : say;
  return moves ? MOVES[move]! : STILL;
}

/** The move along the larger component; none where less than half a push is missing. */
function nearestMove([x, y]: Point): number {
  if (Math.max(Math.abs(x), Math.abs(y)) < 0.5) return 0;
  if (Math.abs(x) > Math.abs(y)) return x < 0 ? 1 : 2;
  return y < 0 ? 3 : 4;
}

/** Writes the five strengths and the symbols; the control they amount to. */
function strengths(moves: boolean, say: number, missing: Point, into: Int32Array | Float32Array): Point {
  into.fill(0);
  const [x, y] = [Math.min(1, Math.max(-1, missing[0])), Math.min(1, Math.max(-1, missing[1]))];
  if (moves) {
    into.set([0, Math.max(0, -x), Math.max(0, x), Math.max(0, -y), Math.max(0, y)]);
    if (into.length > 5) into[5 + say] = 1;
    return [x, y];
  }
  into[say] = 1;
  return STILL;
}

/** `count` points of an observation, from index `from` on. */
export function points(obs: Float32Array, from: number, count: number): Point[] {
  return Array.from({ length: count }, (_, i): Point => [obs[from + 2 * i]!, obs[from + 2 * i + 1]!]);
}

/** The point nearest to another. */
export function nearestTo(all: readonly Point[], to: Point = STILL): Point {
  return all.reduce((a, b) => square(b, to) < square(a, to) ? b : a);
}

/** The middle of some points. */
export function centre(all: readonly Point[]): Point {
  const sum = all.reduce(([ax, ay], [bx, by]): Point => [ax + bx, ay + by], STILL);
  return [sum[0] / all.length, sum[1] / all.length];
}

/** Half a metre away from a hunter, within 0.8 of the middle; the own place stands behind the own velocity. */
export function flee(obs: Float32Array, hunter: Point): Point {
  const distance = Math.sqrt(square(hunter, STILL));
  const away = (axis: 0 | 1) => {
    const own = obs[2 + axis]!;
    const wanted = own - (distance === 0 ? 0 : 0.5 * hunter[axis] / distance);
    return Math.min(0.8, Math.max(-0.8, wanted)) - own;
  };
  return [away(0), away(1)];
}

/** Index of the largest number. */
export function largest(values: Float32Array): number {
  return values.reduce((best, value, i) => value > values[best]! ? i : best, 0);
}

/**
 * Who takes which place, nearest pair first: the place of the first of `all`. Every agent finds the same pairs, from
 * whichever point it looks.
 */
export function ownPlace(all: readonly Point[], places: readonly Point[]): Point {
  const agents = new Set(all);
  const left = new Set(places);
  while (left.size > 0) {
    const pairs = [...agents].flatMap((agent) => [...left].map((place) => [agent, place] as const));
    const [agent, place] = pairs.reduce((a, b) => square(...b) < square(...a) ? b : a);
    if (agent === all[0]) return place;
    agents.delete(agent);
    left.delete(place);
  }
  return STILL;
}

function square([ax, ay]: Point, [bx, by]: Point): number {
  return (ax - bx) * (ax - bx) + (ay - by) * (ay - by);
}
