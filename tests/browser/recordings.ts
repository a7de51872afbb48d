/**
 * Runs with real replays: one that broke limits, one of a person's own scenario, one of two sides.
 *
 * @module
 */
import type { Store } from "../../server/store.ts";
import type { RunConfig, Workspace } from "../../server/workspace.ts";
import { findScenario, randomPolicy, readReplay, record, runner, scriptedPolicy } from "../../sim/mod.ts";
import { report, type Sketch, SKETCHES, STEPS_PER_UPDATE } from "./sketches.ts";

/**
 * Records real replays of the first run: robots that drive straight through the centre break both limits, careful
 * ones keep them.
 */
export function recordReplays(store: Store, workspace: Workspace): void {
  const { row } = SKETCHES[0]!;
  const folder = workspace.create({ ...row, name: row.name });
  folder.writeConfig(configOf(row));
  for (const policy of ["scripted", "careful"]) {
    const bytes = crossingReplay(policy, 12);
    const file = folder.writeReplay(bytes);
    const steps = 50 * 12;
    store.addReplay({
      run: row.name,
      file,
      scenario: row.scenario,
      policy,
      episodes: 12,
      steps,
      bytes: bytes.length,
    });
  }
}

function configOf(row: Sketch["row"]): RunConfig {
  return {
    ...row,
    format: 1,
    limits: [...row.limits],
    params: {},
    settings: {},
    constraintSettings: {},
    steps: 240 * STEPS_PER_UPDATE,
    envs: 16,
    actions: "discrete",
    backend: "js",
    codeHash: "",
    versions: {},
    createdAt: "2026-01-01T00:00:00Z",
  };
}

/** A scenario of one's own, as a person would write it into a file. */
export const ownScenario = `
import { z } from "zod";
import { group, particles, particleStep, scenario } from "@paddock/paddock/sim";

export default scenario({
  id: "mine/meet",
  maxCycles: 10,
  params: z.strictObject({ N: z.int().min(2).default(3) }),
  world: ({ N }) => particles({ agents: group("agent", N, { size: 0.2 }) }),
  reset: (k) => {
    for (const a of k.agents) k.place(a, k.uniform2(-1, 1));
  },
  dynamics: particleStep,
  observe: (_k, a) => [a.vel, a.pos],
  reward: (_k, a) => a.pos.length().neg(),
  costs: { touch: { scope: "pair", of: (k, a, b) => k.overlap(a, b) } },
  budgets: { touch: { kind: "episode", limit: 1 } },
});
`;

/** A run of {@link ownScenario}, its file in `folder`, with one replay; returns the path of the file. */
export async function ownRun(store: Store, workspace: Workspace, folder: string): Promise<string> {
  const file = `${folder}/meet.ts`;
  Deno.writeTextFileSync(file, ownScenario);
  const { default: scenario } = await import(`file://${file}`);
  const recorder = record(scenario, { seed: 3, backend: "eval" });
  const agents = randomPolicy(recorder.world.spec, recorder.world.spec.groups[0]!);
  const { step } = runner(recorder.world, { agent: agents }, 3, { advance: recorder.step });
  while (recorder.episodes < 4) step();
  const bytes = recorder.finish({ policy: "random" });
  const row = { ...SKETCHES[0]!.row, name: "own", scenario: scenario.id, limits: [] };
  store.createRun({ ...row, steps: 1, config: { file } });
  const run = workspace.create({ ...row, name: "own" });
  run.writeConfig({ ...configOf(row), file });
  const replay = run.writeReplay(bytes);
  const info = { run: "own", scenario: scenario.id, policy: "random", episodes: 4, steps: 40 };
  store.addReplay({ ...info, file: replay, bytes: bytes.length });
  return file;
}

/** `episodes` episodes of safe/crossing under one of its own policies. */
export function crossingReplay(policy: string, episodes: number): Uint8Array {
  const scenario = findScenario("safe/crossing");
  const recorder = record(scenario, { seed: 11, backend: "eval" });
  const { world } = recorder;
  const robots = scriptedPolicy(scenario, world.spec, "robot", policy);
  if (robots === undefined) throw new Error(`safe/crossing has no policy "${policy}"`);
  const { step } = runner(world, { robot: robots }, 11, { advance: recorder.step });
  while (recorder.episodes < episodes) step();
  return recorder.finish({ policy });
}

/** A run of a scenario with two groups that learn apart: their metrics, an evaluation, and a replay with a caption. */
export function fillTwoSides(store: Store, workspace: Workspace): void {
  const row = { ...SKETCHES[1]!.row, name: "duel", scenario: "battle/duel", limits: [] };
  store.createRun({ ...row, steps: 2000, config: {} });
  for (const i of [1, 2]) {
    store.appendMetrics("duel", 1000 * i, {
      "episode/return": 0,
      "red/episode/return": 2 * i,
      "blue/episode/return": -2 * i,
      "red/policy/kl": 0.01,
      "blue/policy/kl": 0.02,
    });
  }
  const scenario = findScenario("battle/duel");
  const recorder = record(scenario, { seed: 5, backend: "eval", params: { N: 3 } });
  const { spec } = recorder.world;
  const policies = Object.fromEntries(spec.groups.map((group) => [group.name, randomPolicy(spec, group)]));
  const { step } = runner(recorder.world, policies, 5, { advance: recorder.step });
  while (recorder.episodes < 1) step();
  const bytes = recorder.finish({ policy: "random" });
  const run = workspace.create(row);
  run.writeConfig(configOf(row));
  const file = run.writeReplay(bytes);
  const { steps } = readReplay(bytes).header;
  store.addReplay({
    run: "duel",
    file,
    scenario: row.scenario,
    policy: "random",
    episodes: 1,
    steps,
    bytes: bytes.length,
  });
  const side = (mean: number) => ({ mean, ci: [mean - 0.5, mean + 0.5] as [number, number] });
  store.addEvaluation("duel", {
    ...report({ ...SKETCHES[1]!, row, costs: {} }, true),
    groups: { red: side(4), blue: side(-4) },
  });
  store.setStatus("duel", "done", 2000);
}
