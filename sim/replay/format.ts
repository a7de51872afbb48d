/**
 * The replay file: what was simulated, and proof enough to name the first step that differs.
 *
 * ```
 * magic     7 bytes   "PADDOCK"
 * version   1 byte
 * length    4 bytes   of the header, little-endian
 * hash      8 bytes   of the header's bytes
 * header    JSON      scenario, params, seed, sizes, limits, labels (`ReplayHeader`)
 * actions   bits      T steps one after another, padded to a whole byte at the end (bits.ts)
 * checks    [T,4]     one chained byte per step for each of `FIELDS` (digest.ts)
 * episodes  [M,12]    for each episode that ended: the step after its last one (u32) and the hash so far (8 bytes)
 * final     8 bytes   the hash after the last step
 * ```
 *
 * The parts after the header carry no check of their own: `verify` re-simulates and names step and field.
 *
 * @module
 */
import * as z from "zod";
import { hasher, UserError } from "../../core/mod.ts";
import { backends } from "../domain.ts";
import { bitsFor } from "./bits.ts";

const MAGIC = Uint8Array.from("PADDOCK", (letter) => letter.charCodeAt(0));
export const VERSION = 1;
/** Bytes before the header: magic, version, length, hash. */
const PREAMBLE = MAGIC.length + 1 + 4 + 8;

/** What each step has a check byte for, in this order. */
export const FIELDS = ["actions", "state", "reward", "cost"] as const;
export type Field = (typeof FIELDS)[number];

const count = z.int().min(0);
const limitKind = z.enum(["episode", "discounted", "rate", "step", "chance", "cvar"]);

const hash64 = z.string().regex(/^[0-9a-f]{16}$/);

const originSchema = z.strictObject({
  /** Final hash of the replay that was forked, 16 hex digits. */
  hash: hash64,
  /** Steps taken from it: its first ones, which are the fork's too. */
  step: count,
  /** Who acted in it. */
  policy: z.string(),
  /** The run it came from. */
  run: z.string().optional(),
});

/** The replay that another was forked from. */
export type Origin = z.output<typeof originSchema>;

const headerSchema = z.strictObject({
  scenario: z.string(),
  params: z.record(z.string(), z.unknown()),
  /** Hash of the scenario's traced graph, 16 hex digits. */
  codeHash: hash64,
  actionKind: z.enum(["discrete", "continuous"]),
  maxCycles: z.int().min(1),
  backend: z.enum(backends),
  seed: count,
  /** Id of the environment, which keys its random streams. */
  env: count,
  /** Index of the first episode. */
  firstEpisode: count,
  /** What resets draw from: the world's own streams if absent. */
  reset: z.literal("numpy").optional(),
  /** Steps T. */
  steps: count,
  /** Episodes M that ended within the T steps. */
  episodes: count,
  agents: z.array(z.string()).min(1),
  /** Discrete: number of actions of each agent. Continuous: dimensions. */
  actionSizes: z.array(z.int().min(1)),
  channels: z.array(z.strictObject({ name: z.string(), scope: z.enum(["agent", "pair", "group", "team"]) })),
  limits: z.array(
    z.strictObject({
      channel: z.string(),
      kind: limitKind,
      limit: z.number(),
      epsilon: z.number().optional(),
    }),
  ),
  /** Who acted: a label for people. */
  policy: z.string(),
  /** The run it comes from. */
  run: z.string().optional(),
  /** Where it was forked from, if it was. */
  fork: originSchema.optional(),
});

export type ReplayHeader = z.output<typeof headerSchema>;

/** An episode that ended: `end` is the step after its last one, `hash` the chained hash up to there. */
export interface EpisodeMark {
  readonly end: number;
  readonly hash: string;
}

/** The parts of a replay file. */
export interface Replay {
  readonly header: ReplayHeader;
  /** Bit-packed actions of all steps (bits.ts). */
  readonly actions: Uint8Array;
  /** `[T,4]` check bytes in the order of `FIELDS`. */
  readonly checks: Uint8Array;
  readonly episodes: readonly EpisodeMark[];
  /** Chained hash after the last step, 16 hex digits. */
  readonly hash: string;
  /** Size of the file. */
  readonly byteLength: number;
}

/** Bytes that the packed actions of a replay take. */
function actionBytes({ actionKind, actionSizes, steps }: ReplayHeader): number {
  const bits = actionSizes.reduce((sum, n) => sum + (actionKind === "discrete" ? bitsFor(n) : 32 * n), 0);
  return Math.ceil(steps * bits / 8);
}

