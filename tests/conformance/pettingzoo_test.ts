/** Every scenario on the shelf, as a PettingZoo user meets it: all conformance suites, in each kind of action. */
import assert from "node:assert/strict";
import { makeWorld, type Scenario, scenarios, type World } from "../../sim/mod.ts";
import {
  aec,
  aecToParallel,
  agentOrderTest,
  apiTest,
  autoresetTest,
  batchInvarianceTest,
  bombardmentTest,
  copy,
  costChannelTest,
  type EnvOptions,
  hashTest,
  maxCyclesTest,
  parallel,
  parallelApiTest,
  parallelSeedTest,
  parallelToAec,
  renderTest,
  replayTest,
  sampleActions,
  seedTest,
  type SimAecEnv,
  type SimParallelEnv,
  snapshotForkTest,
  stateTest,
  turnBasedAecToParallel,
} from "../../sim/pettingzoo/mod.ts";

type Make<E> = (options?: EnvOptions) => E;
type Suite<E> = Readonly<Record<string, (make: Make<E> & { one(): E }) => void>>;

/** Suites that either API must pass. */
const BOTH: Suite<SimParallelEnv | SimAecEnv> = {
  "stateTest()": (make) => stateTest(make.one()),
  "maxCyclesTest()": (make) => maxCyclesTest((maxCycles) => make({ maxCycles })),
  "bombardmentTest()": (make) => bombardmentTest(make.one(), 200),
  "renderTest()": (make) => renderTest((renderMode) => make({ renderMode })),
  "costChannelTest()": (make) => costChannelTest(make.one(), 60),
  "hashTest()": (make) => hashTest(make, 80),
};

const AEC: Suite<SimAecEnv> = {
  "apiTest()": (make) => assert.deepEqual(apiTest(make.one(), 60), []),
  "seedTest()": (make) => seedTest(make, 60),
  "snapshotForkTest()": (make) => snapshotForkTest(make, [0, 1, 7], 20),
  ...BOTH,
};

const PARALLEL: Suite<SimParallelEnv> = {
  "parallelApiTest()": (make) => assert.deepEqual(parallelApiTest(make.one(), 120), []),
  "parallelSeedTest()": (make) => parallelSeedTest(make, 120),
  "snapshotForkTest()": (make) => snapshotForkTest(make, [0, 1, 7], 20),
  "agentOrderTest()": (make) => agentOrderTest(make),
  "js and eval show the same": (make) => {
    const envs = [make({ backend: "js" }), make({ backend: "eval" })];
    let shown = envs.map((env) => env.reset({ seed: 3 }));
    assert.deepEqual(shown[0], shown[1]);
    for (let t = 0; t < 60; t++) {
      const sampled = sampleActions(envs[0]!, shown[0]!);
      shown = envs.map((env) => env.step(sampled));
      assert.deepEqual(shown[0], shown[1]);
      if (envs[0]!.numAgents === 0) shown = envs.map((env) => env.reset());
    }
  },
  "the API shows what the world says": (make) => followWorld(make({ seed: 9 })),
  "as AEC and back it is the same": (make) => {
    const env = make();
    assert.equal(aecToParallel(parallelToAec(env)), env);
    apiTest(parallelToAec(env), 20);
  },
  ...BOTH,
};

/** Suites of the worlds behind the APIs. */
const WORLD: Readonly<Record<string, (scenario: Scenario, options: EnvOptions) => void>> = {
  "replayTest()": replayTest,
  "batchInvarianceTest()": (scenario, options) => {
    batchInvarianceTest((batch) => makeWorld(scenario, { ...options, ...batch }), 3);
  },
  "autoresetTest()": (scenario, options) => {
    autoresetTest((maxCycles) => makeWorld(scenario, { ...options, maxCycles }));
  },
};

/** Plays the environment and a world of its own side by side. */
function followWorld(env: SimParallelEnv): void {
  const world = makeWorld(env.scenario!, { actions: env.spec.actionKind });
  world.reset(9);
  let shown = env.reset();
  const { N, O, A, C, agents, channels, observationSizes, actionKind } = world.spec;
  const rowOf = (obs: World["obs"], n: number) =>
    Float32Array.from(obs.subarray(n * O, n * O + observationSizes[n]!));
  for (let t = 0; t < 60; t++) {
    for (const agent of env.agents) {
      assert.deepEqual(shown.observations[agent], rowOf(world.obs, agents.indexOf(agent)));
    }
    const acting = [...env.agents];
    const sampled = sampleActions(env, shown);
    for (let n = 0; n < N; n++) {
      const action = sampled[agents[n]!];
      if (typeof action === "number") world.actions[n] = action;
      else if (action !== undefined) {
        world.actions.set(Array.from(action), n * (actionKind === "discrete" ? 1 : A));
      }
    }
    const result = copy(env.step(sampled));
    world.step();
    for (const agent of acting) {
      const n = agents.indexOf(agent);
      assert.equal(result.rewards[agent], world.reward[n]);
      assert.equal(result.terminations[agent], world.terminated[n] === 1);
      assert.equal(result.truncations[agent], world.truncated[n] === 1);
      channels.forEach(({ name }, c) => assert.equal(result.costs[agent]![name], world.cost[n * C + c]));
      if (world.done[0] === 1) assert.deepEqual(result.observations[agent], rowOf(world.finalObs, n));
    }
    shown = world.done[0] === 1 ? env.reset() : result;
  }
}

/** The action kinds that a scenario offers. */
function kindsOf(scenario: Scenario): ("discrete" | "continuous")[] {
  return (["discrete", "continuous"] as const).filter((actions) => {
    try {
      makeWorld(scenario, { actions });
      return true;
    } catch (error) {
      if (String(error).includes(`no ${actions} actions`)) return false;
      throw error;
    }
  });
}

function run<E>(name: string, suite: Suite<E>, build: Make<E>): void {
  let plain: E | undefined;
  /** Compiling takes the longest: what asks for nothing in particular and only needs one shares it. */
  const make: Make<E> & { one(): E } = Object.assign(build, { one: () => plain ??= build() });
  for (const [test, body] of Object.entries(suite)) Deno.test(`${name}: ${test}`, () => body(make));
}

for (const scenario of scenarios) {
  for (const actions of kindsOf(scenario)) {
    const name = `${scenario.id}, ${actions}`;
    const inTurns = makeWorld(scenario, { actions }).turn[0] !== -1;
    run(`${name}, AEC`, AEC, (options = {}) => aec(scenario, { actions, ...options }));
    if (!inTurns) {
      run(`${name}, Parallel`, PARALLEL, (options = {}) => parallel(scenario, { actions, ...options }));
    } else {
      Deno.test(`${name}, turns as Parallel: parallelApiTest()`, () => {
        parallelApiTest(turnBasedAecToParallel(aec(scenario, { actions })), 120);
      });
    }
    for (const [test, body] of Object.entries(WORLD)) {
      Deno.test(`${name}: ${test}`, () => body(scenario, { actions }));
    }
  }
}
