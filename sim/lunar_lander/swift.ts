/**
 * What planck does after every step with a body that moves, told without objects: where the body is, whether it left
 * the box that the broad phase knows, and whether it may meet the ground on its way. It computes what planck's does,
 * operation by operation: the tests compare the bits.
 *
 * @module
 */
import { cos, sin } from "../../core/mod.ts";
import type { Body, World } from "./exact_planck.ts";

export interface Vector {
  x: number;
  y: number;
}

interface Bounds {
  readonly lowerBound: Vector;
  readonly upperBound: Vector;
}

/** planck's own fields (1.4.3) of a body with one polygon, which its types leave out. */
export interface Moving {
  readonly m_sweep: {
    readonly localCenter: Vector;
    readonly c0: Vector;
    readonly c: Vector;
    a0: number;
    a: number;
    alpha0: number;
  };
  readonly m_xf: { readonly p: Vector; readonly q: { s: number; c: number } };
  readonly m_world: {
    readonly m_broadPhase: {
      getFatAABB(id: number): Bounds;
      moveProxy(id: number, box: Bounds, moved: Vector): void;
    };
  };
  readonly m_fixtureList: {
    readonly m_proxies: readonly [{ readonly proxyId: number; readonly aabb: Bounds }];
    readonly m_shape: { readonly m_vertices: readonly Vector[]; readonly m_radius: number };
  };
  readonly m_userData: Path | null;
  readonly m_next: Moving | null;
  synchronizeTransform(): void;
  synchronizeFixtures(): void;
}

interface Meeting {
  readonly m_fixtureA: Side;
  readonly m_fixtureB: Side;
  readonly m_next: Meeting | null;
}
interface Side {
  readonly m_body: Moving;
  readonly m_shape: { readonly m_vertex1?: Vector; readonly m_vertex2?: Vector };
}

/** Sine and cosine of an angle. */
export interface Turn {
  angle: number;
  s: number;
  c: number;
}

/** Of a body: its turns before and after the step, and where its corners were then: x, y, x, y, … first before. */
export interface Path {
  readonly turns: readonly [Turn, Turn];
  readonly corners: Float64Array;
}

/** A turn by this angle, one of the last two of which a body was asked. */
export function turnOf({ turns: [one, other] }: Path, angle: number): Turn {
  if (one.angle === angle) return one;
  if (other.angle === angle) return other;
  // the older one makes room: `one` and `other` change places by their contents
  other.angle = one.angle;
  other.s = one.s;
  other.c = one.c;
  one.angle = angle;
  one.s = sin(angle);
  one.c = cos(angle);
  return one;
}

/** Gives a body that has its polygon the methods of this module. */
export function hasten(body: Body): void {
  const it = body as unknown as Moving;
  const { m_vertices } = it.m_fixtureList.m_shape;
  const turn = () => ({ angle: NaN, s: 0, c: 0 });
  body.setUserData({ turns: [turn(), turn()], corners: new Float64Array(4 * m_vertices.length) });
  it.synchronizeTransform = settle;
  it.synchronizeFixtures = widen;
}

/** Takes over where the solver left the body. */
function settle(this: Moving): void {
  const { m_sweep: { localCenter, c0, c, a0, a }, m_xf: { p, q } } = this;
  const turn = turnOf(this.m_userData!, 0 * a0 + 1 * a);
  q.s = turn.s;
  q.c = turn.c;
  p.x = 0 * c0.x + 1 * c.x - (turn.c * localCenter.x - turn.s * localCenter.y);
  p.y = 0 * c0.y + 1 * c.y - (turn.s * localCenter.x + turn.c * localCenter.y);
}

