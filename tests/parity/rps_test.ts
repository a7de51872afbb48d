/** PettingZoo's rock, paper, scissors: what `last()` told before each step, dead steps included. */
import assert from "node:assert/strict";
import { findScenario, makeWorld, runner, scriptedPolicy } from "../../sim/mod.ts";
import { aec } from "../../sim/pettingzoo/mod.ts";
import { outcome } from "../../sim/scenarios/classic/rps_v2.ts";

interface Told {
  readonly agent: string;
  readonly obs: number;
  readonly reward: number;
  readonly termination: boolean;
  readonly truncation: boolean;
  readonly action: number | null;
  readonly rewards: Readonly<Record<string, number>>;
  readonly agents: readonly string[];
}

const rps = findScenario("classic/rps_v2");

/** File -> number of actions. */
const TRACES = { rps_v2: 3, rps_v2_lizard_spock: 5 };

for (const [name, numActions] of Object.entries(TRACES)) {
  const file = new URL(`traces/classic/${name}.json`, import.meta.url);
  const { episodes } = JSON.parse(await Deno.readTextFile(file)) as { episodes: { trace: Told[] }[] };

  Deno.test(`${name}: the recorded rounds, through the AEC API`, () => {
    const env = aec(rps, { params: { numActions } });
    for (const { trace } of episodes) {
      env.reset();
      for (const [t, told] of trace.entries()) {
        const { observation, reward, termination, truncation } = env.last();
        assert.deepEqual(
          {
            agent: env.agentSelection,
            obs: [...observation!],
            reward,
            termination,
            truncation,
            rewards: { ...env.rewards },
            agents: env.agents,
          },
          {
            agent: told.agent,
            obs: Array.from({ length: numActions + 1 }, (_, i) => i === told.obs ? 1 : 0),
            reward: told.reward,
            termination: told.termination,
            truncation: told.truncation,
            rewards: told.rewards,
            agents: told.agents,
          },
          `step ${t}`,
        );
        env.step(told.action);
      }
      assert.equal(env.agents.length, 0);
    }
  });
}

Deno.test("rps_v2: who beats whom", () => {
  const names = ["rock", "paper", "scissors", "Spock", "lizard"];
  const beats: Record<string, string[]> = {
    rock: ["scissors", "lizard"],
    paper: ["rock", "Spock"],
    scissors: ["paper", "lizard"],
    Spock: ["scissors", "rock"],
    lizard: ["Spock", "paper"],
  };
  for (const [a, first] of names.entries()) {
    for (const [b, second] of names.entries()) {
      const expected = beats[first]!.includes(second) ? 1 : beats[second]!.includes(first) ? -1 : 0;
      assert.equal(outcome(a, b), expected, `${first}, ${second}`);
    }
  }
});

Deno.test("rps_v2: each of n actions beats half of the others", () => {
  for (const n of [3, 5, 7, 99]) {
    for (let a = 0; a < n; a++) {
      const results = Array.from({ length: n }, (_, b) => outcome(a, b));
      assert.equal(results.filter((result) => result === 1).length, (n - 1) / 2);
      assert.equal(results.filter((result) => result === -1).length, (n - 1) / 2);
    }
  }
});

Deno.test("rps_v2: an even number of actions is refused", () => {
  assert.throws(() => makeWorld(rps, { params: { numActions: 4 } }), /numActions.*odd/);
});

Deno.test("rps_v2: the scripted player learns what the other does most", () => {
  const world = makeWorld(rps, { params: { numActions: 5 }, maxCycles: 30 });
  world.reset(2);
  const counting = scriptedPolicy(rps, world.spec, "player")!;
  const lizardOften = {
    ...counting,
    act: (...[input, into]: Parameters<typeof counting.act>) => {
      counting.act(input, into);
      into[1] = world.cycle[0]! % 3 === 2 ? 1 : 4;
    },
  };
  const { step } = runner(world, { player: lizardOften }, 1);
  let earned = 0;
  for (let t = 0; t < 30; t++) {
    step();
    if (t >= 2) earned += world.reward[0]!;
  }
  assert.ok(earned >= 15, `${earned}`);
});
