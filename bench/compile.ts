/**
 * How long it takes to make a world: tracing, writing and compiling the code, one environment. Every scenario at its
 * default params on every backend; the slowest of each backend is told.
 *
 * @module
 */
import { type BackendName, backends, makeWorld, type Scenario, scenarios } from "../sim/mod.ts";
import { cpuSeconds, median } from "./measure.ts";
import { type Benchmark, type Row, row } from "./rows.ts";

/** CPU ms that no scenario should take. */
const goal = 100;
const times = 5;

/** Median CPU ms. */
function compileTime(scenario: Scenario, backend: BackendName): number {
  return median(Array.from({ length: times }, () => {
    const start = cpuSeconds();
    makeWorld(scenario, { backend });
    return 1000 * (cpuSeconds() - start);
  }));
}

export const compile: Benchmark = async function* (): AsyncGenerator<Row> {
  for (const backend of backends) {
    const found = scenarios.map((scenario) => ({ id: scenario.id, ms: compileTime(scenario, backend) }));
    const { id, ms } = found.reduce((slowest, it) => it.ms > slowest.ms ? it : slowest);
    yield row({
      name: `a world of each of ${found.length} scenarios, ${backend} backend: at most ${
        ms.toFixed(0)
      } ms (${id})`,
      unit: "worlds/s",
      ours: 1000 / ms,
      peer: 1000 / goal,
      peerName: "goal",
      peerVersion: "",
      bar: 1,
    });
  }
};
