/** What is written into a store comes back: runs, updates, curves, evaluations, replays. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import * as protocol from "../../islands/protocol.ts";
import { RUN, userError, withStore } from "./store_made.ts";

Deno.test(
  "a run comes back as the protocol says it, with its newest headline metrics",
  withStore((store, path) => {
    store.createRun(RUN);
    store.appendMetrics(RUN.name, 100, { "episode/return": 1, "cost/contact": 4, "loss/policy": 0.1 });
    store.appendMetrics(RUN.name, 200, {
      "episode/return": 2.5,
      "loss/policy": 0.2,
      "violations/contact": 0.25,
      "time/steps_per_second": 900,
    });
    const run = protocol.runSummary.parse(store.run(RUN.name));
    assert.deepEqual(run.latest, {
      "cost/contact": 4,
      "episode/return": 2.5,
      "time/steps_per_second": 900,
      "violations/contact": 0.25,
    });
    assert.deepEqual([run.status, run.step, run.steps, run.exported], ["running", 200, 1000, false]);
    assert.deepEqual(run.limits, RUN.limits);
    assert.deepEqual(store.config(RUN.name), RUN.config);
    assert.deepEqual(store.runs(), [run]);
    assert.equal(store.run("other"), undefined);
    Deno.mkdirSync(join(path, "..", RUN.name));
    writeFileSync(join(path, "..", RUN.name, "policy.wolf.onnx"), "");
    assert.equal(store.run(RUN.name)?.exported, true);
  }),
);

Deno.test(
  "runs are listed newest first and keep their metrics apart",
  withStore((store) => {
    for (const name of ["a", "b", "c"]) store.createRun({ ...RUN, name });
    store.appendMetrics("a", 5, { "cost/contact": 1 });
    assert.deepEqual(store.runs().map((run) => run.name), ["c", "b", "a"]);
    assert.deepEqual(store.run("b")?.latest, {});
    assert.deepEqual(store.series("b"), []);
    assert.deepEqual(store.since("b", 0), []);
  }),
);

Deno.test(
  "evaluations and replays come back as they were given, a replay of the same file replaced",
  withStore((store) => {
    store.createRun(RUN);
    const report: protocol.EvaluationReport = {
      scenario: RUN.scenario,
      algorithm: "mappo",
      episodes: 10,
      seed: 7,
      stochastic: true,
      return: { mean: 1, ci: [0, 2] },
      groups: {},
      costs: {},
    };
    store.addEvaluation(RUN.name, report);
    store.addEvaluation(RUN.name, { ...report, seed: 8 });
    assert.deepEqual(store.evaluations(RUN.name).map((r) => protocol.evaluationReport.parse(r).seed), [7, 8]);
    const replay = {
      run: RUN.name,
      file: "0001.replay",
      scenario: RUN.scenario,
      policy: "mappo",
      episodes: 1,
    };
    store.addReplay({ ...replay, steps: 10, bytes: 100 });
    store.addReplay({ ...replay, steps: 20, bytes: 200 });
    assert.deepEqual(store.replays(RUN.name).map((r) => protocol.replayInfo.parse(r)), [
      { ...replay, steps: 20, bytes: 200 },
    ]);
    assert.equal(store.run(RUN.name)?.replays, 1);
  }),
);

Deno.test(
  "a name that is not there is a UserError with the nearest one, for every method",
  withStore((store) => {
    store.createRun(RUN);
    const calls: (() => unknown)[] = [
      () => store.appendMetrics("crossing-mapo-lagrangian-1", 1, {}),
      () => store.setStatus("crossing-mapo-lagrangian-1", "done", 1),
      () => store.truncateMetrics("crossing-mapo-lagrangian-1", 1),
      () => store.series("crossing-mapo-lagrangian-1"),
      () => store.since("crossing-mapo-lagrangian-1", 0),
      () => store.evaluations("crossing-mapo-lagrangian-1"),
      () => store.replays("crossing-mapo-lagrangian-1"),
    ];
    for (const call of calls) assert.throws(call, userError(/Did you mean "crossing-mappo-lagrangian-1"\?/));
    assert.throws(() => store.createRun(RUN), userError(/already a run/));
    store.appendMetrics(RUN.name, 1, { "episode/return": 1 });
    assert.equal(store.lastId(RUN.name), 1, "a failed call leaves no transaction behind");
  }),
);

Deno.test(
  "updates are numbered for resume, statuses travel as updates, numbers never return after a truncation",
  withStore((store) => {
    store.createRun(RUN);
    for (const step of [10, 20, 30]) store.appendMetrics(RUN.name, step, { "episode/return": step });
    const all = store.since(RUN.name, 0).map((update) => protocol.liveUpdate.parse(update));
    assert.deepEqual(all.map((update) => [update.id, update.step]), [[1, 10], [2, 20], [3, 30]]);
    assert.deepEqual(store.since(RUN.name, 2).map((update) => update.metrics), [{ "episode/return": 30 }]);
    store.truncateMetrics(RUN.name, 20);
    assert.equal(store.run(RUN.name)?.step, 20);
    assert.deepEqual(store.series(RUN.name, ["episode/return"])[0]?.step, [10, 20]);
    store.appendMetrics(RUN.name, 30, { "episode/return": 31 });
    store.setStatus(RUN.name, "done", 30);
    const tail = store.since(RUN.name, 3);
    assert.deepEqual(tail.map(({ id, status, metrics }) => [id, status, metrics]), [
      [4, "running", { "episode/return": 31 }],
      [5, "done", {}],
    ]);
    assert.equal(store.lastId(RUN.name), 5);
    store.truncateMetrics(RUN.name, 30);
    store.setStatus(RUN.name, "running", 30);
    const resumed = store.since(RUN.name, 3);
    assert.deepEqual(resumed.map(({ id, status }) => [id, status]), [[4, "running"], [6, "running"]]);
  }),
);

Deno.test(
  "values that are not finite leave a gap, and one step written twice holds its last value",
  withStore((store) => {
    store.createRun(RUN);
    store.appendMetrics(RUN.name, 1, { a: NaN, b: 1 });
    store.appendMetrics(RUN.name, 2, { a: 2, b: -Infinity });
    store.appendMetrics(RUN.name, 2, { a: 3 });
    assert.deepEqual(store.series(RUN.name, ["b", "a", "none"]), [
      { tag: "b", step: [1], value: [1] },
      { tag: "a", step: [2], value: [3] },
      { tag: "none", step: [], value: [] },
    ]);
    assert.deepEqual(store.series(RUN.name).map((series) => series.tag), ["a", "b"]);
    for (const points of [3, 4.5, NaN]) {
      assert.throws(() => store.series(RUN.name, [], points), userError(/points: expected a whole number/));
    }
  }),
);

Deno.test(
  "a thinned curve keeps its first, last, least and greatest points, in order and within the cap",
  withStore((store) => {
    let n = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ step: fc.nat(1e9), value: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) }),
          {
            selector: (point) => point.step,
            minLength: 1,
            maxLength: 60,
          },
        ),
        fc.integer({ min: 4, max: 40 }),
        (points, cap) => {
          const run = `run-${n++}`;
          store.createRun({ ...RUN, name: run });
          for (const { step, value } of points) store.appendMetrics(run, step, { v: value });
          const [series] = store.series(run, ["v"], cap);
          const sorted = points.toSorted((p, q) => p.step - q.step);
          const given = new Map(sorted.map((point) => [point.step, point.value]));
          assert.ok(series!.step.length <= cap);
          assert.ok(series!.step.every((step, i) => i === 0 || step > series!.step[i - 1]!));
          assert.ok(series!.step.every((step, i) => given.get(step)! === series!.value[i]));
          assert.equal(series!.step[0], sorted[0]!.step);
          assert.equal(series!.step.at(-1), sorted.at(-1)!.step);
          assert.equal(Math.max(...series!.value), Math.max(...given.values()));
          assert.equal(Math.min(...series!.value), Math.min(...given.values()));
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  }),
);
