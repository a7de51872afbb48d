/**
 * Every MPE scenario beside MPE2: random-looking discrete actions, episodes of 25 steps with their resets. Before
 * anything is timed, both play the episode that one seed begins, and must agree on it.
 *
 * @module
 */
import { UserError } from "../core/mod.ts";
import { findScenario, makeWorld, type World } from "../sim/mod.ts";
import { type Contestant, race, repeat } from "./measure.ts";
import { openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

/** Steps of the episode that are compared: treasures lie anew by random numbers that are not MPE2's. */
const scenarios: Readonly<Record<string, number>> = {
  simple_v3: 25,
  simple_adversary_v3: 25,
  simple_crypto_v3: 25,
  simple_push_v3: 25,
  simple_reference_v3: 25,
  simple_speaker_listener_v4: 25,
  simple_spread_v3: 25,
  simple_tag_v3: 25,
  simple_world_comm_v3: 25,
  simple_line_v1: 25,
  simple_formation_v1: 25,
  collect_treasure_v1: 1,
};

const cycles = 25;
const seed = 5;

/** Not a power of two, which would put all columns into the same cache sets. */
const envs = 1040;

/** Observations are compared after their rounding to float32. */
const tolerance = 1e-6;

const rules = { rounds: 7, seconds: 0.3, warmup: 1 };

/** The least ratio we want. */
const bar = 1000;

interface Step {
  /** [N, O] */
  readonly obs: readonly (readonly number[])[];
  /** [N] */
  readonly rewards: readonly number[];
}

/** [cycles][E*N]: agent j of environment e takes (7 t + 3 j + t j + e) mod its actions at step t. */
function actionRows({ spec: { E, N, actionSizes } }: World): Int32Array[] {
  return Array.from({ length: cycles }, (_, t) => {
    return Int32Array.from({ length: E * N }, (_, i) => {
      const [e, j] = [Math.floor(i / N), i % N];
      return (7 * t + 3 * j + t * j + e) % actionSizes[j]!;
    });
  });
}

/** The first steps of environment 0 from `reset(seed)`. */
function episode(name: string, steps: number): Step[] {
  const world = makeWorld(findScenario(`mpe/${name}`), { reset: "numpy" });
  world.reset(seed);
  const { N, O, observationSizes } = world.spec;
  return actionRows(world).slice(0, steps).map((actions) => {
    world.actions.set(actions);
    world.step();
    const shown = world.done[0] === 1 ? world.finalObs : world.obs;
    const obs = Array.from({ length: N }, (_, n) => [...shown.subarray(n * O, n * O + observationSizes[n]!)]);
    return { obs, rewards: [...world.reward] };
  });
}

async function agree(name: string, peer: Peer): Promise<void> {
  const steps = scenarios[name]!;
  const answer = await peer.ask({ op: "check", env: name, seed, steps }) as { steps: Step[] };
  const ours = episode(name, steps);
  for (const [t, theirs] of answer.steps.entries()) {
    for (const field of ["obs", "rewards"] as const) {
      const found = ours[t]![field].flat();
      theirs[field].flat().forEach((value, i) => {
        if (Math.abs(found[i]! - value) <= tolerance * Math.max(1, Math.abs(value))) return;
        throw new UserError(
          `mpe: ${name}, step ${t}, ${field}[${i}]: ours is ${found[i]}, MPE2 says ${value}`,
        );
      });
    }
  }
}

/** Whole episodes, one step after another. */
function stepper(world: World): () => void {
  const rows = actionRows(world);
  let t = 0;
  return () => {
    world.actions.set(rows[t]!);
    world.step();
    t = (t + 1) % cycles;
  };
}

/** One scenario beside MPE2. */
async function* compare(name: string): AsyncGenerator<Row> {
  const peer = await openPeer("mpe2_all.py");
  const world = makeWorld(findScenario(`mpe/${name}`), { envs, backend: "js" });
  const contestants: Contestant[] = [repeat(envs * world.spec.N, stepper(world))];
  if ("ask" in peer) {
    await agree(name, peer);
    contestants.push(async (seconds) => {
      return await peer.ask({ op: "run", env: name, seconds }) as { work: number; seconds: number };
    });
  }
  const [ours, theirs] = await race(contestants, rules);
  const fields = { name: `${name}, E=${envs}, js backend`, unit: "agent-steps/s", ours: ours!, bar };
  if ("missing" in peer) yield skippedRow({ ...fields, peerName: "MPE2", skipped: peer.missing });
  else yield row({ ...fields, peer: theirs!, peerName: "MPE2", peerVersion: peer.version });
  if ("ask" in peer) peer.close();
}

/** A benchmark for each scenario, `mpe/NAME`: apart, so that none runs in code that another has spoilt. */
export const mpe: Readonly<Record<string, Benchmark>> = Object.fromEntries(
  Object.keys(scenarios).map((name) => [`mpe/${name}`, () => compare(name)]),
);
