/**
 * Games of two players in one table: what the matrix scenarios share.
 *
 * Each round both choose at once, `row` an a and `column` a b, and are paid from entry (a, b). The two are groups of
 * their own, so that a learner gives each its own policy: the same policy for both cannot play unlike actions.
 *
 * Observation  [max(1, 2n · memory)]  for each of the last `memory` rounds, the last one first: own action, then the
 *              other's, one-hot; zeros for rounds not yet played. Without memory the number 1.
 *
 * @module
 */
import * as z from "zod";
import type { Kernel } from "../language/kernel.ts";
import { ruled } from "../language/rule.ts";
import { type Scenario, scenario } from "../language/scenario.ts";
import type { List, Num, Part, Scalar } from "../language/values.ts";
import { column, group, type GroupDeclaration, plain } from "../language/world.ts";
import type { Policy, Shape, World } from "../types.ts";
import { cells, middle, text } from "./pictures.ts";

/** The payoffs of both players, entry [a][b] for row's a and column's b. */
export interface Payoffs<Entry = number> {
  readonly row: readonly (readonly Entry[])[];
  readonly column: readonly (readonly Entry[])[];
}

/** A table that pays both the same. */
export function shared<Entry>(table: readonly (readonly Entry[])[]): Payoffs<Entry> {
  return { row: table, column: table };
}

/** A table that is the same for both, each from its own place. */
export function symmetric(row: readonly (readonly number[])[]): Payoffs {
  return { row, column: row.map((_, a) => row.map((line) => line[a]!)) };
}

/** What every matrix game can be told; `rounds` and `memory` begin as the game says. */
export function gameParams(rounds: number, memory: number): z.ZodObject<GameShape> {
  return z.strictObject({
    rounds: z.int().min(1).max(10_000).default(rounds).describe("of an episode"),
    memory: z.int().min(0).max(16).default(memory).describe("rounds that players see"),
  });
}
type GameShape = { rounds: z.ZodDefault<z.ZodInt>; memory: z.ZodDefault<z.ZodInt> };

interface Game<P extends z.ZodObject> {
  readonly id: string;
  readonly summary: string;
  readonly params: P;
  /** Names of the actions. */
  readonly actions: (params: Readonly<z.output<P>>) => readonly string[];
  /** @param number a param that is an entry of the table; in the running game each environment may have its own */
  readonly payoffs: <Entry extends Scalar>(
    params: Readonly<z.output<P>>,
    number: (name: string) => Entry,
  ) => Payoffs<Entry | number>;
  readonly discount?: number;
  readonly policies: Readonly<Record<string, (payoffs: Payoffs, player: Player, n: number) => Policy>>;
}

type Player = "row" | "column";
type Common = { readonly rounds: number; readonly memory: number };

const agents = [group("row", 1), group("column", 1)] as const;
const fieldsOf = ({ memory }: Common) => ({
  /** By player: its action of the last rounds plus 1, or 0 where there was none; the last one first. */
  played: column("agent", Math.max(1, memory)),
  payoff: column("agent"),
});
type K = Kernel<Common, { agents: readonly GroupDeclaration[] }, ReturnType<typeof fieldsOf>>;

