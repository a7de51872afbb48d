/**
 * simple_spread on all compiled backends, beside the vectorised peers of Python: VMAS in PyTorch and JaxMARL in XLA,
 * both on one thread of the CPU, with thousands of environments. They are other implementations of the same scenario
 * (their integrators and rewards differ in detail), so only speed is compared here; MPE2 and the C peer are compared
 * number by number in `sim` and `wasm`.
 *
 * @module
 */
import { findScenario, makeWorld } from "../sim/mod.ts";
import { type Contestant, race, repeat } from "./measure.ts";
import { type Missing, openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

const cycles = 25;
const envs = 4112;

const backends = ["js", "wasm32"] as const;

/** What each backend should reach, as a multiple of each peer. */
const bars = { VMAS: { js: 9, wasm32: 30 }, JaxMARL: { js: 20, wasm32: 60 } } as const;

function contestant(backend: typeof backends[number]): Contestant {
  const world = makeWorld(findScenario("mpe/simple_spread_v3"), { envs, backend });
  const table = Array.from(
    { length: cycles },
    (_, t) => Int32Array.from({ length: envs * 3 }, (_, i) => (7 * t + 3 * (i % 3) + t * (i % 3)) % 5),
  );
  let t = 0;
  return repeat(envs * 3, () => {
    world.actions.set(table[t]!);
    world.step();
    t = (t + 1) % cycles;
  });
}

export const peers: Benchmark = async function* (): AsyncGenerator<Row> {
  const opened: Record<keyof typeof bars, Peer | Missing> = {
    VMAS: await openPeer("vmas_spread.py"),
    JaxMARL: await openPeer("jaxmarl_spread.py", "PADDOCK_JAX_PYTHON"),
  };
  const running = Object.values(opened).filter((peer) => "run" in peer);
  const contestants = [...backends.map(contestant), ...running.map((peer) => peer.run)];
  const rates = await race(contestants, { rounds: 9, seconds: 1, warmup: 2 });
  for (const [peerName, peer] of Object.entries(opened) as [keyof typeof bars, Peer | Missing][]) {
    for (const [i, backend] of backends.entries()) {
      const fields = {
        name: `simple_spread N=3, E=${envs}, ${backend}`,
        unit: "agent-steps/s",
        ours: rates[i]!,
        peerName,
        bar: bars[peerName][backend],
      };
      if ("missing" in peer) yield skippedRow({ ...fields, skipped: peer.missing });
      else {
        const rate = rates[backends.length + running.indexOf(peer)]!;
        yield row({ ...fields, peer: rate, peerVersion: peer.version });
      }
    }
  }
  for (const peer of running) peer.close();
};
