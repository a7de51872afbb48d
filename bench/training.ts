/**
 * Whole training of MAPPO on simple_spread: simulation, acting, learning, everything but evaluation. With 10 epochs, as
 * its authors train it, and with 3. On two threads, and so timed by the wall clock, unlike the other benchmarks: a busy
 * neighbour slows it.
 *
 * @module
 */
import { findAlgorithm, trainer } from "../agents/mod.ts";
import { findScenario } from "../sim/mod.ts";
import { nodeRuntime } from "../tensor/runtime/node.ts";
import { race, repeat, wallSeconds } from "./measure.ts";
import { type Benchmark, type Row, row } from "./rows.ts";

const envs = 128;
const threads = 2;

const settings = {
  horizon: 25,
  epochs: 10,
  minibatches: 2,
  gamma: 0.95,
  actorRate: 7e-4,
  criticRate: 1e-3,
  maxNorm: 10,
  targetKl: 0.05,
};

/** Environment steps/s that we want of each number of epochs. */
const goals = { 10: 20_000, 3: 50_000 } as const;

/** A trainer with so many epochs that never comes to its end. */
export function training(epochs: number, threads: number) {
  return trainer({
    scenario: findScenario("mpe/simple_spread_v3"),
    algorithm: findAlgorithm("mappo").make({ ...settings, epochs }),
    steps: 1e9,
    envs,
    seed: 1,
    runtime: nodeRuntime({ threads }),
  });
}

export const train: Benchmark = async function* (): AsyncGenerator<Row> {
  const wanted = Object.entries(goals).map(([epochs, goal]) => ({ epochs: Number(epochs), goal }));
  const runs = wanted.map(({ epochs }) => training(epochs, threads));
  const work = settings.horizon * envs;
  const contestants = runs.map((run) => repeat(work, () => void run.advance(), wallSeconds));
  const rates = await race(contestants, { rounds: 5, seconds: 1.5, warmup: 3 });
  for (const [i, { epochs, goal }] of wanted.entries()) {
    yield row({
      name: `training MAPPO on simple_spread, ${envs} environments, ${epochs} epochs, ${threads} threads`,
      unit: "environment steps/s (wall clock)",
      ours: rates[i]!,
      peer: goal,
      peerName: "goal",
      peerVersion: "",
      bar: 1,
    });
    runs[i]!.dispose();
  }
};
