/**
 * Replays of 10,000 steps: how fast they verify, and how soon one stands in a browser.
 *
 * @module
 */
import { CHROMIUM } from "../tests/browser/programs.ts";
import {
  type BackendName,
  findScenario,
  randomPolicy,
  readReplay,
  record,
  runner,
  type Scenario,
  verify,
} from "../sim/mod.ts";
import { median, race, repeat } from "./measure.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const steps = 10000;

/** Agent-steps per second that verifying must reach, and ms within which a page must show a replay. */
const goals = { verify: 1e6, open: 300 };
const goal = { peerName: "goal", peerVersion: "", bar: 1 };

/** Pages opened; the first ones warm up the server. */
const openings = 9;

/** The file of random play. */
function recorded(scenario: Scenario): Uint8Array {
  const recorder = record(scenario, { seed: 1 });
  const { spec } = recorder.world;
  const policies = Object.fromEntries(spec.groups.map((group) => [group.name, randomPolicy(spec, group)]));
  const { step } = runner(recorder.world, policies, 1, { advance: recorder.step });
  for (let t = 0; t < steps; t++) step();
  return recorder.finish({ policy: "random" });
}

export const replay: Benchmark = async function* (): AsyncGenerator<Row> {
  const spread = findScenario("mpe/simple_spread_v3");
  const bytes = recorded(spread);
  const file = readReplay(bytes);
  const backends: BackendName[] = ["js", "wasm64"];
  const contestants = backends.map((backend) =>
    repeat(steps * file.header.agents.length, () => {
      if (!verify(file, spread, backend).ok) throw new Error(`the replay does not verify on ${backend}`);
    })
  );
  const rates = await race(contestants, { rounds: 5, seconds: 0.5, warmup: 1 });
  for (const [i, backend] of backends.entries()) {
    const name = `verify ${steps} steps of simple_spread N=3, ${backend} backend`;
    yield row({ name, unit: "agent-steps/s", ours: rates[i]!, peer: goals.verify, ...goal });
  }

  if (CHROMIUM.path === undefined) {
    const name = "a replay in Chromium";
    yield skippedRow({
      name,
      unit: "steps/s",
      ours: 0,
      peerName: "goal",
      bar: 1,
      skipped: CHROMIUM.missing!,
    });
    return;
  }
  const times = await openingTimes(bytes, file.header.scenario);
  for (const [what, ms] of Object.entries(times)) {
    const name = `in Chromium, a replay of ${steps} steps ${what} ${Math.round(ms)} ms`;
    yield row({ name, unit: "steps/s", ours: 1000 * steps / ms, peer: 1000 * steps / goals.open, ...goal });
  }
};

/**
 * Medians, in ms: from the call for the page until its picture can be played and until every step is verified, by the
 * clock; and the time that the page's thread computes until then, which other programs do not lengthen.
 */
async function openingTimes(bytes: Uint8Array, scenario: string): Promise<Record<string, number>> {
  const { withStand } = await import("../tests/browser/browser.ts");
  const { recordReplays } = await import("../tests/browser/recordings.ts");
  const { fillStore, SKETCHES } = await import("../tests/browser/sketches.ts");
  const run = SKETCHES[0]!.row.name;
  let file = "";
  const shown: number[] = [];
  const verified: number[] = [];
  const computed: number[] = [];
  await withStand((store, workspace) => {
    fillStore(store);
    recordReplays(store, workspace);
    file = workspace.open(run).writeReplay(bytes);
    store.addReplay({ run, file, scenario, policy: "random", episodes: 400, steps, bytes: bytes.length });
  }, async ({ browser, url }) => {
    for (let i = 0; i < openings; i++) {
      const page = await browser.newPage();
      const devtools = await page.createCDPSession();
      await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
      await page.goto(`${url}/runs/${run}/replays/${file}`);
      await page.waitForSelector('[data-verified="true"]');
      const marks = await page.evaluate(() =>
        performance.getEntriesByType("mark").map((mark) => mark.startTime)
      );
      const { metrics } = await devtools.send("Performance.getMetrics");
      shown.push(marks[0]!);
      verified.push(marks[1]!);
      computed.push(1000 * metrics.find(({ name }) => name === "TaskDuration")!.value);
      await page.close();
    }
  });
  return {
    "can be played after": median(shown),
    "is verified after": median(verified),
    "is verified after a computing time of": median(computed),
  };
}
