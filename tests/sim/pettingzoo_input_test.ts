/** What the APIs refuse, and how they say so: agent, value and cure. */
import assert from "node:assert/strict";
import { UserError } from "../../core/mod.ts";
import { findScenario } from "../../sim/mod.ts";
import { aec, aecOverWorld, parallel } from "../../sim/pettingzoo/mod.ts";
import { everything } from "./everything.ts";
import { fakeWorld } from "./fake_world.ts";
import { heapWorld } from "./turn_world.ts";

function refuses(call: () => unknown, message: RegExp): void {
  assert.throws(call, (error) => {
    assert.ok(error instanceof UserError, `${error}`);
    assert.match(error.message, message);
    return true;
  });
}

const spread = findScenario("mpe/simple_spread_v3");
const started = <E extends { reset(): unknown }>(env: E): E => (env.reset(), env);

Deno.test("AEC: before reset() nothing has a value, and the message says to call it", () => {
  const env = aec(spread);
  assert.deepEqual([[...env.agents], env.numAgents], [[], 0]);
  const members = ["agentSelection", "rewards", "costs", "terminations", "truncations", "infos"] as const;
  for (const member of members) {
    refuses(() => env[member], new RegExp(`^${member}: .* call reset\\(\\) first`));
  }
  refuses(() => env.step(0), /^step: the environment was not started: call reset\(\) first/);
  refuses(() => env.last(), /^last: /);
  refuses(() => env.observe("agent_0"), /^observe: /);
  refuses(() => env.state(), /^state: /);
  refuses(() => env.render(), /^render: /);
  refuses(() => [...env.agentIter()], /^agentIter: /);
});

Deno.test("AEC: after the end and after close() too", () => {
  const env = started(aec(spread, { maxCycles: 1 }));
  for (const _ of env.agentIter()) env.step(env.last(false).truncation ? null : 0);
  refuses(() => env.step(0), /the episode is over: call reset\(\)/);
  refuses(() => env.last(), /the episode is over/);
  env.close();
  refuses(() => env.step(0), /^step: the environment is closed: make a new one/);
  refuses(() => env.reset(), /^reset: the environment is closed/);
  refuses(() => env.rewards, /^rewards: the environment is closed/);
});

Deno.test("AEC: an action outside its space is refused when it is given", () => {
  const discrete = started(aec(spread));
  for (const action of [5, -1, 1.5, NaN, Infinity]) {
    refuses(() => discrete.step(action), /agent_0: expected a whole number from 0 to 4, found /);
  }
  refuses(() => discrete.step([1]), /found \[1\]/);
  refuses(() => discrete.step(null), /agent_0: found null, and agent_0 is in play/);
  refuses(() => discrete.step(undefined as never), /no action for agent_0/);
  discrete.step(4);
  assert.equal(discrete.agentSelection, "agent_1", "a refused action does not count");
  const continuous = started(aec(spread, { actions: "continuous" }));
  refuses(
    () => continuous.step([0, 0, 0, 0, 1.5]),
    /agent_0: expected numbers from 0 to 1, found 1.5 at index 4/,
  );
  refuses(() => continuous.step([0, 0, 0, 0, NaN]), /found NaN at index 4/);
  refuses(() => continuous.step([0, 0]), /expected 5 numbers, found \[0, 0\]/);
  refuses(() => continuous.step(0), /expected 5 numbers, found 0/);
  const given = Float32Array.of(0, 0, 1, 0, 0);
  continuous.step(given);
  given.fill(9);
  continuous.step([0, 0, 0, 0, 0]);
  continuous.step([0, 0, 0, 0, 0]); // counts what was given then, not what became of it
});

