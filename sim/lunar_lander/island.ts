/**
 * planck's solver for bodies that are joined or touch, for this world: no damping, no sensors, nobody who listens to
 * impulses, and contacts with the ground alone. It computes what planck's does, operation by operation, without copies
 * of vectors: the tests compare the bits.
 *
 * @module
 */
import type { World } from "./exact_planck.ts";
import { type GroundContact, pushBack } from "./ground_contact.ts";
import type { Moving, Vector } from "./swift.ts";

interface Step {
  readonly dt: number;
  readonly velocityIterations: number;
  readonly positionIterations: number;
}

interface Solved extends Moving {
  readonly m_type: "static" | "dynamic";
  readonly m_invMass: number;
  readonly m_invI: number;
  readonly m_force: Vector;
  readonly m_torque: number;
  readonly m_linearVelocity: Vector;
  m_angularVelocity: number;
  m_sleepTime: number;
  readonly c_position: { readonly c: Vector; a: number };
  readonly c_velocity: { readonly v: Vector; w: number };
  setAwake(awake: boolean): void;
}

interface Contact extends GroundContact {
  initConstraint(step: Step): void;
  initVelocityConstraint(step: Step): void;
  warmStartConstraint(step: Step): void;
  storeConstraintImpulses(step: Step): void;
  solvePositionConstraint(step: Step): number;
  solvePositionConstraintTOI(step: Step, a: Solved, b: Solved): number;
}

interface Joint {
  initVelocityConstraints(step: Step): void;
  solveVelocityConstraints(step: Step): void;
  solvePositionConstraints(step: Step): boolean;
}

/** planck's own fields of its solver (1.4.3), and the two methods that this module has its own of. */
interface Solver {
  readonly m_world: { readonly m_gravity: Vector };
  readonly m_bodies: readonly Solved[];
  readonly m_contacts: readonly Contact[];
  readonly m_joints: readonly Joint[];
  solveIsland(step: Step): void;
  solveIslandTOI(step: Step, a: Solved, b: Solved): void;
}

/** planck's settings: m and rad. */
const SLOP = 0.005;
const MOST_MOVE = 2;
const MOST_TURN = 0.5 * Math.PI;
const SLEEP_SPEED = 0.01;
const SLEEP_TURN = 2 / 180 * Math.PI;
/** Seconds of rest after which bodies sleep. */
const TIME_TO_SLEEP = 0.5;

/** Gives a world the solver of this module. */
export function solveIslandsFast(world: World): void {
  const { m_solver } = world as unknown as { m_solver: Solver };
  m_solver.solveIsland = solveIsland;
  m_solver.solveIslandTOI = solveImpact;
}

function solveIsland(this: Solver, step: Step): void {
  const { m_world: { m_gravity }, m_bodies, m_contacts, m_joints } = this;
  const h = step.dt;
  for (const body of m_bodies) {
    const { m_sweep, c_velocity: { v } } = body;
    m_sweep.c0.x = m_sweep.c.x;
    m_sweep.c0.y = m_sweep.c.y;
    m_sweep.a0 = m_sweep.a;
    load(body);
    if (body.m_type === "static") continue;
    v.x = v.x + h * m_gravity.x + h * body.m_invMass * body.m_force.x;
    v.y = v.y + h * m_gravity.y + h * body.m_invMass * body.m_force.y;
    body.c_velocity.w += h * body.m_invI * body.m_torque;
  }
  for (const contact of m_contacts) contact.initConstraint(step);
  for (const contact of m_contacts) contact.initVelocityConstraint(step);
  for (const contact of m_contacts) contact.warmStartConstraint(step);
  for (const joint of m_joints) joint.initVelocityConstraints(step);
  for (let i = 0; i < step.velocityIterations; i++) {
    for (let j = 0; j < m_joints.length; j++) m_joints[j]!.solveVelocityConstraints(step);
    for (let j = 0; j < m_contacts.length; j++) pushBack(m_contacts[j]!);
  }
  for (const contact of m_contacts) contact.storeConstraintImpulses(step);
  for (const body of m_bodies) move(body, h);
  const solved = solvePositions(this, step);
  for (const body of m_bodies) store(body);
  rest(m_bodies, h, solved);
}

