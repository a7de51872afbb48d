/**
 * LunarLander beside Gymnasium's, one environment each, under random actions with their resets. Before anything is
 * timed, both fly from the same start with the same draws for as long as no leg is at a limit of its joint (packages of
 * Box2D solve those differently), and must agree.
 *
 * `fast` takes a third of the solver's iterations and is another world in detail; `gym` takes Gymnasium's.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import { findScenario, makeWorld, type World } from "../sim/mod.ts";
import { type Contestant, race, repeat } from "./measure.ts";
import { openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

/** The least ratio we want, by fidelity. */
const bars = { fast: 3, gym: 1 } as const;
type Fidelity = keyof typeof bars;
const fidelities = Object.keys(bars) as Fidelity[];

/** Steps of the checked flight, and how near its observations must be. */
const checked = 8;
const tolerance = 1e-4;
const actions = 4;
const rules = { rounds: 7, seconds: 1, warmup: 2 };

function makeBench(fidelity: Fidelity): World {
  const world = makeWorld(findScenario("control/lunar_lander_v3"), { params: { fidelity } });
  world.reset(1);
  return world;
}

/** Throws where Gymnasium's flight with our draws is another than ours. */
async function agree(peer: Peer): Promise<void> {
  const world = makeBench("gym");
  const chosen = Array.from({ length: checked }, (_, t) => t % actions);
  const seen = chosen.map((action) => {
    world.actions[0] = action;
    world.step();
    return [...world.obs];
  });
  const column = (name: string) => [...world.columns[name]!.data];
  const log = column("log").slice(0, 4 * (checked + 1));
  const dispersions = log.filter((_, i) => i % 4 >= 2);
  const draws = [...column("terrain"), ...column("force"), ...dispersions];
  const { steps } = await peer.ask({ op: "check", draws, actions: chosen }) as { steps: number[][] };
  for (const [t, obs] of steps.entries()) {
    for (const [i, value] of obs.entries()) {
      const found = seen[t]![i]!;
      if (Math.abs(found - value) <= tolerance) continue;
      throw new UserError(
        `lander: step ${t}, observation ${i}: ours is ${found}, Gymnasium says ${value}`,
      );
    }
  }
}

function ours(fidelity: Fidelity): Contestant {
  const world = makeBench(fidelity);
  let luck = 1;
  return repeat(1, () => {
    luck = Math.imul(luck, 1664525) + 1013904223 | 0;
    world.actions[0] = luck >>> 30;
    world.step();
  });
}

export const lander: Benchmark = async function* (): AsyncGenerator<Row> {
  const peer = await openPeer("box2d_lander.py");
  const mine = fidelities.map(ours);
  const fields = (i: number, rate: number) => ({
    name: `lunar_lander_v3, one environment, fidelity ${fidelities[i]}`,
    unit: "steps/s",
    ours: rate,
    peerName: "Gymnasium",
    bar: bars[fidelities[i]!],
  });
  if ("missing" in peer) {
    const rates = await race(mine, rules);
    for (const [i, rate] of rates.entries()) yield skippedRow({ ...fields(i, rate), skipped: peer.missing });
    return;
  }
  await agree(peer);
  const rates = await race([...mine, peer.run], rules);
  for (const i of fidelities.keys()) {
    yield row({ ...fields(i, rates[i]!), peer: rates.at(-1)!, peerVersion: peer.version });
  }
  peer.close();
};
