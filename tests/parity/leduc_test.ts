/** PettingZoo's Leduc hold'em, dealt the recorded cards: what `last()` told before each step, dead steps included. */
import assert from "node:assert/strict";
import {
  findScenario,
  makeWorld,
  type Policy,
  randomPolicy,
  runner,
  scriptedPolicy,
  type World,
} from "../../sim/mod.ts";
import { aec } from "../../sim/pettingzoo/mod.ts";

interface Told {
  readonly agent: string;
  readonly obs: { readonly observation: readonly number[]; readonly action_mask: readonly number[] };
  readonly reward: number;
  readonly termination: boolean;
  readonly truncation: boolean;
  readonly action: number | null;
  readonly rewards: Readonly<Record<string, number>>;
  readonly agents: readonly string[];
}
interface Episode {
  readonly cards: readonly number[];
  readonly trace: readonly Told[];
}

const file = new URL("traces/classic/leduc_holdem_v4.json", import.meta.url);
const { episodes } = JSON.parse(await Deno.readTextFile(file)) as { episodes: Episode[] };
const leduc = findScenario("classic/leduc_holdem_v4");
const [CALL, RAISE, FOLD, CHECK] = [0, 1, 2, 3] as const;

/** A seed with which each player begins. */
const SEEDS = [0, 1].map((player) => {
  const world = makeWorld(leduc);
  for (let seed = 0;; seed++) {
    world.reset(seed);
    if (world.turn[0] === player) return seed;
  }
});

function deal(world: World, cards: readonly number[]): void {
  world.columns["cards"]!.data.set(cards);
}

Deno.test("leduc_holdem_v4: the recorded games, through the AEC API", () => {
  const env = aec(leduc);
  for (const { cards, trace } of episodes) {
    env.reset({ seed: SEEDS[env.possibleAgents.indexOf(trace[0]!.agent)]! });
    deal(env.world, cards);
    env.refresh();
    for (const [t, told] of trace.entries()) {
      const { observation, reward, termination, truncation, info } = env.last();
      const when = `cards ${cards}, step ${t}`;
      assert.deepEqual(
        { agent: env.agentSelection, reward, termination, truncation },
        {
          agent: told.agent,
          reward: told.reward,
          termination: told.termination,
          truncation: told.truncation,
        },
        when,
      );
      assert.deepEqual([...observation!], told.obs.observation, when);
      assert.deepEqual({ ...env.rewards }, told.rewards, when);
      assert.deepEqual(env.agents, told.agents, when);
      assert.deepEqual([...info.actionMask!], told.obs.action_mask, when);
      env.step(told.action);
    }
    assert.equal(env.agents.length, 0);
  }
});

Deno.test("leduc_holdem_v4: the recorded games, through the world", () => {
  for (const backend of ["js", "eval"] as const) {
    const world = makeWorld(leduc, { backend });
    for (const { cards, trace } of episodes) {
      const live = trace.filter(({ action }) => action !== null);
      world.reset(SEEDS[world.spec.agents.indexOf(live[0]!.agent)]!);
      deal(world, cards);
      world.refresh();
      for (const [t, { agent, obs, action }] of live.entries()) {
        const n = world.spec.agents.indexOf(agent);
        assert.equal(world.turn[0], n);
        assert.deepEqual([...world.obs.subarray(36 * n, 36 * n + 36)], obs.observation);
        assert.deepEqual([...world.mask.subarray(4 * n, 4 * n + 4)], obs.action_mask);
        assert.deepEqual([...world.mask.subarray(4 * (1 - n), 4 * (1 - n) + 4)], [0, 0, 0, 0]);
        world.actions[n] = action!;
        world.step();
        const over = t === live.length - 1;
        assert.equal(world.done[0], over ? 1 : 0);
        const { rewards } = trace[live.length]!;
        if (over) assert.deepEqual([...world.reward], world.spec.agents.map((name) => rewards[name]));
      }
    }
  }
});

