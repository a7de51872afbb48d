/**
 * `reset: "numpy"`: from an integer seed, the initial states of MPE2, bit for bit, in this episode and the next ones.
 * simple_line's second landmark takes a sine and a cosine, which differ in their last bits.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type BackendName, findScenario, makeWorld, type World, type WorldOptions } from "../../sim/mod.ts";
import { gap, read, resets, worst } from "./trace.ts";

type ByAgent<T> = Readonly<Record<string, T>>;

/** `reset(seed=123)` of each environment and 25 steps. */
type ResetFile = Readonly<
  Record<string, {
    readonly seed: number;
    readonly agents: readonly string[];
    readonly init: {
      readonly pos: readonly (readonly number[])[];
      readonly goal: readonly (string | null)[];
      readonly goal_b: readonly (string | null)[];
    };
    readonly obs0: ByAgent<readonly number[]>;
    readonly steps: readonly {
      readonly a: ByAgent<number>;
      readonly r: ByAgent<number>;
      readonly obs: ByAgent<readonly number[]>;
    }[];
    readonly ret: ByAgent<number>;
  }>
>;

const recorded = await read<ResetFile>("mpe/reset_seed_123_discrete.json");
const id = (env: string) => `mpe/${env}_${env === "simple_speaker_listener" ? "v4" : "v3"}`;

/** The observations of environment 0, by agent, as the Parallel API rounds them. */
function observed({ spec, obs, finalObs, done }: World): number[][] {
  const shown = done[0] === 1 ? finalObs : obs;
  return spec.agents.map((_, n) =>
    Array.from(shown.subarray(n * spec.O, n * spec.O + spec.observationSizes[n]!), Math.fround)
  );
}

for (const [key, trace] of Object.entries(recorded)) {
  const env = key.replace("/disc", "");
  for (const backend of ["js", "eval", "wasm64"] satisfies BackendName[]) {
    Deno.test(`${env} (${backend}): reset(seed=123) as MPE2, and the episode after it`, () => {
      const world = makeWorld(findScenario(id(env)), { reset: "numpy", backend });
      world.reset(trace.seed);
      assert.deepEqual([...world.columns["pos"]!.data], trace.init.pos.flat());
      const goals = [...trace.init.goal_b, ...trace.init.goal].filter((goal) => goal?.startsWith("landmark"));
      const { goal } = world.columns;
      if (goal !== undefined) {
        assert.deepEqual([...goal.data], goals.slice(0, goal.width).map((name) => Number(name!.slice(9))));
      }
      assert.deepEqual(observed(world), Object.values(trace.obs0));
      const returns = trace.agents.map(() => 0);
      trace.steps.forEach((step, t) => {
        world.actions.set(Object.values(step.a));
        world.step();
        const obs = Object.values(step.obs);
        const most = worst(observed(world).map((own, n) => gap(own, obs[n]!)));
        assert.ok(most <= 1e-12, `observations at step ${t} differ by ${most}`);
        Object.values(step.r).forEach((reward, n) => {
          assert.ok(Math.abs(world.reward[n]! - reward) <= 1e-12, `reward ${n} at step ${t}`);
          returns[n]! += world.reward[n]!;
        });
      });
      Object.values(trace.ret).forEach((total, n) => assert.ok(Math.abs(returns[n]! - total) <= 1e-10));
    });
  }
}

const ENVIRONMENTS = [
  "collect_treasure_v1",
  "simple_v3",
  "simple_adversary_v3",
  "simple_crypto_v3",
  "simple_formation_v1",
  "simple_line_v1",
  "simple_push_v3",
  "simple_reference_v3",
  "simple_speaker_listener_v4",
  "simple_spread_v3",
  "simple_tag_v3",
  "simple_world_comm_v3",
];

type Start = Awaited<ReturnType<typeof resets>>[number];

/** Environment 0 stands where it was recorded to start. */
function compare(world: World, start: Start, tolerance: number): void {
  const row = (name: string) => {
    const { data, width } = world.columns[name]!;
    return data.subarray(0, width);
  };
  assert.ok(gap(row("pos"), start.pos.flat()) <= tolerance);
  for (const [name, values] of Object.entries(start.fields)) {
    assert.deepEqual([...row(name)], values.slice(0, row(name).length), name);
  }
}

for (const env of ENVIRONMENTS) {
  const scenario = findScenario(`mpe/${env}`);
  const recorded = await resets(env);
  const tolerance = env === "simple_line_v1" ? 1e-15 : 0;
  const made = (options: WorldOptions = {}) => makeWorld(scenario, { reset: "numpy", ...options });

  const same = (world: World, start: Start) => compare(world, start, tolerance);

  Deno.test(`${env}: reset() goes on with the generator of reset(seed)`, () => {
    const [jumping, running] = [made(), made()];
    recorded.forEach((start, i) => {
      const episode = i % 3; // three for each seed
      jumping.reset(start.seed, episode);
      same(jumping, start);
      if (episode === 0) running.reset(start.seed);
      same(running, start);
      for (let t = 0; t < 25; t++) running.step();
      assert.equal(running.episode[0], episode + 1);
    });
    jumping.reset(recorded[0]!.seed, 2);
    same(jumping, recorded[2]!);
    jumping.reset(recorded[0]!.seed, 1);
    same(jumping, recorded[1]!);
  });

  Deno.test(`${env}: environment i has seed + i; a snapshot holds the generators`, () => {
    const world = made({ envs: 3, firstEnv: 1 });
    const singles = [0, 1, 2].map((i) => made({ firstEnv: i }));
    world.reset(6);
    same(world, recorded[3]!); // seed 7
    singles.forEach((single, i) => {
      single.reset(7);
      assert.equal(single.hash(0), world.hash(i));
    });
    const taken = world.snapshot();
    for (let t = 0; t < 30; t++) world.step();
    const later = [0, 1, 2].map((i) => world.hash(i));
    world.reset(99);
    world.restore(taken);
    for (let t = 0; t < 30; t++) world.step();
    assert.deepEqual([0, 1, 2].map((i) => world.hash(i)), later);
    world.fork(0, 2);
    for (let t = 0; t < 30; t++) world.step();
    assert.equal(world.hash(2), world.hash(0));
  });
}
