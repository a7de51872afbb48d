/**
 * A replay as JSON lines, for notebooks and other tools: one object with what the file says about itself, then one for
 * each step.
 *
 * A step's line holds the state in which the agents acted, their actions, and what came of them:
 *
 *     t, episode, cycle    which step: of the replay, the episode's index, and the step of the episode (0, 1, …)
 *     state                column -> numbers, before the step
 *     actions              for each agent its action, or the numbers of a continuous one
 *     reward               for each agent
 *     cost, channelCost    channel -> for each agent; channel -> each event counted once
 *     terminated, truncated, alive, done    as `World` has them, after the step, 1 or 0
 *     finalState           only where the episode ended: the centralised state after its last step
 *
 * Numbers are doubles, written so that they read back to the same bits. JSON has no NaN and no infinity: these are null.
 *
 * @module
 */
import type { Scenario } from "../language/scenario.ts";
import type { BackendName, World } from "../types.ts";
import { type Replay, VERSION } from "./format.ts";
import { play } from "./play.ts";

/**
 * The lines of `replay`, without line ends, one at a time. See `play` for the other arguments and errors.
 *
 * @throws UserError when the actions are not the scenario's: `verify` says where
 */
export function* toJsonLines(
  replay: Replay,
  scenario?: Scenario,
  backend?: BackendName,
): Generator<string, void, void> {
  const player = play(replay, scenario, backend);
  const { world } = player;
  const widths = Object.entries(world.columns).map(([name, { width }]) => [name, width]);
  const { header, hash } = replay;
  yield JSON.stringify({
    format: "paddock-replay",
    version: VERSION,
    ...header,
    hash,
    columns: Object.fromEntries(widths),
  });
  for (let t = 0; t < player.total; t++) {
    const before = stateOf(world);
    player.step();
    yield JSON.stringify({ t, ...before, ...outcomeOf(world) });
  }
}

function stateOf({ episode, cycle, columns }: World) {
  const state = Object.entries(columns).map(([name, { data }]) => [name, Array.from(data)]);
  return { episode: episode[0], cycle: cycle[0], state: Object.fromEntries(state) };
}

function outcomeOf(world: World) {
  const { N, A, C, channels, actionKind, actionSizes } = world.spec;
  const perAgent = <T>(of: (n: number) => T) => Array.from({ length: N }, (_, n) => of(n));
  const perChannel = <T>(of: (c: number) => T) =>
    Object.fromEntries(channels.map(({ name }, c) => [name, of(c)]));
  const done = world.done[0];
  return {
    actions: perAgent((n) =>
      actionKind === "discrete"
        ? world.actions[n]
        : Array.from(world.actions.subarray(n * A, n * A + actionSizes[n]!))
    ),
    reward: Array.from(world.reward),
    cost: perChannel((c) => perAgent((n) => world.cost[n * C + c])),
    channelCost: perChannel((c) => world.channelCost[c]),
    terminated: Array.from(world.terminated),
    truncated: Array.from(world.truncated),
    alive: Array.from(world.alive),
    done,
    ...(done === 1 ? { finalState: Array.from(world.finalState) } : {}),
  };
}