/** The scenario of a game. */
export function matrixGame<P extends z.ZodObject>(game: Game<P>): Scenario {
  const commonOf = (params: Readonly<z.output<P>>) => params as unknown as Common;
  const sizeOf = (params: Readonly<z.output<P>>) => game.actions(params).length;
  const payoffsOf = (params: Readonly<z.output<P>>): Payoffs => {
    return game.payoffs(params, (name) => (params as Readonly<Record<string, unknown>>)[name] as number);
  };
  return scenario({
    id: game.id,
    summary: game.summary,
    discount: game.discount ?? 0.99,
    params: game.params,
    maxCycles: (params) => commonOf(params).rounds,
    world: () => plain({ agents }),
    fields: (params) => fieldsOf(commonOf(params)),
    actions: (params) => ({ discrete: sizeOf(params) }),

    reset: () => {},

    dynamics: (kernel) => {
      const k = kernel as unknown as K;
      const { played, payoff } = k.fields;
      const { row, column } = game.payoffs<Scalar>(kernel.p, (name) => k.param(name));
      const [a, b] = [player(k, "row"), player(k, "column")];
      const entry = k.action(a).mul(row.length).add(k.action(b));
      payoff.set(a, k.at(row.flat(), entry));
      payoff.set(b, k.at(column.flat(), entry));
      for (const it of [a, b]) {
        for (let i = k.p.memory - 1; i > 0; i--) played.set(it, i, played.get(it, i - 1));
        played.set(it, 0, k.action(it).add(1));
      }
    },

    observe: (kernel, agent): Part => {
      const k = kernel as unknown as K;
      if (k.p.memory === 0) return 1;
      const n = sizeOf(kernel.p);
      const other = player(k, agent.group === "row" ? "column" : "row");
      return Array.from({ length: k.p.memory }, (_, i): List[] => {
        return [agent, other].map((it) => k.oneHot(k.fields.played.get(it, i).sub(1), n));
      });
    },

    reward: (kernel, agent): Num => (kernel as unknown as K).fields.payoff.get(agent),

    view: (params) => ({
      camera: [-0.7, sizeOf(params) + 0.1, -0.1, sizeOf(params) + 0.4],
      shapes: (world, env) => table(payoffsOf(params), game.actions(params), lastOf(world, env)),
      caption: (world, env) => caption(world, env, game.actions(params)),
    }),
    policies: Object.fromEntries(
      Object.entries(game.policies).map(([name, policy]) => [
        name,
        ({ params }, { name: player }) => {
          const payoffs = payoffsOf(params as Readonly<z.output<P>>);
          return policy(payoffs, player as Player, payoffs.row.length);
        },
      ]),
    ),
  });
}

function player(k: K, name: Player) {
  return k.at(k.group(name), 0);
}

/** Row's and column's last action; −1 before the first round. */
function lastOf({ columns }: World, env: number): [number, number] {
  const { data, width } = columns["played"]!;
  return [data[env * width]! - 1, data[env * width + width / 2]! - 1];
}

/** The table with both payoffs in each entry, row's actions from the top; what was played last is marked. */
function table(
  { row, column }: Payoffs,
  names: readonly string[],
  [a, b]: readonly [number, number],
): Shape[] {
  const n = row.length;
  const played = a < 0 ? -1 : a * n + b;
  const entries = Array.from({ length: n * n }, (_, entry): Shape => {
    return text(middle(entry, n, n), `${row.flat()[entry]}, ${column.flat()[entry]}`, 0.05 * n / 2);
  });
  const sides = names.flatMap((name, i): Shape[] => [
    text({ x: -0.35, y: n - i - 0.5 }, name, 0.02 * n),
    text({ x: i + 0.5, y: n + 0.18 }, name, 0.02 * n),
  ]);
  return [...cells(n, n, (entry) => entry === played ? "#4c6ef5" : "#ced4da"), ...entries, ...sides];
}

/** What was played last and what it paid. */
function caption(world: World, env: number, names: readonly string[]): string {
  const [a, b] = lastOf(world, env);
  if (a < 0) return "not yet played";
  const { columns, cycle, spec: { maxCycles } } = world;
  const [first, second] = columns["payoff"]!.data.subarray(2 * env, 2 * env + 2);
  return `round ${cycle[env]} of ${maxCycles}: ${names[a]}, ${names[b]}: ${first}, ${second}`;
}

/** A policy that always does the same. */
export function always(name: string, action: number): Policy {
  return ruled(name, () => action)();
}

/**
 * The action that a player's own last action and the other's call for; `first` where nothing was played or nothing is
 * seen.
 */
export function reply(
  name: string,
  n: number,
  first: number,
  rule: (own: number, other: number) => number,
): Policy {
  return ruled(name, (obs) => {
    const own = obs.length < 2 * n ? -1 : obs.subarray(0, n).indexOf(1);
    return own < 0 ? first : rule(own, obs.subarray(n, 2 * n).indexOf(1));
  })();
}
