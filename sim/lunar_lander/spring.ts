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
  override solveVelocityConstraints(step: { readonly dt: number }): void {
    const it = this as unknown as Insides;
    const { m_invMassA: mA, m_invMassB: mB, m_invIA: iA, m_invIB: iB, m_impulse: sum, m_limitState } = it;
    const [a, b] = [it.m_bodyA.c_velocity, it.m_bodyB.c_velocity];
    const [vA, vB] = [a.v, b.v];
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
    const cx = vB.x + -wB * by - (vA.x + -wA * ay);
    const cy = vB.y + wB * bx - (vA.y + wA * ax);
    const { ex, ey, ez } = it.m_mass;
    let px = 0;
    let py = 0;
    let pz = 0;
    if (m_limitState === LOWER || m_limitState === UPPER) {
      const cz = wB - wA;
      const qx = ey.y * ez.z - ey.z * ez.y;
      const qy = ey.z * ez.x - ey.x * ez.z;
      const qz = ey.x * ez.y - ey.y * ez.x;
      const inverse = 1 / (ex.x * qx + ex.y * qy + ex.z * qz);
      px = -(inverse * (cx * qx + cy * qy + cz * qz));
      py = -(inverse *
        (ex.x * (cy * ez.z - cz * ez.y) + ex.y * (cz * ez.x - cx * ez.z) + ex.z * (cx * ez.y - cy * ez.x)));
      pz = -(inverse *
        (ex.x * (ey.y * cz - ey.z * cy) + ex.y * (ey.z * cx - ey.x * cz) + ex.z * (ey.x * cy - ey.y * cx)));
      const limit = sum.z + pz;
      if (m_limitState === LOWER ? limit < 0 : limit > 0) {
        const rx = -1 * cx + sum.z * ez.x;
        const ry = -1 * cy + sum.z * ez.y;
        const determinant = 1 / (ex.x * ey.y - ey.x * ex.y);
        px = determinant * (ey.y * rx - ey.x * ry);
        py = determinant * (ex.x * ry - ex.y * rx);
        pz = -sum.z;
        sum.z = 0;
      } else {
        sum.z = limit;
      }
    } else {
      const determinant = 1 / (ex.x * ey.y - ey.x * ex.y);
      px = determinant * (ey.y * -cx - ey.x * -cy);
      py = determinant * (ex.x * -cy - ex.y * -cx);
    }
    sum.x += px;
    sum.y += py;
    vA.x -= mA * px;
    vA.y -= mA * py;
    a.w = wA - iA * (ax * py - ay * px + pz);
    vB.x += mB * px;
    vB.y += mB * py;
    b.w = wB + iB * (bx * py - by * px + pz);
  }
}
