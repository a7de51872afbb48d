import assert from "node:assert/strict";
import { fillNormal, fork, integer, seed, uniform } from "../../core/mod.ts";
import { actor } from "../../agents/actor.ts";
import { ppoLoss } from "../../agents/algorithms/ppo.ts";
import { critics } from "../../agents/critic.ts";
import { normaliser } from "../../agents/normaliser.ts";
import { rollout } from "../../agents/rollout.ts";
import { bindLimits, lagrangian } from "../../constraints/mod.ts";
import { findScenario, makeWorld } from "../../sim/mod.ts";
import { compileUpdate } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";

/** Sequences, and their steps where the network has a memory. */
const U = 8;
const chunk = 3;
const runtime = nodeRuntime();

/** The PPO update of crossing with two robots and two priced costs, on random data of every column. */
function compiled(actions: "discrete" | "continuous", memory: number) {
  const { spec } = makeWorld(findScenario("safe/crossing"), { params: { N: 2 }, actions });
  const group = spec.groups[0]!;
  const pricing = lagrangian().bind(spec, bindLimits(spec, spec.budgets));
  const L = memory > 0 ? chunk : 1;
  const rows = U * L;
  const net = actor(spec, group, { hidden: [8], memory, ids: true });
  const { A, sight } = net;
  const roll = rollout({ spec, group, sight, view: "joint", horizon: 4 * L, chunk: L, memory });
  const critic = critics(
    {
      pricing,
      runtime,
      scale: normaliser(roll.O),
      hidden: [8],
      memory,
      gamma: 0.9,
      lambda: 0.9,
      valueBeta: 0.9,
    },
    roll,
  );
  const heads = critic.heads.length;
  const discrete = actions === "discrete";
  const update = compileUpdate({
    runtime,
    groups: { actor: net.layout, critic: critic.layout },
    hyper: { "lr.actor": 1e-3, "lr.critic": 1e-3, clip: 0.2, entropy: 0.01, targetKl: 1e9 },
    data: {
      obs: { shape: [U, L, roll.O] },
      criticObs: { shape: [U, L, roll.O_critic] },
      mask: { shape: [U, L, A] },
      action: discrete ? { shape: [U, L], dtype: "int32" } : { shape: [U, L, A] },
      logp: { shape: [U, L] },
      advantage: { shape: [U, L] },
      acted: { shape: [U, L] },
      earns: { shape: [U, L] },
      target: { shape: [U, L, heads] },
      ...memory > 0 && {
        first: { shape: [U, L] },
        hidden: { shape: [U, memory] },
        criticHidden: { shape: [U, heads * memory] },
      },
    },
    epochs: 1,
    minibatch: U,
    loss: (p, batch, hyper) => ppoLoss(net, critic.values, 1, p, batch, hyper),
  });
  const stream = seed(5);
  update.state["actor.theta"]!.set(net.layout.init(fork(stream, "actor")).map((x) => 3 * x));
  update.state["critic.theta"]!.set(critic.layout.init(fork(stream, "critic")));
  const normals = (n: number) => {
    const into = new Float32Array(n);
    fillNormal(stream, into);
    return into;
  };
  const taken = Int32Array.from({ length: rows }, () => integer(stream, A));
  const data = {
    obs: normals(rows * roll.O),
    criticObs: normals(rows * roll.O_critic),
    // The action that was taken was legal.
    mask: Float32Array.from(
      { length: rows * A },
      (_, i) => i % A === taken[Math.floor(i / A)] || uniform(stream) < 0.8 ? 1 : 0,
    ),
    action: discrete ? taken : normals(rows * A),
    logp: normals(rows).map((x) => x / 10 - 1.6),
    advantage: normals(rows),
    acted: Float32Array.from({ length: rows }, (_, i) => i % 5 === 0 ? 0 : 1),
    earns: Float32Array.from({ length: rows }, (_, i) => i % 7 === 0 ? 0 : 1),
    target: normals(rows * heads).map((x) => 2 * x),
    ...memory > 0 && {
      first: Float32Array.from({ length: rows }, () => uniform(stream) < 0.3 ? 1 : 0),
      hidden: normals(U * memory),
      criticHidden: normals(U * heads * memory),
    },
  };
  return { update, data };
}

const cases = [["discrete", 0], ["continuous", 0], ["discrete", 5], ["continuous", 5]] as const;

for (const [actions, memory] of cases) {
  Deno.test(`the compiled PPO loss and its step equal the eager ones, ${actions} actions, memory ${memory}`, () => {
    const { update, data } = compiled(actions, memory);
    const hyper = { "lr.actor": 1e-3, "lr.critic": 1e-3, clip: 0.2, entropy: 0.01, targetKl: 1e9 };
    const eager = update.step(data, hyper);
    const { metrics } = update.run(data, Int32Array.from({ length: U }, (_, i) => i), hyper);
    for (const [name, curve] of Object.entries(metrics)) {
      const difference = Math.abs(curve[0]! - eager.metrics[name]!);
      assert.ok(
        difference <= 1e-5 * Math.max(1, Math.abs(curve[0]!)),
        `${name}: ${curve[0]}, eager ${eager.metrics[name]}`,
      );
    }
    assert.ok(metrics.kl![0]! > 0 && metrics.value![0]! > 0.5);
    for (const [name, array] of Object.entries(update.state)) {
      array.forEach((x, i) => assert.ok(Math.abs(x - eager.state[name]![i]!) <= 1e-5, `${name}[${i}]`));
    }
    update.dispose();
  });
}
