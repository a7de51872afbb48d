import assert from "node:assert/strict";
import { inFolder, paddock } from "./command.ts";

const train = "train --scenario mpe/simple_push_v3 --algorithm mappo --envs 4 --steps 400 --name a " +
  "--set horizon=10 hidden=[8] --self-play share=0.5 every=2 pool=3 --evaluate-episodes 4 --report-episodes 4";

Deno.test("league rates a run, what it froze on its way, and policies that need no training", () =>
  inFolder(async (folder) => {
    const trained = await paddock(train.split(" "), folder);
    assert.equal(trained.code, 0, trained.err);
    const league = await paddock("league a a:pool random scripted --games 6 --json".split(" "), folder);
    assert.equal(league.code, 0, league.err);
    const { scenario, ratings, games } = JSON.parse(league.out);
    const names = ratings.map(({ name }: { name: string }) => name).sort();
    assert.equal(scenario, "mpe/simple_push_v3");
    assert.deepEqual(names, ["a", "a:pool1", "a:pool2", "a:pool3", "random", "scripted"]);
    assert.equal(games.length, 6 * 15);
    const elo = Object.fromEntries(ratings.map((it: { name: string; elo: number }) => [it.name, it.elo]));
    assert.equal(elo.random, 1000);
    assert.ok(elo.scripted > 1100);
    const table = await paddock(
      "league random scripted --scenario mpe/simple_push_v3 --games 6".split(" "),
      folder,
    );
    assert.match(table.out, /simple_push_v3 {2}6 games of every two, seed 1\n.*Elo.*\nscripted/s);
  }));

Deno.test("league says what is wrong with its entrants, and train with its self-play", () =>
  inFolder(async (folder) => {
    const outcomes = await Promise.all([
      paddock(["league", "random", "random", "--scenario", "mpe/simple_push_v3"], folder),
      paddock(["league", "random", "scripted"], folder),
      paddock(["league", "random", "best", "--scenario", "mpe/simple_push_v3"], folder),
      paddock(
        "train --scenario mpe/simple_push_v3 --algorithm mappo --self-play shares=1".split(" "),
        folder,
      ),
      paddock(
        "train --scenario mpe/simple_spread_v3 --algorithm mappo --self-play share=1".split(" "),
        folder,
      ),
    ]);
    assert.deepEqual(outcomes.map(({ code }) => code), [2, 2, 2, 2, 2]);
    const messages = [
      /random is named twice/,
      /no run "scripted"/,
      /no run "best"/,
      /self-play has no setting "shares"\. Did you mean "share"\?/,
      /self-play needs two sides, and mpe\/simple_spread_v3 has one: "agent"/,
    ];
    outcomes.forEach(({ err }, i) => assert.match(err, messages[i]!));
  }));
