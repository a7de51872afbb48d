/**
 * What every algorithm on the shelf must do, with either kind of action, with and without a priced limit.
 */
import assert from "node:assert/strict";
import {
  algorithms,
  checkNeeds,
  decodeCheckpoint,
  encodeCheckpoint,
  stateHash,
  trainer,
} from "../../agents/mod.ts";
import type { AlgorithmEntry, Trainer, TrainerOptions } from "../../agents/mod.ts";
import { lagrangian } from "../../constraints/mod.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { readModel } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

const runtime = nodeRuntime();
const kinds = ["discrete", "continuous"] as const;
const small = { hidden: [8], horizon: 10, epochs: 2, minibatches: 2 };

function start(
  entry: AlgorithmEntry,
  actions: typeof kinds[number],
  more: Partial<TrainerOptions> = {},
  set = {},
): Trainer {
  return trainer({
    scenario: findScenario("mpe/simple_spread_v3"),
    actions,
    algorithm: entry.make({ ...small, ...set }),
    constraint: lagrangian({ rate: 1 }),
    steps: 400,
    envs: 4,
    seed: 3,
    runtime,
    ...more,
  });
}

const parameters = (run: Trainer) =>
  Object.values(run.learners).flatMap(({ state }) =>
    Object.entries(state).filter(([name]) => name.endsWith(".theta")).map(([, theta]) => theta.slice())
  );

for (const entry of algorithms) {
  for (const actions of kinds) {
    const { spec } = makeWorld(findScenario("mpe/simple_spread_v3"), { actions });
    if ((entry.make({}).needs.actions ?? actions) !== actions) {
      Deno.test(`${entry.name} refuses ${actions} actions and says what would work`, () => {
        assert.throws(() => checkNeeds(entry.make({}), spec), /needs .* actions.*Use /);
      });
      continue;
    }
    const title = `${entry.name}, ${actions} actions:`;

    Deno.test(`${title} two updates change every parameter, and all stay finite`, () => {
      const run = start(entry, actions);
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

    Deno.test(`${title} learning rates of zero change nothing`, () => {
      const run = start(entry, actions, {}, { actorRate: 0, criticRate: 0 });
      const before = parameters(run);
      run.advance();
      assert.deepEqual(parameters(run), before);
      run.dispose();
    });

    Deno.test(`${title} the same seed gives the same bits, another seed others`, () => {
      const hashes = [3, 3, 4].map((seed) => {
        const run = start(entry, actions, { seed });
        run.advance();
        const hash = stateHash(run.save().tensors);
        run.dispose();
        return hash;
      });
      assert.equal(hashes[0], hashes[1]);
      assert.notEqual(hashes[0], hashes[2]);
    });

    Deno.test(`${title} save, load, continue gives the same bits as going on`, () => {
      const origin = { scenario: "mpe/simple_spread_v3", codeHash: spec.codeHash, algorithm: entry.name };
      const straight = start(entry, actions);
      for (let i = 0; i < 2; i++) straight.advance();
      const file = encodeCheckpoint(straight.save(), origin);
      for (let i = 0; i < 3; i++) straight.advance();
      const resumed = start(entry, actions);
      resumed.restore(decodeCheckpoint(file, origin));
      for (let i = 0; i < 3; i++) resumed.advance();
      assert.equal(stateHash(resumed.save().tensors), stateHash(straight.save().tensors));
      assert.equal(resumed.step, straight.step);
      straight.dispose();
      resumed.dispose();
    });

    Deno.test(`${title} the exported model acts as the policy does`, () => {
      const run = start(entry, actions);
      run.advance();
      run.advance();
      const [group] = run.spec.groups;
      const learner = run.learners[group!.name]!;
      const O = run.spec.observationSizes[0]!;
      const A = run.spec.actionSizes[0]!;
      const rows = 5;
      const bytes = learner.export({ scenario: run.spec.scenario });
      assert.deepEqual(readModel(bytes).inputs.map((port) => port.name).sort(), ["mask", "noise", "obs"]);
      const obs = Float32Array.from({ length: rows * O }, (_, i) => ((i * 37) % 19) / 9 - 1);
      const session = runtime.load(bytes);
      const served = session.run({
        obs: { dtype: "float32", shape: [rows, O], data: obs },
        mask: { dtype: "float32", shape: [rows, A], data: new Float32Array(rows * A).fill(1) },
        noise: { dtype: "float32", shape: [rows, A], data: new Float32Array(rows * A) },
      }).action!.data;
      const into = actions === "discrete" ? new Int32Array(rows) : new Float32Array(rows * A);
      learner.policy(true).act(
        { rows, obs, mask: new Uint8Array(rows * A).fill(1), hidden: new Float32Array(), streams: [] },
        into,
      );
      into.forEach((action, i) => assert.ok(Math.abs(action - served[i]!) < 1e-6));
      session.dispose();
      run.dispose();
    });
  }
}
