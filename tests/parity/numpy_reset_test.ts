/**
 * `reset: "numpy"`: from an integer seed, the initial states of MPE2, bit for bit.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type BackendName, findScenario, makeWorld, type World } from "../../sim/mod.ts";
import { read } from "./trace.ts";

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
  for (const backend of ["js", "eval"] satisfies BackendName[]) {
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
        assert.deepEqual(observed(world), Object.values(step.obs), `observations at step ${t}`);
        Object.values(step.r).forEach((reward, n) => {
          assert.ok(Math.abs(world.reward[n]! - reward) <= 1e-12, `reward ${n} at step ${t}`);
          returns[n]! += world.reward[n]!;
        });
      });
      Object.values(trace.ret).forEach((total, n) => assert.ok(Math.abs(returns[n]! - total) <= 1e-10));
    });
  }
}
