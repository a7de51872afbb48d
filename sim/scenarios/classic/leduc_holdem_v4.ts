/**
 * Leduc hold'em: the smallest poker with a board. Two players, six cards, two rounds of betting.
 *
 * Source       PettingZoo 1.25.0 over RLCard 1.2.0; the game is of Southey et al. 2005, "Bayes' bluff: opponent modelling
 *              in poker", there with an ante of 1 each in place of blinds
 * Deck         two each of J, Q, K. Each player holds one card; a public one is turned between the rounds
 * Blinds       who begins, drawn by lot, has put in 1 chip and the other 2. Whoever did not close the first round begins
 *              the second
 * Betting      a raise evens the chips and adds 2, in the second round 4; at most two in a round. A round is over when
 *              both have acted and none is behind
 * Action       0 call, while behind; 1 raise, up to two in a round; 2 fold, always; 3 check, unless behind
 * Observation  [36] one-hot  0-2 own card, 3-5 public card (zeros before it is turned), 6-20 own chips from 0 to 14,
 *              21-35 the other's
 * Showdown     who pairs the public card wins, else the higher card; equal cards share
 * Reward       at the end, in big blinds of 2 chips: the winner gets what the loser put in, who pays it
 * Illegal      ends the game: −1 for who did, nothing for the other (`illegal: "lose"`); or it is an error
 *              (`illegal: "refuse"`)
 * Scripted     raises on a pair, and on K before the board; calls with Q and, unless raised, J before it, and with K
 *              after it; else checks or folds
 *
 * @module
 */
import { z } from "zod";
import { classScenario, type ClassWorld } from "../../language/class_scenario.ts";
import type { Group, Policy, Reals, Shape, World, WorldSpec } from "../../types.ts";
import { text } from "../pictures.ts";

const DECK = [0, 0, 1, 1, 2, 2];
const RANKS = ["J", "Q", "K"];
const KING = 2;
const [CALL, RAISE, FOLD, CHECK] = [0, 1, 2, 3] as const;
/** Chips that a raise adds, by round. */
const RAISES = [2, 4] as const;
const MOST_RAISES = 2;
const SMALL_BLIND = 1;
const BIG_BLIND = 2;
/** Chips of one player, from 0 to 14: the blind and two raises in each round. */
const STACKS = 15;
/** What `acted` says after the last action. */
const OVER = -1;
/** Where an observation's parts begin. */
const [PUBLIC, OWN, OTHER] = [3, 6, 6 + STACKS] as const;
/** Call, raise, raise, call, then check, raise, raise, call. */
const LONGEST = 8;
const COLORS = ["#4c6ef5", "#fa5252"] as const;

type Table = ClassWorld<unknown, "cards" | "chips" | "raises" | "acted" | "round" | "mover">;

export const leducHoldem = classScenario({
  id: "classic/leduc_holdem_v4",
  version: 1,
  summary: "the smallest poker with a board: six cards, two rounds of betting",
  maxCycles: LONGEST,
  params: z.strictObject({
    illegal: z.enum(["lose", "refuse"]).default("lose").describe("what an illegal action does"),
  }),

  spec: () => ({
    groups: [{
      name: "player",
      agents: ["player_0", "player_1"],
      observation: { size: OTHER + STACKS, low: 0, high: 1 },
      actions: { discrete: 4 },
    }],
  }),
  /**
   * `cards`: ranks of both hands and of the public card, dealt at the start. `chips`: put in by each. Of the running
   * round: `raises`, and how many have `acted` since the last raise, its own included; −1 once the game is over. `round`:
   * 0, 1; 2 at the showdown. `mover`: who acts, in the end who leaves the table first.
   */
  columns: () => ({ cards: 3, chips: 2, raises: 1, acted: 1, round: 1, mover: 1 }),

  reset: (w, random) => {
    const { cards, chips, mover } = w.columns;
    const deck = [...DECK];
    random.shuffle(deck);
    cards.set(deck.slice(0, 3));
    mover[0] = random.integer(2);
    chips[mover[0]] = SMALL_BLIND;
    chips[1 - mover[0]] = BIG_BLIND;
  },

  step: (w) => {
    const { chips, raises, acted, round, mover } = w.columns;
    const player = mover[0]!;
    const other = 1 - player;
    const action = w.actions[player];
    mover[0] = other;
    if (action === FOLD) return pay(w, other);
    if (action === RAISE) {
      chips[player] = chips[other]! + RAISES[round[0]!]!;
      raises[0]!++;
      acted[0] = 1;
    } else {
      chips[player] = chips[other]!;
      acted[0]!++;
    }
    if (acted[0]! < 2) return;
    round[0]!++;
    raises[0] = acted[0] = 0;
    if (round[0] === 2) pay(w, winner(w.columns.cards));
  },

  observe: (w, player, into) => {
    const { cards, chips, round } = w.columns;
    into[cards[player]!] = 1;
    if (round[0]! > 0) into[PUBLIC + cards[2]!] = 1;
    into[OWN + chips[player]!] = 1;
    into[OTHER + chips[1 - player]!] = 1;
  },

  turn: (w) => w.columns.mover[0]!,
  mask: (w, _player, into) => {
    const { chips, raises, acted, mover } = w.columns;
    if (acted[0] === OVER) return;
    const behind = chips[mover[0]!]! < chips[1 - mover[0]!]!;
    into[CALL] = behind ? 1 : 0;
    into[RAISE] = raises[0]! < MOST_RAISES ? 1 : 0;
    into[FOLD] = 1;
    into[CHECK] = behind ? 0 : 1;
  },
  illegal: ({ illegal }) => illegal === "lose" ? -1 : "refuse",

  view: { camera: [-1.8, 1.8, -1, 1], shapes: draw, caption },
  policies: { scripted: cautious },
});

