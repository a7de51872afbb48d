/**
 * LunarLander against Gymnasium, whose Box2D computes in float32: step by step until something touches, then by the
 * length and the return of whole episodes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { makeWorld, scriptedPolicy } from "../../sim/mod.ts";
import { lunarLander } from "../../sim/scenarios/control/lunar_lander_v3.ts";
import { type Action, type Lander, lander, listedDraws, numpyDraws } from "./lunar_lander_world.ts";

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
const TOLERANCE = { obs: 1e-4, reward: 5e-3 };

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

/** Box2D 2.3.0 driven without its Python package, so without that package's reference angle: raw draws are recorded. */
interface Bare {
  readonly episodes: readonly {
    readonly heights: readonly number[];
    readonly initialForce: readonly number[];
    readonly steps: readonly (Step & { readonly dispersionRaw: readonly number[] })[];
  }[];
}

const bare: Bare = await read("LunarLander-box2d");

bare.episodes.forEach(({ heights, initialForce, steps }, i) => {
  Deno.test(`LunarLander from the draws of bare Box2D, episode ${i}`, () => {
    const draws = [...heights, ...initialForce, ...steps.flatMap(({ dispersionRaw }) => dispersionRaw)];
    const it = lander({ hinge: "box2d" }, false, listedDraws(draws));
    const [idle, ...rest] = steps; // the reset's own step
    it.reset().forEach((value, k) => near(value, idle!.obs[k]!, TOLERANCE.obs, `first observation ${k}`));
    follow(it, rest);
  });
});

/** Returns and lengths of the heuristic on Gymnasium's seeds from 0 on. */
function flown(
  options: Options,
  count: number,
  fidelity: "gym" | "fast",
  hinge: "gymnasium" | "box2d" = "gymnasium",
): (readonly [number, number])[] {
  const params = { ...paramsOf(options), fidelity, hinge };
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

/** Half of the 99 % interval of a mean. */
function interval(values: readonly number[]): number {
  const mean = average(values);
  const variance = average(values.map((x) => (x - mean) * (x - mean)));
  return 2.58 * Math.sqrt(variance / values.length);
}

for (const { options, episodes } of trace.heuristic) {
  const { length } = episodes;
  Deno.test(`LunarLander: the heuristic flies ${length} seeds like Gymnasium's, ${JSON.stringify(options)}`, () => {
    const found = flown(options, length, "gym");
    const differences = found.map(([total], i) => total - episodes[i]![0]);
    const [mean, half] = [average(differences), interval(differences)];
    assert.ok(Math.abs(mean) <= half + 0.01, `returns differ by ${mean} ± ${half} in the mean`);
    // floats part from doubles where something touches, and then a few episodes take another course
    const median = differences.map(Math.abs).sort((a, b) => a - b)[Math.floor(length / 2)]!;
    assert.ok(median <= 0.02, `returns differ by ${median} in the median`);
    const same = found.filter(([, steps], i) => steps === episodes[i]![1]).length;
    assert.ok(same >= 0.7 * length, `${same} of ${length} episodes are as long`);
  });
}

Deno.test("LunarLander: with bare Box2D's hinge, the heuristic's mean over 200 seeds is the 236 measured there", () => {
  const found = flown({}, 200, "gym", "box2d").map(([total]) => total);
  near(average(found), 236.05, interval(found), "mean return");
});

Deno.test("LunarLander: with a third of the iterations, the heuristic's mean over 100 seeds is Gymnasium's", () => {
  const found = flown({}, 100, "fast").map(([total]) => total);
  const theirs = trace.heuristic[0]!.episodes.map(([total]) => total);
  const half = Math.sqrt(interval(found) * interval(found) + interval(theirs) * interval(theirs));
  near(average(found), average(theirs), half, "mean return");
});
