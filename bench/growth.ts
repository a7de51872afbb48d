/**
 * What an agent-step of `particles/swarm` takes as the swarm grows at constant density, observations, rewards, contacts
 * and costs included. The batch shrinks as the swarm grows, so that every world has the same number of agents and its
 * memory the same size. Each size is compared with the fastest of all.
 *
 * @module
 */
import { findScenario, makeWorld, randomPolicy, type World } from "../sim/mod.ts";
import { type Contestant, race, repeat } from "./measure.ts";
import { type Benchmark, type Row, row } from "./rows.ts";

const sizes = [10, 100, 1000, 10000];

/** Agents of all environments together. */
const agents = 10000;

/** The largest time per agent-step is within 3 x of the smallest. */
const bar = 0.334;

/** Rounds of actions drawn beforehand; drawing them is not what is measured. */
const rounds = 16;

function contestant(world: World): Contestant {
  const { groups: [group], E, N, actionSizes } = world.spec;
  const policy = randomPolicy(world.spec, group!);
  const streams = Array.from({ length: E * N }, (_, row) => ({ k0: 1, k1: row, c0: 0, c1: 0 }));
  const mask = new Uint8Array(E * N * actionSizes[0]!).fill(1);
  const input = {
    rows: E * N,
    member: Int32Array.from({ length: E * N }, (_, row) => row % N),
    obs: new Float32Array(),
    mask,
    hidden: new Float32Array(),
    streams,
  };
  const drawn = Array.from({ length: rounds }, () => {
    const into = new Int32Array(E * N);
    policy.act(input, into);
    return into;
  });
  let t = 0;
  return repeat(E * N, () => {
    world.actions.set(drawn[t++ % rounds]!);
    world.step();
  });
}

export const growth: Benchmark = async function* (): AsyncGenerator<Row> {
  const worlds = sizes.map((N) => {
    const world = makeWorld(findScenario("particles/swarm"), { envs: agents / N, params: { N } });
    world.reset(1);
    return world;
  });
  const rates = await race(worlds.map(contestant), { rounds: 9, seconds: 0.3, warmup: 1 });
  const fastest = Math.max(...rates);
  for (const [i, N] of sizes.entries()) {
    yield row({
      name: `swarm N=${N}, E=${agents / N}, js backend`,
      unit: "agent-steps/s",
      ours: rates[i]!,
      peer: fastest,
      peerName: "the fastest size,",
      peerVersion: `N=${sizes[rates.indexOf(fastest)]}`,
      bar,
    });
  }
};
