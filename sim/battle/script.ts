/**
 * The scripted soldier, told twice: in the language of scenarios, for foes inside a world, and as a policy, for agents.
 * Both do the same.
 *
 *     in range of a foe   attack, or stand and reload. Which foe: the nearest, or the weakest in range (`aim`)
 *     in sight of a foe   walk towards the nearest, along the longer leg of the way
 *     otherwise           walk to the middle of the field and wait
 *
 * It chooses anew at every step, and knows no more than it sees. It agrees with nobody on whom to fell first, and never
 * steps back: that is how it is beaten.
 *
 * @module
 */
import type { Entities, Entity } from "../language/kernel.ts";
import type { Bool, Num, Vec2 } from "../language/values.ts";
import type { Policy, WorldSpec } from "../types.ts";
import {
  ATTACK,
  BACK,
  FORWARDS,
  inRange,
  type K,
  NOOP,
  NORTH,
  OTHER,
  OWN,
  SOUTH,
  squared,
  stands,
  stat,
  STOP,
  type Way,
} from "./rules.ts";
import { BRAWLER, FIELD, type Kind, MARKSMAN, type Params } from "./units.ts";

/** Whom a soldier attacks of those in range. */
export type Aim = "nearest" | "weakest";

/** Nearer than this to the middle of the field, along both axes, it waits, in m. */
const WAIT = 0.5;

/** What a scripted unit does now. */
export function script(k: K, unit: Entity, foes: Entities, way: Way, aim: Aim): Num {
  const { place, health, reload } = k.fields;
  const here = place.get(unit);
  const apart = (foe: Entity) => k.select(stands(k, foe), squared(k, unit, foe), Infinity);
  const nearest = k.min(foes, apart);
  const closest = first(k, foes, (foe) => apart(foe).eq(nearest));
  const near = nearest.le(stat(k, unit, "range").square());
  const seen = nearest.le(k.param("sight").square());

  const frailty = (foe: Entity) => k.select(inRange(k, unit, foe), health.get(foe), Infinity);
  const target = aim === "nearest" ? closest : weakest(k, foes, frailty);

  const leg = (axis: "x" | "y") => {
    const offset = (foe: Entity) => place.get(foe)[axis].sub(here[axis]);
    const towards = k.sum(foes, (foe) => k.select(foe.index.eq(closest), offset(foe), 0));
    return k.select(seen, towards, here[axis].neg());
  };
  const walk = step(k, k.vec(leg("x").mul(way), leg("y")));
  const attack = k.select(reload.get(unit).eq(0), target.add(ATTACK), STOP);
  return k.select(stands(k, unit), k.select(near, attack, walk), NOOP);
}

function weakest(k: K, foes: Entities, frailty: (foe: Entity) => Num): Num {
  const least = k.min(foes, frailty);
  return first(k, foes, (foe) => frailty(foe).eq(least));
}

/** The lowest index of those that pass; the last one's where none does. */
function first(k: K, foes: Entities, test: (foe: Entity) => Bool): Num {
  return k.min(foes, (foe) => k.select(test(foe), foe.index, foes.length - 1));
}

/** The step along the longer leg; none where both are short. */
function step(k: K, { x, y }: Vec2): Num {
  const [dx, dy] = [x.abs(), y.abs()];
  const along = k.select(x.gt(0), FORWARDS, BACK);
  const across = k.select(y.gt(0), NORTH, SOUTH);
  return k.select(dx.max(dy).lt(WAIT), STOP, k.select(dx.ge(dy), along, across));
}

/** What a unit sees, unpacked. */
interface Sight {
  readonly kind: Kind;
  readonly x: number;
  readonly y: number;
  readonly ready: boolean;
  /** By index; undefined for those that it does not see. */
  readonly foes: readonly (Seen | undefined)[];
}
interface Seen {
  readonly kind: Kind;
  readonly dx: number;
  readonly dy: number;
  readonly distance: number;
  readonly health: number;
  /** Whether it may be attacked now. */
  readonly open: boolean;
}

