import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../core/mod.ts";
import { scenario } from "../../sim/language/scenario.ts";
import { backends, domainOf, play, readReplay, record, type Replay, verify } from "../../sim/mod.ts";
import { FIELDS, writeReplay } from "../../sim/replay/format.ts";
import { simpleSpread as spread } from "../../sim/scenarios/mpe/simple_spread_v3.ts";
import { crossing } from "../../sim/scenarios/safe/crossing.ts";
import { changed, recorded } from "./recorded.ts";

const kinds = ["discrete", "continuous"] as const;

for (const subject of [spread, crossing]) {
  for (const actions of kinds) {
    for (const backend of backends) {
      Deno.test(`verify() holds on every backend of the domain for ${subject.id}, ${actions}, recorded on ${backend}`, () => {
        const replay = readReplay(recorded(subject, 120, { actions, backend, firstEnv: 3, firstEpisode: 9 }));
        assert.deepEqual(verify(replay), { ok: true, hash: replay.hash });
        for (const other of backends) {
          if (domainOf(other) === domainOf(backend)) {
            assert.deepEqual(verify(replay, subject, other), { ok: true, hash: replay.hash });
          } else {
            assert.throws(() => verify(replay, subject, other), {
              message: new RegExp(
                `recorded on ${backend}, which rounds otherwise than ${other}: play it on `,
              ),
            });
          }
        }
      });
    }
  }
}

Deno.test("a replay of 100 episodes x 25 steps x 3 agents is under 20 KB", () => {
  const bytes = recorded(spread, 2500);
  const replay = readReplay(bytes);
  assert.equal(replay.episodes.length, 100);
  assert.equal(replay.actions.length, Math.ceil(2500 * 3 * 3 / 8));
  assert.ok(bytes.length < 20_000, `found ${bytes.length} bytes`);
  assert.equal(verify(replay).ok, true);
});

for (const actions of kinds) {
  Deno.test(`verify() names the step of any one changed byte of the actions, ${actions}`, () => {
    const replay = readReplay(recorded(spread, 50, { actions }));
    const stepBits = actions === "discrete" ? 9 : 3 * 5 * 32;
    for (let at = 0; at < replay.actions.length; at += actions === "discrete" ? 1 : 41) {
      for (const flip of [0x01, 0x80, 0xff, 0x5a]) {
        const verdict = verify(changed(replay, "actions", at, flip));
        const step = Math.min(49, Math.floor((8 * at + Math.log2(flip & -flip)) / stepBits));
        assert.ok(
          !verdict.ok && verdict.field === "actions" && verdict.step === step,
          `byte ${at} ^ ${flip}`,
        );
        assert.match(
          verdict.message,
          new RegExp(`^step ${step} \\(episode ${step < 25 ? 0 : 1}\\), actions: `),
        );
      }
    }
  });
}

Deno.test("verify() names a changed byte anywhere in the actions of a long replay", () => {
  const replay = readReplay(recorded(spread, 2500));
  fc.assert(
    fc.property(fc.nat(replay.actions.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const verdict = verify(changed(replay, "actions", at, flip));
      const step = Math.min(2499, Math.floor((8 * at + Math.log2(flip & -flip)) / 9));
      assert.ok(!verdict.ok && verdict.field === "actions" && verdict.step === step);
    }),
    { seed: 2, numRuns: 60 },
  );
});

Deno.test("verify() names step and field of a changed check byte, and the episode of a changed hash", () => {
  const replay = readReplay(recorded(spread, 60));
  for (let at = 0; at < replay.checks.length; at++) {
    const verdict = verify(changed(replay, "checks", at, 0x10));
    assert.ok(!verdict.ok);
    assert.deepEqual([verdict.step, verdict.field], [Math.floor(at / 4), FIELDS[at % 4]]);
  }
  const [first, second] = replay.episodes;
  const damaged = (part: Partial<Replay>) => {
    const verdict = verify({ ...replay, ...part });
    assert.ok(!verdict.ok);
    return [verdict.step, verdict.episode, verdict.field];
  };
  const zero = "0".repeat(16);
  assert.deepEqual(damaged({ episodes: [{ ...first!, hash: zero }, second!] }), [24, 0, "hash"]);
  assert.deepEqual(damaged({ episodes: [first!, { ...second!, end: 51 }] }), [49, 1, "episode"]);
  assert.deepEqual(damaged({ hash: zero }), [59, 2, "hash"]);
});

