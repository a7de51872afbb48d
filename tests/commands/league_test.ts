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

Deno.test("in a league, a run whose agents share no policy meets one whose agents do, side by side", () =>
  inFolder(async (folder) => {
    const base =
      "train --scenario mpe/simple_tag_v3 --algorithm mappo --envs 4 --steps 200 --evaluate-every 0 " +
      "--report-episodes 2 --set horizon=10 hidden=[8]";
    const [together, apart, four] = await Promise.all([
      paddock(`${base} --name together`.split(" "), folder),
      paddock(`${base} memory=4 chunk=5 share=false agentIds=true --name apart`.split(" "), folder),
      paddock(`${base} --name four --param numAdversaries=4`.split(" "), folder),
    ]);
    for (const { code, err } of [together, apart, four]) assert.equal(code, 0, err);
    const league = await paddock("league apart together random --games 4 --json".split(" "), folder);
    assert.equal(league.code, 0, league.err);
    assert.equal(JSON.parse(league.out).games.length, 4 * 3);
    const others = await paddock("league together four --games 4".split(" "), folder);
    assert.equal(others.code, 2);
    assert.match(others.err, /a league plays one scenario: together was trained on .*four on .*4/);
    const elsewhere = await paddock(
      "league together random --scenario mpe/simple_push_v3".split(" "),
      folder,
    );
    assert.match(elsewhere.err, /together was trained on mpe\/simple_tag_v3, not on mpe\/simple_push_v3/);
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
      /name a run, or the --scenario to play/,
      /no run "best"/,
      /self-play has no setting "shares"\. Did you mean "share"\?/,
      /self-play needs two sides, and mpe\/simple_spread_v3 has one: "agent"/,
    ];
    outcomes.forEach(({ err }, i) => assert.match(err, messages[i]!));
  }));

Deno.test("two agents of one group are two sides of a league, in turns too; what a pool lacks is told", () =>
  inFolder(async (folder) => {
    const base = "train --algorithm ippo --envs 4 --steps 80 --evaluate-every 0 --report-episodes 2 " +
      "--set horizon=10 hidden=[8]";
    const game = "--scenario classic/tictactoe_v3";
    const trained = await Promise.all([
      paddock(`${base} agentIds=true ${game} --name shared`.split(" "), folder),
      paddock(`${base} share=false ${game} --self-play share=0.5 --name sp`.split(" "), folder),
      paddock(`${base} ${game} --self-play share=0.5 --name refused`.split(" "), folder),
    ]);
    assert.deepEqual(trained.map(({ code }) => code), [0, 0, 2], trained[0]!.err + trained[1]!.err);
    assert.match(trained[2]!.err, /self-play needs two sides.* make each of them a side: --set share=false/);
    const [league, alone, one, empty, misspelt] = await Promise.all([
      paddock("league shared sp random --games 10 --json".split(" "), folder),
      paddock(["league", "random", "--scenario", "mpe/simple_push_v3"], folder),
      paddock(["league", "random", "scripted", "--scenario", "mpe/simple_spread_v3"], folder),
      paddock("league sp:pool random".split(" "), folder),
      paddock("league runs/sp:pol random".split(" "), folder),
    ]);
    assert.equal(league!.code, 0, league!.err);
    assert.equal(JSON.parse(league!.out).games.length, 3 * 10);
    assert.deepEqual([alone, one, empty, misspelt].map((it) => it!.code), [2, 2, 2, 2]);
    assert.match(alone!.err, /a league needs two entrants/);
    assert.match(one!.err, /a league needs two sides/);
    assert.match(empty!.err, /the pool of .*sp is empty: .* every 20 updates, and the run made 2/);
    assert.match(misspelt!.err, /Did you mean "runs\/sp:pool"\?/);
  }));
