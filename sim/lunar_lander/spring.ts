/**
 * planck's revolute joint with its motor and its limit on, as every leg has it, and its solver told without objects:
 * the solver runs 60 to 180 times in a step, and is most of it. It computes what planck's does, operation by operation:
 * the tests compare the bits.
 *
 * @module
 */
import { cos, sin } from "../../core/mod.ts";
import { RevoluteJoint } from "./exact_planck.ts";
import { type Moving, turnOf, type Vector } from "./swift.ts";

/** What of a body the solver reads and changes. */
interface Solved extends Moving {
  readonly m_invMass: number;
  readonly m_invI: number;
  readonly c_velocity: { readonly v: Vector; w: number };
  readonly c_position: { readonly c: Vector; a: number };
}

/** planck's own fields of a joint (1.4.3), which its types leave out. */
interface Insides {
  readonly m_bodyA: Solved;
  readonly m_bodyB: Solved;
  readonly m_localAnchorA: Vector;
  readonly m_localAnchorB: Vector;
  readonly m_referenceAngle: number;
  readonly m_lowerAngle: number;
  readonly m_upperAngle: number;
  m_invMassA: number;
  m_invMassB: number;
  m_invIA: number;
  m_invIB: number;
  /** Symmetric: columns ex, ey, ez. */
  readonly m_mass: Readonly<Record<"ex" | "ey" | "ez", { x: number; y: number; z: number }>>;
  m_motorMass: number;
  readonly m_motorSpeed: number;
  readonly m_maxMotorTorque: number;
  m_limitState: number;
  readonly m_impulse: { x: number; y: number; z: number };
  m_motorImpulse: number;
}

/** planck's names of where the joint is. */
const FREE = 0;
const LOWER = 1;
const UPPER = 2;

/** What planck tolerates, m and rad, and the most it corrects an angle by at once. */
const SLOP = 0.005;
const ANGULAR_SLOP = 2 / 180 * Math.PI;
const MOST_CORRECTION = 8 / 180 * Math.PI;

/** A joint whose motor and limit are on; its lower limit is less than its upper. */
export class Spring extends RevoluteJoint {
  /** What stays in all iterations of a step: the arms, and of `m_mass` cofactors and the inverse of determinants. */
  readonly #of = { ax: 0, ay: 0, bx: 0, by: 0, qx: 0, qy: 0, qz: 0, inverse: 0, plane: 0 };
  /** Velocities that the last iteration found and left as they were; NaN where it changed something. */
  readonly #rest = { ax: NaN, ay: NaN, aw: NaN, bx: NaN, by: NaN, bw: NaN };

