import assert from "node:assert/strict";
import fc from "fast-check";
import { difference, forkReplay, readReplay, record, type Replay } from "../../sim/mod.ts";
import { writeReplay } from "../../sim/replay/format.ts";
import { simpleSpread as spread } from "../../sim/scenarios/mpe/simple_spread_v3.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";
import { changed, recorded } from "./recorded.ts";

const headed = (replay: Replay, header: Partial<Replay["header"]>): Replay => ({
  ...replay,
  header: { ...replay.header, ...header },
});

Deno.test("replays of the same play do not differ, whatever recorded them and however they are labelled", () => {
  const replay = readReplay(recorded(crossing, 70));
  const other = readReplay(recorded(crossing, 70, { backend: "eval" }));
  assert.equal(difference(replay, replay), undefined);
  assert.equal(difference(replay, headed(other, { policy: "other", run: "x", limits: [] })), undefined);
});

Deno.test("worlds that began differently differ at the start, in the setting that makes the difference", () => {
  const replay = readReplay(recorded(crossing, 10));
  const cases = [
    [readReplay(recorded(crossing, 10, { seed: 12 })), "seed", [11, 12]],
    [readReplay(recorded(crossing, 10, { params: { N: 3 } })), "params.N", [4, 3]],
    [readReplay(recorded(crossing, 10, { firstEnv: 1 })), "env", [0, 1]],
    [readReplay(recorded(crossing, 10, { firstEpisode: 2 })), "firstEpisode", [0, 2]],
    [readReplay(recorded(crossing, 10, { maxCycles: 9 })), "maxCycles", [50, 9]],
    [readReplay(recorded(crossing, 10, { actions: "continuous" })), "actionKind", ["discrete", "continuous"]],
    [readReplay(recorded(spread, 10)), "scenario", ["safe/crossing", "mpe/simple_spread_v3"]],
  ] as const;
  for (const [other, field, values] of cases) {
    const found = difference(replay, other)!;
    assert.deepEqual([found.step, found.episode, found.field, found.values], [-1, 0, field, values]);
  }
  assert.equal(
    difference(replay, cases[0][0])!.message,
    "at the start, seed: 11 in the first, 12 in the second",
  );
});

for (const actions of ["discrete", "continuous"] as const) {
  Deno.test(`one changed action is named by step, episode and agent, ${actions}`, () => {
    const play = (at: number, agent: number) => {
      const recorder = record(crossing, { seed: 3, actions, maxCycles: 11 });
      const { A } = recorder.world.spec;
      for (let t = 0; t < 40; t++) {
        recorder.world.actions.fill(0);
        if (t === at) recorder.world.actions[actions === "discrete" ? agent : agent * A + 1] = 1;
        recorder.step();
      }
      return readReplay(recorder.finish({ policy: "still" }));
    };
    const still = play(-1, 0);
    fc.assert(
      fc.property(fc.nat(39), fc.nat(3), (at, agent) => {
        const found = difference(still, play(at, agent))!;
        const name = still.header.agents[agent];
        assert.equal(found.step, at);
        assert.equal(found.episode, still.episodes.filter(({ end }) => end <= at).length);
        assert.equal(found.field, `action of ${name}${actions === "discrete" ? "" : " [1]"}`);
        assert.deepEqual(found.values, [0, 1]);
      }),
      { seed: 5, numRuns: 15 },
    );
  });
}

Deno.test("an action that is none is a difference, not an error", () => {
  const replay = readReplay(recorded(spread, 30));
  // agent 0's three bits at step 16 become 7, of 5 actions
  const bytes = replay.actions.slice();
  bytes[18]! |= 7;
  const found = difference(replay, { ...replay, actions: bytes })!;
  assert.deepEqual([found.step, found.field, found.values[1]], [16, "action of agent_0", 7]);
});

Deno.test("a fork differs from its origin where its actions do, or where one of them ends", () => {
  const replay = readReplay(recorded(crossing, 60));
  const fork = forkReplay(replay, 55);
  const short = readReplay(fork.finish({ policy: "cut" }));
  const found = difference(replay, short)!;
  assert.deepEqual([found.step, found.episode, found.field, found.values], [55, 1, "steps", [60, 55]]);
  for (let t = 55; t < 60; t++) (fork.world.actions.fill(4), fork.step());
  const other = difference(replay, readReplay(fork.finish({ policy: "up" })))!;
  assert.ok(other.step >= 55 && other.field.startsWith("action of robot_"));
  assert.match(
    other.message,
    /^step 5\d \(episode 1\), action of robot_\d: [0-4] in the first, 4 in the second$/,
  );
});

Deno.test("the same play with other recorded checks is a difference too", () => {
  const replay = readReplay(recorded(spread, 30));
  const found = difference(replay, changed(replay, "checks", 4 * 12 + 2, 0x10))!;
  assert.deepEqual([found.step, found.field], [12, "recorded check of reward"]);
  const [mark] = replay.episodes;
  const rewritten = readReplay(
    writeReplay({ ...replay, episodes: [{ ...mark!, hash: "0".repeat(16) }] }),
  );
  assert.deepEqual(difference(replay, rewritten)?.field, "recorded hash of the episode");
  assert.deepEqual(difference(replay, { ...replay, hash: "0".repeat(16) })?.field, "recorded hash");
});
