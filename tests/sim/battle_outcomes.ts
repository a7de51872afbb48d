/**
 * Plays battles to their ends and counts how they end, for the first team.
 *
 * @module
 */
import { findScenario, makeWorld, randomPolicy, runner, scriptedPolicy, type World } from "../../sim/mod.ts";

/** How battles ended for the first team; late: neither fell in time. */
export interface Outcomes {
  won: number;
  lost: number;
  drawn: number;
  late: number;
}

/** @param options of `policies`, one for each team that acts; `mirrored` starts foes where the units' mirror image is */
export function fight(id: "skirmish" | "duel", options: {
  readonly policies: readonly string[];
  readonly battles: number;
  readonly params?: Record<string, unknown>;
  readonly seed?: number;
  readonly mirrored?: boolean;
}): Outcomes {
  const { policies, battles, params = {}, seed = 1, mirrored = false } = options;
  const scenario = findScenario(`battle/${id}`);
  const world = makeWorld(scenario, { envs: battles, params, autoreset: "disabled" });
  world.reset(seed);
  if (mirrored) mirror(world);
  const chosen = world.spec.groups.map((group, i) => {
    const name = policies[i]!;
    const policy = name === "random"
      ? randomPolicy(world.spec, group)
      : scriptedPolicy(scenario, world.spec, group, name)!;
    return [group.name, policy];
  });
  const outcomes: Outcomes = { won: 0, lost: 0, drawn: 0, late: 0 };
  const over = new Uint8Array(battles);
  const run = runner(world, Object.fromEntries(chosen), seed, { advance: () => world.step() });
  while (over.includes(0)) {
    run.step();
    for (let env = 0; env < battles; env++) {
      if (world.done[env] === 0) continue;
      if (over[env] === 0) outcomes[outcomeOf(world, env)]++;
      over[env] = 1;
    }
    world.restart(world.done);
  }
  return outcomes;
}

/** By the true state of the units at the end: whether someone of either team stands. */
function outcomeOf({ finalState, spec: { S } }: World, env: number): keyof Outcomes {
  const perTeam = (S - 1) / 2;
  const stands = (team: number) => {
    const start = env * S + team * perTeam;
    return finalState.subarray(start, start + perTeam).some((x, i) => i % 5 === 2 && x > 0);
  };
  if (stands(0)) return stands(1) ? "late" : "won";
  return stands(1) ? "lost" : "drawn";
}

/** Puts every foe where its unit's mirror image stands. */
function mirror(world: World): void {
  const { data, width } = world.columns["place"]!;
  for (let from = 0; from < data.length; from += width) {
    for (let i = 0; i < width / 2; i++) {
      data[from + width / 2 + i] = data[from + i]! * (i % 2 === 0 ? -1 : 1);
    }
  }
  world.refresh();
}
