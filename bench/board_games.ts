/**
 * The classic games beside PettingZoo's, under random legal play with its resets: many games in a world against the AEC
 * environment of one. Both choose moves by numbers drawn beforehand. Before anything is timed, games that PettingZoo
 * played are played again here, and must agree in all that players see and get.
 *
 * @module
 */
import { integer, seed as streamOf, UserError } from "../core/mod.ts";
import { findScenario, makeWorld, type World } from "../sim/mod.ts";
import { type Contestant, race, repeat } from "./measure.ts";
import { openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const games = ["tictactoe_v3", "connect_four_v3", "leduc_holdem_v4", "rps_v2"] as const;
type Name = typeof games[number];

const envs = 1024;
/** How many numbers moves are chosen by. */
const draws = 4096;
/** Games that are compared. */
const checked = 8;
/** Steps between two looks at the clock. */
const steps = 16;
const rules = { rounds: 7, seconds: 0.4, warmup: 1 };

/** The least ratio we want. */
const bar = 30;

interface Game {
  readonly cards: readonly number[] | null;
  readonly moves: readonly {
    readonly agent: number;
    /** The observation's numbers; of rock, paper, scissors the other's last choice. */
    readonly obs: readonly number[];
    readonly mask: readonly number[] | null;
    readonly action: number;
  }[];
  readonly rewards: readonly number[];
}

/** A world of one game in which `first` begins, dealt these cards. */
function dealt(name: Name, first: number, cards: Game["cards"]): World {
  const world = makeWorld(findScenario(`classic/${name}`));
  for (let seed = 0; seed === 0 || world.turn[0]! >= 0 && world.turn[0] !== first; seed++) world.reset(seed);
  if (cards !== null) {
    world.columns["cards"]!.data.set(cards);
    world.refresh();
  }
  return world;
}

/** Throws where a game of PettingZoo's is another than ours. */
async function agree(name: Name, peer: Peer): Promise<void> {
  for (let seed = 0; seed < checked; seed++) {
    const { cards, moves, rewards } = await peer.ask({ op: "check", env: name, seed }) as Game;
    const world = dealt(name, moves[0]!.agent, cards);
    const { N, O, A } = world.spec;
    const same = (what: string, found: readonly number[], expected: readonly number[]) => {
      if (found.join() === expected.join()) return;
      throw new UserError(`board_games: ${name}, ${what}: ours is ${found}, PettingZoo says ${expected}`);
    };
    let last: readonly number[] = [];
    for (const [t, { agent, obs, mask, action }] of moves.entries()) {
      const seen = [...world.obs.subarray(O * agent, O * (agent + 1))];
      same(`move ${t}, observation`, mask === null ? [seen.indexOf(1)] : seen, obs);
      if (mask !== null) same(`move ${t}, mask`, [...world.mask.subarray(A * agent, A * (agent + 1))], mask);
      world.actions[agent] = action;
      if (world.turn[0]! < 0 && agent < N - 1) continue;
      world.step();
      last = [...world.reward];
    }
    same("the end", [...world.done, ...last], [1, ...rewards]);
  }
}

/** Steps of all games; whoever is to move takes the legal move that the next number stands for. */
function ours(name: Name): Contestant {
  const world = makeWorld(findScenario(`classic/${name}`), { envs });
  world.reset(1);
  const { actions, mask, turn, spec: { N, A } } = world;
  const stream = streamOf(1);
  const numbers = Int32Array.from({ length: draws }, () => integer(stream, 1073741824));
  const inTurns = turn[0]! >= 0;
  let at = 0;

  function choose(row: number): void {
    let legal = 0;
    for (let a = row * A; a < (row + 1) * A; a++) legal += mask[a]!;
    let left = numbers[at++ % draws]! % legal;
    let action = 0;
    while (mask[row * A + action] === 0 || left-- > 0) action++;
    actions[row] = action;
  }

  function advance(): void {
    if (inTurns) { for (let env = 0; env < envs; env++) choose(env * N + turn[env]!); }
    else for (let row = 0; row < envs * N; row++) choose(row);
    world.step();
  }
  return repeat(steps * envs * (inTurns ? 1 : N), () => {
    for (let t = 0; t < steps; t++) advance();
  });
}

export const boardGames: Benchmark = async function* (): AsyncGenerator<Row> {
  const peer = await openPeer("pettingzoo_classic.py");
  for (const name of games) {
    const fields = (rate: number) => {
      return { name: `${name}, E=${envs}, js backend`, unit: "moves/s", ours: rate, bar };
    };
    const peerName = "PettingZoo's AEC environment";
    if ("missing" in peer) {
      const [rate] = await race([ours(name)], rules);
      yield skippedRow({ ...fields(rate!), peerName, skipped: peer.missing });
      continue;
    }
    await agree(name, peer);
    const theirs: Contestant = async (seconds) => {
      return await peer.ask({ op: "run", env: name, seconds }) as Awaited<ReturnType<Contestant>>;
    };
    const [rate, other] = await race([ours(name), theirs], rules);
    yield row({ ...fields(rate!), peer: other!, peerName, peerVersion: peer.version });
  }
  if (!("missing" in peer)) peer.close();
};
