import assert from "node:assert/strict";
import type { Page } from "puppeteer-core";
import { compact } from "../../islands/parts/format.ts";
import type { Store } from "../../server/store.ts";
import type { Workspace } from "../../server/workspace.ts";
import { readReplay } from "../../sim/mod.ts";
import { browserTest } from "./browser.ts";
import { crossingReplay, fillTwoSides, ownRun, ownScenario, recordReplays } from "./recordings.ts";
import { fillStore, metricsAt, report, SKETCHES, STEPS_PER_UPDATE } from "./sketches.ts";

const [first, , running] = SKETCHES;
const RUN = first!.row.name;

function fill(store: Store, workspace: Workspace): void {
  fillStore(store);
  recordReplays(store, workspace);
}

const textOf = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent ?? "");

/** Waits until the text of `selector` matches. */
async function sees(page: Page, selector: string, pattern: RegExp): Promise<void> {
  await page.waitForFunction(
    (selector, source) => new RegExp(source).test(document.querySelector(selector)?.textContent ?? ""),
    {},
    selector,
    pattern.source,
  );
}

browserTest("from the list over a run to a replay, which plays and is verified", fill, async ({ open }) => {
  const { page, check } = await open("/");
  await page.waitForSelector('[data-island="RunList#default"][data-ready]');
  await Promise.all([page.waitForNavigation(), page.click(`a[href="/runs/${RUN}"]`)]);

  await page.waitForSelector(".chart canvas");
  assert.equal((await page.$$(".chart-grid > .chart")).length, 6);
  assert.match(await textOf(page, "#limits + p"), /200 evaluation episodes/);
  await Promise.all([page.waitForNavigation(), page.click('a[href$="/0001.replay"]')]);

  await page.waitForSelector('[data-verified="true"]');
  assert.match(await textOf(page, ".verdict"), /Verified/);
  await page.click('button[aria-label="Play"]');
  await sees(page, ".place", /step [3-9]/);
  const frames = await page.evaluate(() =>
    new Promise<number>((resolve) => {
      let count = 0;
      const until = performance.now() + 1000;
      requestAnimationFrame(function tick() {
        count++;
        if (performance.now() < until) requestAnimationFrame(tick);
        else resolve(count);
      });
    })
  );
  assert.ok(frames > 20, `${frames} frames in a second`);
  await page.click('button[aria-label="Pause"]');
  await check();
});