Deno.test("a masked action is refused, with those that are legal", () => {
  const heap = started(aecOverWorld(heapWorld({ heap: 2 })));
  refuses(() => heap.step(2), /player_0: action 2 is forbidden by its mask: choose one of 0, 1/);
  const env = started(parallel(everything));
  for (let t = 0; t < 50; t++) {
    if (env.numAgents === 0) env.reset();
    const masks = Object.entries(env.spec.agents).map(([n, agent]) => {
      return [agent, env.world.mask.slice(Number(n) * env.spec.A, Number(n) * env.spec.A + 5)] as const;
    });
    const actions = Object.fromEntries(env.agents.map((agent) => {
      return [agent, Math.max(0, new Map(masks).get(agent)!.indexOf(1))];
    }));
    const acting = env.agents.filter((agent) => env.world.alive[env.spec.agents.indexOf(agent)] === 1);
    const agent = acting.find((agent) => new Map(masks).get(agent)!.includes(0));
    if (agent !== undefined) {
      const illegal = new Map(masks).get(agent)!.indexOf(0);
      refuses(
        () => env.step({ ...actions, [agent]: illegal }),
        new RegExp(`${agent}: action ${illegal} is forbidden by its mask: choose one of`),
      );
      return;
    }
    env.step(actions);
  }
  assert.fail("no action was ever forbidden");
});

Deno.test("names that do not exist are answered with the nearest that does", () => {
  for (const env of [started(aec(spread)), started(parallel(spread))]) {
    refuses(
      () => env.observationSpace("agent_7"),
      /mpe\/simple_spread_v3 has no agent "agent_7"\. Did you mean/,
    );
    refuses(() => env.actionSpace("agnet_1"), /Did you mean "agent_1"\? It has: agent_0, agent_1, agent_2/);
    refuses(() => env.channel("colision"), /no cost channel "colision"\. Did you mean "collision"\?/);
    assert.equal(env.channel("collision").scope, "pair");
  }
  refuses(() => started(aec(spread)).observe("agent_9"), /no agent "agent_9"/);
  const env = started(parallel(spread));
  refuses(() => env.step({ agent_0: 0, agent_1: 0, agent_3: 0 }), /no action for agent_2|no agent "agent_3"/);
  refuses(() => env.step({ agent_0: 0, agent_1: 0, agent_2: 0, agent_3: 0 }), /no agent "agent_3"/);
  refuses(() => env.step({ agent_0: 0, agent_1: 0 }), /no action for agent_2/);
});

Deno.test("a dead agent's action is refused in both APIs", () => {
  const dead = started(aecOverWorld(fakeWorld({ leaves: 1 })));
  for (let i = 0; i < 3; i++) dead.step(1);
  refuses(() => dead.step(0), /step, dot_0: found 0, and dot_0 is finished: step\(null\)/);
});

Deno.test("bad seeds, options and params are refused when the environment is made or reset", () => {
  refuses(() => parallel(spread, { params: { n: 3 } }), /has no setting "n"\. Did you mean "N"\?/);
  refuses(() => parallel(spread, { params: { N: 0 } }), /N/);
  refuses(() => parallel(spread, { maxCycles: 0 }), /maxCycles/);
  refuses(() => started(parallel(spread, { seed: -1 })), /seed/);
  refuses(() => parallel(spread).reset({ seed: 1.5 }), /seed/);
});

Deno.test("an iteration that does not step is stopped", () => {
  const env = started(aec(spread));
  refuses(() => {
    for (const _ of env.agentIter()) void env.last();
  }, /agentIter: call step\(\) or reset\(\) once in each round/);
});

Deno.test("render() without a mode says which there are", () => {
  refuses(() => started(parallel(spread)).render(), /renderMode "frame", "ansi" or "human"/);
});

Deno.test("an illegal action has the scenario's own answer, where it has one", () => {
  const ticTacToe = findScenario("classic/tictactoe_v3");
  const loses = started(aec(ticTacToe));
  assert.equal(loses.metadata.refusesIllegal, false);
  loses.step(4);
  loses.step(4);
  assert.deepEqual(loses.rewards, { player_1: 0, player_2: -1 });
  assert.deepEqual(loses.terminations, { player_1: true, player_2: true });
  const strict = started(aec(ticTacToe, { params: { illegal: "refuse" } }));
  strict.step(4);
  refuses(() => strict.step(4), /player_2: action 4 is forbidden by its mask: choose one of 0, 1, 2, 3, 5/);
});
