/**
 * Worlds: episodes, costs, ends, actions, snapshots; on hand-worked numbers.
 *
 * @module
 */
import assert from "node:assert/strict";
import { z } from "zod";
import {
  column,
  type Definition,
  describe,
  type Field,
  findScenario,
  group,
  makeWorld,
  plain,
  type Scenario,
  scenario,
  type Sets,
  type World,
  type WorldOptions,
} from "../../sim/mod.ts";

const spread = findScenario("mpe/simple_spread_v3");

type Counters = Definition<z.ZodObject, Sets, { readonly count: Field<"agent", "number"> }>;

/** Each agent's number grows by its action, 0 or 1; the second and third agent share a group. */
function counters(more: Partial<Counters> = {}): Scenario {
  const base: Counters = {
    id: "test/counters",
    maxCycles: 4,
    params: z.strictObject({}),
    world: () => plain({ agents: [group("a", 1), group("b", 2)] }),
    fields: { count: column("agent") },
    actions: { discrete: 2 },
    reset: () => {},
    dynamics: (k) => {
      for (const a of k.agents) k.fields.count.set(a, k.fields.count.get(a).add(k.action(a)));
    },
    observe: (k, a) => (a.group === "a" ? [k.fields.count.get(a)] : [k.fields.count.get(a), k.cycle]),
    reward: (k, a) => k.fields.count.get(a),
  };
  return scenario({ ...base, ...more });
}

const backends = ["js", "eval"] as const;

function each(
  name: string,
  check: (make: (scenario: Scenario, options?: WorldOptions) => World) => void,
): void {
  for (const backend of backends) {
    Deno.test(`${name} (${backend})`, () =>
      check((scenario, options = {}) => makeWorld(scenario, { ...options, backend })));
  }
}

function step(world: World, ...actions: number[]): void {
  world.actions.set(actions);
  world.step();
}

each("an episode that runs out is truncated, kept in final…, and begins anew", (make) => {
  const world = make(counters());
  assert.deepEqual([...world.spec.observationSizes], [1, 2, 2]);
  for (let t = 0; t < 3; t++) step(world, 1, 0, 1);
  assert.deepEqual([...world.obs], [3, 0, 0, 3, 3, 3]);
  assert.deepEqual([...world.state], [3, 0, 3, 3, 3], "without padding");
  assert.equal(world.done[0], 0);
  step(world, 1, 0, 1);
  assert.deepEqual([...world.reward], [4, 0, 4]);
  assert.deepEqual([...world.finalObs], [4, 0, 0, 4, 4, 4]);
  assert.deepEqual([...world.finalState], [4, 0, 4, 4, 4]);
  assert.deepEqual([...world.obs], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...world.truncated], [1, 1, 1]);
  assert.deepEqual([...world.terminated], [0, 0, 0]);
  assert.deepEqual([world.done[0], world.cycle[0], world.episode[0]], [1, 0, 1]);
  step(world, 0, 0, 0);
  assert.deepEqual([world.done[0], world.cycle[0], world.truncated[0]], [0, 1, 0]);
});

each("an end for all is a termination, even at the last step", (make) => {
  const ends = counters({ terminate: { scope: "team", of: (k) => k.cycle.ge(2) } });
  for (const maxCycles of [2, 5]) {
    const world = make(ends, { maxCycles });
    step(world, 0, 0, 0);
    assert.equal(world.done[0], 0);
    step(world, 0, 0, 0);
    assert.deepEqual([...world.terminated, ...world.truncated, world.done[0]], [1, 1, 1, 0, 0, 0, 1]);
    step(world, 0, 0, 0);
    assert.deepEqual([...world.terminated, world.done[0]], [0, 0, 0, 0]);
  }
});