Deno.test("verify() finds actions that were replaced together with their check bytes", () => {
  const replay = readReplay(recorded(spread, 30));
  const other = readReplay(recorded(spread, 30, {}, 6));
  const same = readReplay(recorded(spread, 30));
  assert.deepEqual(same, replay, "recording is deterministic");
  const checks = replay.checks.slice();
  for (let t = 0; t < 30; t++) checks[4 * t] = other.checks[4 * t]!;
  const verdict = verify({ ...replay, actions: other.actions, checks });
  assert.ok(!verdict.ok && verdict.field !== "actions", "the world goes elsewhere");
});

Deno.test("the last action of an episode is proven too, though the reset hides its effect", () => {
  const recorder = record(spread, { seed: 1 });
  for (let t = 0; t < 25; t++) {
    recorder.world.actions.fill(t === 24 ? 2 : 0);
    recorder.step();
  }
  const replay = readReplay(recorder.finish({ policy: "still" }));
  const verdict = verify(changed(replay, "actions", replay.actions.length - 1, 0x01));
  assert.ok(!verdict.ok);
  assert.deepEqual([verdict.step, verdict.episode, verdict.field], [24, 0, "actions"]);
});

Deno.test("a replay of another scenario, or of one that has changed since, is refused by name", () => {
  const replay = readReplay(recorded(spread, 10));
  assert.throws(() => verify(replay, crossing), {
    message: /header\.scenario: expected "safe\/crossing", found "mpe\/simple_spread_v3"/,
  });
  const unknown = { ...replay, header: { ...replay.header, scenario: "mpe/simple_sprad_v3" } };
  assert.throws(() => verify(unknown), { message: /simple_spread_v3/ });
  const heavier = scenario({ ...spread, reward: (_, a) => a.pos.x } as Parameters<typeof scenario>[0]);
  assert.throws(() => play(replay, heavier), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(
      error.message,
      /header\.codeHash: expected "[0-9a-f]{16}", found "[0-9a-f]{16}": the scenario has changed/,
    );
    return true;
  });
});

Deno.test("play().seek() goes to the same states as playing straight through, both ways", () => {
  const replay = readReplay(recorded(crossing, 330));
  const straight = play(replay);
  const hashes = [straight.world.hash(0)];
  while (straight.step()) hashes.push(straight.world.hash(0));
  assert.equal(hashes.length, straight.total + 1);
  assert.equal(straight.t, 330);
  const player = play(replay, undefined, "eval");
  fc.assert(
    fc.property(fc.nat(330), (t) => {
      player.seek(t);
      assert.equal(player.t, t);
      assert.equal(player.world.hash(0), hashes[t]);
    }),
    { seed: 3, numRuns: 60 },
  );
  assert.throws(() => player.seek(331), { message: /a step from 0 to 330, found 331/ });
  assert.deepEqual([0, 49, 50, 299, 300, 329].map(player.episodeOf), [0, 0, 1, 5, 6, 6]);
});

Deno.test("finish() may be called again later, and nothing is written before the first step", () => {
  const recorder = record(spread, { seed: 1 });
  assert.throws(() => recorder.finish({ policy: "none" }), { message: /before the first step/ });
  for (let t = 0; t < 30; t++) {
    recorder.step();
    if (t === 9) assert.equal(verify(readReplay(recorder.finish({ policy: "still" }))).ok, true);
  }
  const replay = readReplay(recorder.finish({ policy: "still", run: "spread-1", limits: [] }));
  assert.equal(verify(replay).ok, true);
  assert.deepEqual([replay.header.policy, replay.header.run, replay.header.limits], [
    "still",
    "spread-1",
    [],
  ]);
  assert.deepEqual(readReplay(writeReplay(replay)), replay);
});

Deno.test("verify() on eval generates no code, as a strict page demands", () => {
  const replay = readReplay(recorded(crossing, 60));
  const { Function: original } = globalThis;
  globalThis.Function = function forbidden() {
    throw new EvalError("unsafe-eval is not allowed");
  } as unknown as FunctionConstructor;
  try {
    assert.equal(verify(replay, undefined, "eval").ok, true);
    assert.throws(() => verify(replay, undefined, "js"), { message: /backend: "eval"/ });
  } finally {
    globalThis.Function = original;
  }
});
