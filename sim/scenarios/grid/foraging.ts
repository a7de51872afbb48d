/**
 * Level-based foraging: players on a grid load food. Food may be too heavy for one player, then several must load it at
 * once.
 *
 * World        `size` × `size` cells (row, column), row 0 on top. Players have levels 1 to `maxLevel`; food has a level
 *              from 1 to the sum of the three lowest levels of players (with `coop` that sum itself), and never lies at
 *              the edge, nor within two moves of other food: a player stands beside one food at most
 * Action       [6]  none, north, south, west, east, load. Legal: moves on the grid and not into food; load beside food
 * Motion       all at once. Of players that want the same cell, one that stays in it included, none moves; two may
 *              change places. As in the original, a player may enter a cell whose own player was refused its move
 * Loading      who loads beside a food adds its level; the food is gone if their sum is at least its level
 * Observation  [3 · food + 3 · players]  row, column and level of each food in sight, in reading order; then of oneself;
 *              then of each other player in sight, in their order; −1, −1, 0 for the rest. Counted from the upper left
 *              corner of what is in sight: `sight` cells around oneself, clipped to the grid. Other players are told
 *              within 2 · `sight` of that corner, at the upper and left edge further than food, as in the original
 * State        [3 · food + 3 · players]  of each food (−1, −1, 0 when gone), then of each player
 * Reward       to each loader: level · food / (sum of the loaders' levels · all food of the episode), so that an episode
 *              that loads all food returns 1 in all; −`penalty` for loading in vain
 * Cost         `contest`  agent: 1 per step in which another wants the same cell and the move is refused
 * Limit        1 contest per episode for the worst player
 * End          no food left: terminated
 * Truncation   after 50 steps (the original calls this terminated)
 * Random       players anywhere, one to a cell; then one food after the other, anywhere that is free for it. Where food
 *              finds no place, there is less of it
 * Scripted     all go for the food that is nearest to all of them together, each to a side of its own, and load it;
 *              returns 1 in all with the defaults, random legal play 0.2
 * Differs      the original takes loaders out of a set in the order of their hash. Here food comes in reading order and
 *              its loaders in the order of players; where no player stands beside two foods, both give the same.
 *              Illegal actions count as none there, and are refused here
 * Source       Christianos, Schäfer, Albrecht 2020, arXiv:2006.07169; lbforaging 2.0.0, `environment.py`, with
 *              `Foraging-8x8-2p-2f-v3` as the default
 *
 * @module
 */
import * as z from "zod";
import type { Entity, Kernel } from "../../language/kernel.ts";
import { scenario } from "../../language/scenario.ts";
import type { Bool, Num } from "../../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../../language/world.ts";
import { leftOver, LOAD, picture, together } from "../foragers.ts";
import { drawDistinct, either, insert, members, packed, type Seen } from "../grid_moves.ts";

/** By action: none, north, south, west, east, load. */
const ROWS = [0, -1, 1, 0, 0, 0];
const COLUMNS = [0, 0, 0, -1, 1, 0];
/** Random places looked at for a food before all places are counted: enough for most. */
const TRIES = 4;

const params = z.strictObject({
  size: z.int().min(5).max(32).default(8).describe("rows, and columns"),
  players: z.int().min(1).max(10).default(2),
  food: z.int().min(1).max(10).default(2),
  coop: z.boolean().default(false).describe(
    "food needs the three weakest players, or all where they are fewer",
  ),
  sight: z.int().min(0).max(32).default(0).describe("cells seen in each direction; 0 for all of them"),
  maxLevel: z.int().min(1).max(9).default(2).describe("highest level of a player"),
  penalty: z.number().min(0).max(10).default(0).describe("lost by loading in vain"),
}).superRefine(({ size, players, food }, context) => {
  const inside = (size - 2) * (size - 2);
  const fits = Math.floor(size * size / 5); // food and the four cells beside it are its own
  if (players >= inside) {
    const message =
      `${players} players leave no room for food on the ${inside} cells inside: raise size or have fewer players`;
    context.addIssue({ code: "custom", message });
  } else if (food > fits) {
    const message =
      `at most ${fits} foods fit on ${size} x ${size} cells, ${food} are asked for: raise size or lower food`;
    context.addIssue({ code: "custom", message });
  }
});
type Params = z.output<typeof params>;

/** Food that is gone stands at (−1, −1) with level 0. */
const fields = {
  row: column("agent"),
  col: column("agent"),
  level: column("agent"),
  foodRow: column("food"),
  foodCol: column("food"),
  foodLevel: column("food"),
  /** The sum of all food of the episode. */
  spawned: column("world"),
  /** By player, of this step. */
  gain: column("agent"),
  contest: column("agent"),
};

type K = Kernel<
  Params,
  { agents: GroupDeclaration; foods: GroupDeclaration; places: GroupDeclaration },
  typeof fields
