/**
 * LunarLander against Gymnasium, whose Box2D computes in float32: step by step until something touches, then by the
 * length and the return of whole episodes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { scriptedPolicy } from "../../sim/mod.ts";
import { makeWorld } from "../../sim/mod.ts";
import { lunarLander } from "../../sim/scenarios/control/lunar_lander_v3.ts";
import { type Action, type Lander, lander, numpyDraws } from "./lunar_lander_world.ts";

interface Options {
  readonly continuous?: boolean;
  readonly gravity?: number;
  readonly enable_wind?: boolean;
  readonly wind_power?: number;
  readonly turbulence_power?: number;
}

interface Trace {
  readonly episodes: readonly {
    readonly options: Options;
    readonly seed: number;
    readonly first: readonly number[];
    readonly steps: readonly {
      readonly action: Action;
      readonly obs: readonly number[];
      readonly reward: number;
    }[];
  }[];
  readonly heuristic: readonly {
    readonly options: Options;
    readonly episodes: readonly (readonly [total: number, length: number])[];
  }[];
}

const read = async (name: string) =>
  JSON.parse(await Deno.readTextFile(new URL(`traces/control/${name}.json`, import.meta.url)));
const trace: Trace = await read("LunarLander-v3");

/** Of observations, and of rewards, which hold a hundred times a difference of distances. */
const TOLERANCE = { obs: 1e-4, reward: 1e-2 };

function paramsOf({ gravity, enable_wind, wind_power, turbulence_power }: Options): Record<string, unknown> {
  const params = {
    gravity,
    enableWind: enable_wind,
    windPower: wind_power,
    turbulencePower: turbulence_power,
  };
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
}

function near(found: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(found - expected) <= tolerance, `${what}: expected ${expected}, found ${found}`);
}

function touches(obs: readonly number[]): boolean {
  return obs[6] === 1 || obs[7] === 1;
}

interface Step {
  readonly action: Action;
  readonly obs: readonly number[];
  readonly reward: number;
}

/** Observations and rewards until a touch; the end where the recording has it. */
function follow(it: Lander, steps: readonly Step[]): void {
  let flying = true;
  steps.forEach(({ action, obs, reward }, t) => {
    const found = it.step(action);
    const last = t === steps.length - 1;
    assert.equal(found.terminated, last, `end at step ${t} of ${steps.length}`);
    flying &&= !touches(obs) && !last;
    if (last) assert.equal(found.reward, reward, "the last reward");
    if (!flying) return;
    obs.forEach((value, i) => near(found.obs[i]!, value, TOLERANCE.obs, `observation ${i} at step ${t}`));
    near(found.reward, reward, TOLERANCE.reward, `reward at step ${t}`);
  });
}

for (const { options, seed, first, steps } of trace.episodes) {
  Deno.test(`LunarLander from Gymnasium's seed ${seed}, ${JSON.stringify(options)}`, () => {
    const it = lander(paramsOf(options), options.continuous === true, numpyDraws(seed));
    it.reset().forEach((value, i) => near(value, first[i]!, TOLERANCE.obs, `first observation ${i}`));
    follow(it, steps);
  });
}

/** Returns and lengths of the heuristic on Gymnasium's seeds from 0 on. */
function flown(options: Options, count: number, fidelity: "gym" | "fast"): (readonly [number, number])[] {
  const params = { ...paramsOf(options), fidelity };
  const actions = options.continuous === true ? "continuous" : "discrete";
  const { spec } = makeWorld(lunarLander, { actions });
  const policy = scriptedPolicy(lunarLander, spec, "lander")!;
  const into = options.continuous === true ? new Float32Array(2) : new Int32Array(1);
  return Array.from({ length: count }, (_, seed) => {
    const it = lander(params, options.continuous === true, numpyDraws(seed));
    let obs = it.reset();
    let total = 0;
    for (let t = 1;; t++) {
      const input = { rows: 1, obs: Float32Array.from(obs), mask: new Uint8Array(4), streams: [] };
      policy.act({ ...input, member: new Int32Array(1), hidden: new Float32Array() }, into);
      const found = it.step(options.continuous === true ? [...into] : into[0]!);
      total += found.reward;
      obs = found.obs;
      if (found.terminated || t === spec.maxCycles) return [total, t];
    }
  });
}

const average = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Half of the 99 % interval of a mean of differences. */
function interval(differences: readonly number[]): number {
  const mean = average(differences);
  const variance = average(differences.map((x) => (x - mean) * (x - mean)));
  return 2.58 * Math.sqrt(variance / differences.length);
}

for (const { options, episodes } of trace.heuristic) {
  Deno.test(`LunarLander: the heuristic flies ${episodes.length} seeds like Gymnasium's, ${JSON.stringify(options)}`, () => {
    const found = flown(options, episodes.length, "gym");
    const differences = found.map(([total], i) => total - episodes[i]![0]);
    const mean = average(differences);
    const half = interval(differences);
    assert.ok(Math.abs(mean) <= half + 0.5, `differs by ${mean} ± ${half} in the mean`);
    // a touch that turns out otherwise changes the rest of an episode, but few do
    const sorted = differences.map(Math.abs).sort((a, b) => a - b);
    assert.ok(sorted[Math.floor(episodes.length / 4)]! <= 1, `${sorted[Math.floor(episodes.length / 4)]}`);
    const same = found.filter(([, length], i) => length === episodes[i]![1]).length;
    console.log(
      options,
      average(found.map(([r]) => r)),
      mean,
      half,
      same,
      sorted[episodes.length / 4 | 0],
      sorted[episodes.length / 2 | 0],
    );
    assert.ok(same >= 0.4 * episodes.length, `${same} of ${episodes.length} episodes are as long`);
  });
}

Deno.test("LunarLander: the heuristic's mean over 200 seeds, 180 and 60 iterations or 60 and 20, is about Box2D's 236", () => {
  for (const fidelity of ["gym", "fast"] as const) {
    const returns = flown({}, 200, fidelity).map(([total]) => total);
    const mean = average(returns);
    console.log(fidelity, mean, interval(returns));
    near(mean, 236, interval(returns), fidelity);
  }
});
