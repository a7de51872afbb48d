/**
 * Resident memory of a long training: how much it grows between an early and a late moment. `PADDOCK_MINUTES` is the
 * length of the run, 1 unless given; its beginning is not looked at, since caches and the collector's heap fill then.
 * A run of 60 minutes says what it grows between minutes 10 and 60.
 *
 * @module
 */
import { memoryUsage } from "node:process";
import { UserError } from "../core/mod.ts";
import { median } from "./measure.ts";
import { type Benchmark, type Row, row } from "./rows.ts";
import { training } from "./training.ts";

/** Minutes before the first look; a third of a run that is too short for that. */
const beginning = 10;

/** Share of the run whose samples make one number, behind the beginning and before the end. */
const window = 1 / 10;

/** Seconds between two samples. */
const pause = 1;

/** The late memory may be this much of the early one. */
const most = 1.05;

function minutes(): number {
  const given = Deno.env.get("PADDOCK_MINUTES") ?? "1";
  if (!(Number(given) > 0)) {
    throw new UserError(`PADDOCK_MINUTES: expected minutes above 0, found "${given}"`);
  }
  return Number(given);
}

export const memory: Benchmark = async function* (): AsyncGenerator<Row> {
  const length = minutes();
  const early = Math.min(beginning / length, 1 / 3);
  const run = training(3, 1);
  const samples: { at: number; rss: number }[] = [];
  const start = performance.now();
  for (let at = 0; at < 1; at = (performance.now() - start) / 60_000 / length) {
    run.advance();
    if (performance.now() - start < samples.length * pause * 1000) continue;
    samples.push({ at, rss: memoryUsage().rss / 2 ** 20 });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  run.dispose();
  const between = (from: number, to: number) =>
    median(samples.filter(({ at }) => at >= from && at <= to).map(({ rss }) => rss));
  const [before, after] = [between(early, early + window), between(1 - window, 1)];
  yield row({
    name: `memory of ${length} minutes of training: ${before.toFixed(0)} MiB after ${
      (early * length).toFixed(1)
    }, ${after.toFixed(0)} MiB in the end`,
    unit: "of the memory at the end was there before",
    ours: before / after,
    peer: 1 / most,
    peerName: "goal",
    peerVersion: "",
    bar: 1,
  });
};