browserTest("buttons, keys and the slider move through a replay", fill, async ({ open }) => {
  const { page, check } = await open(`/runs/${RUN}/replays/0001.replay`);
  await page.waitForSelector('[data-verified="true"]');
  await page.click('button[aria-label="One step forward"]');
  await sees(page, ".place", /step 1 /);

  await page.click(".button-bad");
  await sees(page, ".place", /Episode 1 of 12.*step 12/);
  assert.match(await textOf(page, ".row[aria-current]"), /Episode 1.*step 12/);
  assert.match(await textOf(page, ".standings"), /contact[3-9] \/ 2/);

  await page.click('button[aria-label="One step forward"]');
  await sees(page, ".place", /step 13/);
  await page.keyboard.press("ArrowLeft");
  await sees(page, ".place", /step 12/);
  await page.keyboard.press("ArrowRight");
  await sees(page, ".place", /step 13/);
  await page.keyboard.down("Shift");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.up("Shift");
  await sees(page, ".place", /step 3 /);
  await page.keyboard.press("n");
  await page.keyboard.press("n");
  await sees(page, ".place", /Episode 2/);
  await page.keyboard.press("p");
  await sees(page, ".place", /Episode 1/);
  await page.keyboard.press("End");
  await sees(page, ".place", /Episode 12 of 12.*step 50/);

  const slider = await page.waitForSelector('input[aria-label="Step"]');
  await slider!.focus();
  await page.keyboard.press("Home");
  await sees(page, ".place", /Episode 1 .*step 0 /);
  assert.match(
    await slider!.evaluate((input) => input.getAttribute("aria-valuetext")!),
    /^step 0 of 600, episode 1 of 12/,
  );
  const box = (await slider!.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await sees(page, ".place", /Episode (6|7)/);

  await page.keyboard.press("Home");
  await page.select(".speed select", "100");
  await page.keyboard.press(" ");
  await sees(page, ".place", /Episode 3/);
  await check();
});

browserTest("a browser without WebAssembly verifies a replay too", fill, async ({ open }) => {
  const { page, check } = await open(`/runs/${RUN}/replays/0001.replay`, () => {
    Object.defineProperty(globalThis, "WebAssembly", { value: undefined });
  });
  await page.waitForSelector('[data-verified="true"]');
  assert.equal(await page.evaluate(() => typeof WebAssembly), "undefined");
  await check();
});

browserTest(
  "a replay that was changed differs at the changed step",
  (store, workspace) => {
    fill(store, workspace);
    const bytes = crossingReplay("scripted", 4);
    const { actions, checks, episodes, header } = readReplay(bytes);
    const actionsAt = bytes.length - 8 - 12 * episodes.length - checks.length - actions.length;
    // four robots, three bits each: step 40 starts at bit 480
    bytes[actionsAt + 60]! ^= 1;
    const file = workspace.open(RUN).writeReplay(bytes);
    const { scenario, steps, policy } = header;
    store.addReplay({ run: RUN, file, scenario, policy, episodes: 4, steps, bytes: bytes.length });
  },
  async ({ open }) => {
    const { page, check } = await open(`/runs/${RUN}/replays/0003.replay`);
    await page.waitForSelector('[data-verified="false"]');
    assert.match(await textOf(page, ".verdict"), /Differs at step 40.*actions/);
    await check();
  },
);

browserTest(
  "a replay of a scenario file plays with that file, and says so when it is gone",
  fill,
  async ({ open, store, workspace }) => {
    const folder = await Deno.makeTempDir({ prefix: "paddock-own-" });
    try {
      const file = await ownRun(store, workspace, folder);
      const { page, check } = await open("/runs/own/replays/0001.replay");
      await page.waitForSelector('[data-verified="true"]');
      await sees(page, ".standings", /touch/);
      await page.click('button[aria-label="One step forward"]');
      await sees(page, ".place", /step 1 /);
      await check();

      const edited = ownScenario.replace("size: 0.2", "size: 0.1");
      Deno.writeTextFileSync(file, edited);
      await page.reload();
      await sees(page, ".verdict", /Cannot be played.*header\.codeHash/);

      Deno.removeSync(file);
      await page.reload();
      await sees(page, ".verdict", /Cannot be played.*meet\.ts is gone\. Put the run's scenario back/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

browserTest("the page of a running run follows it to its end", fill, async ({ open, store }) => {
  const { row, updates, of } = running!;
  const { page, check } = await open(`/runs/${row.name}`);
  await sees(page, ".link", /Live, 393k of 1.02M/);
  for (let i = updates + 1; i <= updates + 8; i++) {
    store.appendMetrics(row.name, i * STEPS_PER_UPDATE, metricsAt(running!, i));
  }
  await sees(page, ".link", /Live, 426k of 1.02M/);
  const last = metricsAt(running!, updates + 8);
  await sees(page, ".chart-last", new RegExp(compact(last["episode/return"]!)));
  await sees(page, ".facts", new RegExp(`Return${compact(last["episode/return"]!)}Steps426k`));
  await sees(page, ".facts", /Speed[\d.]+k steps\/s/);
  await sees(page, ".limit-figure", new RegExp(compact(last["cost/collision"]!)));
  store.addEvaluation(row.name, report(running!, true));
  store.setStatus(row.name, "done", of * STEPS_PER_UPDATE);
  await sees(page, ".page-head .status", /Done/);
  await sees(page, "#limits + p", /From 200 evaluation episodes/);
  assert.equal(await page.$(".link"), null, "nothing more to follow");
  await check();
});

browserTest(
  "a run of two sides shows the return of each; its replay hides no part of the picture",
  fillTwoSides,
  async ({ open }) => {
    const { page, check } = await open("/runs/duel");
    await sees(page, ".facts", /Return0 blue −4, red 4/);
    await page.waitForSelector(".chart canvas");
    await sees(page, ".chart-last", /all 0.*blue −4.*red 4/);
    await sees(page, ".group-returns", /red4\.0.*blue−4\.0/);
    await page.click(".diagnostics summary");
    await sees(page, ".chart-small", /policy\/kl.*blue 0\.02.*red 0\.01/);
    await check();

    const replay = await open("/runs/duel/replays/0001.replay");
    await replay.page.waitForSelector('[data-verified="true"]');
    await sees(replay.page, ".stage-caption", /3 standing/);
    for (const width of [1280, 390]) {
      await replay.page.setViewport({ width, height: 800 });
      const [stage, place, caption] = await Promise.all(
        [".stage", ".place", ".stage-caption"].map((it) =>
          replay.page.$eval(it, (e) => e.getBoundingClientRect().toJSON())
        ),
      );
      assert.ok(
        place.bottom <= stage.top && caption.bottom <= stage.top,
        `beside the picture at ${width} pixels`,
      );
      const beyond = await replay.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(beyond <= 0, `${beyond} pixels wider than a window of ${width}`);
    }
    await replay.check();
  },
);

browserTest("an empty list fills as runs start", () => {}, async ({ open, store }) => {
  const { page, check } = await open("/");
  await page.waitForSelector('[data-island="RunList#default"][data-ready]');
  await sees(page, "main", /The paddock is empty/);
  store.createRun({ ...running!.row, steps: 1000, config: {} });
  await sees(page, ".page-head", /1 run, 1 running/);
  await sees(page, ".run-grid", new RegExp(running!.row.name));
  await check();
});

browserTest("the list follows its runs", fill, async ({ open, store }) => {
  const { row } = running!;
  const { page, check } = await open("/");
  await page.waitForSelector('[data-island="RunList#default"][data-ready]');
  store.setStatus(row.name, "failed", 400_000);
  await sees(page, ".run-grid", /Failed/);
  await sees(page, ".page-head", /4 runs$/);
  await check();
});

browserTest(
  "code that the policy forbids does not run, and these tests would notice",
  fill,
  async ({ open }) => {
    const { page, check } = await open("/");
    await check();
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'broken in'";
      document.head.append(script);
    });
    assert.equal(await page.title(), "Runs · Paddock");
    await assert.rejects(check(), /policy violated: script-src/);
  },
);
