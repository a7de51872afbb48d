/**
 * One step of particle physics, in the order of operations of MPE.
 *
 * Forces   F = control · accel; then for each pair a < b of colliding entities (agents first)
 *          d = pₐ − p_b, penetration = softplus((rₐ + r_b − |d|) / margin) · margin, f = force · d / |d| · penetration,
 *          Fₐ += f, F_b −= f
 * Motion   p += v·dt (the old velocity), v = v·(1 − damping) + F / mass · dt, then the clip to the maximal speed; with
 *          first: "velocity", as in the original of 2017, v is updated before p and p moves by the new one
 * Speech   what agents say is heard from the end of the step on
 * Cut-off  beyond |d| = rₐ + r_b + 709 margins softplus underflows to 0, so the work is skipped and no bit changes
 * Contact at distance 0 has no direction and gives NaN, as in the original.
 *
 * Source   MPE2 at dbd68d2, `core.py`: `World.step`
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import type { Entity, KernelBase } from "./kernel.ts";
import type { Vec2 } from "./values.ts";
import type { Physics } from "./world.ts";
import { Builder } from "../engine/builder.ts";
import { EntityView } from "../engine/entities.ts";
import { pair, truth } from "../engine/expressions.ts";
import type { Value } from "../engine/graph.ts";
import { close } from "../engine/neighbours.ts";
import type { PlannedGroup } from "../engine/plan.ts";
import { actionSize } from "../engine/spaces.ts";

/** Margins beyond a contact at which softplus is 0, in doubles and in floats. */
const UNDERFLOW = { doubles: 709, floats: 88 } as const;

/** Variations on the step. */
export interface ParticleStepOptions {
  /** The force on each agent, before contacts. Default: `k.control(agent)` times its `accel`. */
  readonly force?: (agent: Entity) => Vec2;
  /**
   * The gap between two surfaces beyond which no force acts, in world units; large groups then look at those in reach
   * only. Default: 709 margins, where the force underflows to 0. At 40 margins it is a 10⁻¹⁷th of one at touch.
   */
  readonly range?: number;
}

/** Moves every particle of the world by one step. */
export function particleStep(k: KernelBase, options: ParticleStepOptions = {}): void {
  const b = k as unknown as Builder;
  if (!(b instanceof Builder) || b.physics === undefined) {
    throw new UserError("particleStep moves particles: make the world with particles(…)");
  }
  const { physics } = b;
  const force = options.force ?? ((agent) => k.control(agent).mul(agent.accel));
  const movable = b.set(b.plan.groups.filter(({ declaration }) => !declaration.fixed));
  for (const e of movable) save(e, "$force", e.of.firstAgent === undefined ? b.vec(0, 0) : force(e));
  const colliding = b.plan.groups.filter(({ declaration }) => declaration.collide);
  colliding.forEach((group, i) => {
    for (const e of b.set([group])) contacts(b, physics, e, colliding.slice(i), options.range);
  });
  for (const e of movable) move(b, physics, e);
  for (const a of b.agents) if (a.speaks > 0) speak(b, a);
}

/** A symbol becomes a 1 among zeros; numbers are said as they are. */
function speak(b: Builder, a: EntityView): void {
  const { machine } = b;
  const moves = a.fixed ? 0 : 5;
  const symbols = Array.from({ length: a.speaks }, (_, symbol) => symbol);
  const discrete = b.actionKind === "discrete";
  const expected = discrete ? Math.max(moves, 1) * a.speaks : moves + a.speaks;
  const found = actionSize(a.of.action!);
  if (found !== expected) {
    throw new UserError(`group ${a.group} speaks by ${expected} actions, found ${found}: leave out actions`);
  }
  if (!discrete) return symbols.forEach((i) => a.store("$said", i, a.load("actions", moves + i)));
  const rows = Array.from({ length: found }, (_, i) => Math.floor(i / Math.max(moves, 1)));
  const table = rows.flatMap((spoken) => symbols.map((i) => Number(i === spoken)));
  const row = machine.apply("mul", a.load("actions"), a.speaks);
  symbols.forEach((i) => a.store("$said", i, machine.table(table, machine.apply("add", row, i))));
}

/** Contact forces between an entity and those after it: the rest of its own group, then the later groups. */
function contacts(
  b: Builder,
  physics: Physics,
  a: EntityView,
  groups: readonly PlannedGroup[],
  range: number | undefined,
): void {
  const gap = range ?? UNDERFLOW[b.plan.floats ? "floats" : "doubles"] * physics.contactMargin;
  let total: Value[] = a.fixed ? [] : pair(a.vector("$force"));
  for (const group of groups) {
    if (a.fixed && group.declaration.fixed) continue;
    const { count, size } = group.declaration;
    const reach = a.size + size + gap;
    const all = { of: group, range: group === a.of ? { count, after: a.at } : { count } };
    const segment = range === undefined ? all : close(b, a, reach, all);
    total = b.machine.fold(segment.range, total, (index, carried) => {
      return push(b, physics, a, new EntityView(b, group, index), reach, carried);
    });
  }
  if (!a.fixed) total.forEach((value, i) => a.store("$force", i, value));
}

/** Adds the force of b on a to `onA`, and its opposite to b's. */
function push(
  k: Builder,
  physics: Physics,
  a: EntityView,
  b: EntityView,
  reach: number,
  onA: Value[],
): Value[] {
  const { machine } = k;
  const { contactForce, contactMargin } = physics;
  const touch = a.size + b.size;
  const d = a.pos.sub(b.pos);
  const distance = d.length();
  const near = truth(distance.lt(reach));
  const known = typeof b.at === "number";
  const onB = known && !b.fixed ? pair(b.vector("$force")) : [];
  const forces = machine.when(near, () => {
    const penetration = distance.neg().add(touch).div(contactMargin).softplus().mul(contactMargin);
    const f = pair(d.mul(contactForce).div(distance).mul(penetration));
    if (!known && !b.fixed) {
      pair(b.vector("$force")).forEach((old, i) => b.store("$force", i, machine.apply("sub", old, f[i]!)));
    }
    const plus = onA.map((value, i) => machine.apply("add", value, f[i]!));
    return [...plus, ...onB.map((value, i) => machine.apply("sub", value, f[i]!))];
  }, () => [...onA, ...onB]);
  forces.slice(onA.length).forEach((value, i) => b.store("$force", i, value));
  return forces.slice(0, onA.length);
}

function move(b: Builder, { dt, damping, first }: Physics, e: EntityView): void {
  const { pos, vel } = e;
  const force = e.vector("$force");
  const pushed = vel.mul(1 - damping).add((e.mass === 1 ? force : force.div(e.mass)).mul(dt));
  const next = e.maxSpeed === Infinity ? pushed : clip(b, pushed, e.maxSpeed);
  save(e, "$pos", pos.add((first === "place" ? vel : next).mul(dt)));
  save(e, "$vel", next);
}

function clip(b: Builder, vel: Vec2, maxSpeed: number): Vec2 {
  const speed = vel.length();
  return b.when(speed.gt(maxSpeed), () => vel.div(speed).mul(maxSpeed), () => vel);
}

function save(e: EntityView, column: "$pos" | "$vel" | "$force", v: Vec2): void {
  pair(v).forEach((value, i) => e.store(column, i, value));
}
