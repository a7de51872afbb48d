/**
 * The AEC API against MPE2's: what `last()` returns before each step of an episode, the steps of finished agents
 * included. MPE2 returns observations as float32 numbers.
 *
 * @module
 */
import assert from "node:assert/strict";
import { findScenario } from "../../sim/mod.ts";
import { aec, type AecEnv, aecToParallel, parallelToAec, type SimAecEnv } from "../../sim/pettingzoo/mod.ts";
import { forwardAec, forwardParallel } from "../../sim/pettingzoo/wrappers/forward.ts";

interface Trace {
  readonly max_cycles: number;
  readonly world: Readonly<Record<"agents" | "landmarks", readonly { readonly p_pos: readonly number[] }[]>>;
  readonly trace: readonly {
    readonly agent: string;
    readonly obs: readonly number[];
    readonly cumulative_reward: number;
    readonly termination: boolean;
    readonly truncation: boolean;
    /** Null in the step of a finished agent. */
    readonly action: number | null;
    readonly agents: readonly string[];
    readonly rewards: Readonly<Record<string, number>>;
  }[];
}

const file = new URL("traces/mpe/simple_spread_v3_aec.json", import.meta.url);
const { max_cycles: maxCycles, world: { agents, landmarks }, trace } = JSON.parse(
  await Deno.readTextFile(file),
) as Trace;

/** Starts an episode in the recorded initial state. */
function begin(env: SimAecEnv): void {
  env.reset();
  env.world.columns["pos"]!.data.set([...agents, ...landmarks].flatMap(({ p_pos }) => p_pos));
  env.refresh();
}

function near(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= 1e-12, `${what}: expected ${expected}, found ${found}`);
}

function follow(env: AecEnv): void {
  let t = 0;
  for (const agent of env.agentIter()) {
    const expected = trace[t]!;
    const at = `before step ${t} (${agent})`;
    const { observation, reward, termination, truncation } = env.last();
    assert.equal(agent, expected.agent, at);
    assert.deepEqual(observation, Float32Array.from(expected.obs), `observation ${at}`);
    near(reward, expected.cumulative_reward, `cumulative reward ${at}`);
    assert.deepEqual([termination, truncation], [expected.termination, expected.truncation], at);
    assert.deepEqual([...env.agents], expected.agents, `agents ${at}`);
    assert.deepEqual(Object.keys(env.rewards), Object.keys(expected.rewards), `keys of rewards ${at}`);
    for (const [name, value] of Object.entries(expected.rewards)) {
      near(env.rewards[name]!, value, `reward of ${name} ${at}`);
    }
    env.step(expected.action);
    t++;
  }
  assert.equal(t, trace.length);
}

for (const backend of ["js", "eval"] as const) {
  Deno.test(`AEC simple_spread_v3 (${backend}) tells what MPE2's last() told`, () => {
    const env = aec(findScenario("mpe/simple_spread_v3"), { backend, maxCycles });
    begin(env);
    follow(env);
  });
}

Deno.test("AEC simple_spread_v3 tells the same made Parallel and back", () => {
  const env = aec(findScenario("mpe/simple_spread_v3"), { maxCycles });
  const round = aecToParallel(forwardAec(() => env, { reset: () => begin(env) }));
  const converted = parallelToAec(forwardParallel(() => round));
  converted.reset();
  follow(converted);
});
