/** MADDPG's losses by hand: which actions its critic is asked about, what is regularised, and who is left out. */
import assert from "node:assert/strict";
import { seed } from "../../core/mod.ts";
import { maddpg, maddpgLoss } from "../../agents/algorithms/maddpg.ts";
import { stateHash, trainer } from "../../agents/mod.ts";
import { transitions } from "../../agents/transitions.ts";
import { findScenario, type WorldSpec } from "../../sim/mod.ts";
import { compileUpdate, layout, mlpParts } from "../../tensor/mod.ts";
import { nodeRuntime } from "../../tensor/runtime/node.ts";
import { specOf } from "../constraints/fixtures.ts";
import { bandit } from "./fixtures.ts";

const runtime = nodeRuntime();
const near = (found: number, expected: number, what: string) =>
  assert.ok(Math.abs(found - expected) < 1e-5, `${what}: found ${found}, expected ${expected}`);

/** A row of the loss: one agent that sees a number. */
interface Row {
  readonly obs?: number;
  readonly mask: readonly number[];
  readonly noise?: readonly number[];
  readonly alive: 0 | 1;
}

/**
 * The loss of rows of one agent. Its raw output is `bias + max(0, obs)`, the critic's value `weights · action`.
 *
 * @returns `value`, by the compiled graph, and the gradient by `bias`, of the eager twin
 */
function lossOf(
  { bias, weights, discrete, regulariser, temperature = 1, team = false, rows }: {
    readonly bias: readonly number[];
    readonly weights: readonly number[];
    readonly discrete: boolean;
    readonly regulariser: number;
    readonly temperature?: number;
    readonly team?: boolean;
    readonly rows: readonly Row[];
  },
): { value: number; gradient: number[] } {
  const A = bias.length;
  const R = rows.length;
  const net = { discrete, A, low: 0, high: 1 };
  const actor = layout(mlpParts("mu", [1, 1, A]));
  const critic = layout(mlpParts("q", [1 + A + 1, 1, 1]));
  const hyper = { "lr.actor": 1e-3, "lr.critic": 1e-3 };
  const update = compileUpdate({
    runtime,
    groups: { actor, critic },
    hyper,
    data: {
      seen: { shape: [R, 1] },
      actions: { shape: [R, A] },
      own: { shape: [R, A] },
      whose: { shape: [R, 1] },
      obs: { shape: [R, 1] },
      mask: { shape: [R, A] },
      noise: { shape: [R, A] },
      target: { shape: [R] },
      alive: { shape: [R] },
    },
    epochs: 1,
    minibatch: R,
    loss: (p, batch) => maddpgLoss(net, { regulariser, temperature, padded: A, team }, p, batch),
  });
  const mu = actor.views(update.state["actor.theta"]!);
  mu["mu.w0"]!.fill(1);
  mu["mu.w1"]!.fill(1);
  mu["mu.b1"]!.set(bias);
  // The hidden unit is kept from zero, so that the critic is linear.
  const q = critic.views(update.state["critic.theta"]!);
  q["q.w0"]!.set([0, ...weights, 0]);
  q["q.b0"]!.fill(16);
  q["q.w1"]!.fill(1);
  q["q.b1"]!.fill(-16);
  const data = {
    seen: new Float32Array(R),
    actions: new Float32Array(R * A),
    own: new Float32Array(R * A).fill(1),
    whose: new Float32Array(R).fill(1),
    obs: Float32Array.from(rows, ({ obs = 0 }) => obs),
    mask: Float32Array.from(rows.flatMap(({ mask }) => mask)),
    noise: Float32Array.from(rows.flatMap(({ noise = bias.map(() => 0) }) => noise)),
    target: new Float32Array(R),
    alive: Float32Array.from(rows, ({ alive }) => alive),
  };
  const { gradients } = update.step(data, hyper);
  const { metrics } = update.run(data, Int32Array.from(rows, (_, i) => i), hyper);
  assert.ok(update.state["actor.theta"]!.every(Number.isFinite));
  update.dispose();
  return { value: metrics.value![0]!, gradient: [...actor.views(gradients.actor!)["mu.b1"]!] };
}

Deno.test("the critic is asked about legal actions alone; who cannot act is left out", () => {
  const bias = [0.3, 2, -0.4];
  const weights = [1, 7, -2];
  const [temperature, regulariser] = [0.5, 0.01];
  const acting: Row = { mask: [1, 0, 1], noise: [0.1, 5, -0.2], alive: 1 };
  const idle: Row[] = [
    { mask: [0, 0, 0], obs: 9, alive: 0 }, // dead
    { mask: [0, 0, 0], obs: 9, alive: 1 }, // it is not its turn
  ];
  // Softmax of (0.3 + 0.1, −0.4 − 0.2) / 0.5 over the two legal actions.
  const first = 1 / (1 + Math.exp((-0.6 - 0.4) / temperature));
  const expected = first - 2 * (1 - first);
  const slope = [first * (1 - expected), 0, (1 - first) * (-2 - expected)];
  for (const rows of [[acting], [acting, ...idle]]) {
    const { value, gradient } = lossOf({
      ...{ bias, weights, discrete: true, regulariser, temperature, rows },
    });
    near(value, expected, "value");
    gradient.forEach((found, a) =>
      near(found, 2 * regulariser * bias[a]! / 3 - slope[a]! / temperature, `slope of logit ${a}`)
    );
  }
  const none = lossOf({ bias, weights, discrete: true, regulariser, rows: idle });
  assert.deepEqual(none, { value: 0, gradient: [0, 0, 0] });
});

