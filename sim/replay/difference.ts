/**
 * The difference between two replays: the first step at which they part, and in what.
 *
 * @module
 */
import type { Scenario } from "../language/scenario.ts";
import type { BackendName, World, WorldSpec } from "../types.ts";
import { actionCodec } from "./bits.ts";
import { FIELDS, type Replay, type ReplayHeader } from "./format.ts";
import { episodeOf, play } from "./play.ts";

export interface Difference {
  /** The step at which they part; -1 where they began as different worlds. */
  readonly step: number;
  /** Index within the replays of the episode of that step. */
  readonly episode: number;
  /** What differs first: `seed`, `params.N`, `action of robot_1`, `pos[4]`, `reward of robot_0`, `steps`, … */
  readonly field: string;
  /** The first replay's value and the second's. */
  readonly values: readonly [unknown, unknown];
  readonly message: string;
}

/**
 * Where two replays part: in the worlds they began as, in an action, in what an action led to, in a recorded check, or
 * in where they end. Undefined where they are the same. Labels (policy, run, limits, backend, fork) do not count.
 *
 * @param scenario of both, looked up on the shelf if not given
 * @param backend the one each was recorded on if not given
 * @throws UserError when a replay does not fit the scenario as it is now
 */
export function difference(
  a: Replay,
  b: Replay,
  scenario?: Scenario,
  backend?: BackendName,
): Difference | undefined {
  const began = headersDiffer(a.header, b.header);
  if (began !== undefined) return { step: -1, episode: 0, ...began, message: say("at the start", began) };
  const [one, other] = [play(a, scenario, backend), play(b, scenario, backend)];
  const length = Math.min(one.total, other.total);
  const parted = (step: number, found: Parted): Difference => {
    const episode = one.episodeOf(step);
    return { step, episode, ...found, message: say(`step ${step} (episode ${episode})`, found) };
  };
  const actionsDiffer = actionComparison(a, b, one.world.spec);
  for (let t = 0; t < length; t++) {
    const acted = actionsDiffer(t);
    if (acted !== undefined) return parted(t, acted);
    one.step();
    other.step();
    const found = worldsDiffer(one.world, other.world) ?? proofsDiffer(a, b, t);
    if (found !== undefined) return parted(t, found);
  }
  if (one.total !== other.total) return parted(length, { field: "steps", values: [one.total, other.total] });
  return a.hash === b.hash
    ? undefined
    : parted(length - 1, { field: "recorded hash", values: [a.hash, b.hash] });
}

type Parted = Pick<Difference, "field" | "values">;

function say(where: string, { field, values: [a, b] }: Parted): string {
  const text = (value: unknown) =>
    typeof value === "object" ? JSON.stringify(value) : value === undefined ? "nothing" : `${value}`;
  return `${where}, ${field}: ${text(a)} in the first, ${text(b)} in the second`;
}

/** What makes two worlds different before their first step, in the order in which one would ask. */
const BEGINNING = [
  "scenario",
  "params",
  "actionKind",
  "maxCycles",
  "seed",
  "env",
  "firstEpisode",
  "reset",
  "codeHash",
  "agents",
  "actionSizes",
  "channels",
] as const satisfies readonly (keyof ReplayHeader)[];

function headersDiffer(a: ReplayHeader, b: ReplayHeader): Parted | undefined {
  for (const name of BEGINNING) {
    const found = valuesDiffer(name, a[name], b[name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first place in which two pieces of JSON differ. */
function valuesDiffer(field: string, a: unknown, b: unknown): Parted | undefined {
  if (!isTree(a) || !isTree(b)) return Object.is(a, b) ? undefined : { field, values: [a, b] };
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = valuesDiffer(Array.isArray(a) ? `${field}[${key}]` : `${field}.${key}`, a[key], b[key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The first action in which two replays of the same kind of world differ at a step. */
function actionComparison(a: Replay, b: Replay, spec: WorldSpec): (t: number) => Parted | undefined {
  const { agents, actionKind, A } = spec;
  const codec = actionCodec(spec);
  const width = actionKind === "discrete" ? 1 : A;
  const [one, other] = [new Float64Array(agents.length * width), new Float64Array(agents.length * width)];
  return (t) => {
    codec.read(a.actions, t * codec.stepBits, one);
    codec.read(b.actions, t * codec.stepBits, other);
    const i = firstDifference(one, other);
    if (i === -1) return undefined;
    const part = width === 1 ? "" : ` [${i % width}]`;
    return { field: `action of ${agents[Math.floor(i / width)]}${part}`, values: [one[i], other[i]] };
  };
}

/** The first number in which two worlds of the same kind differ after a step. */
function worldsDiffer(a: World, b: World): Parted | undefined {
  const { agents, channels, C } = a.spec;
  const agent = (what: string) => (i: number) => `${what} of ${agents[i]}`;
  const indexed = (what: string) => (i: number) => `${what}[${i}]`;
  const find = (x: ArrayLike<number>, y: ArrayLike<number>, name: (i: number) => string) => {
    const i = firstDifference(x, y);
    return i === -1 ? undefined : { field: name(i), values: [x[i], y[i]] as const };
  };
  const states = () => {
    for (const [name, { data }] of Object.entries(a.columns)) {
      const found = find(data, b.columns[name]!.data, indexed(name));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return states() ??
    find(a.alive, b.alive, agent("alive")) ??
    find(a.cycle, b.cycle, () => "cycle") ??
    find(a.episode, b.episode, () => "episode") ??
    find(a.done, b.done, () => "done") ??
    (a.done[0] === 1 ? find(a.finalState, b.finalState, indexed("finalState")) : undefined) ??
    find(a.reward, b.reward, agent("reward")) ??
    find(a.cost, b.cost, (i) => `cost ${channels[i % C]!.name} of ${agents[Math.floor(i / C)]}`) ??
    find(a.channelCost, b.channelCost, (i) => `channel cost ${channels[i]!.name}`);
}

/** -1 where there is none; -0 equals 0, as for a hash. */
function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i] && !(Number.isNaN(a[i]) && Number.isNaN(b[i]))) return i;
  }
  return -1;
}

/** The same play, but other proof of it: one of the two was recorded by other code, or changed since. */
function proofsDiffer(a: Replay, b: Replay, t: number): Parted | undefined {
  for (let f = 0; f < FIELDS.length; f++) {
    const values = [a.checks[FIELDS.length * t + f], b.checks[FIELDS.length * t + f]] as const;
    if (values[0] !== values[1]) return { field: `recorded check of ${FIELDS[f]}`, values };
  }
  const mark = (replay: Replay) => {
    const { end, hash } = replay.episodes[episodeOf(replay, t)] ?? {};
    return end === t + 1 ? hash : undefined;
  };
  const hashes = [mark(a), mark(b)] as const;
  return hashes[0] === hashes[1] ? undefined : { field: "recorded hash of the episode", values: hashes };
}
