/**
 * How PettingZoo 1.27's classic games end: last observations, masks, rewards and who leaves when, also where an illegal
 * action ended them; and that the world shows that end for as long.
 */
import assert from "node:assert/strict";
import { findScenario, type Scenario } from "../../sim/mod.ts";
import { aec, maskInObservation, type SimAecEnv } from "../../sim/pettingzoo/mod.ts";

interface Told {
  readonly agent: string;
  /** Nested lists, or the number of a choice. */
  readonly obs:
    | { readonly observation: readonly unknown[]; readonly action_mask: readonly number[] }
    | number;
  readonly reward: number;
  readonly termination: boolean;
  readonly truncation: boolean;
  readonly action: number | null;
  readonly rewards: Readonly<Record<string, number>>;
  readonly agents: readonly string[];
}
interface Episode {
  readonly illegal: boolean;
  readonly cards?: readonly number[];
  readonly num_actions?: number;
  readonly max_cycles?: number;
  readonly trace: readonly Told[];
}

/** Starts the episode that was recorded. */
function begin(env: SimAecEnv, { cards, trace }: Episode): void {
  if (cards === undefined) return env.reset();
  for (let seed = 0; seed === 0 || env.agentSelection !== trace[0]!.agent; seed++) env.reset({ seed });
  env.world.columns["cards"]!.data.set(cards);
  env.refresh();
}

function observationOf({ obs }: Told, numActions: number): number[] {
  if (typeof obs !== "number") return obs.observation.flat(Infinity) as number[];
  return Array.from({ length: numActions + 1 }, (_, i) => i === obs ? 1 : 0);
}

function follow(scenario: Scenario, episode: Episode): void {
  const { num_actions: numActions, max_cycles: maxCycles, trace, illegal } = episode;
  const params = numActions === undefined ? {} : { numActions };
  const env = aec(scenario, { params, renderMode: "ansi", ...maxCycles === undefined ? {} : { maxCycles } });
  begin(env, episode);
  const shown = numActions === undefined ? maskInObservation(env) : undefined;
  let end: { picture: unknown; hash: string } | undefined;
  for (const [t, told] of trace.entries()) {
    const { observation, reward, termination, truncation } = env.last();
    assert.deepEqual(
      { agent: env.agentSelection, reward, termination, rewards: { ...env.rewards }, agents: env.agents },
      {
        agent: told.agent,
        reward: told.reward,
        termination: told.termination,
        rewards: told.rewards,
        agents: told.agents,
      },
      `step ${t}`,
    );
    // After an illegal action PettingZoo's wrapper says both; here an end is the one or the other.
    assert.equal(truncation, told.truncation && !illegal);
    assert.deepEqual([...observation!], observationOf(told, numActions ?? 0), `step ${t}`);
    if (typeof told.obs !== "number") {
      const { actionMask } = shown!.last().observation!;
      assert.deepEqual([...actionMask], told.obs.action_mask, `step ${t}`);
    }
    if (told.action === null) {
      const now = { picture: env.render(), hash: env.world.hash(0) };
      end ??= now;
      assert.deepEqual(now, end);
    }
    env.step(told.action);
  }
  assert.equal(env.agents.length, 0);
  assert.equal(env.render(), end!.picture);
}

for (const name of ["tictactoe_v3", "connect_four_v3", "leduc_holdem_v4", "rps_v2"]) {
  const file = new URL(`traces/classic/more/${name}.json`, import.meta.url);
  const { episodes } = JSON.parse(await Deno.readTextFile(file)) as { episodes: Episode[] };
  const scenario = findScenario(`classic/${name}`);

  Deno.test(`${name}: games end as PettingZoo's do`, () => {
    for (const episode of episodes.filter(({ illegal }) => !illegal)) follow(scenario, episode);
  });
  if (name === "rps_v2") continue;

  Deno.test(`${name}: games that an illegal action ends, too`, () => {
    for (const episode of episodes.filter(({ illegal }) => illegal)) follow(scenario, episode);
  });
}

Deno.test("tictactoe_v3: a game that is over shows its last board, until the next begins", () => {
  const env = aec(findScenario("classic/tictactoe_v3"), { renderMode: "frame" });
  env.reset();
  for (const square of [0, 3, 1, 4, 2]) env.step(square);
  const { data } = env.world.columns["board"]!;
  assert.deepEqual([...data], [1, 1, 1, 2, 2, 0, 0, 0, 0]);
  for (const _ of env.agentIter()) env.step(null);
  assert.deepEqual([...data], [1, 1, 1, 2, 2, 0, 0, 0, 0]);
  assert.equal(env.world.episode[0], 0);
  env.reset();
  assert.deepEqual([...data], new Array(9).fill(0));
  assert.equal(env.world.episode[0], 1);
});
