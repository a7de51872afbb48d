/**
 * Whole training of MAPPO on simple_spread: simulation, acting, learning, everything but evaluation. With 10 epochs, as
 * its authors train it, and with 3. On one thread, and timed by the CPU like all benchmarks: what the rate is on one
 * core that nobody else wants.
 *
 * @module
 */
import { findAlgorithm, trainer } from "../agents/mod.ts";
import { findScenario } from "../sim/mod.ts";
import { nodeRuntime } from "../tensor/runtime/node.ts";
import { race, repeat } from "./measure.ts";
import { type Benchmark, type Row, row } from "./rows.ts";

const envs = 128;

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
export function training(epochs: number) {
  return trainer({
    scenario: findScenario("mpe/simple_spread_v3"),
    algorithm: findAlgorithm("mappo").make({ ...settings, epochs }),
    steps: 1e9,
    envs,
    seed: 1,
    runtime: nodeRuntime({ threads: 1 }),
  });
}

export const train: Benchmark = async function* (): AsyncGenerator<Row> {
  const wanted = Object.entries(goals).map(([epochs, goal]) => ({ epochs: Number(epochs), goal }));
  const runs = wanted.map(({ epochs }) => training(epochs));
  const work = settings.horizon * envs;
  const contestants = runs.map((run) => repeat(work, () => void run.advance()));
  const rates = await race(contestants, { rounds: 5, seconds: 1.5, warmup: 3 });
  for (const [i, { epochs, goal }] of wanted.entries()) {
    yield row({
      name: `training MAPPO on simple_spread, ${envs} environments, ${epochs} epochs`,
      unit: "environment steps/s",
      ours: rates[i]!,
      peer: goal,
      peerName: "goal",
      peerVersion: "",
      bar: 1,
    });
    runs[i]!.dispose();
  }
};
