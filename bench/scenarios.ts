/**
 * Classic control beside Gymnasium, under random actions with their resets: each environment against Gymnasium's single
 * one, CartPole also against Gymnasium's own NumPy vector of as many environments. Before anything is timed, both play
 * an episode from the same state, and must agree on it.
 *
 * `wasm64` has the bits of every other backend; `wasm32` computes in floats.
 *
 * @module
 */
import { integer, seed as streamOf, uniform, UserError } from "../core/mod.ts";
import { findScenario, makeWorld, type World } from "../sim/mod.ts";
import { type Chunk, type Contestant, race, repeat } from "./measure.ts";
import { openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

/** Gymnasium's name, and the columns of its state. */
const scenarios = {
  cartpole_v1: { gymnasium: "CartPole-v1", columns: ["x", "xDot", "theta", "thetaDot"] },
  pendulum_v1: { gymnasium: "Pendulum-v1", columns: ["theta", "thetaDot"] },
  mountain_car_v0: { gymnasium: "MountainCar-v0", columns: ["position", "velocity"] },
  mountain_car_continuous_v0: { gymnasium: "MountainCarContinuous-v0", columns: ["position", "velocity"] },
  acrobot_v1: { gymnasium: "Acrobot-v1", columns: ["theta1", "theta2", "omega1", "omega2"] },
} as const;
type Name = keyof typeof scenarios;

/** By backend: how near observations and rewards of the checked episode must be. */
const tolerances = { wasm64: 1e-6, wasm32: 1e-3 } as const;
type Backend = keyof typeof tolerances;

const envs = 1024;
/** Steps of the checked episode. */
const checked = 20;
/** Rows of actions drawn beforehand. */
const rows = 64;
const rules = { rounds: 7, seconds: 0.4, warmup: 1 };

/** The least ratios we want: to a single environment, and to CartPole's vector. */
const bars = { single: 200, vector: 10 };

function makeBench(name: Name, backend: Backend, E: number): World {
  const options = { envs: E, backend };
  return makeWorld(findScenario(`control/${name}`), options as { envs: number; backend: "wasm64" });
}

/** Random actions of all environments, a row for each step. */
function actionRows({ actions, spec: { groups: [group] } }: World): (Int32Array | Float32Array)[] {
  const stream = streamOf(1);
  const { action } = group!;
  const draw = action.kind === "discrete"
    ? () => integer(stream, action.n)
    : () => uniform(stream, action.low, action.high);
  return Array.from({ length: rows }, () => actions.slice().map(draw));
}

function advance(world: World, actions: Int32Array | Float32Array): void {
  world.actions.set(actions);
  world.step();
}

/** Throws where Gymnasium's episode from our first state is another than ours. */
async function agree(name: Name, backend: Backend, peer: Peer): Promise<void> {
  const { gymnasium, columns } = scenarios[name];
  const world = makeBench(name, backend, 1);
  world.reset(3);
  const state = columns.map((column) => world.columns[column]!.data[0]!);
  const actions = actionRows(world).slice(0, checked);
  const request = { op: "check", env: gymnasium, state, actions: actions.map(([action]) => action) };
  const { steps } = await peer.ask(request) as {
    steps: { readonly obs: readonly number[]; readonly reward: number }[];
  };
  for (const [t, { obs, reward }] of steps.entries()) {
    advance(world, actions[t]!);
    const shown = world.done[0] === 1 ? world.finalObs : world.obs;
    for (const [i, value] of [...obs, reward].entries()) {
      const found = i < obs.length ? shown[i]! : world.reward[0]!;
      if (Math.abs(found - value) <= tolerances[backend] * Math.max(1, Math.abs(value))) continue;
      throw new UserError(
        `scenarios: ${name} on ${backend}, step ${t}, ${i < obs.length ? `observation ${i}` : "reward"}: ` +
          `ours is ${found}, Gymnasium says ${value}`,
      );
    }
  }
}

function ours(name: Name, backend: Backend): Contestant {
  const world = makeBench(name, backend, envs);
  world.reset(1);
  const actions = actionRows(world);
  return repeat(envs * rows, () => actions.forEach((row) => advance(world, row)));
}

function theirs(peer: Peer, request: Record<string, unknown>): Contestant {
  return async (seconds) => await peer.ask({ op: "run", seconds, ...request }) as Chunk;
}

export const scenariosBench: Benchmark = async function* (): AsyncGenerator<Row> {
  const peer = await openPeer("gymnasium_control.py");
  for (const name of Object.keys(scenarios) as Name[]) {
    const backends = Object.keys(tolerances) as Backend[];
    const mine = backends.map((backend) => ours(name, backend));
    const fields = (i: number, rate: number) => {
      const unit = "steps/s";
      return { name: `${name}, E=${envs}, ${backends[i]} backend`, unit, ours: rate };
    };
    if ("missing" in peer) {
      const rates = await race(mine, rules);
      for (const [i, rate] of rates.entries()) {
        yield skippedRow({
          ...fields(i, rate),
          peerName: "Gymnasium",
          bar: bars.single,
          skipped: peer.missing,
        });
      }
      continue;
    }
    for (const backend of backends) await agree(name, backend, peer);
    const single = theirs(peer, { env: scenarios[name].gymnasium });
    const vector = name === "cartpole_v1" ? [theirs(peer, { count: envs })] : [];
    const rates = await race([...mine, single, ...vector], rules);
    const [one, many] = rates.slice(mine.length);
    for (const i of backends.keys()) {
      const rate = fields(i, rates[i]!);
      const peerVersion = peer.version;
      yield row({
        ...rate,
        peer: one!,
        peerName: "Gymnasium, one environment",
        peerVersion,
        bar: bars.single,
      });
      if (many === undefined) continue;
      yield row({ ...rate, peer: many, peerName: "CartPoleVectorEnv", peerVersion, bar: bars.vector });
    }
  }
  if (!("missing" in peer)) peer.close();
};