>;

export const foraging = scenario({
  id: "grid/foraging",
  summary: "Players of unlike levels load food that is too heavy for one of them",
  maxCycles: 50,
  params,

  world: ({ size, players, food }) =>
    plain({
      agents: group("player", players),
      foods: group("food", food),
      /** Where food may lie. */
      places: group("place", (size - 2) * (size - 2)),
    }),
  fields,
  actions: { discrete: 6 },

  reset: (k) => {
    placePlayers(k);
    placeFood(k);
  },

  dynamics: (k) => {
    move(k);
    for (const player of k.agents) k.fields.gain.set(player, 0);
    k.when(k.any(k.agents, (player) => k.action(player).eq(LOAD)), () => load(k));
  },

  observe: (k, player) => {
    const { row, col, level, foodRow, foodCol, foodLevel } = k.fields;
    const reach = k.p.sight === 0 ? k.p.size : k.p.sight;
    const [r, c] = [row.get(player), col.get(player)];
    const [top, left] = [r.sub(reach).max(0), c.sub(reach).max(0)];
    const all = reach >= k.p.size - 1;
    const near = (y: Num, x: Num) => y.sub(r).abs().le(reach).and(x.sub(c).abs().le(reach));
    const shown = (y: Num, x: Num, z: Num) => all ? [y, x, z] : [y.sub(top), x.sub(left), z];
    const foods = members(k, k.foods).map((food): Seen => {
      const [y, x, z] = [foodRow.get(food), foodCol.get(food), foodLevel.get(food)];
      return { seen: all ? z.gt(0) : z.gt(0).and(near(y, x)), shows: shown(y, x, z) };
    });
    const one = (other: Entity) => shown(row.get(other), col.get(other), level.get(other));
    if (all) return [packed(k, foods), one(player), k.others(player).map(one)];
    const others = members(k, k.agents).map((other): Seen => {
      const shows = one(other);
      // a window as wide at the edge as elsewhere, though food is told from the clipped one
      const within = shows.slice(0, 2).map((x) => x.ge(0).and(x.le(2 * reach)));
      return { seen: other.index.ne(player.index).and(within[0]!).and(within[1]!), shows };
    });
    return [packed(k, foods), one(player), packed(k, others).slice(0, 3 * (k.p.players - 1))];
  },

  state: (k) => {
    const { row, col, level, foodRow, foodCol, foodLevel } = k.fields;
    return [
      k.foods.map((food) => [foodRow.get(food), foodCol.get(food), foodLevel.get(food)]),
      k.agents.map((player) => [row.get(player), col.get(player), level.get(player)]),
    ];
  },

  mask: (k, player) => {
    const { row, col } = k.fields;
    const [r, c] = [row.get(player), col.get(player)];
    const last = k.p.size - 1;
    const sides = members(k, k.foods).map((food) => sidesOf(k, player, food));
    const [north, south, west, east] = [0, 1, 2, 3].map((side) =>
      either(k, sides.map((found) => found[side]!))
    ) as Sides;
    return [
      k.num(1).eq(1),
      r.gt(0).and(north.not()),
      r.lt(last).and(south.not()),
      c.gt(0).and(west.not()),
      c.lt(last).and(east.not()),
      north.or(south).or(west).or(east),
    ];
  },

  reward: (k, player) => k.fields.gain.get(player),
  terminate: { scope: "team", of: (k) => k.all(k.foods, (food) => k.fields.foodLevel.get(food).eq(0)) },

  costs: {
    contest: {
      scope: "agent",
      summary: "moves refused because another wants the cell",
      of: (k, player) => k.fields.contest.get(player),
    },
  },
  budgets: { contest: { kind: "episode", limit: 1 } },

  view: ({ size }) => ({ camera: [0, size], shapes: picture, caption: leftOver }),
  policies: { scripted: (spec) => together(spec.params as Params) },
});

type Sides = [north: Bool, south: Bool, west: Bool, east: Bool];

/** On which side of a player the food lies, if on any. */
function sidesOf(k: K, player: Entity, food: Entity): Sides {
  const { row, col, foodRow, foodCol } = k.fields;
  const width = k.p.size + 1; // one more than columns: the end of a row is not beside the next row's beginning
  const offset = foodRow.get(food).sub(row.get(player)).mul(width).add(
    foodCol.get(food).sub(col.get(player)),
  );
  return [offset.eq(-width), offset.eq(width), offset.eq(-1), offset.eq(1)];
}

