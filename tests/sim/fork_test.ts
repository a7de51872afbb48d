import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../core/mod.ts";
import { backends, difference, forkReplay, play, readReplay, toJsonLines, verify } from "../../sim/mod.ts";
import { simpleSpread as spread } from "../../sim/scenarios/mpe/simple_spread_v3.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";
import { everything } from "./everything.ts";
import { changed, recorded } from "./recorded.ts";

for (const subject of [spread, crossing, everything]) {
  for (const actions of ["discrete", "continuous"] as const) {
    Deno.test(`a fork of ${subject.id}, ${actions}, at any step is the replay up to there, goes on, and verifies`, () => {
      const replay = readReplay(recorded(subject, 60, { actions, firstEnv: 2, firstEpisode: 4 }));
      fc.assert(
        fc.property(fc.nat(60), fc.integer({ min: 1, max: 40 }), (step, more) => {
          const fork = forkReplay(replay, step, subject, "eval");
          const player = play(replay, subject);
          player.seek(step);
          assert.equal(fork.steps, step);
          assert.equal(fork.world.hash(0), player.world.hash(0));
          for (let t = 0; t < more; t++) {
            fork.world.actions.fill(0);
            fork.step();
          }
          const forked = readReplay(fork.finish({ policy: "still" }));
          assert.equal(forked.header.steps, step + more);
          assert.deepEqual(forked.header.fork, { hash: replay.hash, step, policy: "random" });
          assert.deepEqual(verify(forked, subject, "js"), { ok: true, hash: forked.hash });
        }),
        { seed: 4, numRuns: 6 },
      );
    });
  }
}

for (const backend of backends) {
  Deno.test(`a replay recorded on ${backend} forks, differs and reads as JSON lines on ${backend}`, () => {
    const replay = readReplay(recorded(everything, 40, { backend }));
    const fork = forkReplay(replay, 25, everything);
    assert.equal(fork.world.spec.backend, backend);
    for (let t = 0; t < 5; t++) (fork.world.actions.fill(0), fork.step());
    const forked = readReplay(fork.finish({ policy: "still" }));
    assert.equal(forked.header.backend, backend);
    assert.equal(verify(forked, everything).ok, true);
    assert.ok(difference(replay, forked, everything)!.step >= 25);
    assert.equal([...toJsonLines(forked, everything)].length, 31);
  });
}

Deno.test("replays from different domains part at the first number that is rounded otherwise", () => {
  const [doubles, floats] = (["js", "wasm32"] as const).map((backend) =>
    readReplay(recorded(spread, 30, { backend }))
  );
  const found = difference(doubles!, floats!)!;
  assert.deepEqual([found.step, found.field], [0, "pos[0]"]);
});

Deno.test("a fork that takes the same actions is the same replay, apart from where it came from", () => {
  const replay = readReplay(recorded(crossing, 80));
  const fork = forkReplay(replay, 30);
  const player = play(replay);
  player.seek(30);
  while (player.step()) {
    fork.world.actions.set(player.world.actions);
    fork.step();
  }
  const { header: { fork: origin, ...header }, ...parts } = readReplay(fork.finish({ policy: "random" }));
  assert.equal(origin?.step, 30);
  assert.deepEqual({ ...parts, header, byteLength: replay.byteLength }, replay);
});

Deno.test("a replay whose resets draw from numpy's generator verifies, forks and differs like any other", () => {
  const replay = readReplay(recorded(spread, 60, { reset: "numpy", firstEpisode: 2 }));
  assert.equal(replay.header.reset, "numpy");
  for (const backend of ["js", "eval"] as const) assert.equal(verify(replay, spread, backend).ok, true);
  const fork = forkReplay(replay, 40);
  for (let t = 0; t < 20; t++) (fork.world.actions.fill(0), fork.step());
  const forked = readReplay(fork.finish({ policy: "still" }));
  assert.equal(verify(forked).ok, true);
  assert.ok(difference(replay, forked)!.step >= 40);
  const streams = readReplay(recorded(spread, 60, { firstEpisode: 2 }));
  assert.equal(difference(replay, streams)?.field, "reset");
});

Deno.test("a fork keeps the limits of the replay, and names its run", () => {
  const { header, ...parts } = readReplay(recorded(crossing, 10));
  const limits = [{ channel: "contact", kind: "step" as const, limit: 0 }];
  const fork = forkReplay({ ...parts, header: { ...header, limits, run: "crossing-1" } }, 10);
  const forked = readReplay(fork.finish({ policy: "none" })).header;
  assert.deepEqual(forked.limits, limits);
  assert.deepEqual(forked.fork, { hash: parts.hash, step: 10, policy: "random", run: "crossing-1" });
  const again = readReplay(
    forkReplay(readReplay(fork.finish({ policy: "none" })), 5).finish({ policy: "x" }),
  );
  assert.equal(again.header.fork?.step, 5, "a fork of a fork names the nearest");
});

Deno.test("a step beyond the replay and a replay that was changed are refused", () => {
  const replay = readReplay(recorded(spread, 40));
  for (const step of [-1, 41, 2.5, NaN]) {
    assert.throws(
      () => forkReplay(replay, step),
      new UserError(`fork: expected a step from 0 to 40, found ${step}`),
    );
  }
  const damaged = changed(replay, "actions", 27, 1);
  assert.throws(() => forkReplay(damaged, 25), {
    message: /does not play as it was recorded: step 24 .*actions/,
  });
  assert.equal(forkReplay(damaged, 24).steps, 24, "the part before is sound");
});