function unpack(obs: Float32Array, mask: Uint8Array, N: number, sight: number): Sight {
  const kindOf = (bit: number | undefined) => bit === 1 ? MARKSMAN : BRAWLER;
  const foes = Array.from({ length: N }, (_, i): Seen | undefined => {
    const at = OWN + OTHER * (N - 1 + i);
    const [seen, dx, dy, distance, share, , marksman] = obs.subarray(at, at + OTHER);
    if (seen === 0) return undefined;
    const kind = kindOf(marksman);
    const open = mask[ATTACK + i] === 1;
    return {
      kind,
      dx: dx! * sight,
      dy: dy! * sight,
      distance: distance! * sight,
      health: share! * kind.health,
      open,
    };
  });
  return { kind: kindOf(obs[4]), x: obs[0]! * FIELD.x, y: obs[1]! * FIELD.y, ready: obs[3] === 0, foes };
}

/** The index with the least of a number; -1 where all are Infinity. */
function least(values: readonly number[]): number {
  return values.reduce((best, value, i) => value < (values[best] ?? Infinity) ? i : best, -1);
}

function stepTo(dx: number, dy: number): number {
  if (Math.max(Math.abs(dx), Math.abs(dy)) < WAIT) return STOP;
  if (Math.abs(dx) >= Math.abs(dy)) return dx > 0 ? FORWARDS : BACK;
  return dy > 0 ? NORTH : SOUTH;
}

/** The script, on an observation. */
function soldier({ kind, x, y, ready, foes }: Sight, aim: Aim): number {
  const nearest = least(foes.map((foe) => foe?.distance ?? Infinity));
  if (nearest < 0) return stepTo(-x, -y);
  const { dx, dy, distance } = foes[nearest]!;
  const attack = least(
    foes.map((foe) => !foe?.open ? Infinity : aim === "nearest" ? foe.distance : foe.health),
  );
  if (attack >= 0) return ATTACK + attack;
  return distance <= kind.range && !ready ? STOP : stepTo(dx, dy);
}

/** Brawlers nearer than this are fled from while a marksman reloads, in m. */
const FLEE = 3.5;

/**
 * What beats the script: everyone attacks the weakest in range, and marksmen step back from brawlers while they reload.
 */
function veteran(sight: Sight): number {
  const { kind, ready, foes } = sight;
  const attack = least(foes.map((foe) => foe?.open ? foe.health : Infinity));
  if (attack >= 0) return ATTACK + attack;
  if (kind === MARKSMAN && !ready) {
    const danger = foes.map((foe) => foe?.kind === BRAWLER && foe.distance < FLEE ? foe.distance : Infinity);
    const who = least(danger);
    if (who >= 0) return stepTo(-foes[who]!.dx, -foes[who]!.dy);
  }
  return soldier(sight, "weakest");
}

/** A policy of a rule on what is seen. */
function commanded(name: string, { params }: WorldSpec, rule: (sight: Sight) => number): Policy {
  const { N, sight } = params as Params;
  return {
    name,
    hiddenSize: 0,
    act({ rows, obs, mask }, into) {
      const [O, A] = [obs.length / rows, mask.length / rows];
      for (let r = 0; r < rows; r++) {
        const legal = mask.subarray(r * A, (r + 1) * A);
        into[r] = legal[STOP] === 0 ? NOOP : rule(unpack(obs.subarray(r * O, (r + 1) * O), legal, N, sight));
      }
    },
  };
}

/** The policies that either scenario brings along. */
export const policies = {
  scripted: (spec: WorldSpec) => {
    const { aim = "nearest" } = spec.params as { aim?: Aim };
    return commanded("scripted", spec, (sight) => soldier(sight, aim));
  },
  veteran: (spec: WorldSpec) => commanded("veteran", spec, veteran),
};
