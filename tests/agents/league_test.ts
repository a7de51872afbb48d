/** Ratings against what the numbers must be; a league whose winner is known. */
import assert from "node:assert/strict";
import { type Game, playLeague, ratings, teamPolicy } from "../../agents/mod.ts";
import { seed, uniform } from "../../core/mod.ts";
import { findScenario, type Policy, randomPolicy, scriptedPolicy, type WorldSpec } from "../../sim/mod.ts";

const repeat = (count: number, game: Game): Game[] => Array.from({ length: count }, () => game);

Deno.test("ratings() of two: the odds, with one more draw, on Elo's scale", () => {
  const games = [
    ...repeat(7, { first: 0, second: 1, score: 1 }),
    ...repeat(2, { first: 1, second: 0, score: 1 }),
    { first: 0, second: 1, score: 0.5 },
  ];
  const [a, b] = ratings(2, games, { anchor: 1 });
  assert.equal(b!.elo, 1000);
  assert.ok(Math.abs(a!.elo - 1000 - 400 * Math.log10(8 / 3)) < 1e-6);
  assert.equal(a!.games, 10);
  assert.equal(a!.score, 0.75);
  assert.ok(a!.ci[0] < a!.elo && a!.elo < a!.ci[1]);
  assert.deepEqual(b!.ci, [1000, 1000]);
});

Deno.test("ratings() finds the strengths that games were drawn from, with intervals that hold them", () => {
  const truth = [0, 120, -80, 300];
  const stream = seed(4);
  const games: Game[] = [];
  for (let first = 0; first < 4; first++) {
    for (let second = first + 1; second < 4; second++) {
      const p = 1 / (1 + Math.pow(10, (truth[second]! - truth[first]!) / 400));
      for (let g = 0; g < 400; g++) games.push({ first, second, score: uniform(stream) < p ? 1 : 0 });
    }
  }
  ratings(4, games, { anchor: 0, level: 0 }).forEach(({ elo, ci }, i) => {
    assert.ok(Math.abs(elo - truth[i]!) < 40, `${i}: ${elo}`);
    assert.ok(ci[0] - 15 < truth[i]! && truth[i]! < ci[1] + 15, `${i}: ${ci}`);
  });
});

Deno.test("an entrant that won all its games, and one that met nobody, have ratings", () => {
  const [best, worst, alone] = ratings(3, repeat(20, { first: 0, second: 1, score: 1 }));
  assert.ok(best!.elo > worst!.elo + 400 && Number.isFinite(best!.elo));
  assert.equal(alone!.games, 0);
});

Deno.test("the interval of one that won all its games claims no certainty, and its lower end rises with the games", () => {
  const interval = (count: number) => {
    const { elo, ci: [low, high] } = ratings(2, repeat(count, { first: 0, second: 1, score: 1 }), {
      ...{ anchor: 1, level: 0, resamples: 4000 },
    })[0]!;
    assert.ok(Math.abs(elo - 400 * Math.log10(2 * count + 1)) < 1e-6);
    return [low, high] as const;
  };
  // the odds are 1 + 2 W/w with W of Gamma(20) and w of Exp(1), so w/W is F-distributed: at the edges of 95 % of
  // (1 + w/W)^-20, W over w is 1/(0.975^(-1/20) - 1) and 1/(0.025^(-1/20) - 1)
  const [low, high] = interval(20);
  const edge = (p: number) => 400 * Math.log10(1 + 2 / (p ** (-1 / 20) - 1));
  assert.ok(Math.abs(low - edge(0.025)) < 15, `${low}`);
  assert.ok(Math.abs(high - edge(0.975)) < 60, `${high}`);
  assert.ok(interval(200)[0] > low + 300, "more games without a loss say more of the least it can be");
});

const push = findScenario("mpe/simple_push_v3");
const random = (spec: WorldSpec) =>
  Object.fromEntries(spec.groups.map((group) => [group.name, randomPolicy(spec, group)]));
const scripted = (spec: WorldSpec) =>
  Object.fromEntries(spec.groups.map((group) => [group.name, scriptedPolicy(push, spec, group)!]));

Deno.test("playLeague(): the scripted sides of simple_push beat random ones, whoever plays first", () => {
  const options = { scenario: push, games: 40, seed: 3 };
  const entrants = [{ name: "random", policies: random }, { name: "scripted", policies: scripted }];
  const won = (games: readonly Game[], entrant: number) =>
    games.reduce((sum, { first, score }) => sum + (first === entrant ? score : 1 - score), 0) / games.length;
  const games = playLeague({ ...options, entrants });
  assert.equal(games.length, 40);
  assert.ok(won(games, 1) > 0.9);
  assert.equal(won(playLeague({ ...options, entrants: [...entrants].reverse() }), 0), won(games, 1));
});

Deno.test("playLeague() refuses one side, and one entrant", () => {
  const spread = findScenario("mpe/simple_spread_v3");
  const entrants = [{ name: "a", policies: random }, { name: "b", policies: random }];
  assert.throws(
    () => playLeague({ scenario: spread, entrants, games: 1, seed: 1 }),
    /a league needs two sides, .* and mpe\/simple_spread_v3 has agent \(3\)/,
  );
  assert.throws(
    () => playLeague({ scenario: push, entrants: entrants.slice(1), games: 1, seed: 1 }),
    /two entrants at least/,
  );
});

Deno.test("teamPolicy() plays each row as its member would, memory and noise included", () => {
  /** Adds a number of its own to its memory, and tells it with what it sees and draws. */
  const member = (own: number): Policy => ({
    name: `${own}`,
    hiddenSize: 1,
    act({ rows, obs, hidden, streams }, into) {
      for (let row = 0; row < rows; row++) {
        hidden[row]! += own;
        into[2 * row] = 1000 * hidden[row]! + obs[2 * row]! + obs[2 * row + 1]!;
        into[2 * row + 1] = uniform(streams[row]!);
      }
    },
  });
  const team = teamPolicy("team", [member(1), member(2)]);
  const streams = () => [0, 1, 2, 3].map((n) => seed(n));
  const input = {
    rows: 4,
    obs: Float32Array.from({ length: 8 }, (_, i) => i),
    mask: new Uint8Array(8).fill(1),
    member: Int32Array.of(0, 1, 0, 1),
    hidden: new Float32Array(4),
    streams: streams(),
  };
  const into = new Float32Array(8);
  team.act(input, into);
  team.act({ ...input, streams: streams() }, into);
  assert.equal(team.hiddenSize, 1);
  assert.deepEqual([...input.hidden], [2, 4, 2, 4]);
  const drawn = streams().map((stream) => Math.fround(uniform(stream)));
  assert.deepEqual([...into], [2001, drawn[0], 4005, drawn[1], 2009, drawn[2], 4013, drawn[3]]);
});