/** The file of a replay. */
export function writeReplay(replay: Omit<Replay, "byteLength">): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify(replay.header));
  const { actions, checks, episodes } = replay;
  const into = new Uint8Array(
    PREAMBLE + header.length + actions.length + checks.length + 12 * episodes.length + 8,
  );
  const view = new DataView(into.buffer);
  into.set(MAGIC);
  into[MAGIC.length] = VERSION;
  view.setUint32(MAGIC.length + 1, header.length, true);
  setHash(view, MAGIC.length + 5, hashOf(header));
  let at = PREAMBLE;
  for (const part of [header, actions, checks]) {
    into.set(part, at);
    at += part.length;
  }
  for (const { end, hash } of episodes) {
    view.setUint32(at, end, true);
    setHash(view, at + 4, hash);
    at += 12;
  }
  setHash(view, at, replay.hash);
  return into;
}

/**
 * The parts of a replay file. Its actions and checks are taken as they are: `verify` judges them.
 *
 * @throws UserError that names the part of the file, what was found and what was expected
 */
export function readReplay(bytes: Uint8Array): Replay {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(bytes, view);
  const start = PREAMBLE + view.getUint32(MAGIC.length + 1, true);
  const sizes = {
    actions: actionBytes(header),
    checks: FIELDS.length * header.steps,
    episodes: 12 * header.episodes,
    "final hash": 8,
  };
  let at = start;
  for (const [part, size] of Object.entries(sizes)) {
    if (at + size > bytes.length) {
      refuse(part, `${size} bytes`, `${bytes.length - at}: the file is cut short`);
    }
    at += size;
  }
  if (at !== bytes.length) refuse("end of file", `${at} bytes in all`, `${bytes.length}`);

  const checksAt = start + sizes.actions;
  const episodesAt = checksAt + sizes.checks;
  const episodes = Array.from({ length: header.episodes }, (_, i) => ({
    end: view.getUint32(episodesAt + 12 * i, true),
    hash: getHash(view, episodesAt + 12 * i + 4),
  }));
  return {
    header,
    actions: bytes.slice(start, checksAt),
    checks: bytes.slice(checksAt, episodesAt),
    episodes,
    hash: getHash(view, bytes.length - 8),
    byteLength: bytes.length,
  };
}

function readHeader(bytes: Uint8Array, view: DataView): ReplayHeader {
  if (!MAGIC.every((letter, i) => bytes[i] === letter)) {
    const found = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
    refuse("magic", `"PADDOCK"`, `${JSON.stringify(found)}: this is not a replay file`);
  }
  if (bytes.length < PREAMBLE) {
    refuse("header", `at least ${PREAMBLE} bytes`, `${bytes.length}: the file is cut short`);
  }
  const version = bytes[MAGIC.length];
  if (version !== VERSION) {
    refuse("version", `${VERSION}`, `${version}: replay it with the release of Paddock that wrote it`);
  }
  const length = view.getUint32(MAGIC.length + 1, true);
  if (PREAMBLE + length > bytes.length) {
    refuse(
      "header",
      `${length} bytes`,
      `${bytes.length - PREAMBLE}: the file is cut short, or its length is damaged`,
    );
  }
  const text = bytes.subarray(PREAMBLE, PREAMBLE + length);
  const expected = getHash(view, MAGIC.length + 5);
  const found = hashOf(text);
  if (found !== expected) refuse("header", `hash ${expected}`, `${found}: the header is damaged`);
  return parseHeader(new TextDecoder().decode(text));
}

function parseHeader(text: string): ReplayHeader {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    refuse("header", "JSON", (error as Error).message);
  }
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    refuse(`header.${path.join(".")}`, "a field as this version writes it", message);
  }
  const header = parsed.data;
  if (header.actionSizes.length !== header.agents.length) {
    refuse(
      "header.actionSizes",
      `${header.agents.length}, one for each agent`,
      `${header.actionSizes.length}`,
    );
  }
  return header;
}

function refuse(part: string, expected: string, found: string): never {
  throw new UserError(`replay, ${part}: expected ${expected}, found ${found}`);
}

function hashOf(bytes: Uint8Array): string {
  const hash = hasher();
  hash.array(bytes);
  return hash.hex();
}

/** 16 hex digits, high word first, as 8 bytes. */
function setHash(view: DataView, at: number, hash: string): void {
  view.setUint32(at, parseInt(hash.slice(0, 8), 16));
  view.setUint32(at + 4, parseInt(hash.slice(8), 16));
}

function getHash(view: DataView, at: number): string {
  const words = [view.getUint32(at), view.getUint32(at + 4)];
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}
