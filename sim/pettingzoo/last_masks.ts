/**
 * The masks of a world whose episode is over: what would be legal where it ended, as PettingZoo's games go on to show.
 *
 * @module
 */
import type { ClassScenario, ClassWorld } from "../language/class_scenario.ts";
import type { Scenario } from "../language/scenario.ts";
import type { World } from "../types.ts";

/** Writes the mask of agent n, in a world of one environment that still shows the end of its episode. */
export type LastMask = (n: number, into: Uint8Array) => void;

/** @returns undefined where the world shows another episode by then, or does not say whose it is */
export function lastMaskOf(world: World, scenario: Scenario | undefined): LastMask | undefined {
  if (scenario === undefined || world.autoreset !== "disabled") return undefined;
  const { spec: { A }, mask, terminated, truncated } = world;
  const ended = (n: number) => terminated[n] === 1 || truncated[n] === 1;
  if (!("version" in scenario)) {
    return (n, into) => {
      for (let a = 0; a < into.length; a++) into[a] = ended(n) ? mask[n * A + a]! : 0;
    };
  }
  if (scenario.mask === undefined || scenario.hidden !== undefined) return undefined;
  const { mask: legal } = scenario;
  const shown = classWorldOf(world);
  return (n, into) => {
    into.fill(0);
    if (ended(n)) legal(shown, n, into);
  };
}

/** The environment as a class scenario sees it; it is only looked at. */
function classWorldOf(world: World): Parameters<NonNullable<ClassScenario["mask"]>>[0] {
  const { spec, actions, alive, reward, terminated } = world;
  const shown: ClassWorld = {
    p: spec.params,
    columns: Object.fromEntries(Object.entries(world.columns).map(([name, { data }]) => [name, data])),
    get cycle() {
      return world.cycle[0]!;
    },
    actions,
    actionKind: spec.actionKind,
    alive,
    reward,
    terminated,
    hidden: undefined,
    charge() {},
  };
  return shown;
}