each(
  "an agent that ends acts no more, is not paid and not charged; the last one ends the episode",
  (make) => {
    const mortal = counters({
      terminate: {
        scope: "agent",
        of: (k, a) => k.sum(k.agents, (b) => k.action(b).mul(b.index.add(1))).eq(a.index.add(1)),
      },
      costs: {
        one: { scope: "agent", of: () => 1 },
        two: { scope: "pair", of: () => 1 },
        team: { scope: "team", of: () => 1 },
      },
    });
    const world = make(mortal, { maxCycles: 6 });
    step(world, 0, 0, 1); // sum 2: the second of group b ends
    assert.deepEqual([...world.terminated], [0, 0, 1]);
    assert.deepEqual([...world.alive], [1, 1, 0]);
    assert.deepEqual([...world.reward], [0, 0, 1], "its last step still counts");
    assert.deepEqual([...world.channelCost], [3, 3, 1]);
    step(world, 0, 0, 0);
    assert.deepEqual([...world.terminated, ...world.truncated], [0, 0, 0, 0, 0, 0]);
    assert.deepEqual([...world.reward], [0, 0, 0]);
    assert.deepEqual([...world.cost], [1, 1, 1, 1, 1, 1, 0, 0, 0]);
    assert.deepEqual([...world.channelCost], [2, 1, 1]);
    step(world, 1, 0, 0); // sum 1: both that are left end
    assert.deepEqual([...world.terminated], [1, 1, 0]);
    assert.deepEqual([...world.truncated], [0, 0, 0]);
    assert.equal(world.done[0], 1);
    assert.deepEqual([...world.alive], [1, 1, 1], "the next episode");
  },
);

each("who ended earlier is not truncated", (make) => {
  const world = make(counters({ terminate: { scope: "agent", of: (k, a) => k.fields.count.get(a).gt(0) } }));
  step(world, 1, 0, 0);
  for (let t = 0; t < 3; t++) step(world, 0, 0, 0);
  assert.deepEqual([...world.truncated], [0, 1, 1]);
});

each("costs: who is charged, and what counts once", (make) => {
  const world = make(counters({
    costs: {
      own: { scope: "agent", of: (k, a) => k.fields.count.get(a) },
      pair: { scope: "pair", of: (k, a, b) => k.fields.count.get(a).mul(10).add(k.fields.count.get(b)) },
      group: { scope: "group", of: (k, members) => k.sum(members, (m) => k.fields.count.get(m)) },
      team: { scope: "team", of: (k) => k.cycle },
    },
  }));
  step(world, 1, 0, 1);
  // counts 1, 0, 1: pairs (a, b0) = 10, (a, b1) = 11, (b0, b1) = 1
  assert.deepEqual([...world.cost], [1, 21, 1, 1, /**/ 0, 11, 1, 1, /**/ 1, 12, 1, 1]);
  assert.deepEqual([...world.channelCost], [2, 22, 2, 1]);
  assert.deepEqual(world.spec.channels.map(({ scope }) => scope), ["agent", "pair", "group", "team"]);
});

each("a masked action is refused, and masks follow the state", (make) => {
  const world = make(counters({ mask: (k, a) => [k.cycle.ge(0), k.fields.count.get(a).lt(1)] }));
  assert.deepEqual([...world.mask], [1, 1, 1, 1, 1, 1]);
  step(world, 1, 0, 0);
  assert.deepEqual([...world.mask], [1, 0, 1, 1, 1, 1]);
  assert.throws(
    () => step(world, 1, 0, 0),
    /a_0: action 1 is forbidden by its mask: choose one where mask is 1/,
  );
});

each("actions outside their space are refused, by name and value, before anything moves", (make) => {
  const world = make(spread, { envs: 2 });
  const before = world.hash(1);
  world.actions[4] = 5;
  assert.throws(() => world.step(), /agent_1 of environment 1: expected a whole number from 0 to 4, found 5/);
  assert.equal(world.hash(1), before);
  const strong = make(spread, { actions: "continuous" });
  strong.actions[7] = 1.5;
  assert.throws(() => strong.step(), /agent_1, action component 2: expected a number from 0 to 1, found 1.5/);
  strong.actions[7] = NaN;
  assert.throws(() => strong.step(), /found NaN/);
});

