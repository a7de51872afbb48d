/**
 * What the Parallel API costs: simple_spread of one environment through PettingZoo's names, against the vector world
 * it stands on. Its results are views, so nothing is copied.
 *
 * @module
 */
import { findScenario, makeWorld } from "../sim/mod.ts";
import { parallel as openParallel } from "../sim/pettingzoo/mod.ts";
import { race, repeat } from "./measure.ts";
import { type Benchmark, type Row, row } from "./rows.ts";

const scenario = "mpe/simple_spread_v3";
const cycles = 25;

/** Actions of one episode: agent j takes (7 t + 3 j + t j) mod 5 at step t. */
const table = Array.from({ length: cycles }, (_, t) => [0, 1, 2].map((j) => (7 * t + 3 * j + t * j) % 5));

export const parallel: Benchmark = async function* (): AsyncGenerator<Row> {
  const env = openParallel(findScenario(scenario));
  const named = table.map((row) =>
    Object.fromEntries(row.map((action, j) => [env.possibleAgents[j]!, action]))
  );
  let t = 0;
  const api = repeat(3, () => {
    if (t === 0) env.reset();
    env.step(named[t]!);
    t = (t + 1) % cycles;
  });
  const world = makeWorld(findScenario(scenario));
  let turn = 0;
  const kernel = repeat(3, () => {
    world.actions.set(table[turn]!);
    world.step();
    turn = (turn + 1) % cycles;
  });
  const [ours, peer] = await race([api, kernel], { rounds: 9, seconds: 0.4, warmup: 1 });
  yield row({
    name: "simple_spread N=3, Parallel API, views",
    unit: "agent-steps/s",
    ours: ours!,
    peer: peer!,
    peerName: "the vector world at E=1",
    peerVersion: "",
    bar: 0.5,
  });
};
