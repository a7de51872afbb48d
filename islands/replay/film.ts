/**
 * A replay as a film: the frames around the current step, and the ground each agent covered before it.
 *
 * @module
 */
import { UserError } from "../../core/mod.ts";
import {
  type BackendName,
  type Frame,
  frame,
  play,
  type Player,
  type Replay,
  type Scenario,
} from "../../sim/mod.ts";

/** Steps that a trail reaches back. */
const TRAIL = 24;
/** Time that a jump may spend on building trails, in ms. */
const PATIENCE = 12;

export interface Film {
  readonly total: number;
  /** Steps taken. */
  readonly t: number;
  /** The state after `t` steps. */
  readonly current: Frame;
  /** The state one step before, where the episode is the same; else the current one. */
  readonly previous: Frame;
  /** By agent, x and y in turn, oldest first, up to and including `previous`; none where the view asks for none. */
  readonly trails: readonly (readonly number[])[];
  /** Agents that paid a cost in the last step. */
  readonly charged: ReadonlySet<number>;
  /** False where there is no next step. */
  next(): boolean;
  seek(t: number): void;
}

/** The film of `replay`, at its beginning. */
export function film(replay: Replay, scenario: Scenario, backend: BackendName): Film {
  const player = play(replay, scenario, backend);
  const { world, total } = player;
  const { N, C } = world.spec;
  const picture = () => frame(scenario, world, 0);
  const { view } = scenario;
  const trailed = (typeof view === "function" ? view(world.spec.params) : view)?.trails ?? false;
  let current = picture();
  let previous = current;
  let trails: number[][] = [];
  let charged = new Set<number>();
  let stepTime = 0;

  function next(): boolean {
    const started = performance.now();
    if (!attempt(player.step)) return false;
    const shown = current;
    current = picture();
    charged = payers(player, N, C);
    if (world.done[0] === 1) {
      previous = current;
      trails = [];
    } else {
      previous = shown;
      if (trailed) extend(trails, shown);
    }
    stepTime += 0.1 * (performance.now() - started - stepTime);
    return true;
  }

  function seek(t: number): void {
    const target = Math.max(0, Math.min(total, t));
    if (target === player.t + 1) return void next();
    const start = target === 0 ? 0 : episodeStart(player, target);
    const reach = Math.min(TRAIL, Math.floor(PATIENCE / Math.max(0.01, stepTime)));
    attempt(() => player.seek(Math.max(start, target - Math.max(1, reach))));
    [current, trails, charged] = [picture(), [], new Set()];
    previous = current;
    while (player.t < target && next());
  }

  return {
    total,
    next,
    seek,
    get t() {
      return player.t;
    },
    get current() {
      return current;
    },
    get previous() {
      return previous;
    },
    get trails() {
      return trails;
    },
    get charged() {
      return charged;
    },
  };
}

/** False where nothing happened: a damaged replay may hold actions that are none, and the film ends before them. */
function attempt(move: () => boolean | void): boolean {
  try {
    return move() ?? true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** First step of the episode that the state after `t` steps came from. */
function episodeStart({ replay, episodeOf }: Player, t: number): number {
  const episode = episodeOf(t - 1);
  return episode === 0 ? 0 : replay.episodes[episode - 1]!.end;
}

function payers({ world: { cost } }: Player, N: number, C: number): Set<number> {
  const agents = new Set<number>();
  for (let i = 0; i < N * C; i++) if (cost[i]! > 0) agents.add(Math.floor(i / C));
  return agents;
}

function extend(trails: number[][], { shapes }: Frame): void {
  for (const { agent, x, y } of shapes) {
    if (agent === undefined) continue;
    const trail = trails[agent] ??= [];
    trail.push(x, y);
    if (trail.length > 2 * TRAIL) trail.splice(0, 2);
  }
}
