/**
 * A battle as a picture: units with their health, the reach of those that stand, attacks as lines, the fallen as crosses.
 *
 * @module
 */
import type { Shape, World } from "../types.ts";
import type { View } from "../language/scenario.ts";
import { ATTACK } from "./rules.ts";
import { FIELD, type Kind, kindsOf, type Params } from "./units.ts";

/** Of the team that comes first, and of the other: units, reach, attacks. */
const COLORS = ["#e03131", "#1971c2"] as const;
const REACH = ["#e0313122", "#1971c222"] as const;
const FALLEN = "#adb5bd";
const EDGE = "#868e96";
/** Half the length and half the width of a bar of health, in m. */
const BAR = { length: 0.6, width: 0.08 } as const;

interface Unit {
  readonly n: number;
  readonly team: 0 | 1;
  readonly kind: Kind;
  readonly x: number;
  readonly y: number;
  readonly health: number;
  readonly order: number;
}

/** Both teams, the first one's units before the other's. */
function unitsOf({ columns, spec }: World, env: number): Unit[] {
  const kinds = kindsOf(spec.params as Params);
  const N = kinds.length;
  const row = (name: string, width = 1) =>
    columns[name]!.data.subarray(env * 2 * N * width, (env + 1) * 2 * N * width);
  const [place, health, order] = [row("place", 2), row("health"), row("order")];
  return Array.from({ length: 2 * N }, (_, n) => ({
    n,
    team: n < N ? 0 : 1,
    kind: kinds[n % N]!,
    x: place[2 * n]!,
    y: place[2 * n + 1]!,
    health: health[n]!,
    order: order[n]!,
  }));
}

/** @param agents how many of the units are agents, which can be pointed at */
export function picture(agents: (params: Params) => number): View {
  return {
    camera: [-FIELD.x - 1, FIELD.x + 1, -FIELD.y - 1, FIELD.y + 1],
    zones: [
      { kind: "line", x: -FIELD.x, y: -FIELD.y, r: 0.03, x2: FIELD.x, y2: -FIELD.y, color: EDGE },
      { kind: "line", x: FIELD.x, y: -FIELD.y, r: 0.03, x2: FIELD.x, y2: FIELD.y, color: EDGE },
      { kind: "line", x: FIELD.x, y: FIELD.y, r: 0.03, x2: -FIELD.x, y2: FIELD.y, color: EDGE },
      { kind: "line", x: -FIELD.x, y: FIELD.y, r: 0.03, x2: -FIELD.x, y2: -FIELD.y, color: EDGE },
    ],
    shapes: (world, env) => {
      const units = unitsOf(world, env);
      const acting = agents(world.spec.params as Params);
      const standing = units.filter(({ health }) => health > 0);
      return [
        ...units.filter(({ health }) => health <= 0).flatMap(cross),
        ...standing.map(({ x, y, kind, team }): Shape => {
          return { kind: "ring", x, y, r: kind.range, color: REACH[team] };
        }),
        ...units.flatMap((unit) => attack(unit, units)),
        ...standing.flatMap((unit) => [body(unit, acting), ...bar(unit)]),
      ];
    },
    caption: (world, env) => {
      const teams = [0, 1].map((team) => unitsOf(world, env).filter((unit) => unit.team === team));
      return teams.map((units) => {
        const health = units.reduce((sum, unit) => sum + unit.health, 0);
        return `${units.filter((unit) => unit.health > 0).length} standing, health ${Math.ceil(health)}`;
      }).join(" : ");
    },
  };
}

function body({ n, x, y, kind, team }: Unit, acting: number): Shape {
  const disc = { kind: "disc", x, y, r: kind.size, color: COLORS[team] } as const;
  return n < acting ? { ...disc, agent: n } : disc;
}

/** The share of health that is left, above the unit. */
function bar({ x, y, kind, health }: Unit): Shape[] {
  const at = y + kind.size + 0.25;
  const [left, right] = [x - BAR.length, x + BAR.length];
  const share = health / kind.health;
  const color = share > 0.5 ? "#40c057" : share > 0.25 ? "#fab005" : "#fa5252";
  return [
    { kind: "line", x: left, y: at, r: BAR.width, x2: right, y2: at, color: "#dee2e6" },
    { kind: "line", x: left, y: at, r: BAR.width, x2: left + share * (right - left), y2: at, color },
  ];
}

/** From who attacked in the last step to whom. */
function attack({ x, y, order, team }: Unit, units: readonly Unit[]): Shape[] {
  if (order < ATTACK) return [];
  const target = units[order - ATTACK + (team === 0 ? units.length / 2 : 0)]!;
  return [{ kind: "line", x, y, r: 0.05, x2: target.x, y2: target.y, color: COLORS[team] }];
}

function cross({ x, y, kind: { size } }: Unit): Shape[] {
  return [size, -size].map((rise) => {
    return { kind: "line", x: x - size, y: y - rise, r: 0.06, x2: x + size, y2: y + rise, color: FALLEN };
  });
}
