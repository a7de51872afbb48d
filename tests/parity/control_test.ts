/**
 * Classic control against Gymnasium: every step from the recorded state to 1e-12, free-running segments to 1e-6, on
 * both backends. Recorded observations are float32.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type BackendName, findScenario, makeWorld } from "../../sim/mod.ts";
import { act, begun, controlTrace, put, type Segment, stateOf } from "./control_trace.ts";

/** By recording: the scenario, the columns of its state in Gymnasium's order, and params where they are not the defaults. */
const RECORDED = {
  "CartPole-v1": { id: "control/cartpole_v1", columns: ["x", "xDot", "theta", "thetaDot"] },
  "Pendulum-v1": { id: "control/pendulum_v1", columns: ["theta", "thetaDot"] },
  "MountainCar-v0": { id: "control/mountain_car_v0", columns: ["position", "velocity"] },
  "MountainCarContinuous-v0": {
    id: "control/mountain_car_continuous_v0",
    columns: ["position", "velocity"],
  },
  "Acrobot-v1": { id: "control/acrobot_v1", columns: ["theta1", "theta2", "omega1", "omega2"] },
} as const;

const SUFFIXES = { "": {}, "-more": {}, "-numpy2": { numpy: 2 } } as const;
const NUMPY_2 = ["Pendulum-v1", "MountainCarContinuous-v0"];

/** An angle may be recorded as π and found as −π. */
function near(found: readonly number[], expected: readonly number[], tolerance: number, what: string): void {
  assert.equal(found.length, expected.length, what);
  expected.forEach((value, i) => {
    const off = Math.abs(found[i]! - value);
    assert.ok(off <= tolerance, `${what}[${i}]: expected ${value}, found ${found[i]}`);
  });
}

/** Equal up to one unit in the last place of a float32. */
function sameFloat32(found: readonly number[], expected: readonly number[], what: string): void {
  expected.forEach((value, i) => {
    const unit = 1.2e-7 * Math.max(Math.abs(value), 0.01);
    assert.ok(Math.abs(Math.fround(found[i]!) - value) <= unit, `${what}[${i}]: ${found[i]} for ${value}`);
  });
}

for (const [name, { id, columns }] of Object.entries(RECORDED)) {
  const scenario = findScenario(id);
  for (const [suffix, params] of Object.entries(SUFFIXES)) {
    if (suffix === "-numpy2" && !NUMPY_2.includes(name)) continue;
    const trace = await controlTrace(name + suffix);
    const segments = trace.episodes.flatMap(({ policy, segments }) =>
      segments.map((segment, i) => [`${name}${suffix}, ${policy} ${i}`, segment] as const)
    );
    const each = (what: string, body: (segment: Segment, backend: BackendName) => void) => {
      for (const backend of ["js", "eval"] as const) {
        Deno.test(`${id} (${backend}) ${what}: ${name}${suffix}`, () => {
          for (const [, segment] of segments) body(segment, backend);
        });
      }
    };

    each("takes each recorded step to 1e-12", ({ state0, obs0, steps }, backend) => {
      const world = begun(scenario, columns, { state0, obs0, steps }, { params, backend });
      sameFloat32([...world.obs], obs0, "first observation");
      steps.forEach(({ action, state, obs, reward, terminated }, t) => {
        act(world, action);
        if (!terminated) near(stateOf(world, columns), state, 1e-12, `state at step ${t}`);
        sameFloat32([...terminated ? world.finalObs : world.obs], obs, `observation at step ${t}`);
        near([world.reward[0]!], [reward], 1e-12, `reward at step ${t}`);
        assert.equal(world.terminated[0], Number(terminated), `end at step ${t}`);
        assert.equal(world.truncated[0], 0);
        if (!terminated) put(world, columns, state);
      });
    });

    each("follows a whole segment to 1e-6", ({ state0, obs0, steps }, backend) => {
      const world = begun(scenario, columns, { state0, obs0, steps }, { params, backend });
      steps.forEach(({ action, state, reward, terminated }, t) => {
        act(world, action);
        if (!terminated) near(stateOf(world, columns), state, 1e-6, `state at step ${t}`);
        near([world.reward[0]!], [reward], 1e-6, `reward at step ${t}`);
        assert.equal(world.terminated[0], Number(terminated), `end at step ${t}`);
      });
    });

    Deno.test(`${id} is truncated where Gymnasium does: ${name}${suffix}`, () => {
      assert.equal(makeWorld(scenario).spec.maxCycles, trace.max_episode_steps);
    });
  }
}
