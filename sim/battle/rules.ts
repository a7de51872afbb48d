/**
 * The rules of a battle, the same for every unit on either side.
 *
 * A step goes by what stood before it: all units choose, then all attacks land at once, then all who walk have walked.
 * So who falls in a step still deals its own attack of that step, and no side profits from the order.
 *
 * Actions are told from a unit's own side: forwards is where its foes came from. East and west are the same for a team
 * that starts in the west.
 *
 * @module
 */
import type { Entities, Entity, Kernel } from "../language/kernel.ts";
import type { Bool, Num, Part, Vec2 } from "../language/values.ts";
import { column, type GroupDeclaration } from "../language/world.ts";
import { FIELD, type Kind, kindsOf, marksmenOf, type Params, START } from "./units.ts";

/** What a unit can do; the attack on foe i is ATTACK + i. */
export const NOOP = 0;
export const STOP = 1;
export const NORTH = 2;
export const SOUTH = 3;
export const FORWARDS = 4;
export const BACK = 5;
export const ATTACK = 6;

/** Numbers that a unit observes of itself, and of each other unit. */
export const OWN = 6;
export const OTHER = 7;

export const fields = {
  place: column("entity", "vector"),
  health: column("entity"),
  /** Steps until it can attack again. */
  reload: column("entity"),
  /** The action it took in this step. */
  order: column("entity"),
  /** Health that it lost in this step. */
  lost: column("entity"),
} as const;

export type K = Kernel<Params, { agents: GroupDeclaration | readonly GroupDeclaration[] }, typeof fields>;

/** Where a team's foes start, seen from it: 1 for the east, -1 for the west. */
export type Way = 1 | -1;

/** A property of the unit's kind. */
export function stat(k: K, unit: Entity, name: keyof Kind): Num {
  return k.at(kindsOf(k.p).map((kind) => kind[name]), unit.index);
}

export function stands(k: K, unit: Entity): Bool {
  return k.fields.health.get(unit).gt(0);
}

/** Whether it fell in this step. */
export function falls(k: K, unit: Entity): Bool {
  return stands(k, unit).not().and(k.fields.lost.get(unit).gt(0));
}

export function allFell(k: K, team: Entities): Bool {
  return k.all(team, (unit) => stands(k, unit).not());
}

/** Puts a fresh unit near its line of the field, at a random place. */
export function muster(k: K, unit: Entity, way: Way): void {
  const { N } = k.p;
  const back = k.select(unit.index.lt(marksmenOf(k.p)), START.marksman, START.brawler);
  const row = unit.index.add(0.5).div(N).mul(2).sub(1).mul(FIELD.y - 2);
  const off = k.uniform2(-START.jitter, START.jitter);
  recruit(k, unit, k.vec(back.mul(-way), row).add(off));
}

/** Puts a fresh unit at a place. */
export function recruit(k: K, unit: Entity, place: Vec2): void {
  k.fields.place.set(unit, place);
  k.fields.health.set(unit, stat(k, unit, "health"));
}

/** Whether it could attack the foe where both stand now. */
export function inRange(k: K, unit: Entity, foe: Entity): Bool {
  const range = stat(k, unit, "range");
  return stands(k, foe).and(squared(k, unit, foe).le(range.square()));
}

export function squared(k: K, a: Entity, b: Entity): Num {
  return k.dist2(k.fields.place.get(a), k.fields.place.get(b));
}

/** Carries out the orders of one team's foes on it: what it loses. Call it for both teams before either `march`es. */
export function suffer(k: K, team: Entities, foes: Entities): void {
  const { health, lost, order } = k.fields;
  for (const unit of team) {
    const hit = unit.index.add(ATTACK);
    const damage = k.sum(foes, (foe) => k.select(order.get(foe).eq(hit), stat(k, foe, "damage"), 0));
    const before = health.get(unit);
    const after = before.sub(damage).max(0);
    lost.set(unit, before.sub(after));
    health.set(unit, after);
  }
}

