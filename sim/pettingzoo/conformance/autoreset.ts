/**
 * Whether the step that ends an episode tells of its end, and the arrays already show the next episode.
 *
 * @module
 */
import type { World } from "../../types.ts";
import { act, reportOf, streamsOf } from "./act.ts";
import { check, checkSame } from "./check.ts";

const NEXT = "where an episode ends, reset in the same step and show the next episode's first observation";
const LAST = "where an episode ends, show its last observation in finalObs and finalState";
const LEGAL = "where an episode ends, say in finalMask what would be legal in its last state";

/** @param make a world of one environment, of at most so many cycles */
export function autoresetTest(make: (maxCycles: number) => World, maxCycles = 6, seeds = 3): void {
  const worlds: Worlds = { world: make(maxCycles), longer: make(maxCycles + 100), next: make(maxCycles) };
  for (let seed = 0; seed < seeds; seed++) checkBoundary(worlds, maxCycles, seed);
}

interface Worlds {
  readonly world: World;
  /** Plays the same episode, which time does not end. */
  readonly longer: World;
  /** Plays the next. */
  readonly next: World;
}

function checkBoundary({ world, longer, next }: Worlds, maxCycles: number, seed: number): void {
  world.reset(seed);
  longer.reset(seed);
  next.reset(seed, 1);
  const streams = streamsOf(1, seed);
  let t = 0;
  for (; t <= maxCycles && world.done[0] !== 1; t++) {
    act(world, streams);
    longer.actions.set(world.actions);
    world.step();
    longer.step();
    if (world.done[0] !== 1) checkRunning(world, t);
  }
  check(
    world.done[0] === 1,
    `${t} steps did not end an episode of at most ${maxCycles}: set done when it ends`,
  );
  checkFlags(world, t === maxCycles);
  const over = longer.done[0] === 1;
  checkSame("finalObs", rows(over ? longer.finalObs : longer.obs), rows(world.finalObs), LAST);
  checkSame("finalState", rows(over ? longer.finalState : longer.state), rows(world.finalState), LAST);
  checkSame("finalMask", rows(over ? longer.finalMask : longer.mask), rows(world.finalMask), LEGAL);
  for (const name of ["reward", "cost", "channelCost"] as const) {
    checkSame(
      `${name} of the last step`,
      rows(longer[name]),
      rows(world[name]),
      `${name} is of the ended episode`,
    );
  }
  checkNext(world, next, streams);
}

function rows(data: ArrayLike<number>): number[] {
  return Array.from(data);
}

/** The world stands where the next episode starts, and goes on as it does. */
function checkNext(world: World, next: World, streams: ReturnType<typeof streamsOf>): void {
  const begun = ({ obs, state, alive, mask, turn, cycle, episode }: World) => {
    return [obs, state, alive, mask, turn, cycle, episode].map(rows);
  };
  checkSame("after the end", begun(next), begun(world), NEXT);
  checkSame("the hash after the end", next.hash(0), world.hash(0), NEXT);
  for (let t = 0; t < 3; t++) {
    act(next, streams);
    world.actions.set(next.actions);
    next.step();
    world.step();
    checkSame(`step ${t} of the next episode`, reportOf(next), reportOf(world), NEXT);
  }
}

function checkRunning(world: World, t: number): void {
  check(world.cycle[0] === t + 1, `cycle is ${world.cycle[0]} after ${t + 1} steps: count them`);
  check(
    world.truncated.every((flag) => flag === 0),
    `an agent is truncated in step ${t}, and the episode goes on: truncate when maxCycles steps were taken`,
  );
}

/** Who was in play is terminated or truncated, never both; truncated only where time ended it. */
function checkFlags({ terminated, truncated, spec: { agents } }: World, atLimit: boolean): void {
  agents.forEach((agent, n) => {
    check(
      terminated[n]! + truncated[n]! <= 1,
      `${agent} is both terminated and truncated: what terminates it is not a limit of time`,
    );
    check(
      truncated[n] === 0 || atLimit,
      `${agent} is truncated before maxCycles: say terminated where the task is over`,
    );
  });
  check(
    terminated.includes(1) || truncated.includes(1),
    "the episode ended, and nobody is terminated or truncated: say which",
  );
}
