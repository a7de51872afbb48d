/**
 * A world over two threads against one: simple_spread with three agents, every step a meeting of the threads. Wall time
 * counts, so it says something only where two cores are free: of the rounds, those count in which two were given.
 * Beside it the same per CPU second, which no neighbour disturbs: what the meeting and the shared memory cost.
 *
 * @module
 */
import { cpuSeconds, median } from "./measure.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";
import { type ParallelWorld, parallelWorld } from "../sim/parallel/mod.ts";

const envs = 8208;
const agents = 3;
const rounds = 300;
/** Seconds of a round: short, so that some find both cores free on a busy machine. */
const length = 0.03;
/** Cores that two threads used in a round that counts; with both free it is 1.8, as one of them looks at the actions alone. */
const given = 1.7;

interface Round {
  /** Agent-steps per second, by the clock and per CPU second. */
  readonly wall: number;
  readonly cpu: number;
  readonly cores: number;
}

function measure(world: ParallelWorld, seconds: number): Round {
  const [clock, used] = [performance.now(), cpuSeconds()];
  let steps = 0;
  for (let t = 0; performance.now() - clock < 1000 * seconds; t++) {
    for (let i = 0; i < world.actions.length; i += 7) world.actions[i] = (world.actions[i]! + 1) % 5;
    world.step();
    steps++;
  }
  const wall = (performance.now() - clock) / 1000;
  const cpu = cpuSeconds() - used;
  const work = steps * envs * agents;
  return { wall: work / wall, cpu: work / cpu, cores: cpu / wall };
}

export const workers: Benchmark = async function* (): AsyncGenerator<Row> {
  const scenario = "mpe/simple_spread_v3";
  using one = await parallelWorld({ scenario, envs, workers: 1 });
  using two = await parallelWorld({ scenario, envs, workers: 2 });
  for (const world of [one, two]) measure(world, 1.5);
  const singles: Round[] = [];
  const doubles: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    singles.push(measure(one, length));
    doubles.push(measure(two, length));
  }
  const free = doubles.map((_, i) => i).filter((i) => doubles[i]!.cores >= given);
  const fields = { name: `simple_spread N=3, E=${envs}, two threads`, peerName: "one thread", bar: 1.6 };
  const peerVersion = `in the ${free.length} of ${rounds} rounds with two cores free`;
  const rate = (all: readonly Round[], which: readonly number[], of: "wall" | "cpu") => {
    return median(which.map((i) => all[i]![of]));
  };
  const unit = "agent-steps/s by the clock";
  if (free.length > 0) {
    const [ours, peer] = [rate(doubles, free, "wall"), rate(singles, free, "wall")];
    yield row({ ...fields, unit, ours, peer, peerVersion });
  } else {
    const ours = median(doubles.map(({ wall }) => wall));
    const cores = median(doubles.map(({ cores }) => cores)).toFixed(2);
    yield skippedRow({ ...fields, unit, ours, skipped: `two cores were never free; ${cores} in the median` });
  }
  const every = doubles.map((_, i) => i);
  yield row({
    ...fields,
    unit: "agent-steps per CPU second",
    ours: rate(doubles, every, "cpu"),
    peer: rate(singles, every, "cpu"),
    peerVersion: "per CPU second",
    bar: 0.8,
  });
};
