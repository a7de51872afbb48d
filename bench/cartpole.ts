/**
 * PPO on CartPole, 100,000 steps with CleanRL's settings: how long a training takes on one core, and what it returns in
 * the end, over 5 seeds, beside a plain loop of PyTorch and Gymnasium (peers/torch_cartpole.py). Ours differs where our
 * PPO does: values in a running scale with a Huber loss instead of a clipped value loss, observations normalised, a
 * truncated episode goes on in value, each of actor and critic with its own Adam.
 *
 * @module
 */
import { findAlgorithm, trainer } from "../agents/mod.ts";
import { findScenario } from "../sim/mod.ts";
import { nodeRuntime } from "../tensor/runtime/node.ts";
import { cpuSeconds, median } from "./measure.ts";
import { openPeer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const steps = 100_000;
const envs = 4;
const seeds = [1, 2, 3, 4, 5];

/** The return of a run is the mean over the episodes that end in its last steps, this many. */
const last = 20_000;

/** CPU seconds that a run may take. */
const goal = 5;

/** CleanRL's ppo.py. */
const settings = {
  horizon: 128,
  minibatches: 4,
  epochs: 4,
  gamma: 0.99,
  lambda: 0.95,
  clip: 0.2,
  entropy: 0.01,
  rate: 2.5e-4,
  maxNorm: 0.5,
  hidden: [64, 64],
};

/** What a run took and what it came to. */
interface Run {
  /** CPU seconds. */
  readonly seconds: number;
  readonly return: number;
}

function run(seed: number): Run {
  const { rate, ...own } = settings;
  const algorithm = { ...own, actorRate: rate, criticRate: rate, anneal: true, targetKl: 1e9 };
  const start = cpuSeconds();
  const training = trainer({
    scenario: findScenario("control/cartpole_v1"),
    algorithm: findAlgorithm("ippo").make(algorithm),
    steps,
    envs,
    seed,
    runtime: nodeRuntime({ threads: 1 }),
  });
  const returns: number[] = [];
  while (!training.finished) {
    const counts = training.step >= steps - last;
    const { episodes } = training.advance();
    if (counts) returns.push(...episodes.map((episode) => episode.return));
  }
  const seconds = cpuSeconds() - start;
  training.dispose();
  return { seconds, return: mean(returns) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export const cartpole: Benchmark = async function* (): AsyncGenerator<Row> {
  const peer = await openPeer("torch_cartpole.py");
  run(0); // compilers warm up
  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (const seed of seeds) {
    ours.push(run(seed));
    if ("ask" in peer) {
      theirs.push(await peer.ask({ op: "train", seed, steps, envs, last, settings }) as unknown as Run);
    }
  }
  const seconds = (runs: readonly Run[]) => median(runs.map((it) => it.seconds));
  const name = `PPO on CartPole, ${steps} steps in ${seconds(ours).toFixed(2)} s`;
  const fields = { name, unit: "steps/s", ours: steps / seconds(ours), bar: 1 };
  yield row({ ...fields, peer: steps / goal, peerName: `goal of ${goal} s`, peerVersion: "" });
  const peerName = "PyTorch and Gymnasium";
  const returns = `PPO on CartPole, mean return of the last ${last} steps, ${seeds.length} seeds`;
  const found = { name: returns, unit: "", ours: mean(ours.map((it) => it.return)), bar: 1 };
  if ("missing" in peer) {
    yield skippedRow({ ...fields, peerName, skipped: peer.missing });
    yield skippedRow({ ...found, peerName, skipped: peer.missing });
    return;
  }
  const peerVersion = peer.version;
  yield row({ ...fields, peer: steps / seconds(theirs), peerName, peerVersion });
  yield row({ ...found, peer: mean(theirs.map((it) => it.return)), peerName, peerVersion });
  peer.close();
};