  override initVelocityConstraints({ dtRatio }: { readonly dtRatio: number }): void {
    const it = this as unknown as Insides;
    const { m_bodyA: A, m_bodyB: B, m_localAnchorA: anchorA, m_localAnchorB: anchorB, m_impulse: sum } = it;
    const [mA, mB, iA, iB] = [A.m_invMass, B.m_invMass, A.m_invI, B.m_invI];
    it.m_invMassA = mA;
    it.m_invMassB = mB;
    it.m_invIA = iA;
    it.m_invIB = iB;
    const [turnA, turnB] = [turnOf(A.m_userData!, A.c_position.a), turnOf(B.m_userData!, B.c_position.a)];
    const [centerA, centerB] = [A.m_sweep.localCenter, B.m_sweep.localCenter];
    const ax = turnA.c * (anchorA.x - centerA.x) - turnA.s * (anchorA.y - centerA.y);
    const ay = turnA.s * (anchorA.x - centerA.x) + turnA.c * (anchorA.y - centerA.y);
    const bx = turnB.c * (anchorB.x - centerB.x) - turnB.s * (anchorB.y - centerB.y);
    const by = turnB.s * (anchorB.x - centerB.x) + turnB.c * (anchorB.y - centerB.y);
    const { ex, ey, ez } = it.m_mass;
    ex.x = mA + mB + ay * ay * iA + by * by * iB;
    ey.x = -ay * ax * iA - by * bx * iB;
    ez.x = -ay * iA - by * iB;
    ex.y = ey.x;
    ey.y = mA + mB + ax * ax * iA + bx * bx * iB;
    ez.y = ax * iA + bx * iB;
    ex.z = ez.x;
    ey.z = ez.y;
    ez.z = iA + iB;
    it.m_motorMass = 1 / (iA + iB);
    const angle = B.c_position.a - A.c_position.a - it.m_referenceAngle;
    const state = angle <= it.m_lowerAngle ? LOWER : angle >= it.m_upperAngle ? UPPER : FREE;
    if (state === FREE || state !== it.m_limitState) sum.z = 0;
    it.m_limitState = state;

    // what the last step needed is where this one begins
    sum.x *= dtRatio;
    sum.y *= dtRatio;
    sum.z *= dtRatio;
    it.m_motorImpulse *= dtRatio;
    const [a, b] = [A.c_velocity, B.c_velocity];
    a.v.x -= mA * sum.x;
    a.v.y -= mA * sum.y;
    a.w -= iA * (ax * sum.y - ay * sum.x + it.m_motorImpulse + sum.z);
    b.v.x += mB * sum.x;
    b.v.y += mB * sum.y;
    b.w += iB * (bx * sum.y - by * sum.x + it.m_motorImpulse + sum.z);

    const of = this.#of;
    of.ax = ax;
    of.ay = ay;
    of.bx = bx;
    of.by = by;
    of.qx = ey.y * ez.z - ey.z * ez.y;
    of.qy = ey.z * ez.x - ey.x * ez.z;
    of.qz = ey.x * ez.y - ey.y * ez.x;
    of.inverse = 1 / (ex.x * of.qx + ex.y * of.qy + ex.z * of.qz);
    of.plane = 1 / (ex.x * ey.y - ey.x * ex.y);
    this.#rest.ax = NaN;
  }

  override solveVelocityConstraints(step: { readonly dt: number }): void {
    // one name at a time: an array to take several from is garbage here, a hundred times a step
    const it = this as unknown as Insides;
    const a = it.m_bodyA.c_velocity;
    const b = it.m_bodyB.c_velocity;
    const vA = a.v;
    const vB = b.v;
    const rest = this.#rest;
    const { x: vAx, y: vAy } = vA;
    const { x: vBx, y: vBy } = vB;
    if (
      rest.ax === vAx && rest.ay === vAy && rest.aw === a.w && rest.bx === vBx && rest.by === vBy &&
      rest.bw === b.w
    ) return;

    const { m_invMassA: mA, m_invMassB: mB, m_invIA: iA, m_invIB: iB, m_impulse: sum, m_limitState } = it;
    const of = this.#of;
    const { ax, ay, bx, by } = of;
    const most = step.dt * it.m_maxMotorTorque;
    const wanted = it.m_motorImpulse + -it.m_motorMass * (b.w - a.w - it.m_motorSpeed);
    const motor = wanted < -most ? -most : wanted > most ? most : wanted;
    const turned = motor - it.m_motorImpulse;
    it.m_motorImpulse = motor;
    const wA = a.w - iA * turned;
    const wB = b.w + iB * turned;

    // how fast the anchors part
    const cx = vBx + -wB * by - (vAx + -wA * ay);
    const cy = vBy + wB * bx - (vAy + wA * ax);
    const { ex, ey, ez } = it.m_mass;
    const { qx, qy, qz, inverse, plane } = of;
    const { x: sumX, y: sumY, z: sumZ } = sum;
    let px = 0;
    let py = 0;
    let pz = 0;
    if (m_limitState === LOWER || m_limitState === UPPER) {
      const cz = wB - wA;
      px = -(inverse * (cx * qx + cy * qy + cz * qz));
      py = -(inverse *
        (ex.x * (cy * ez.z - cz * ez.y) + ex.y * (cz * ez.x - cx * ez.z) + ex.z * (cx * ez.y - cy * ez.x)));
      pz = -(inverse *
        (ex.x * (ey.y * cz - ey.z * cy) + ex.y * (ey.z * cx - ey.x * cz) + ex.z * (ey.x * cy - ey.y * cx)));
      const limit = sumZ + pz;
      if (m_limitState === LOWER ? limit < 0 : limit > 0) {
        const rx = -1 * cx + sumZ * ez.x;
        const ry = -1 * cy + sumZ * ez.y;
        px = plane * (ey.y * rx - ey.x * ry);
        py = plane * (ex.x * ry - ex.y * rx);
        pz = -sumZ;
        sum.z = 0;
      } else {
        sum.z = limit;
      }
    } else {
      px = plane * (ey.y * -cx - ey.x * -cy);
      py = plane * (ex.x * -cy - ex.y * -cx);
    }
    sum.x = sumX + px;
    sum.y = sumY + py;
    vA.x = vAx - mA * px;
    vA.y = vAy - mA * py;
    const nextA = wA - iA * (ax * py - ay * px + pz);
    vB.x = vBx + mB * px;
    vB.y = vBy + mB * py;
    const nextB = wB + iB * (bx * py - by * px + pz);
    const still = turned === 0 && sum.x === sumX && sum.y === sumY && sum.z === sumZ && nextA === a.w &&
      nextB === b.w && vA.x === vAx && vA.y === vAy && vB.x === vBx && vB.y === vBy;
    a.w = nextA;
    b.w = nextB;
    rest.ax = still ? vAx : NaN;
    if (!still) return;
    rest.ay = vAy;
    rest.aw = nextA;
    rest.bx = vBx;
    rest.by = vBy;
    rest.bw = nextB;
  }

