/**
 * Level-based foraging beside lbforaging, one environment of it, under random actions with the resets. Ours must be
 * legal, so the time to choose them by the masks counts as ours; lbforaging's are drawn beforehand, and it takes what is
 * not valid as none. Before anything is timed, both play from the same starts, and must agree.
 *
 * `wasm64` has the bits of every other backend; `wasm32` computes in floats.
 *
 * @module
 */
import { integer, seed as streamOf, UserError } from "../core/mod.ts";
import { findScenario, makeWorld, type World } from "../sim/mod.ts";
import { type Contestant, race, repeat } from "./measure.ts";
import { openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

/** lbforaging's own tasks `Foraging-NAME-v3`. */
const tasks = {
  "8x8-2p-2f": { size: 8, players: 2, food: 2 },
  "8x8-2p-2f-coop": { size: 8, players: 2, food: 2, coop: true },
  "10x10-3p-3f-2s": { size: 10, players: 3, food: 3, sight: 2 },
  "15x15-4p-5f": { size: 15, players: 4, food: 5 },
} as const;
type Name = keyof typeof tasks;

/** By backend: how near observations and rewards of the checked episodes must be. */
const tolerances = { wasm64: 1e-6, wasm32: 1e-3 } as const;
type Backend = keyof typeof tolerances;
const backends = Object.keys(tolerances) as Backend[];

const envs = 1024;
/** Episodes and their steps that are checked. */
const checked = { episodes: 3, steps: 40 };
const rules = { rounds: 7, seconds: 0.4, warmup: 1 };
/** The least ratio we want. */
const bar = 200;

function makeBench(name: Name, backend: Backend, E: number): World {
  const options = { envs: E, backend, params: tasks[name] };
  return makeWorld(findScenario("grid/foraging"), options as typeof options & { backend: "wasm64" });
}

/** Three numbers of each member, as lbforaging tells them. */
function triples(world: World, names: readonly string[]): number[][] {
  const columns = names.map((name) => world.columns[name]!);
  return Array.from({ length: columns[0]!.width }, (_, i) => columns.map(({ data }) => data[i]!));
}

/** Throws where lbforaging's episodes from our starts are others than ours. */
async function agree(name: Name, backend: Backend, peer: Peer): Promise<void> {
  const world = makeBench(name, backend, 1);
  const { N, O, A } = world.spec;
  const stream = streamOf(3);
  for (let episode = 0; episode < checked.episodes; episode++) {
    world.reset(episode);
    const players = triples(world, ["row", "col", "level"]);
    const food = triples(world, ["foodRow", "foodCol", "foodLevel"]);
    const actions: number[][] = [];
    const told: { obs: number[]; reward: number[] }[] = [];
    for (let over = false; told.length < checked.steps && !over;) {
      for (let n = 0; n < N; n++) {
        const legal = Array.from({ length: A }, (_, a) => a).filter((a) => world.mask[n * A + a] === 1);
        world.actions[n] = legal.includes(A - 1) ? A - 1 : legal[integer(stream, legal.length)]!;
      }
      actions.push([...world.actions]);
      world.step();
      over = world.done[0] === 1;
      const shown = over ? world.finalObs : world.obs;
      told.push({ obs: [...shown.subarray(0, N * O)], reward: [...world.reward] });
    }
    const request = { op: "check", task: tasks[name], players, food, actions };
    const { steps } = await peer.ask(request) as { steps: { obs: number[]; reward: number[] }[] };
    for (const [t, step] of steps.entries()) {
      for (const field of ["obs", "reward"] as const) {
        const at = step[field].findIndex((x, i) =>
          !(Math.abs(told[t]![field][i]! - x) <= tolerances[backend])
        );
        if (at < 0) continue;
        const found = `ours is ${told[t]![field][at]}, lbforaging says ${step[field][at]}`;
        throw new UserError(
          `grids: ${name} on ${backend}, episode ${episode}, step ${t}, ${field} ${at}: ${found}`,
        );
      }
    }
  }
}

/** Steps under random legal actions: from a random one on, the first that the mask allows. */
function ours(name: Name, backend: Backend): Contestant {
  const world = makeBench(name, backend, envs);
  const { mask, actions, spec: { A } } = world;
  world.reset(1);
  let luck = 1;
  return repeat(envs, () => {
    for (let row = 0; row < actions.length; row++) {
      luck = Math.imul(luck, 1664525) + 1013904223 | 0;
      let action = (luck >>> 16) % A;
      while (mask[row * A + action] === 0) action = (action + 1) % A;
      actions[row] = action;
    }
    world.step();
  });
}

export const grids: Benchmark = async function* (): AsyncGenerator<Row> {
  const peer = await openPeer("lbforaging_grid.py");
  for (const name of Object.keys(tasks) as Name[]) {
    const mine = backends.map((backend) => ours(name, backend));
    const fields = (i: number, rate: number) => ({
      name: `foraging ${name}, E=${envs}, ${backends[i]}`,
      unit: "steps/s",
      ours: rate,
      peerName: "lbforaging, one environment",
      bar,
    });
    if ("missing" in peer) {
      const rates = await race(mine, rules);
      for (const [i, rate] of rates.entries()) {
        yield skippedRow({ ...fields(i, rate), skipped: peer.missing });
      }
      continue;
    }
    for (const backend of backends) await agree(name, backend, peer);
    const theirs: Contestant = async (seconds) => {
      return await peer.ask({ op: "run", task: tasks[name], seconds }) as { work: number; seconds: number };
    };
    const rates = await race([...mine, theirs], rules);
    for (const i of backends.keys()) {
      yield row({ ...fields(i, rates[i]!), peer: rates.at(-1)!, peerVersion: peer.version });
    }
  }
  if (!("missing" in peer)) peer.close();
};
