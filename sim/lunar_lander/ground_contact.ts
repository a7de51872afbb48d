/**
 * How the ground pushes back, in one iteration of the solver: planck's own for a contact of which one side never moves,
 * so that this side's half of the arithmetic falls away, and told without objects.
 *
 * @module
 */
import type { Vector } from "./swift.ts";

interface Velocity {
  readonly v: Vector;
  w: number;
}
interface Point {
  readonly rB: Vector;
  readonly normalMass: number;
  readonly tangentMass: number;
  readonly velocityBias: number;
  normalImpulse: number;
  tangentImpulse: number;
}
interface Matrix {
  readonly ex: Vector;
  readonly ey: Vector;
}

/** planck's own fields of a contact (1.4.3), whose side A is an edge of the ground. */
export interface GroundContact {
  readonly m_fixtureB: { readonly m_body: { readonly c_velocity: Velocity } };
  readonly v_invMassB: number;
  readonly v_invIB: number;
  readonly v_normal: Vector;
  readonly v_friction: number;
  readonly v_points: readonly Point[];
  readonly v_pointCount: number;
  readonly v_K: Matrix;
  readonly v_normalMass: Matrix;
}

/** Changes the body's velocity and what the points have pushed so far; says whether it changed anything. */
export function pushBack(it: GroundContact): boolean {
  const velocity = it.m_fixtureB.m_body.c_velocity;
  const { v, w } = velocity;
  const { x, y } = v;
  let changed = false;
  for (let i = 0; i < it.v_pointCount; i++) if (rub(it, velocity, it.v_points[i]!)) changed = true;
  if (it.v_pointCount === 1) {
    if (stop(it, velocity, it.v_points[0]!)) changed = true;
  } else if (stopBoth(it, velocity)) {
    changed = true;
  }
  return changed || v.x !== x || v.y !== y || velocity.w !== w;
}

/** Friction. */
function rub(it: GroundContact, velocity: Velocity, point: Point): boolean {
  const { v_invMassB: m, v_invIB: i, v_normal: n, v_friction } = it;
  const { v, w } = velocity;
  const { rB: r, tangentImpulse: old } = point;
  const slip = (v.x + -w * r.y) * n.y + (v.y + w * r.x) * -n.x;
  const most = v_friction * point.normalImpulse;
  const wanted = old + point.tangentMass * -slip;
  const next = wanted < -most ? -most : wanted > most ? most : wanted;
  point.tangentImpulse = next;
  const [px, py] = [(next - old) * n.y, (next - old) * -n.x];
  v.x += m * px;
  v.y += m * py;
  velocity.w = w + i * (r.x * py - r.y * px);
  return next !== old;
}

/** A single point's push along the normal. */
function stop(it: GroundContact, velocity: Velocity, point: Point): boolean {
  const { v_invMassB: m, v_invIB: i, v_normal: n } = it;
  const { v, w } = velocity;
  const { rB: r, normalImpulse: old } = point;
  const speed = (v.x + -w * r.y) * n.x + (v.y + w * r.x) * n.y;
  const next = Math.max(old + -point.normalMass * (speed - point.velocityBias), 0);
  point.normalImpulse = next;
  const [px, py] = [(next - old) * n.x, (next - old) * n.y];
  v.x += m * px;
  v.y += m * py;
  velocity.w = w + i * (r.x * py - r.y * px);
  return next !== old;
}

/** Two points' pushes at once: both push, or one, or none, whichever is possible first; else all stays. */
function stopBoth(it: GroundContact, velocity: Velocity): boolean {
  const { v_normal: n, v_points, v_K: { ex, ey }, v_normalMass: mass } = it;
  const [one, two] = [v_points[0]!, v_points[1]!];
  const { v, w } = velocity;
  const [r1, r2] = [one.rB, two.rB];
  const speed1 = (v.x + -w * r1.y) * n.x + (v.y + w * r1.x) * n.y;
  const speed2 = (v.x + -w * r2.y) * n.x + (v.y + w * r2.x) * n.y;
  const b1 = speed1 - one.velocityBias - (ex.x * one.normalImpulse + ey.x * two.normalImpulse);
  const b2 = speed2 - two.velocityBias - (ex.y * one.normalImpulse + ey.y * two.normalImpulse);
  const both1 = -(mass.ex.x * b1 + mass.ey.x * b2);
  const both2 = -(mass.ex.y * b1 + mass.ey.y * b2);
  if (both1 >= 0 && both2 >= 0) return pushBoth(it, velocity, both1, both2);
  const alone1 = -one.normalMass * b1;
  if (alone1 >= 0 && ex.y * alone1 + b2 >= 0) return pushBoth(it, velocity, alone1, 0);
  const alone2 = -two.normalMass * b2;
  if (alone2 >= 0 && ey.x * alone2 + b1 >= 0) return pushBoth(it, velocity, 0, alone2);
  return b1 >= 0 && b2 >= 0 && pushBoth(it, velocity, 0, 0);
}

function pushBoth(it: GroundContact, velocity: Velocity, next1: number, next2: number): boolean {
  const { v_invMassB: m, v_invIB: i, v_normal: n, v_points } = it;
  const [one, two] = [v_points[0]!, v_points[1]!];
  const [more1, more2] = [next1 - one.normalImpulse, next2 - two.normalImpulse];
  const [x1, y1, x2, y2] = [more1 * n.x, more1 * n.y, more2 * n.x, more2 * n.y];
  const { v } = velocity;
  v.x = m * x1 + m * x2 + v.x;
  v.y = m * y1 + m * y2 + v.y;
  velocity.w += i * ((one.rB.x * y1 - one.rB.y * x1) + (two.rB.x * y2 - two.rB.y * x2));
  one.normalImpulse = next1;
  two.normalImpulse = next2;
  return more1 !== 0 || more2 !== 0;
}
