/**
 * The scripted players of level-based foraging, and its pictures.
 *
 * @module
 */
import { integer, type Stream } from "../../core/mod.ts";
import type { Policy, Shape, World } from "../types.ts";
import { cells, middle, text } from "./pictures.ts";
import { assign, beside, type Floor, nextSteps } from "./routes.ts";

/** The action that loads; 1 to 4 are the directions, 0 is none. */
export const LOAD = 5;

/** What of the params is needed to read an observation or a state. */
interface Team {
  readonly size: number;
  readonly food: number;
  readonly sight: number;
  readonly players: number;
}

/** All go for one food. Where none is in sight, anywhere. */
export function together({ size, food: foods, sight, players }: Team): Policy {
  const width = sight === 0 ? size : Math.min(size, 2 * sight + 1);
  return {
    name: "scripted",
    hiddenSize: 0,
    act({ rows, obs, mask, streams }, into) {
      const O = 3 * (foods + players);
      for (let row = 0; row < rows; row++) {
        const legal = mask.subarray(6 * row, 6 * row + 6);
        const seen = triples(obs.subarray(row * O, (row + 1) * O), width);
        const [food, team] = [seen.slice(0, foods), seen.slice(foods)];
        const wish = join(
          width,
          food.filter(({ level }) => level > 0),
          team.filter(({ level }) => level > 0),
        );
        into[row] = wish ?? wander(legal, streams[row]!);
      }
    },
  };
}

interface Thing {
  readonly cell: number;
  readonly level: number;
}

function triples(obs: Float32Array, width: number): Thing[] {
  return Array.from({ length: obs.length / 3 }, (_, i) => {
    const [row, col, level] = obs.subarray(3 * i, 3 * i + 3);
    return { cell: row! * width + col!, level: level! };
  });
}

/** What the first of the team does to load with the others; undefined where there is no food. */
function join(width: number, foods: readonly Thing[], team: readonly Thing[]): number | undefined {
  const far = ({ cell }: Thing, other: Thing) => {
    const rows = Math.floor(cell / width) - Math.floor(other.cell / width);
    return Math.abs(rows) + Math.abs(cell % width - other.cell % width);
  };
  const total = (food: Thing) => team.reduce((sum, player) => sum + far(food, player), 0);
  const [target] = foods.toSorted((a, b) => total(a) - total(b) || a.cell - b.cell);
  if (target === undefined) return undefined;
  const self = team[0]!;
  const floor: Floor = {
    rows: width,
    columns: width,
    blocked: (cell) => foods.some((it) => it.cell === cell),
  };
  if (far(target, self) === 1) {
    const strength = team.filter((it) => far(target, it) === 1).reduce((sum, { level }) => sum + level, 0);
    return strength >= target.level ? LOAD : 0;
  }
  const robots = team.map(({ cell }) => cell).toSorted((a, b) => a - b);
  const sides = beside(floor, target.cell).filter((cell) => cell >= 0 && !floor.blocked(cell));
  return nextSteps(floor, robots, assign(floor, robots, sides))[robots.indexOf(self.cell)]! + 1;
}

/** A random legal move. */
function wander(legal: Uint8Array, stream: Stream): number {
  const moves = [1, 2, 3, 4].filter((action) => legal[action] === 1);
  return moves.length === 0 ? 0 : moves[integer(stream, moves.length)]!;
}

/** Food as faint discs and players as full ones, each with its level. */
export function picture({ columns, spec }: World, env: number): Shape[] {
  const { size, players, food } = spec.params as unknown as Team;
  const things = (names: readonly string[], count: number) =>
    Array.from({ length: count }, (_, i) => {
      const [row, col, level] = names.map((name) => columns[name]!.data[env * count + i]!);
      return { ...middle(row! * size + col!, size, size), level: level! };
    });
  const lying = things(["foodRow", "foodCol", "foodLevel"], food).filter(({ level }) => level > 0);
  const all = things(["row", "col", "level"], players);
  return [
    ...cells(size, size, () => "#ced4da"),
    ...lying.map(({ x, y }): Shape => ({ kind: "disc", x, y, r: 0.42, color: "#40c057" })),
    ...all.map(({ x, y }, agent): Shape => ({ kind: "disc", x, y, r: 0.36, color: "#74c0fc", agent })),
    ...[...lying, ...all].map((it) => text(it, `${it.level}`, 0.25)),
  ];
}

/** How much of the food is left, by weight. */
export function leftOver({ columns, spec }: World, env: number): string {
  const { food } = spec.params as unknown as Team;
  const left = Array.from({ length: food }, (_, i) => columns["foodLevel"]!.data[env * food + i]!)
    .reduce((sum, level) => sum + level, 0);
  return `food left: ${left} of ${columns["spawned"]!.data[env]}`;
}