each("a snapshot restores into a world like it, and into no other", (make) => {
  const world = make(spread, { envs: 2 });
  const bytes = world.snapshot();
  const hash = world.hash(1);
  for (let t = 0; t < 3; t++) step(world, 1, 2, 3, 4, 0, 1);
  assert.notEqual(world.hash(1), hash);
  world.restore(bytes);
  assert.equal(world.hash(1), hash);
  assert.throws(
    () => make(spread).restore(bytes),
    /not a snapshot of mpe\/simple_spread_v3 with these params/,
  );
  assert.throws(
    () => make(spread, { envs: 2, params: { localRatio: 0.1 } }).restore(bytes),
    /not a snapshot/,
  );
  assert.throws(() => world.fork(0, 2), /fork: expected an environment from 0 to 1, found 2/);
});

each("episodes have starts of their own, which reset can go to", (make) => {
  const world = make(spread, { maxCycles: 1 });
  world.reset(3);
  const starts = [world.hash(0)];
  for (let episode = 1; episode < 4; episode++) {
    step(world, 0, 0, 0);
    starts.push(world.hash(0));
  }
  assert.equal(new Set(starts).size, 4);
  world.reset(3, 2);
  assert.equal(world.hash(0), starts[2]);
});

Deno.test("describe() tells sizes, spaces and channels", () => {
  const spec = describe(spread, { N: 4 });
  assert.deepEqual([spec.N, spec.O, spec.A, spec.C, spec.S], [4, 24, 5, 1, 96]);
  assert.deepEqual(spec.agents, ["agent_0", "agent_1", "agent_2", "agent_3"]);
  assert.deepEqual(spec.groups[0]!.members, [0, 1, 2, 3]);
  assert.deepEqual(spec.groups[0]!.action, { kind: "discrete", n: 5 });
  assert.deepEqual(spec.budgets, [{ channel: "collision", kind: "episode", limit: 2 }]);
  assert.deepEqual([spec.params.N, spec.params.localRatio], [4, 0.5]);
});

Deno.test("a reward is shared where all agents get one value", () => {
  assert.equal(describe(spread).sharedReward, false);
  assert.equal(describe(spread, { N: 12 }).sharedReward, false);
  assert.equal(describe(spread, { localRatio: 0 }).sharedReward, true);
  assert.equal(describe(spread, { localRatio: 0, N: 12 }).sharedReward, true);
  assert.equal(describe(findScenario("matrix/two_step")).sharedReward, true);
});

Deno.test("two_step pays 7 in 2A, and [[0, 1], [1, 8]] in 2B", () => {
  const world = makeWorld(findScenario("matrix/two_step"));
  for (const second of [[0, 0], [0, 1], [1, 0], [1, 1]] as const) {
    for (const [game, payoff] of [[0, 7], [1, [0, 1, 1, 8][2 * second[0] + second[1]]]]) {
      assert.deepEqual([...world.obs.subarray(0, 3)], [1, 0, 0]);
      step(world, game!, 1);
      assert.deepEqual([...world.reward], [0, 0]);
      assert.deepEqual([...world.obs.subarray(0, 3)], game === 0 ? [0, 1, 0] : [0, 0, 1]);
      step(world, ...second);
      assert.deepEqual([...world.reward], [payoff, payoff]);
      assert.equal(world.done[0], 1);
    }
  }
});

Deno.test("wrong params, options and names are refused with their cure", () => {
  assert.throws(() => makeWorld(spread, { params: { n: 3 } }), /mpe\/simple_spread_v3 has no setting "n"/);
  assert.throws(
    () => makeWorld(spread, { envs: 0 }),
    /expected envs to be a whole number of at least 1, found 0/,
  );
  assert.throws(() => makeWorld(spread, { maxCycles: 0 }), /maxCycles/);
  assert.throws(
    () => makeWorld(counters(), { actions: "continuous" }),
    /no continuous actions for group a: use actions: "discrete"/,
  );
  assert.throws(() => findScenario("mpe/simple_spred_v3"), /Did you mean "mpe\/simple_spread_v3"\?/);
  const misspelt = counters({
    costs: { heat: { scope: "team", of: () => 1 } },
    budgets: { heap: { kind: "step", limit: 1 } },
  });
  assert.throws(() => describe(misspelt), /budget for "heap", which is no cost of it. Did you mean "heat"\?/);
});
