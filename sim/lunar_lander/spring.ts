/**
 * planck's revolute joint with its motor and its limit on, as every leg has it, and its solver told without objects:
 * the solver runs 60 to 180 times in a step, and is most of it. It computes what planck's does, operation by operation:
 * the tests compare the bits.
 *
 * @module
 */
import { RevoluteJoint } from "./exact_planck.ts";

interface Vector {
  x: number;
  y: number;
}

/** What of a body the solver changes. */
interface Moving {
  readonly c_velocity: { readonly v: Vector; w: number };
}

/** planck's own fields of a joint (1.4.3), which its types leave out. */
interface Insides {
  readonly m_bodyA: Moving;
  readonly m_bodyB: Moving;
  readonly m_invMassA: number;
  readonly m_invMassB: number;
  readonly m_invIA: number;
  readonly m_invIB: number;
  readonly m_rA: Vector;
  readonly m_rB: Vector;
  /** Symmetric: columns ex, ey, ez. */
  readonly m_mass: Readonly<Record<"ex" | "ey" | "ez", { x: number; y: number; z: number }>>;
  readonly m_motorMass: number;
  readonly m_motorSpeed: number;
  readonly m_maxMotorTorque: number;
  readonly m_limitState: number;
  readonly m_impulse: { x: number; y: number; z: number };
  m_motorImpulse: number;
}

/** planck's names of where the joint is. */
const LOWER = 1;
const UPPER = 2;

/** A joint whose motor and limit are on; its lower limit is less than its upper. */
export class Spring extends RevoluteJoint {
  /** What `m_mass` gives in every iteration of a step: its first cofactors, and the inverse of its determinants. */
  readonly #of = { qx: 0, qy: 0, qz: 0, inverse: 0, plane: 0 };
  /** Velocities that the last iteration found and left as they were; NaN where it changed something. */
  readonly #rest = { ax: NaN, ay: NaN, aw: NaN, bx: NaN, by: NaN, bw: NaN };

  override initVelocityConstraints(step: Parameters<RevoluteJoint["initVelocityConstraints"]>[0]): void {
    super.initVelocityConstraints(step);
    const { ex, ey, ez } = (this as unknown as Insides).m_mass;
    const of = this.#of;
    of.qx = ey.y * ez.z - ey.z * ez.y;
    of.qy = ey.z * ez.x - ey.x * ez.z;
    of.qz = ey.x * ez.y - ey.y * ez.x;
    of.inverse = 1 / (ex.x * of.qx + ex.y * of.qy + ex.z * of.qz);
    of.plane = 1 / (ex.x * ey.y - ey.x * ex.y);
    this.#rest.ax = NaN;
  }

  override solveVelocityConstraints(step: { readonly dt: number }): void {
    const it = this as unknown as Insides;
    const [a, b] = [it.m_bodyA.c_velocity, it.m_bodyB.c_velocity];
    const [vA, vB] = [a.v, b.v];
    const rest = this.#rest;
    const [vAx, vAy, vBx, vBy] = [vA.x, vA.y, vB.x, vB.y];
    if (
      rest.ax === vAx && rest.ay === vAy && rest.aw === a.w && rest.bx === vBx && rest.by === vBy &&
      rest.bw === b.w
    ) return;

    const { m_invMassA: mA, m_invMassB: mB, m_invIA: iA, m_invIB: iB, m_impulse: sum, m_limitState } = it;
    const { x: ax, y: ay } = it.m_rA;
    const { x: bx, y: by } = it.m_rB;
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
    const { qx, qy, qz, inverse, plane } = this.#of;
    const [sumX, sumY, sumZ] = [sum.x, sum.y, sum.z];
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
}
