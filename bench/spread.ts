/**
 * simple_spread with three agents, random-looking actions, episodes of 25 steps with their resets: our compiled world,
 * the same thing as one would write it by hand in TypeScript, and MPE2. All three play one episode from the same
 * positions first, and must agree on it.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import { findScenario, makeWorld, type World } from "../sim/mod.ts";
import { type Contestant, race, repeat } from "./measure.ts";
import { ObjectSpread } from "./peers/object_spread.ts";
import { openPeer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const scenario = "mpe/simple_spread_v3";
const agents = 3;
const cycles = 25;

/** Environments side by side; not a power of two, which would put all columns into the same cache sets. */
const envs = 1040;

/** Observations are compared after their rounding to float32; positions of order 1. */
const tolerance = 1e-6;

/** Actions of one episode, the same for every peer: agent j takes (7 t + 3 j + t j) mod 5 at step t. */
const table = Array.from(
  { length: cycles },
  (_, t) => Array.from({ length: agents }, (_, j) => (7 * t + 3 * j + t * j) % 5),
);

const named = table.map((row) => Object.fromEntries(row.map((action, j) => [`agent_${j}`, action])));

/** [n, 2] */
type Points = readonly (readonly [x: number, y: number])[];

/** What one step of one episode gave, to compare. */
interface Step {
  /** [N, O] */
  readonly obs: readonly (readonly number[])[];
  /** [N] */
  readonly rewards: readonly number[];
  /** [N] collisions, where the peer counts them */
  readonly costs?: readonly number[];
}

/** Agents then landmarks of environment 0; MPE's first observation has the own position and the way to each landmark. */
function positions(world: World): { agents: Points; landmarks: Points } {
  const { O } = world.spec;
  const at = (agent: number, i: number) => world.obs[agent * O + i]!;
  const own = (agent: number): [number, number] => [at(agent, 2), at(agent, 3)];
  const [x, y] = own(0);
  return {
    agents: Array.from({ length: agents }, (_, agent) => own(agent)),
    landmarks: Array.from({ length: agents }, (_, l) => [x + at(0, 4 + 2 * l), y + at(0, 5 + 2 * l)]),
  };
}

/** The next step of every environment; `t` is the step of the episode. */
function advance(world: World, rows: readonly Int32Array[], t: number): void {
  world.actions.set(rows[t]!);
  world.step();
}

/** Actions of all environments at each step [cycles][E*N]. */
function actionRows(world: World): Int32Array[] {
  return table.map((row) => Int32Array.from({ length: world.spec.E * agents }, (_, i) => row[i % agents]!));
}

/** One episode of environment 0. */
function ourEpisode(world: World, rows: readonly Int32Array[]): Step[] {
  const { O, C } = world.spec;
  return rows.map((_, t) => {
    advance(world, rows, t);
    const obs = world.done[0] === 1 ? world.finalObs : world.obs;
    const perAgent = <T>(value: (agent: number) => T) =>
      Array.from({ length: agents }, (_, agent) => value(agent));
    return {
      obs: perAgent((agent) => Array.from(obs.subarray(agent * O, (agent + 1) * O))),
      rewards: perAgent((agent) => world.reward[agent]!),
      costs: perAgent((agent) => world.cost[agent * C]!),
    };
  });
}

function objectEpisode(start: { agents: Points; landmarks: Points }): Step[] {
  const peer = new ObjectSpread(agents, cycles);
  const point = ([x, y]: Points[number]) => ({ x, y });
  peer.place(start.agents.map(point), start.landmarks.map(point));
  return named.map((actions) => {
    const { observations, rewards, costs } = peer.step(actions);
    return { obs: Object.values(observations), rewards: Object.values(rewards), costs: Object.values(costs) };
  });
}

/** Throws where a peer's episode is another than ours. */
function agree(name: string, ours: readonly Step[], theirs: readonly Step[]): void {
  for (const [t, step] of theirs.entries()) {
    const mine = ours[t]!;
    for (const field of ["obs", "rewards", "costs"] as const) {
      const found = mine[field]?.flat() ?? [];
      for (const [i, value] of (step[field]?.flat() ?? []).entries()) {
        if (!(Math.abs(found[i]! - value) <= tolerance * Math.max(1, Math.abs(value)))) {
          throw new UserError(`sim: step ${t}, ${field}[${i}]: ours is ${found[i]}, ${name} says ${value}`);
        }
      }
    }
  }
}

/** Steps forever, whole episodes with their resets. */
function stepper(step: (t: number) => void, reset?: () => void): () => void {
  let t = 0;
  return () => {
    if (t === 0) reset?.();
    step(t);
    t = (t + 1) % cycles;
  };
}

/** Our backends, and what each should reach as a multiple of MPE2. */
const bars = { js: 1500, wasm64: 2500, wasm32: 5000 } as const;
const backends = ["js", "wasm64", "wasm32"] as const;

export const spread: Benchmark = async function* (): AsyncGenerator<Row> {
  const world = makeWorld(findScenario(scenario), { envs, backend: "js" });
  const rows = actionRows(world);
  world.reset(1);
  const start = positions(world);
  const ours = ourEpisode(world, rows);
  agree("the object-per-agent peer", ours, objectEpisode(start));

  const objects = new ObjectSpread(agents, cycles);
  const contestants: Contestant[] = backends.map((backend) => {
    const world = makeWorld(findScenario(scenario), { envs, backend });
    return repeat(envs * agents, stepper((t) => advance(world, rows, t)));
  });
  contestants.push(repeat(agents, stepper((t) => objects.step(named[t]!), () => objects.reset())));
  const peer = await openPeer("mpe2_spread.py");
  if ("ask" in peer) {
    const { steps } = await peer.ask({ op: "check", ...start }) as { steps: Step[] };
    agree("MPE2", ours, steps);
    contestants.push(peer.run);
  }
  const rates = await race(contestants, { rounds: 9, seconds: 0.7, warmup: 1.5 });
  const [object, mpe2] = rates.slice(backends.length);
  const fields = (i: number) => ({
    name: `simple_spread N=3, E=${envs}, ${backends[i]} backend`,
    unit: "agent-steps/s",
    ours: rates[i]!,
  });
  const typescript = { peerName: "object per agent, TypeScript", peerVersion: `Deno ${Deno.version.deno}` };
  yield row({ ...fields(0), ...typescript, peer: object!, bar: 20 });
  for (const [i, backend] of backends.entries()) {
    const against = { ...fields(i), peerName: "MPE2", bar: bars[backend] };
    if ("missing" in peer) yield skippedRow({ ...against, skipped: peer.missing });
    else yield row({ ...against, peer: mpe2!, peerVersion: peer.version });
  }
  if ("ask" in peer) peer.close();
};
