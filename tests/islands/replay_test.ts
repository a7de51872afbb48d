import assert from "node:assert/strict";
import { film } from "../../islands/replay/film.ts";
import { inSlices } from "../../islands/replay/slices.ts";
import { between } from "../../islands/replay/stage.ts";
import { episodeAt, nextViolation, surveyOf } from "../../islands/replay/survey.ts";
import { findScenario, type Frame, readReplay, timeline } from "../../sim/mod.ts";
import { crossingReplay } from "../browser/recordings.ts";

const replay = readReplay(crossingReplay("scripted", 3));
const survey = surveyOf(replay, timeline(replay, undefined, undefined, "eval"));

Deno.test("surveyOf() gives each limit its course, which starts anew with each episode", () => {
  assert.deepEqual(survey.tracks.map(({ channel, allowance }) => [channel, allowance]), [["contact", 2], [
    "centre",
    2,
  ]]);
  for (const { spent, peak } of survey.tracks) {
    assert.equal(spent.length, survey.total);
    assert.ok(peak > 2);
    for (const { start } of survey.episodes) assert.equal(spent[start], 0);
  }
});

Deno.test("nextViolation() walks over the first broken limits only, both ways", () => {
  const firsts = survey.violations.filter(({ first }) => first);
  assert.equal(firsts.length, 6, "two limits in each of three episodes");
  const [one] = firsts;
  assert.equal(nextViolation(survey, 0, 1), one);
  const second = nextViolation(survey, one!.t + 1, 1)!;
  assert.ok(second.t > one!.t);
  assert.equal(nextViolation(survey, second.t + 1, -1)!.t, one!.t);
  assert.equal(nextViolation(survey, one!.t + 1, -1), undefined);
  assert.equal(nextViolation(survey, survey.total, 1), undefined);
});

Deno.test("episodeAt() counts a step to the episode that holds it", () => {
  assert.deepEqual([0, 49, 50, 149].map((t) => episodeAt(survey, t)), [0, 0, 1, 2]);
});

Deno.test("a film shows the same at a step, however it got there", () => {
  const scenario = findScenario("safe/crossing");
  const [played, sought] = [film(replay, scenario, "wasm64"), film(replay, scenario, "eval")];
  const stops = [1, 13, 49, 50, 51, 77, 150];
  for (const stop of stops) {
    while (played.t < stop) played.next();
    sought.seek(150);
    sought.seek(stop);
    assert.equal(sought.t, stop);
    assert.deepEqual(sought.current, played.current);
    assert.deepEqual(sought.previous, played.previous);
    assert.deepEqual(sought.charged, played.charged);
  }
  assert.deepEqual(
    film(replay, scenario, "eval").current.shapes.filter(({ agent }) => agent !== undefined).length,
    4,
  );
});

Deno.test("a film never moves a shape across the end of an episode", () => {
  const shown = film(replay, findScenario("safe/crossing"), "wasm64");
  shown.seek(50);
  assert.equal(shown.previous, shown.current);
  assert.equal(shown.trails.length, 0);
  shown.seek(53);
  assert.equal(shown.trails[0]!.length, 2 * 3);
});

Deno.test("a film of a damaged replay ends before the first action that is none", () => {
  const actions = replay.actions.slice();
  actions[90]! |= 7; // four robots, three bits each: robot 0 of step 60
  const shown = film({ ...replay, actions }, findScenario("safe/crossing"), "wasm64");
  shown.seek(150);
  assert.equal(shown.t, 60);
  shown.next();
  assert.equal(shown.t, 60);
  shown.seek(12);
  assert.equal(shown.t, 12);
});

Deno.test("between() moves what matches and lets the rest jump", () => {
  const at = (x: number, agent: number): Frame => ({
    camera: [-1, 1, -1, 1],
    shapes: [{ kind: "disc", x, y: 0, r: 1, color: "#000", agent }],
    caption: "",
  });
  assert.equal(between(at(0, 0), at(1, 0), 0.25).shapes[0]!.x, 0.25);
  assert.equal(between(at(0, 0), at(1, 1), 0.25).shapes[0]!.x, 1);
  assert.equal(between({ ...at(0, 0), shapes: [] }, at(1, 0), 0.25).shapes[0]!.x, 1);
});

Deno.test("inSlices() yields to the page, tells its progress and stops when asked", async () => {
  function* busy(): Generator<number, string> {
    for (let i = 1; i <= 6; i++) {
      const until = performance.now() + 5;
      while (performance.now() < until);
      yield i;
    }
    return "done";
  }
  const told: number[] = [];
  assert.equal(await inSlices(busy(), (done) => told.push(done), new AbortController().signal), "done");
  assert.ok(told.length >= 2, `${told}`);
  const abort = new AbortController();
  await assert.rejects(inSlices(busy(), () => abort.abort(new Error("gone")), abort.signal), /gone/);
});