/** Tells the broad phase when the way of this step leads out of the body's box there. */
function widen(this: Moving): void {
  const { m_sweep: { localCenter, c0, c, a0, a }, m_xf: { p, q }, m_userData, m_fixtureList } = this;
  const { m_shape: { m_vertices, m_radius }, m_proxies: [proxy] } = m_fixtureList;
  const { corners } = m_userData!;
  const { s: s0, c: k0 } = turnOf(m_userData!, 1 * a0 + 0 * a);
  const x0 = 1 * c0.x + 0 * c.x - (k0 * localCenter.x - s0 * localCenter.y);
  const y0 = 1 * c0.y + 0 * c.y - (s0 * localCenter.x + k0 * localCenter.y);
  const { s: s1, c: k1 } = q;
  const { x: x1, y: y1 } = p;
  let left = Infinity;
  let low = Infinity;
  let right = -Infinity;
  let high = -Infinity;
  for (let i = 0; i < m_vertices.length; i++) {
    const { x, y } = m_vertices[i]!;
    const fromX = k0 * x - s0 * y + x0;
    const fromY = s0 * x + k0 * y + y0;
    const toX = k1 * x - s1 * y + x1;
    const toY = s1 * x + k1 * y + y1;
    corners[4 * i] = fromX;
    corners[4 * i + 1] = fromY;
    corners[4 * i + 2] = toX;
    corners[4 * i + 3] = toY;
    left = Math.min(left, fromX, toX);
    low = Math.min(low, fromY, toY);
    right = Math.max(right, fromX, toX);
    high = Math.max(high, fromY, toY);
  }
  left -= m_radius;
  low -= m_radius;
  right += m_radius;
  high += m_radius;
  const { m_broadPhase } = this.m_world;
  const { lowerBound, upperBound } = m_broadPhase.getFatAABB(proxy.proxyId);
  if (lowerBound.x <= left && lowerBound.y <= low && right <= upperBound.x && high <= upperBound.y) return;
  const box = proxy.aabb;
  box.lowerBound.x = left;
  box.lowerBound.y = low;
  box.upperBound.x = right;
  box.upperBound.y = high;
  m_broadPhase.moveProxy(proxy.proxyId, box, { x: x1 - x0, y: y1 - y0 });
}

/** How far a body must stay from an edge, m, so that planck's search for the time of impact finds none: it is 6 mm. */
const CLEAR = 0.05;
/** No corner of hull or legs is farther from the body's centre, m. */
const REACH = 1;

/**
 * Where all bodies stay clear of the edges they are near, planck's search for the first impact within the step finds
 * none and changes nothing: it is skipped. It is most of the work of the last steps above ground.
 */
export function seekImpactsNear(world: World): void {
  const { m_solver } = world as unknown as { m_solver: { solveWorldTOI(step: unknown): void } };
  const seek = m_solver.solveWorldTOI;
  m_solver.solveWorldTOI = function (step) {
    const { m_bodyList, m_contactList } = world as unknown as {
      m_bodyList: Moving;
      m_contactList: Meeting | null;
    };
    for (let meeting = m_contactList; meeting; meeting = meeting.m_next) {
      if (!isClear(meeting)) return seek.call(this, step);
    }
    for (let body: Moving | null = m_bodyList; body; body = body.m_next) body.m_sweep.alpha0 = 0;
  };
}

/** Whether one side of the edge's line holds all corners before and after the step, and so all ways between them. */
function isClear({ m_fixtureA, m_fixtureB }: Meeting): boolean {
  const [ground, moving] = m_fixtureA.m_shape.m_vertex1 ? [m_fixtureA, m_fixtureB] : [m_fixtureB, m_fixtureA];
  const { m_vertex1: from, m_vertex2: to } = ground.m_shape;
  const { m_userData, m_sweep: { a0, a } } = moving.m_body;
  if (!from || !to || !m_userData) return false;
  const { corners } = m_userData;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < corners.length; i += 2) {
    const away = dx * (corners[i + 1]! - from.y) - dy * (corners[i]! - from.x);
    if (away < least) least = away;
    if (away > most) most = away;
  }
  // between, a corner leaves the straight line by up to an eighth of the squared turn times its distance
  const bulge = REACH * (a - a0) * (a - a0) / 8;
  return Math.max(least, -most) > (CLEAR + bulge) * Math.sqrt(dx * dx + dy * dy);
}