/** Moves whoever is alone in wanting a cell. Masks keep players on the grid and out of food. */
function move(k: K): void {
  const { row, col, contest } = k.fields;
  const all = members(k, k.agents);
  const wants = all.map((player) => {
    const action = k.action(player);
    const [r, c] = [row.get(player).add(k.at(ROWS, action)), col.get(player).add(k.at(COLUMNS, action))];
    return { r, c, cell: r.mul(k.p.size).add(c), moves: action.gt(0).and(action.lt(LOAD)) };
  });
  all.forEach((player, i) => {
    const { r, c, cell, moves } = wants[i]!;
    const rivals = wants.filter((_, j) => j !== i).map((other) => other.cell.eq(cell));
    const refused = moves.and(either(k, rivals));
    row.set(player, k.select(refused, row.get(player), r));
    col.set(player, k.select(refused, col.get(player), c));
    contest.set(player, refused.num());
  });
}

/** Each food against all who load it. */
function load(k: K): void {
  const { level, foodRow, foodCol, foodLevel, spawned, gain } = k.fields;
  const all = members(k, k.agents);
  for (const food of members(k, k.foods)) {
    const weight = foodLevel.get(food);
    const loads = all.map((player) => {
      const [north, south, west, east] = sidesOf(k, player, food);
      return k.action(player).eq(LOAD).and(north.or(south).or(west).or(east));
    });
    const lifts = all.map((player, i) => k.select(loads[i]!, level.get(player), 0));
    const strength = lifts.reduce((a, b) => a.add(b));
    const lifted = strength.gt(0).and(strength.ge(weight));
    const whole = strength.mul(spawned.get());
    const vain = k.num(0).sub(k.param("penalty"));
    all.forEach((player, i) => {
      const share = k.select(lifted, level.get(player).mul(weight).div(whole), vain);
      gain.set(player, k.select(loads[i]!, share, gain.get(player)));
    });
    foodRow.set(food, k.select(lifted, -1, foodRow.get(food)));
    foodCol.set(food, k.select(lifted, -1, foodCol.get(food)));
    foodLevel.set(food, k.select(lifted, 0, weight));
  }
}

/** Each on a cell that no other has. */
function placePlayers(k: K): void {
  const { row, col, level } = k.fields;
  const places = drawDistinct(k, k.p.size * k.p.size, k.p.players);
  members(k, k.agents).forEach((player, i) => {
    const r = places[i]!.div(k.p.size).floor();
    row.set(player, r);
    col.set(player, places[i]!.sub(r.mul(k.p.size)));
    level.set(player, k.integer(k.param("maxLevel")).add(1));
  });
}

/**
 * One food after the other on a place that is free for it, each such place equally likely; told in reading order. Then
 * their levels. While it is sought, the place of a food stands in `foodRow`.
 */
function placeFood(k: K): void {
  const { foodRow, foodCol, foodLevel, level, spawned } = k.fields;
  const inside = k.p.size - 2;
  const rowOf = (place: Num) => place.div(inside).floor().add(1);
  const colOf = (place: Num) => place.sub(rowOf(place).sub(1).mul(inside)).add(1);
  const players = members(k, k.agents);
  const foods = members(k, k.foods);
  let places: Num[] = [];
  for (const food of foods) {
    const lain = places.map((place) => [rowOf(place), colOf(place)] as const);
    const closed = (place: Num): Bool => {
      const [r, c] = [rowOf(place), colOf(place)];
      const stood = players.map((it) => k.fields.row.get(it).eq(r).and(k.fields.col.get(it).eq(c)));
      const near = lain.map(([y, x]) => y.sub(r).abs().add(x.sub(c).abs()).le(2));
      return either(k, [...stood, ...near]);
    };
    const tries = Array.from({ length: TRIES }, () => k.integer(inside * inside));
    const u = k.uniform();
    foodRow.set(food, tries.reduce((found, place) => k.select(closed(place), found, place), k.num(-1)));
    k.when(foodRow.get(food).lt(0), () => {
      // all tries failed: the n-th free place, which is n moved on by each closed one up to it
      const free = k.sum(k.places, (place) => closed(place.index).not());
      foodRow.set(food, u.mul(free).floor());
      for (const place of k.places) {
        const at = foodRow.get(food);
        foodRow.set(food, at.add(closed(place.index).and(place.index.le(at)).num()));
      }
    });
    places = insert(places, foodRow.get(food));
  }
  const levels = players.reduce<Num[]>((sorted, player) => insert(sorted, level.get(player)), []);
  const heaviest = levels.slice(0, 3).reduce((a, b) => a.add(b));
  foods.forEach((food, i) => {
    const place = places[i]!;
    const lies = place.lt(inside * inside);
    const weight = k.integer(k.p.coop ? 1 : heaviest).add(k.p.coop ? heaviest : 1);
    foodRow.set(food, k.select(lies, rowOf(place), -1));
    foodCol.set(food, k.select(lies, colOf(place), -1));
    foodLevel.set(food, k.select(lies, weight, 0));
  });
  spawned.set(k.sum(k.foods, (food) => foodLevel.get(food)));
}