/** The player whose hand wins the showdown; −1 where they share. */
function winner(cards: Reals): number {
  const [first, second, shared] = [cards[0]!, cards[1]!, cards[2]!];
  if (first === second) return -1;
  if (first === shared || second === shared) return first === shared ? 0 : 1;
  return first > second ? 0 : 1;
}

/** Ends the game; without a winner nobody pays. */
function pay(w: Table, winner: number): void {
  w.terminated.fill(1);
  w.columns.acted[0] = OVER;
  w.columns.mover[0] = 0;
  if (winner < 0) return;
  const lost = w.columns.chips[1 - winner]! / BIG_BLIND;
  w.reward[winner] = lost;
  w.reward[1 - winner] = -lost;
}

/** Both hands at the sides, each with its chips under it, and the public card in the middle. */
function draw({ columns }: World, env: number): Shape[] {
  const at = (name: string, i: number) => columns[name]!.data[columns[name]!.width * env + i]!;
  const turned = at("round", 0) > 0;
  const hands = [0, 1].flatMap((player): Shape[] => {
    const x = 2.4 * player - 1.2;
    const color = COLORS[player]!;
    return [
      { kind: "cell", x, y: 0.2, r: 0.4, color, agent: player },
      text({ x, y: 0.2 }, RANKS[at("cards", player)]!),
      { kind: "ring", x, y: -0.6, r: 0.2, color },
      text({ x, y: -0.6 }, `${at("chips", player)}`),
    ];
  });
  const color = turned ? "#40c057" : "#868e96";
  return [
    ...hands,
    { kind: "cell", x: 0, y: 0.2, r: 0.4, color },
    text({ x: 0, y: 0.2 }, turned ? RANKS[at("cards", 2)]! : "?"),
  ];
}

function caption({ columns }: World, env: number): string {
  const one = (name: string) => columns[name]!.data[env]!;
  if (one("acted") === OVER) return one("round") === 2 ? "showdown" : "folded";
  return `round ${one("round") + 1}, ${one("raises")} of ${MOST_RAISES} raises: player_${
    one("mover")
  } is to act`;
}

function cautious(_spec: WorldSpec, _group: Group): Policy {
  return {
    name: "scripted",
    hiddenSize: 0,
    act({ rows, obs, mask }, into) {
      const size = OTHER + STACKS;
      for (let row = 0; row < rows; row++) {
        const wishes = inclination(obs.subarray(size * row, size * (row + 1)));
        into[row] = wishes.find((action) => mask[4 * row + action] === 1) ?? FOLD;
      }
    },
  };
}

/** What the scripted player wants, best first. */
function inclination(obs: Float32Array): readonly number[] {
  const hand = obs.subarray(0, PUBLIC).indexOf(1);
  const board = obs.subarray(PUBLIC, OWN).indexOf(1);
  const raised = obs.subarray(OTHER).indexOf(1) > BIG_BLIND;
  const strong = board < 0 ? hand === KING : hand === board;
  if (strong) return [RAISE, CALL, CHECK];
  const fair = board < 0 ? hand > 0 || !raised : hand === KING;
  return fair ? [CHECK, CALL] : [CHECK, FOLD];
}
