import assert from "node:assert/strict";
import { readReplay } from "../../sim/mod.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";
import { changed, recorded } from "../sim/recorded.ts";
import { writeReplay } from "../../sim/replay/format.ts";
import { inFolder, paddock } from "./command.ts";

Deno.test("export writes a replay as JSON lines", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.replay`, recorded(crossing, 60));
    const { code, out } = await paddock(["export", "a.replay", "a.jsonl"], folder);
    assert.equal(code, 0);
    assert.match(out, /^a\.jsonl {2}[\d.]+ kB, 60 steps\n$/);
    const text = await Deno.readTextFile(`${folder}/a.jsonl`);
    const [head, ...lines] = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([head.scenario, head.steps, lines.length, lines[59].t], ["safe/crossing", 60, 60, 59]);
  }));

Deno.test("fork goes on with another policy; the fork verifies, and diff names where it parts", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.replay`, recorded(crossing, 60));
    const fork = await paddock(
      "fork a.replay b.replay --step 40 --policy careful --steps 15".split(" "),
      folder,
    );
    assert.deepEqual([fork.code, fork.err], [0, ""]);
    assert.match(fork.out, /^b\.replay {2}.* 55 steps, careful from step 40 on\n$/);
    const { header } = readReplay(await Deno.readFile(`${folder}/b.replay`));
    assert.deepEqual([header.policy, header.steps, header.fork?.step, header.fork?.policy], [
      "careful",
      55,
      40,
      "random",
    ]);
    assert.equal((await paddock(["verify", "b.replay"], folder)).code, 0);
    const parted = await paddock(["diff", "a.replay", "b.replay"], folder);
    assert.equal(parted.code, 1);
    assert.match(
      parted.out,
      /^step 4\d \(episode 0\), action of robot_\d: \d in the first, \d in the second\n$/,
    );
    const same = await paddock(["diff", "a.replay", "a.replay", "--json"], folder);
    assert.deepEqual([same.code, same.out], [0, "null\n"]);
  }));

Deno.test("fork refuses a replay that was changed, a step that is not there and a policy that is none", () =>
  inFolder(async (folder) => {
    const replay = readReplay(recorded(crossing, 60));
    await Deno.writeFile(`${folder}/a.replay`, writeReplay(replay));
    await Deno.writeFile(`${folder}/bad.replay`, writeReplay(changed(replay, "actions", 20, 1)));
    const outcomes = await Promise.all([
      paddock(["fork", "bad.replay", "b.replay", "--step", "40"], folder),
      paddock(["fork", "a.replay", "b.replay", "--step", "61"], folder),
      paddock(["fork", "a.replay", "b.replay", "--step", "6", "--policy", "carefull"], folder),
      paddock(["fork", "a.replay", "b.replay"], folder),
    ]);
    assert.deepEqual(outcomes.map(({ code }) => code), [1, 1, 2, 2]);
    assert.match(outcomes[0]!.err, /does not play as it was recorded: step 13 .*actions/);
    assert.match(outcomes[1]!.err, /expected a step from 0 to 60, found 61/);
    assert.match(outcomes[2]!.err, /Did you mean "careful"\?/);
    assert.match(outcomes[3]!.err, /--step is missing/);
  }));

Deno.test("verify plays a replay on another backend of its domain, and refuses the others", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.replay`, recorded(crossing, 60));
    const [wasm, floats, none] = await Promise.all([
      paddock(["verify", "a.replay", "--backend", "wasm64"], folder),
      paddock(["verify", "a.replay", "--backend", "wasm32"], folder),
      paddock(["verify", "a.replay", "--backend", "wasm"], folder),
    ]);
    assert.deepEqual([wasm.code, floats.code, none.code], [0, 1, 2]);
    assert.match(
      floats.out,
      /recorded on js, which rounds otherwise than wasm32: play it on eval, js, wasm64/,
    );
  }));

Deno.test("replay records a scripted policy of a scenario into a file that verifies", () =>
  inFolder(async (folder) => {
    const line = "replay --policy careful --scenario safe/crossing --param N=3 --episodes 2 --to c.replay";
    const { code, out } = await paddock(line.split(" "), folder);
    assert.equal(code, 0);
    assert.match(out, /^c\.replay .* 2 episodes, 100 steps\n/);
    const { header } = readReplay(await Deno.readFile(`${folder}/c.replay`));
    assert.deepEqual([header.policy, header.agents.length, header.limits.length], ["careful", 3, 2]);
    assert.equal((await paddock(["verify", "c.replay"], folder)).code, 0);
  }));

Deno.test("a recording says whether its policies drew, not whether they were asked to", () =>
  inFolder(async (folder) => {
    const run = "--scenario mpe/simple_spread_v3 --envs 4 --evaluate-every 0 --report-episodes 2";
    const lines = [
      `train ${run} --algorithm qmix --steps 200 --name greedy --set horizon=10 hidden=[8] batch=4 capacity=100 ` +
      "teamReward=mean updates=1",
      `train ${run} --algorithm ippo --steps 40 --name drawing --set horizon=10 hidden=[8]`,
    ];
    for (const { code, err } of await Promise.all(lines.map((line) => paddock(line.split(" "), folder)))) {
      assert.equal(code, 0, err);
    }
    const [draws, likely] = ["stochastic", "deterministic"];
    // Those of the end of the training, a greedy policy's once, and the one just recorded.
    const expected = { greedy: [likely, likely], drawing: [draws, likely, draws] };
    for (const [name, ways] of Object.entries(expected)) {
      const { code, err } = await paddock(["replay", name, "--episodes", "1"], folder);
      assert.equal(code, 0, err);
      const replays = `${folder}/runs/${name}/replays`;
      const files = Array.from(Deno.readDirSync(replays), (entry) => entry.name).sort();
      const labels = files.map((file) => readReplay(Deno.readFileSync(`${replays}/${file}`)).header.policy);
      assert.deepEqual(labels.map((label) => /^\w+, (\w+), newest at step/.exec(label)?.[1]), ways);
    }
  }));

Deno.test("replay says what it needs, and what does not go together", async () => {
  for (
    const [line, message] of [
      ["replay", /needs a run, or --policy NAME --scenario ID/],
      ["replay --policy scripted", /needs a run or --scenario/],
      ["replay some-run --scenario safe/crossing", /a run or --scenario, not both/],
      ["replay some-run --param N=3", /leave out --param/],
      ["replay --policy scriptd --scenario safe/crossing", /Did you mean "scripted"\?/],
    ] as const
  ) {
    const { code, err } = await paddock(line.split(" "));
    assert.equal(code, 2, line);
    assert.match(err, message);
  }
});