/** Plays these actions with these cards, player_0 first, and gives the rewards. */
function played(cards: readonly number[], actions: readonly number[], params = {}): number[] {
  const world = makeWorld(leduc, { params });
  world.reset(SEEDS[0]!);
  deal(world, cards);
  world.refresh();
  for (const [t, action] of actions.entries()) {
    assert.equal(world.done[0], 0, `the game is over before action ${t}`);
    world.actions[world.turn[0]!] = action;
    world.step();
  }
  assert.equal(world.done[0], 1);
  assert.deepEqual([...world.truncated], [0, 0]);
  return [...world.reward];
}

Deno.test("leduc_holdem_v4: pairs, higher and equal cards, and the longest game", () => {
  const called = [CALL, CHECK, CHECK, CHECK];
  assert.deepEqual(played([0, 2, 0], called), [1, -1], "a pair of J beats K");
  assert.deepEqual(played([1, 2, 0], called), [-1, 1], "K beats Q");
  assert.deepEqual(played([1, 1, 0], called), [0, 0], "equal cards share");
  assert.deepEqual(played([2, 0, 1], [FOLD]), [-0.5, 0.5], "the small blind is lost");
  const longest = [CALL, RAISE, RAISE, CALL, CHECK, RAISE, RAISE, CALL];
  assert.deepEqual(played([2, 1, 0], longest), [7, -7], "all 14 chips, in the last step there is time for");
});

Deno.test("leduc_holdem_v4: an illegal action loses, as PettingZoo's wrapper has it, or is refused", () => {
  assert.deepEqual(played([0, 1, 2], [CHECK]), [-1, 0]);
  assert.throws(
    () => played([0, 1, 2], [CHECK], { illegal: "refuse" }),
    /player_0: action 3 is forbidden by its mask: choose one where mask is 1/,
  );
});

Deno.test("leduc_holdem_v4: who begins and every deal are as likely as they should be", () => {
  const world = makeWorld(leduc, { envs: 6000 });
  world.reset(7);
  const { data } = world.columns["cards"]!;
  const begins = world.turn.reduce((sum, player) => sum + player) / 6000;
  assert.ok(Math.abs(begins - 0.5) < 0.03, `${begins}`);
  const seen = new Map<string, number>();
  for (let env = 0; env < 6000; env++) {
    const cards = data.subarray(3 * env, 3 * env + 3).join("");
    seen.set(cards, (seen.get(cards) ?? 0) + 1);
  }
  assert.equal(seen.size, 24, "27 triples but for three of a kind");
  for (const [cards, count] of seen) {
    // Of 120 ordered deals of three cards, a triple of unlike ranks takes 8, one with a pair 4.
    const expected = 6000 * (new Set(cards).size === 3 ? 8 : 4) / 120;
    assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${cards}: ${count}, not ${expected}`);
  }
});

Deno.test("leduc_holdem_v4: the scripted player wins from a random one", () => {
  const world = makeWorld(leduc, { envs: 256 });
  world.reset(4);
  const group = world.spec.groups[0]!;
  const players = [scriptedPolicy(leduc, world.spec, group)!, randomPolicy(world.spec, group)];
  const match: Policy = {
    name: "match",
    hiddenSize: 0,
    act(input, into) {
      const chosen = players.map((player) => {
        const actions = new Int32Array(input.rows);
        player.act(input, actions);
        return actions;
      });
      for (let row = 0; row < input.rows; row++) into[row] = chosen[row % 2]![row]!;
    },
  };
  const { step } = runner(world, { player: match }, 1);
  let [earned, games] = [0, 0];
  for (let t = 0; t < 100; t++) {
    step();
    for (let env = 0; env < 256; env++) {
      earned += world.reward[2 * env]!;
      games += world.done[env]!;
    }
  }
  assert.ok(games > 4000 && earned / games > 0.5, `${earned / games} big blinds in a game, of ${games}`);
});