Deno.test("continuous actions are regularised before tanh and box: towards the middle; the dead are left out", () => {
  const bias = [0, 0.8];
  const regulariser = 0.1;
  const box = (raw: number) => (1 + Math.tanh(raw)) / 2;
  const weights = [0.5, -3];
  for (const team of [false, true]) {
    const { value, gradient } = lossOf({
      ...{ bias, weights, discrete: false, regulariser, team },
      rows: [{ mask: [1, 1], alive: 1 }, { mask: [1, 1], obs: 2, alive: 0 }],
    });
    near(value, 0.5 * box(0) - 3 * box(0.8), "value");
    bias.forEach((raw, a) => {
      const slope = weights[a]! * (1 - Math.tanh(raw) ** 2) / 2;
      near(gradient[a]!, 2 * regulariser * raw / 2 - slope, `slope of output ${a}`);
    });
  }
});

const started = (spec: WorldSpec, settings: Record<string, unknown>) =>
  maddpg.make({ hidden: [4], capacity: 5000, ...settings }).start({
    ...{ spec, group: spec.groups[0]!, runtime, stream: seed(1), pricing: undefined },
    peers: () => ({}),
  });

Deno.test("a learner whose only legal action is the worse one does not move towards the better", () => {
  for (const forbidden of [true, false]) {
    const world = bandit(8);
    const learner = started(world.spec, {
      ...{ horizon: 1, start: 8, batch: 8, updates: 1, regulariser: 0, actorRate: 0.01, criticRate: 0 },
    });
    const theta = learner.state["actor.theta"]!;
    const before = theta.slice();
    for (let e = 0; e < 8; e++) world.mask[2 * e + 1] = forbidden ? 0 : 1;
    learner.act(world);
    if (forbidden) assert.ok(world.actions.every((action) => action === 0));
    world.step();
    world.mask.fill(1); // what is legal afterwards is another matter
    learner.observe(world);
    learner.learn(world, { progress: 0, prices: [] });
    assert.equal(theta.every((x, i) => x === before[i]), forbidden);
    learner.dispose();
  }
});

/** The target actor's actions `[2000,2,2]` after any observation, its last bias given; the second agent has no choice. */
function followed(spec: WorldSpec, bias: readonly number[]) {
  const learner = started(spec, { batch: 2000 });
  const theta = learner.state.targetActor!;
  theta.fill(0);
  theta.set(bias, theta.length - bias.length);
  const batch = transitions(spec, 1).batch(2000);
  batch.nextMask.forEach((_, i) => batch.nextMask[i] = i % 4 === 2 ? 0 : 1);
  const again = () => {
    const into = new Float32Array(2000 * 4);
    learner.targetActions!(batch, into);
    return into;
  };
  return { learner, again };
}

Deno.test("discrete target actions are drawn from the target policy, by a stream that checkpoints hold", () => {
  const { learner, again } = followed(specOf(1, 2, []), [Math.log(0.7), Math.log(0.3)]);
  const words = learner.state.draw!.slice();
  const one = again();
  const share = (a: number) => one.filter((x, i) => i % 4 === a && x === 1).length / 2000;
  assert.equal(share(0) + share(1), 1);
  // Three deviations of a share of 2000.
  assert.ok(Math.abs(share(1) - 0.3) < 3 * Math.sqrt(0.3 * 0.7 / 2000), `${share(1)}`);
  assert.deepEqual([share(2), share(3)], [0, 1]);
  assert.notDeepEqual(again(), one);
  learner.state.draw!.set(words);
  assert.deepEqual(again(), one);
  learner.dispose();
});

Deno.test("continuous target actions are the target policy's, without noise", () => {
  const spec = specOf(1, 2, []);
  const action = { kind: "box", low: 0, high: 1, shape: [2] } as const;
  const groups = spec.groups.map((group) => ({ ...group, action }));
  const { learner, again } = followed({ ...spec, actionKind: "continuous", groups }, [0.5, -1]);
  const words = learner.state.draw!.slice();
  again().forEach((x, i) => near(x, (1 + Math.tanh(i % 2 === 0 ? 0.5 : -1)) / 2, `${i}`));
  assert.deepEqual(learner.state.draw, words);
  learner.dispose();
});

Deno.test("two sides with masks go on bit for bit after save and restore", () => {
  const make = () =>
    trainer({
      scenario: findScenario("battle/duel"),
      algorithm: maddpg.make({ hidden: [8], horizon: 10, batch: 16, start: 16, capacity: 400, updates: 2 }),
      ...{ steps: 1000, envs: 4, seed: 2, runtime },
    });
  const straight = make();
  for (let i = 0; i < 3; i++) straight.advance();
  const saved = straight.save();
  const resumed = make();
  resumed.restore(saved);
  for (const run of [straight, resumed]) for (let i = 0; i < 3; i++) run.advance();
  assert.equal(stateHash(resumed.save().tensors), stateHash(straight.save().tensors));
  for (const run of [straight, resumed]) run.dispose();
});