  override solvePositionConstraints(): boolean {
    const it = this as unknown as Insides;
    const { m_bodyA: A, m_bodyB: B, m_localAnchorA: anchorA, m_localAnchorB: anchorB, m_limitState } = it;
    const { m_invMassA: mA, m_invMassB: mB, m_invIA: iA, m_invIB: iB } = it;
    const [a, b] = [A.c_position, B.c_position];
    let angularError = 0;
    if (m_limitState !== FREE) {
      const lower = m_limitState === LOWER;
      const beyond = b.a - a.a - it.m_referenceAngle - (lower ? it.m_lowerAngle : it.m_upperAngle);
      angularError = lower ? -beyond : beyond;
      const by = lower
        ? clamp(beyond + ANGULAR_SLOP, -MOST_CORRECTION, 0)
        : clamp(beyond - ANGULAR_SLOP, 0, MOST_CORRECTION);
      const impulse = -it.m_motorMass * by;
      a.a -= iA * impulse;
      b.a += iB * impulse;
    }
    const sA = sin(a.a);
    const cA = cos(a.a);
    const sB = sin(b.a);
    const cB = cos(b.a);
    const [centerA, centerB] = [A.m_sweep.localCenter, B.m_sweep.localCenter];
    const ax = cA * (anchorA.x - centerA.x) - sA * (anchorA.y - centerA.y);
    const ay = sA * (anchorA.x - centerA.x) + cA * (anchorA.y - centerA.y);
    const bx = cB * (anchorB.x - centerB.x) - sB * (anchorB.y - centerB.y);
    const by = sB * (anchorB.x - centerB.x) + cB * (anchorB.y - centerB.y);
    const apartX = b.c.x + bx - (a.c.x + ax);
    const apartY = b.c.y + by - (a.c.y + ay);
    const xx = mA + mB + iA * ay * ay + iB * by * by;
    const xy = -iA * ax * ay - iB * bx * by;
    const yy = mA + mB + iA * ax * ax + iB * bx * bx;
    const inverse = 1 / (xx * yy - xy * xy);
    const px = -(inverse * (yy * apartX - xy * apartY));
    const py = -(inverse * (xx * apartY - xy * apartX));
    a.c.x -= mA * px;
    a.c.y -= mA * py;
    a.a -= iA * (ax * py - ay * px);
    b.c.x += mB * px;
    b.c.y += mB * py;
    b.a += iB * (bx * py - by * px);
    return Math.sqrt(apartX * apartX + apartY * apartY) <= SLOP && angularError <= ANGULAR_SLOP;
  }
}

function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}
