/** Several seeds: what they bring together, how they end, and how they go on. */
import assert from "node:assert/strict";
import { eventsOf, inFolder, paddock, spawn } from "./command.ts";

const train = "train --scenario mpe/simple_v3 --algorithm ippo --envs 4 --set horizon=25 hidden=[8] " +
  "--evaluate-episodes 8 --report-episodes 8 --evaluate-every 2 --checkpoint-every 2";
const words = (text: string) => `${train} ${text}`.split(" ");
const lines = (text: string) => text.trimEnd().split("\n");

/** Shares in lines of progress, in percent. */
const shares = (out: string) => [...out.matchAll(/^seed.* (\d+) %/gm)].map(([, share]) => Number(share));

Deno.test("train --seeds that stopped says how to go on; what goes on is summed up as what nobody stopped", () =>
  inFolder(async (folder) => {
    const read = async (name: string) =>
      JSON.parse(await Deno.readTextFile(`${folder}/runs/${name}.seeds.json`));
    const names = () => [...Deno.readDirSync(`${folder}/runs`)].map(({ name }) => name).sort();
    const whole = await paddock(words("--steps 350 --seeds 2 --name whole"), folder);
    assert.equal(whole.code, 0, whole.err);
    assert.match(whole.out, /350 steps are rounded up to 400: whole updates of 100/);
    assert.equal(Math.max(...shares(whole.out)), 100);

    const part = await paddock(words("--steps 350 --seeds 2 --name part --minutes 0.00001"), folder);
    assert.match(part.out, /stopped .*--minutes 0\.00001 are over/);
    assert.match(part.out, /2 of 2 seeds are not done.*\n.*train --resume runs\/part\.seeds\.json/);
    assert.deepEqual((await read("part")).left, [1, 2]);
    const resumed = await paddock("train --resume part.seeds.json --jobs 2".split(" "), folder);
    assert.equal(resumed.code, 0, resumed.err);
    assert.doesNotMatch(resumed.out, /not done/);
    const [a, b] = [await read("whole"), await read("part")];
    assert.deepEqual([b.best, b.final, b.left], [a.best, a.final, []]);
    assert.deepEqual(b.seeds.map((it: { steps: number }) => it.steps), [400, 400]);

    const before = names();
    const again = await paddock(words("--steps 350 --seeds 3 --name whole"), folder);
    assert.equal(again.code, 2);
    assert.match(again.err, /whole-1, whole-2.*another --name.*\nSee .*train --help/s);
    assert.deepEqual(names(), before);
    assert.deepEqual(await read("whole"), a);
  }));

Deno.test("train --seeds trains each seed as --seed does, and sums them up", () =>
  inFolder(async (folder) => {
    const several = await paddock(words("--json --steps 400 --name s --seeds 3 --seed 5 --jobs 2"), folder);
    assert.equal(several.code, 0, several.err);
    const { file, seeds, best, final } = JSON.parse(lines(several.out).at(-1)!);
    assert.deepEqual(seeds.map((it: { seed: number; run: string }) => [it.seed, it.run]), [
      [5, "s-5"],
      [6, "s-6"],
      [7, "s-7"],
    ]);
    const alone = await paddock(words("--json --steps 400 --name alone --seed 6"), folder);
    const { final: { return: { mean } } } = JSON.parse(lines(alone.out).at(-1)!);
    assert.equal(seeds[1].final.return, mean);
    assert.deepEqual(final.return.scores, seeds.map((it: { final: { return: number } }) => it.final.return));
    assert.ok(best.return.ci[0] <= best.return.iqm && best.return.iqm <= best.return.ci[1]);
    assert.match(JSON.parse(await Deno.readTextFile(file)).convention, /mean over agents/);
  }));

Deno.test("train --seeds stops at a signal: every seed that runs saves, and can be resumed", () =>
  inFolder(async (folder) => {
    // Updates of more than half a second, so that a second signal would end them unsaved.
    const slow = train.replace("horizon=25 hidden=[8]", "horizon=200 epochs=20 hidden=[128,128]") +
      " --steps 1e7 --name s --seeds 2 --jobs 2 --json";
    const child = spawn(slow.replace("--envs 4", "--envs 64").split(" "), folder);
    const started = new Set<string>();
    const told = [];
    let asked = false;
    for await (const event of eventsOf(child)) {
      told.push(event);
      if (event.event === "update") started.add(String((event as unknown as { seed: number }).seed));
      if (started.size < 2 || asked) continue;
      asked = true; // once: the updates that were running still tell of themselves
      child.kill("SIGTERM");
    }
    assert.equal((await child.status).code, 143);
    const summary = told.at(-1) as unknown as { seeds: { status: string }[]; failed: unknown[] };
    assert.deepEqual(summary.seeds.map(({ status }) => status), ["stopped", "stopped"]);
    assert.deepEqual(summary.failed, []);
    for (const name of ["s-1", "s-2"]) {
      assert.ok([...Deno.readDirSync(`${folder}/runs/${name}/checkpoints`)].length > 0);
    }
  }));

interface Told {
  readonly event: string;
  readonly seeds: readonly { readonly seed: number }[];
  readonly failed: readonly { readonly seed: number }[];
}

Deno.test("train --seeds: a seed that fails is named, the others finish; wrong flags start none", () =>
  inFolder(async (folder) => {
    const child = spawn(words("--json --steps 2000 --name s --seeds 2 --jobs 1"), folder);
    const errors = new Response(child.stderr).text();
    const told: Told[] = [];
    for await (const event of eventsOf(child)) {
      told.push(event as unknown as Told);
      // its name is taken while the first one trains
      if (event.event === "start") await Deno.mkdir(`${folder}/runs/s-2`, { recursive: true });
    }
    const { code } = await child.status;
    const err = await errors;
    assert.equal(code, 1);
    assert.match(err, /the seed 2 training failed: .*s-2/);
    const summary = told.find(({ event }) => event === "seeds")!;
    assert.deepEqual(summary.seeds.map(({ seed }) => seed), [1]);
    assert.deepEqual(summary.failed.map(({ seed }) => seed), [2]);
    const wrong = await paddock(words("--steps 200 --seeds 2 --set hiden=[8]"), folder);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /Did you mean "hidden"/);
    assert.deepEqual(
      [...Deno.readDirSync(`${folder}/runs`)].filter(({ name }) => name.startsWith("simple")),
      [],
    );
  }));
