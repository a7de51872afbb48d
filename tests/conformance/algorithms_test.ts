/**
 * What every algorithm on the shelf must do, with either kind of action, with and without a priced limit.
 */
import assert from "node:assert/strict";
import {
  algorithms,
  checkNeeds,
  decodeCheckpoint,
  encodeCheckpoint,
  restoreState,
  stateHash,
  trainer,
} from "../../agents/mod.ts";
import { fork, seed } from "../../core/mod.ts";
import {
  findScenario,
  type Group,
  makeWorld,
  type Policy,
  type PolicyInput,
  type WorldSpec,
} from "../../sim/mod.ts";
import { readModel, type Runtime } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import {
  fitting,
  kinds,
  offers,
  parameters,
  runtime,
  scenarioFor,
  shelf,
  small,
  start,
  still,
  variants,
} from "./trainings.ts";

/** A runtime that refuses what only learning needs. */
const light: Runtime = {
  ...runtime,
  load(model, heavy = false) {
    assert.ok(!heavy);
    return runtime.load(model);
  },
};
/** A few rows for a policy of `group`, all actions legal, and where the chosen actions go. */
function someRows(spec: WorldSpec, group: Group, { hiddenSize: H }: Policy) {
  const rows = 6;
  const [first] = group.members;
  const O = spec.observationSizes[first!]!;
  const A = spec.actionSizes[first!]!;
  const input: PolicyInput = {
    rows,
    obs: Float32Array.from({ length: rows * O }, (_, i) => ((i * 37) % 19) / 9 - 1),
    mask: new Uint8Array(rows * A).fill(1),
    member: Int32Array.from({ length: rows }, (_, row) => row % group.members.length),
    hidden: Float32Array.from({ length: rows * H }, (_, i) => Math.sin(i) / 2),
    streams: Array.from({ length: rows }, (_, row) => fork(seed(1), row)),
  };
  return { input, into: spec.actionKind === "discrete" ? new Int32Array(rows) : new Float32Array(rows * A) };
}

function near(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  for (let i = 0; i < found.length; i++) assert.ok(Math.abs(found[i]! - expected[i]!) < 1e-6, `${i}`);
}