/** Carries out the orders of one team: who walks, and who reloads. */
export function march(k: K, team: Entities, way: Way): void {
  const { place, reload, order } = k.fields;
  for (const unit of team) {
    const now = order.get(unit);
    const speed = stat(k, unit, "speed");
    const { x, y } = place.get(unit);
    const along = now.eq(FORWARDS).num().sub(now.eq(BACK).num()).mul(way);
    const up = now.eq(NORTH).num().sub(now.eq(SOUTH).num());
    const east = x.add(along.mul(speed)).clamp(-FIELD.x, FIELD.x);
    const north = y.add(up.mul(speed)).clamp(-FIELD.y, FIELD.y);
    place.set(unit, k.vec(east, north));
    reload.set(unit, k.select(now.ge(ATTACK), stat(k, unit, "reload"), reload.get(unit).sub(1).max(0)));
  }
}

/** What is legal: nothing for the fallen; else to stop, to walk, and to attack who is in range once reloaded. */
export function legal(k: K, unit: Entity, foes: Entities): Bool[] {
  const up = stands(k, unit);
  const ready = up.and(k.fields.reload.get(unit).eq(0));
  const targets = Array.from({ length: foes.length }, (_, i) => ready.and(inRange(k, unit, k.at(foes, i))));
  return [up.not(), up, up, up, up, up, ...targets];
}

/**
 * What a unit sees, from its own side; all zeros once it fell.
 *
 *     own    x / 10 m, y / 6 m, health, time to reload (each as a share), 1 for a marksman, share of the time gone
 *     other  1, offset / sight (forwards, north), distance / sight, health, time to reload, 1 for a marksman; zeros for
 *            one that fell or is out of sight
 *
 * First the others of its team, then its foes, each by index.
 */
export function sees(k: K, unit: Entity, mates: Entities, foes: Entities, way: Way): Part {
  const { place, health, reload } = k.fields;
  const up = stands(k, unit);
  const { x, y } = place.get(unit);
  const self = [
    x.mul(way / FIELD.x),
    y.div(FIELD.y),
    health.get(unit).div(stat(k, unit, "health")),
    reload.get(unit).div(stat(k, unit, "reload")),
    k.num(isMarksman(k, unit)),
    k.cycle.div(k.p.steps),
  ];
  const other = (it: Entity): Part => {
    const offset = place.get(it).sub(place.get(unit)).div(k.param("sight"));
    const distance = offset.length();
    const seen = up.and(stands(k, it)).and(distance.le(1));
    const parts = [
      1,
      offset.x.mul(way),
      offset.y,
      distance,
      health.get(it).div(stat(k, it, "health")),
      reload.get(it).div(stat(k, it, "reload")),
      k.num(isMarksman(k, it)),
    ];
    return parts.map((part) => k.select(seen, part, 0));
  };
  return [self.map((part) => k.select(up, part, 0)), mates.map(other), foes.map(other)];
}

/** The true state of units, for centralised learners: place, health, time to reload, kind; zeros for the fallen. */
export function truth(k: K, units: Entities): Part {
  const { place, health, reload } = k.fields;
  return units.map((unit) => {
    const up = stands(k, unit);
    const { x, y } = place.get(unit);
    const parts = [
      x.div(FIELD.x),
      y.div(FIELD.y),
      health.get(unit).div(stat(k, unit, "health")),
      reload.get(unit).div(stat(k, unit, "reload")),
      k.num(isMarksman(k, unit)),
    ];
    return parts.map((part) => k.select(up, part, 0));
  });
}

function isMarksman(k: K, unit: Entity): Bool {
  return unit.index.lt(marksmenOf(k.p));
}

/** Health that a team starts with. */
export function strength(p: Params): number {
  return kindsOf(p).reduce((sum, { health }) => sum + health, 0);
}

/** Points for what a team's foes lost in this step, out of 20 for a win: see the pages of the scenarios. */
export const POINTS = { damage: 6, kills: 4, win: 10 } as const;

export function points(k: K, team: Entities, foes: Entities): Num {
  const damage = k.sum(foes, (foe) => k.fields.lost.get(foe)).mul(POINTS.damage / strength(k.p));
  const kills = k.sum(foes, (foe) => falls(k, foe)).mul(POINTS.kills / k.p.N);
  return damage.add(kills).add(k.select(wins(k, team, foes), POINTS.win, 0));
}

/** A side wins when the other has fallen and it has not. */
export function wins(k: K, team: Entities, foes: Entities): Bool {
  return allFell(k, foes).and(allFell(k, team).not());
}
