/**
 * Recordings out of replays: the state at every moment, bit for bit, and the actions between.
 *
 * @module
 */
import type { Scenario } from "../language/scenario.ts";
import type { Replay } from "../replay/format.ts";
import { play } from "../replay/play.ts";
import type { Recording } from "./recording.ts";

/**
 * A recording of the states of each episode in a replay. The last moment of an episode that ended is not in it: the
 * next one has begun there.
 *
 * @param columns which of the state; all if not given
 */
export function recordingsOf(replay: Replay, scenario?: Scenario, columns?: readonly string[]): Recording[] {
  const player = play(replay, scenario);
  const { world } = player;
  const names = columns ?? Object.keys(world.columns);
  const found: Recording[] = [];
  let [moments, actions]: number[][][] = [[], []];
  const look = () => moments!.push(names.flatMap((name) => Array.from(world.columns[name]!.data)));
  const finish = () => {
    let at = 0;
    const states = names.map((name) => {
      const { width } = world.columns[name]!;
      const from = at;
      at += width;
      return [name, moments!.map((row) => row.slice(from, from + width))];
    });
    if (actions!.length > 0) found.push({ states: Object.fromEntries(states), actions: actions! });
    [moments, actions] = [[], []];
  };
  look();
  while (player.step()) {
    if (world.done[0] === 1) finish();
    else actions!.push(Array.from(world.actions));
    look();
  }
  finish();
  return found;
}