for (const entry of algorithms) {
  for (const actions of kinds) {
    if (!scenarioFor(entry, actions)) {
      Deno.test(`${entry.name} refuses ${actions} actions and says what would work`, () => {
        const { spec } = makeWorld(shelf[0]!, { actions });
        assert.throws(() => checkNeeds(entry.make({}), spec, shelf[0]!), /needs .* actions.*Use /);
      });
      continue;
    }
    const title = `${entry.name}, ${actions} actions:`;

    Deno.test(`${title} each of several groups learns, whatever its sizes`, () => {
      const teams = findScenario("mpe/simple_world_comm_v3");
      const team = fitting(entry, { teamReward: "mean" });
      const run = start(entry, actions, team, { scenario: teams });
      const before = parameters(run);
      assert.ok(run.spec.groups.length > 1);
      for (let update = 0; update < 2; update++) run.advance();
      parameters(run).forEach((theta, g) => assert.notDeepEqual(theta, before[g]));
      run.dispose();
    });

    Deno.test(`${title} members that share nothing, told who they are, export a model each`, () => {
      const teams = findScenario("mpe/simple_speaker_listener_v4");
      const set = { share: false, agentIds: true, memory: 4, chunk: 5, teamReward: "mean" };
      if (!offers(entry, teams, actions)) return;
      const run = start(entry, actions, set, { scenario: teams });
      run.advance();
      for (const learner of Object.values(run.learners)) {
        const inputs = readModel(learner.export({})).inputs.map(({ name }) => name);
        assert.ok(inputs.includes("obs") && !inputs.includes("agent"));
      }
      run.dispose();
    });

    if (actions === "discrete") {
      Deno.test(`${title} plays by its masks, and learns where agents die and ends come early`, () => {
        const battle = findScenario("battle/skirmish");
        const run = trainer({
          scenario: battle,
          params: { N: 3 },
          algorithm: entry.make(fitting(entry, { ...small, epsilonEnd: 1 })),
          steps: 2000,
          envs: 8,
          seed: 1,
          runtime,
        });
        let died = 0;
        for (let update = 0; update < 6; update++) {
          const { metrics, episodes } = run.advance(); // the world refuses an illegal action
          assert.ok(Object.values(metrics).every(Number.isFinite), JSON.stringify(metrics));
          died += episodes.length;
        }
        assert.ok(died > 0, "no battle ended");
        run.dispose();
      });
    }

    Deno.test(`${title} learning rates of zero change nothing`, () => {
      const run = start(entry, actions, still);
      const before = parameters(run);
      run.advance();
      assert.deepEqual(parameters(run), before);
      run.dispose();
    });

    Deno.test(`${title} the same seed gives the same bits, another seed others`, () => {
      const hashes = [3, 3, 4].map((seed) => {
        const run = start(entry, actions, {}, { seed });
        run.advance();
        const hash = stateHash(run.save().tensors);
        run.dispose();
        return hash;
      });
      assert.equal(hashes[0], hashes[1]);
      assert.notEqual(hashes[0], hashes[2]);
    });

    for (const [name, set] of variants(entry)) {
      const kind = `${entry.name}${name}, ${actions} actions:`;

      Deno.test(`${kind} two updates change every parameter, and all stay finite`, () => {
        const run = start(entry, actions, set);
        const before = parameters(run);
        run.advance();
        const { metrics } = run.advance();
        assert.ok(Object.values(metrics).every(Number.isFinite), JSON.stringify(metrics));
        parameters(run).forEach((theta, g) => {
          const moved = theta.filter((x, i) => x !== before[g]![i]).length;
          assert.ok(theta.every(Number.isFinite));
          // A weight whose input is always zero (padding, silent channels) has no gradient.
          assert.ok(moved > 0.5 * theta.length, `${moved} of ${theta.length} parameters moved`);
        });
        run.dispose();
      });

      Deno.test(`${kind} save, load, continue gives the same bits as going on`, () => {
        const straight = start(entry, actions, set);
        const { scenario, codeHash } = straight.spec;
        const origin = { scenario, codeHash, algorithm: entry.name };
        for (let i = 0; i < 2; i++) straight.advance();
        const file = encodeCheckpoint(straight.save(), origin);
        for (let i = 0; i < 3; i++) straight.advance();
        const resumed = start(entry, actions, set);
        resumed.restore(decodeCheckpoint(file, origin));
        for (let i = 0; i < 3; i++) resumed.advance();
        assert.equal(stateHash(resumed.save().tensors), stateHash(straight.save().tensors));
        assert.equal(resumed.step, straight.step);
        straight.dispose();
        resumed.dispose();
      });

      if (!("share" in set)) {
        Deno.test(`${kind} two threads learn the same bits as one`, () => {
          const large = { hidden: [64, 64], minibatches: 1, batch: 64, capacity: 128, start: 64 };
          const [one, two] = [1, 2].map((threads) => {
            const run = start(entry, actions, { ...set, ...large }, {
              envs: 64,
              runtime: nodeRuntime({ threads }),
            });
            for (let update = 0; update < 3; update++) run.advance();
            const hash = stateHash(run.save().tensors);
            run.dispose();
            return hash;
          });
          assert.equal(two, one);
        });
      }

      Deno.test(`${kind} the exported model acts as the policy does`, () => {
        const run = start(entry, actions, set);
        run.advance();
        run.advance();
        const [group] = run.spec.groups;
        const policy = run.learners[group!.name]!.policy(true);
        const bytes = run.learners[group!.name]!.export({ scenario: run.spec.scenario });
        const { input, into } = someRows(run.spec, group!, policy);
        const { rows, obs, hidden, member } = input;
        const O = obs.length / rows;
        const A = input.mask.length / rows;
        const H = policy.hiddenSize;
        const session = runtime.load(bytes);
        const feeds = {
          obs: { dtype: "float32", shape: [rows, O], data: obs },
          mask: { dtype: "float32", shape: [rows, A], data: new Float32Array(rows * A).fill(1) },
          noise: { dtype: "float32", shape: [rows, A], data: new Float32Array(rows * A) },
          agent: { dtype: "int32", shape: [rows], data: member },
          hidden: { dtype: "float32", shape: [rows, H], data: hidden.slice() },
        } as const;
        const inputs = readModel(bytes).inputs.map(({ name }) => name as keyof typeof feeds);
        assert.equal(inputs.includes("hidden"), H > 0);
        const served = session.run(Object.fromEntries(inputs.map((name) => [name, feeds[name]])));
        policy.act(input, into);
        near(into, served.action!.data);
        if (H > 0) near(hidden, served.hidden_next!.data);
        session.dispose();
        run.dispose();
      });

      Deno.test(`${kind} a player begins as the learner does, then plays and exports what that learned`, () => {
        const run = start(entry, actions, set, { seed: 3 });
        const { spec } = run;
        const players = spec.groups.map((group) => {
          const stream = fork(seed(3), `learner.${group.name}`);
          const { player } = entry.make(fitting(entry, { ...small, ...set }));
          return [group, player({ spec, group, runtime: light, stream }), run.learners[group.name]!] as const;
        });
        for (const [, player, learner] of players) assert.deepEqual(player.policyState, learner.policyState);
        run.advance();
        run.advance();
        for (const [group, player, learner] of players) {
          assert.notDeepEqual(player.policyState, learner.policyState);
          restoreState(learner.policyState, player.policyState);
          player.refresh();
          for (const mode of [false, true]) {
            const [played, expected] = [player, learner].map((who) => {
              const policy = who.policy(mode);
              const { input, into } = someRows(spec, group, policy);
              policy.act(input, into);
              return { into, hidden: input.hidden };
            });
            assert.deepEqual(played, expected);
          }
          assert.deepEqual(player.export({ from: "here" }), learner.export({ from: "here" }));
        }
        run.dispose();
      });
    }
  }
}
