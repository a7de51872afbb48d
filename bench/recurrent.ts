/**
 * An update of recurrent MAPPO with the sizes of simple_spread: actor and critic each two layers and a GRU of 64, chunks
 * of 10 steps, several epochs of minibatches on one rollout, forward and backward through time, clipping and Adam. The
 * loss is the product's own; PyTorch's twin is written as MAPPO's authors write it.
 *
 * @module
 */
import { fork, integer, permutation, seed } from "../core/mod.ts";
import { describe, findScenario } from "../sim/mod.ts";
import { compileUpdate, layout } from "../tensor/mod.ts";
import { nodeRuntime } from "../tensor/runtime/node.ts";
import { actor } from "../agents/actor.ts";
import { ppoLoss } from "../agents/algorithms/ppo.ts";
import { network } from "../agents/network.ts";
import { type Contest, contests, made, normals, sent, sentParameters } from "./learner.ts";

const envs = 32;
const horizon = 50;
const L = 10;
const H = 64;
const epochs = 5;
const minibatches = 2;
const episode = 25;
const maxNorm = 10;
const huber = 10;
const hyper = { "lr.actor": 7e-4, "lr.critic": 1e-3, clip: 0.2, entropy: 0.01, targetKl: 1e9 };

function contest(): Contest {
  const spec = describe(findScenario("mpe/simple_spread_v3"));
  const { N: M, O, A, S } = spec;
  const U = envs * M * horizon / L;
  const minibatch = U / minibatches;
  const rows = epochs * minibatches;
  const net = actor(spec, spec.groups[0]!, { hidden: [64, 64], memory: H, ids: false });
  const critic = network("reward", { sizes: [S + O, 64, 64, 1], memory: H });
  const shapes = {
    obs: [U, L, O],
    criticObs: [U, L, S + O],
    mask: [U, L, A],
    logp: [U, L],
    advantage: [U, L],
    acted: [U, L],
    earns: [U, L],
    target: [U, L, 1],
    first: [U, L],
    hidden: [U, H],
    criticHidden: [U, H],
  };
  const groups = { actor: net.layout, critic: layout(critic.parts) };
  const update = compileUpdate({
    runtime: nodeRuntime({ threads: 1 }),
    groups,
    hyper,
    data: {
      ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }])),
      action: { shape: [U, L], dtype: "int32" },
    },
    epochs,
    minibatch,
    maxNorm,
    loss: (p, batch, h) => ppoLoss(net, critic.along, huber, p, batch, h),
  });

  const stream = made("recurrent");
  const small = (length: number) => normals(stream, length).map((x) => 0.1 * x);
  const data = {
    obs: normals(stream, U * L * O),
    criticObs: normals(stream, U * L * (S + O)),
    mask: new Float32Array(U * L * A).fill(1),
    logp: small(U * L).map((x) => x - Math.log(A)),
    advantage: normals(stream, U * L),
    acted: new Float32Array(U * L).fill(1),
    earns: new Float32Array(U * L).fill(1),
    target: normals(stream, U * L),
    // unit u is chunk u / (envs · M) of its row; all environments begin their episodes together
    first: Float32Array.from({ length: U * L }, (_, i) => {
      const t = Math.floor(Math.floor(i / L) / (envs * M)) * L + i % L;
      return t % episode === 0 ? 1 : 0;
    }),
    hidden: small(U * H),
    criticHidden: small(U * H),
    action: Int32Array.from({ length: U * L }, () => integer(stream, A)),
  };
  const order = new Int32Array(rows * minibatch);
  for (let e = 0; e < epochs; e++) permutation(stream, order.subarray(e * U, (e + 1) * U));
  const theta = {
    actor: groups.actor.init(fork(seed(1), "actor")),
    critic: groups.critic.init(fork(seed(1), "critic")),
  };

  return {
    name: `recurrent MAPPO update, GRU 64, ${minibatch} chunks of ${L}`,
    unit: "minibatches/s",
    bar: 1.2,
    work: rows,
    once: () => update.run(data, order, hyper),
    losses() {
      update.state["actor.theta"]!.set(theta.actor);
      update.state["critic.theta"]!.set(theta.critic);
      const { metrics } = update.run(data, order, hyper);
      return { policy: metrics.policy!, value: metrics.value!, entropy: metrics.entropy! };
    },
    script: "torch_recurrent.py",
    job: {
      actor: [O, 64, 64, A],
      critic: [S + O, 64, 64, 1],
      memory: H,
      hyper: {
        actorRate: hyper["lr.actor"],
        criticRate: hyper["lr.critic"],
        clip: hyper.clip,
        entropy: hyper.entropy,
        maxNorm,
        huber,
      },
      data: {
        ...Object.fromEntries(
          Object.entries(shapes).map((
            [name, shape],
          ) => [name, sent(data[name as keyof typeof shapes], shape)]),
        ),
        action: sent(data.action, [U, L]),
      },
      permutation: sent(order, [rows, minibatch]),
      theta: {
        actor: sentParameters(groups.actor, theta.actor),
        critic: sentParameters(groups.critic, theta.critic),
      },
    },
    peers: [
      { peerName: "PyTorch as MAPPO's authors write it", how: { tuned: false } },
      { peerName: "PyTorch tuned (fused Adam, arguments unchecked)", how: { tuned: true } },
    ],
    dispose: () => update.dispose(),
  };
}

export const recurrent = contests(contest);
