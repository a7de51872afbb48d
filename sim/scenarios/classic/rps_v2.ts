/**
 * Rock, paper, scissors: two players choose at once, again and again, and see what the other chose last.
 *
 * Source       PettingZoo @ 761353e6, classic/rps; with lizard and Spock by S. Kass and K. Bryla
 * Action       [n]  0 rock, 1 paper, 2 scissors, 3 Spock, 4 lizard, 5 action_6, …; n = `numActions` is odd
 * Observation  [n + 1]  the other's last action, one-hot; the last entry before the first round. PettingZoo gives its index
 * Reward       1 for the winner, −1 for the loser, nothing where both do the same. Of two actions whose sum is even the
 *              lower wins, of two whose sum is odd the higher: each action beats half of the others
 * Horizon      15 rounds
 * Equilibrium  every action equally often, by both; it earns 0
 * Scripted     counts what the other did and replies best to it, at random among equals: fictitious play, Brown 1951
 *
 * @module
 */
import * as z from "zod";
import { integer } from "../../../core/mod.ts";
import { classScenario } from "../../language/class_scenario.ts";
import type { Group, Policy, Shape, World, WorldSpec } from "../../types.ts";

const NAMES = ["rock", "paper", "scissors", "Spock", "lizard"];
const COLORS = ["#4c6ef5", "#fa5252"] as const;

export const rockPaperScissors = classScenario({
  id: "classic/rps_v2",
  version: 1,
  summary: "rock, paper, scissors in rounds; also with lizard and Spock, and more",
  maxCycles: 15,
  params: z.strictObject({
    numActions: z.int().min(3).max(99).refine((n) => n % 2 === 1, "expected an odd number").default(3)
      .describe("3, 5 with lizard and Spock, or more; odd"),
  }),

  spec: ({ numActions }) => ({
    groups: [{
      name: "player",
      agents: ["player_0", "player_1"],
      observation: { size: numActions + 1, low: 0, high: 1 },
      actions: { discrete: numActions },
    }],
  }),
  /** By player, its last action plus 1; 0 before the first round. */
  columns: () => ({ shown: 2 }),

  reset: () => {},

  step: (w) => {
    const [first, second] = [w.actions[0]!, w.actions[1]!];
    w.reward.set([outcome(first, second), outcome(second, first)]);
    w.columns.shown.set([first + 1, second + 1]);
  },

  observe: (w, player, into) => {
    const shown = w.columns.shown[1 - player]!;
    into[shown === 0 ? w.p.numActions : shown - 1] = 1;
  },

  view: { camera: [-1.2, 1.2, -0.8, 0.8], shapes: draw, caption },
  policies: { scripted: counting },
});

/** What the first action earns against the second: 1, 0 or −1. */
export function outcome(first: number, second: number): number {
  if (first === second) return 0;
  const lowerWins = (first + second) % 2 === 0;
  return (first < second) === lowerWins ? 1 : -1;
}

const nameOf = (action: number) => NAMES[action] ?? `action_${action + 1}`;

/** Both players' last actions, −1 before the first round. */
function lastOf({ columns }: World, env: number): [first: number, second: number] {
  const { data } = columns["shown"]!;
  return [data[2 * env]! - 1, data[2 * env + 1]! - 1];
}

/** What both show, the winner's in a ring. */
function draw(world: World, env: number): Shape[] {
  const actions = lastOf(world, env);
  const won = outcome(...actions);
  return actions.flatMap((action, player): Shape[] => {
    const place = { x: player - 0.5, y: 0 };
    const winner = won === (player === 0 ? 1 : -1);
    const hand: Shape = { kind: "disc", ...place, r: 0.3, color: COLORS[player]!, agent: player };
    return [
      action < 0 ? hand : { ...hand, label: nameOf(action) },
      ...winner ? [{ kind: "ring", ...place, r: 0.4, color: "#40c057" } as const] : [],
    ];
  });
}

function caption(world: World, env: number): string {
  const [first, second] = lastOf(world, env);
  if (first < 0) return "not yet played";
  const won = outcome(first, second);
  const verdict = won === 0 ? "nobody wins" : `player_${won === 1 ? 0 : 1} wins`;
  const { cycle, spec: { maxCycles } } = world;
  return `round ${cycle[env]} of ${maxCycles}: ${nameOf(first)}, ${nameOf(second)}: ${verdict}`;
}

/** Its hidden state counts the other's actions. */
function counting({ params }: WorldSpec, _group: Group): Policy {
  const n = Number(params["numActions"]);
  return {
    name: "scripted",
    hiddenSize: n,
    act({ rows, obs, hidden, streams }, into) {
      for (let row = 0; row < rows; row++) {
        const counts = hidden.subarray(n * row, n * (row + 1));
        for (let action = 0; action < n; action++) counts[action]! += obs[(n + 1) * row + action]!;
        const earns = Array.from(counts, (_, own) => {
          return counts.reduce((sum, count, other) => sum + count * outcome(own, other), 0);
        });
        const most = Math.max(...earns);
        const best = earns.flatMap((pay, action) => pay === most ? [action] : []);
        into[row] = best[integer(streams[row]!, best.length)]!;
      }
    },
  };
}
