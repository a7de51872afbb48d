/**
 * PettingZoo's tests of a Parallel environment, for any environment to prove itself. Each throws an Error that says
 * what is wrong and returns nothing.
 *
 * Source   pettingzoo/test/{parallel_test,seed_test,state_test,max_cycles_test,bombardment_test}.py @ 761353e6
 * Differs  the seed test compares whole episodes (PettingZoo's stops after one step); costs are checked like rewards
 *
 * @module
 */
import type { ParallelEnv, PerAgent, ResetResult, StepResult } from "./parallel.ts";
import type { Action } from "./spaces.ts";
import { copy } from "./copy.ts";

/** The members of the API, their keys and their values, over `cycles` steps of random actions. */
export function parallelApiTest(env: ParallelEnv, cycles = 1000): void {
  check(env.possibleAgents.length === env.maxNumAgents, "maxNumAgents is not the number of possibleAgents");
  for (const agent of env.possibleAgents) {
    check(env.observationSpace(agent) === env.observationSpace(agent), "observationSpace gives a new object");
    check(env.actionSpace(agent) === env.actionSpace(agent), "actionSpace gives a new object");
  }
  env.reset({ seed: 1 });
  let shown = env.reset();
  checkReset(env, shown);
  let everActed = new Set(env.agents);
  for (let t = 0; t < cycles; t++) {
    const acting = [...env.agents];
    const result = env.step(sampleActions(env, shown));
    checkStep(env, result, acting);
    const left = acting.filter((agent) => result.terminations[agent] || result.truncations[agent]);
    for (const agent of env.agents) {
      check(everActed.has(agent), `${agent} acts without having been there at reset`);
      check(!left.includes(agent), `${agent} is finished and still in agents`);
    }
    everActed = new Set(env.agents);
    shown = result;
    if (env.numAgents > 0) continue;
    shown = env.reset();
    checkReset(env, shown);
    everActed = new Set(env.agents);
  }
}

function checkReset(env: ParallelEnv, { observations, infos }: ResetResult): void {
  check(env.agents.length === env.numAgents && env.numAgents > 0, "no agents after reset");
  sameKeys("observations of reset", observations, env.agents);
  sameKeys("infos of reset", infos, env.agents);
  checkObservations(env, observations);
}

function checkStep(env: ParallelEnv, result: StepResult, acting: readonly string[]): void {
  for (const [name, values] of Object.entries(result)) sameKeys(name, values as PerAgent<unknown>, acting);
  checkObservations(env, result.observations);
  for (const agent of acting) {
    check(Number.isFinite(result.rewards[agent]), `reward of ${agent} is ${result.rewards[agent]}`);
    check(typeof result.terminations[agent] === "boolean", `terminations of ${agent} is no boolean`);
    check(typeof result.truncations[agent] === "boolean", `truncations of ${agent} is no boolean`);
    sameKeys(`costs of ${agent}`, result.costs[agent]!, env.spec.channels.map(({ name }) => name));
    for (const [channel, cost] of Object.entries(result.costs[agent]!)) {
      check(Number.isFinite(cost) && cost >= 0, `cost ${channel} of ${agent} is ${cost}`);
    }
  }
  check(
    env.agents.every((agent) => env.possibleAgents.includes(agent)),
    "agents are not among possibleAgents",
  );
  check(env.agents.length === env.numAgents, "numAgents is not the number of agents");
}

function checkObservations(env: ParallelEnv, observations: PerAgent<Float32Array>): void {
  for (const [agent, observation] of Object.entries(observations)) {
    check(observation instanceof Float32Array, `observation of ${agent} is no Float32Array`);
    check(observation.every(Number.isFinite), `observation of ${agent} is not finite: ${observation}`);
    check(env.observationSpace(agent).contains(observation), `observation of ${agent} is out of its space`);
  }
}

/** Two environments of one making, seeded alike, must agree in everything over `episodes` whole episodes. */
export function parallelSeedTest(make: () => ParallelEnv, episodes = 3): void {
  const envs = [make(), make()] as const;
  const tell = (at: string, [a, b]: readonly unknown[]) => {
    check(JSON.stringify(a) === JSON.stringify(b), `${at}: two environments seeded alike differ`);
  };
  for (const env of envs) env.possibleAgents.forEach((agent, i) => env.actionSpace(agent).seed(42 + i));
  for (let episode = 0; episode < episodes; episode++) {
    const start = episode === 0 ? { seed: 42 } : {};
    let shown: readonly ResetResult[] = envs.map((env) => env.reset(start));
    tell(`reset ${episode}`, shown);
    for (let t = 0; envs[0].numAgents > 0; t++) {
      const actions = envs.map((env, i) => sampleActions(env, shown[i]!));
      tell(`actions of step ${t}`, actions);
      shown = envs.map((env, i) => env.step(actions[i]!));
      tell(`step ${t} of episode ${episode}`, shown);
      tell(`agents after step ${t}`, envs.map((env) => env.agents));
      tell(`state after step ${t}`, envs.map((env) => env.state()));
    }
  }
}

/** The state is finite, in its space, and of one size throughout an episode. */
export function stateTest(env: ParallelEnv): void {
  let shown: ResetResult = env.reset({ seed: 0 });
  const { length } = env.state();
  while (env.numAgents > 0) {
    shown = env.step(sampleActions(env, shown));
    const state = env.state();
    check(state.length === length && env.stateSpace.contains(state), `state is out of its space: ${state}`);
    check(state.every(Number.isFinite), `state is not finite: ${state}`);
  }
}

/** No episode lasts longer than `maxCycles`, and one that nothing terminates lasts exactly that long. */
export function maxCyclesTest(make: (maxCycles: number) => ParallelEnv, maxCycles = 4): void {
  const env = make(maxCycles);
  let shown: ResetResult = env.reset({ seed: 0 });
  let terminated = false;
  let t = 0;
  for (; env.numAgents > 0; t++) {
    const result = env.step(sampleActions(env, shown));
    terminated ||= Object.values(result.terminations).some(Boolean);
    shown = result;
  }
  check(
    terminated ? t <= maxCycles : t === maxCycles,
    `an episode took ${t} steps, maxCycles is ${maxCycles}`,
  );
}

/** `resets` resets in a row give the same sizes, and observations in their spaces. */
export function bombardmentTest(env: ParallelEnv, resets = 1000): void {
  const sizes = (observations: PerAgent<Float32Array>) =>
    Object.values(observations).map(({ length }) => length);
  const first = copy(env.reset({ seed: 0 }));
  for (let i = 0; i < resets; i++) {
    const shown = env.reset();
    check(
      `${sizes(shown.observations)}` === `${sizes(first.observations)}`,
      `reset ${i} changes observation sizes`,
    );
    checkObservations(env, shown.observations);
  }
}

/** A draw from each acting agent's space, masked where a mask is shown. */
export function sampleActions(env: ParallelEnv, { infos }: ResetResult): PerAgent<Action> {
  return Object.fromEntries(
    env.agents.map((agent) => [agent, env.actionSpace(agent).sample(infos[agent]?.actionMask)]),
  );
}

function sameKeys(name: string, found: object, expected: readonly string[]): void {
  const keys = Object.keys(found);
  check(
    keys.join() === expected.join(),
    `${name}: expected the keys ${expected.join()}, found ${keys.join()}`,
  );
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