/** Whether positions became as right as planck wants them. */
function solvePositions({ m_contacts, m_joints }: Solver, step: Step): boolean {
  for (let i = 0; i < step.positionIterations; i++) {
    let least = 0;
    for (const contact of m_contacts) least = Math.min(least, contact.solvePositionConstraint(step));
    let right = least >= -3 * SLOP;
    for (const joint of m_joints) if (!joint.solvePositionConstraints(step)) right = false;
    if (right) return true;
  }
  return false;
}

/** Bodies that have been slow for long fall asleep together. */
function rest(bodies: readonly Solved[], h: number, solved: boolean): void {
  let least = Infinity;
  for (const body of bodies) {
    if (body.m_type === "static") continue;
    const { m_linearVelocity: { x, y }, m_angularVelocity: w } = body;
    if (w * w > SLEEP_TURN * SLEEP_TURN || x * x + y * y > SLEEP_SPEED * SLEEP_SPEED) body.m_sleepTime = 0;
    else body.m_sleepTime += h;
    least = Math.min(least, body.m_sleepTime);
  }
  if (least >= TIME_TO_SLEEP && solved) { for (const body of bodies) body.setAwake(false); }
}

/** The rest of a step after two bodies met within it. Once an iteration changed nothing, the others will not either. */
function solveImpact(this: Solver, step: Step, a: Solved, b: Solved): void {
  const { m_bodies, m_contacts } = this;
  for (const body of m_bodies) load(body);
  for (const contact of m_contacts) contact.initConstraint(step);
  for (let i = 0; i < step.positionIterations; i++) {
    let least = 0;
    for (const contact of m_contacts) least = Math.min(least, contact.solvePositionConstraintTOI(step, a, b));
    if (least >= -1.5 * SLOP) break;
  }
  for (const { m_sweep, c_position } of [a, b]) {
    m_sweep.c0.x = c_position.c.x;
    m_sweep.c0.y = c_position.c.y;
    m_sweep.a0 = c_position.a;
  }
  for (const contact of m_contacts) contact.initVelocityConstraint(step);
  let changing = true;
  for (let i = 0; changing && i < step.velocityIterations; i++) {
    changing = false;
    for (const contact of m_contacts) if (pushBack(contact)) changing = true;
  }
  for (const body of m_bodies) {
    move(body, step.dt);
    store(body);
  }
}

/** Into the solver. */
function load(
  { m_sweep: { c, a }, m_linearVelocity, m_angularVelocity, c_position, c_velocity }: Solved,
): void {
  c_position.c.x = c.x;
  c_position.c.y = c.y;
  c_position.a = a;
  c_velocity.v.x = m_linearVelocity.x;
  c_velocity.v.y = m_linearVelocity.y;
  c_velocity.w = m_angularVelocity;
}

/** As far as its velocity leads, or as planck lets it. */
function move({ c_position, c_velocity }: Solved, h: number): void {
  const { v } = c_velocity;
  const [dx, dy, turn] = [h * v.x, h * v.y, h * c_velocity.w];
  const squared = dx * dx + dy * dy;
  if (squared > MOST_MOVE * MOST_MOVE) {
    const ratio = MOST_MOVE / Math.sqrt(squared);
    v.x *= ratio;
    v.y *= ratio;
  }
  if (turn * turn > MOST_TURN * MOST_TURN) c_velocity.w *= MOST_TURN / Math.abs(turn);
  c_position.c.x += h * v.x;
  c_position.c.y += h * v.y;
  c_position.a += h * c_velocity.w;
}

/** Out of the solver. */
function store(body: Solved): void {
  const { m_sweep, m_linearVelocity, c_position, c_velocity } = body;
  m_sweep.c.x = c_position.c.x;
  m_sweep.c.y = c_position.c.y;
  m_sweep.a = c_position.a;
  m_linearVelocity.x = c_velocity.v.x;
  m_linearVelocity.y = c_velocity.v.y;
  body.m_angularVelocity = c_velocity.w;
  body.synchronizeTransform();
}
