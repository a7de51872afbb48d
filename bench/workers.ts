/**
 * A world over two threads against one: simple_spread with three agents, every step a meeting of the threads. Wall time
 * counts, so a round begins only when both cores have just been idle; where they never are, it is said. Beside it the
 * same per CPU second, which no neighbour disturbs: what the meeting and the shared memory cost.
 *
 * @module
 */
import { cpus } from "node:os";
import { type ParallelWorld, parallelWorld } from "../sim/parallel/mod.ts";
import { cpuSeconds, median } from "./measure.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const envs = 8208;
const agents = 3;
/** Rounds wanted, and looks at the cores until they are had. */
const rounds = 15;
const looks = 120;
/** Seconds of a measurement, and milliseconds of a look. */
const length = 0.1;
const look = 200;
/** Share of all cores' time that was idle when they are free. */
const idle = 0.85;

/** Agent-steps per second, by the clock and per CPU second. */
interface Rate {
  readonly wall: number;
  readonly cpu: number;
}

function measure(world: ParallelWorld, seconds: number): Rate {
  const [clock, used] = [performance.now(), cpuSeconds()];
  let steps = 0;
  while (performance.now() - clock < 1000 * seconds) {
    for (let i = 0; i < world.actions.length; i += 7) world.actions[i] = (world.actions[i]! + 1) % 5;
    world.step();
    steps++;
  }
  const work = steps * envs * agents;
  return { wall: 1000 * work / (performance.now() - clock), cpu: work / (cpuSeconds() - used) };
}

/** Whether the cores are idle for the length of a look. */
async function free(): Promise<boolean> {
  const times = () => {
    const all = cpus().map(({ times }) => times);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return { idle: sum(all.map((one) => one.idle)), all: sum(all.flatMap((one) => Object.values(one))) };
  };
  const before = times();
  await new Promise((resolve) => setTimeout(resolve, look));
  const after = times();
  return after.idle - before.idle >= idle * (after.all - before.all);
}

export const workers: Benchmark = async function* (): AsyncGenerator<Row> {
  const scenario = "mpe/simple_spread_v3";
  using one = await parallelWorld({ scenario, envs, workers: 1 });
  using two = await parallelWorld({ scenario, envs, workers: 2 });
  for (const world of [one, two]) measure(world, 1.5);
  const pairs: (readonly [Rate, Rate])[] = [];
  for (let i = 0; i < looks && pairs.length < rounds; i++) {
    if (await free()) pairs.push([measure(one, length), measure(two, length)]);
  }
  const fields = { name: `simple_spread N=3, E=${envs}, two threads`, peerName: "one thread" };
  const unit = "agent-steps/s by the clock";
  if (pairs.length > 0) {
    const [peer, ours] = [0, 1].map((i) => median(pairs.map((pair) => pair[i]!.wall))) as [number, number];
    yield row({
      ...fields,
      unit,
      ours,
      peer,
      peerVersion: `in ${pairs.length} rounds with both cores free`,
      bar: 1.6,
    });
  } else {
    const ours = measure(two, length).wall;
    yield skippedRow({ ...fields, unit, ours, bar: 1.6, skipped: "the cores were never free" });
  }
  const turns = Array.from({ length: rounds }, () => [measure(one, length), measure(two, length)] as const);
  const [peer, ours] = [0, 1].map((i) => median(turns.map((turn) => turn[i]!.cpu))) as [number, number];
  yield row({ ...fields, unit: "agent-steps", ours, peer, peerVersion: "(both per CPU second)", bar: 0.8 });
};
