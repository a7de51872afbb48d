/**
 * What the benchmarks of learners share: a batch of made-up numbers that both sides learn from, the comparison of their
 * losses, and the race.
 *
 * @module
 */
import { fillNormal, fork, seed, type Stream, UserError } from "../core/mod.ts";
import type { Layout, Numbers } from "../tensor/mod.ts";
import { race, repeat, type Rules } from "./measure.ts";
import { openPeer, type Peer } from "./peers/python.ts";
import { type Benchmark, type Row, row, skippedRow } from "./rows.ts";

/** Losses of the same step may differ by this much: both sides compute in float32, in another order. */
const tolerance = 2e-4;

const rules: Rules = { rounds: 7, seconds: 1, warmup: 1 };

/** An array with its shape, as a peer reads it. */
export interface Sent {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  readonly base64: string;
}

/** A learner beside its twin in PyTorch. */
export interface Contest {
  readonly name: string;
  readonly unit: string;
  readonly bar: number;
  /** Units of work of `once`. */
  readonly work: number;
  /** One update. */
  once(): void;
  /** The losses of the first steps from the first parameters, by name. */
  losses(): Readonly<Record<string, ArrayLike<number>>>;
  /** The script in bench/peers, and what it needs to do the same. */
  readonly script: string;
  readonly job: Readonly<Record<string, unknown>>;
  /** Ways to write it, each with what the job says of it. */
  readonly peers: readonly { readonly peerName: string; readonly how: Readonly<Record<string, unknown>> }[];
  dispose(): void;
}

/** Compares the losses of a contest, then races it. */
export async function* contested(contest: Contest): AsyncGenerator<Row> {
  const { name, unit, bar, work } = contest;
  const losses = contest.losses();
  const open: { peerName: string; peer: Peer }[] = [];
  let skipped = "";
  for (const { peerName, how } of contest.peers) {
    const peer = await openPeer(contest.script);
    if ("missing" in peer) {
      skipped = peer.missing;
      break;
    }
    open.push({ peerName, peer });
    await peer.ask({ op: "load", job: { ...contest.job, ...how } });
    agree(name, losses, await peer.ask({ op: "check" }) as Record<string, number[]>);
  }
  const ours = repeat(work, () => contest.once());
  const [rate, ...theirs] = await race([ours, ...open.map(({ peer }) => peer.run)], rules);
  const fields = { name, unit, ours: rate!, bar };
  for (const [i, { peerName, peer }] of open.entries()) {
    yield row({ ...fields, peer: theirs[i]!, peerName, peerVersion: peer.version });
    peer.close();
  }
  if (skipped) yield skippedRow({ ...fields, peerName: "PyTorch", skipped });
  contest.dispose();
}

/** The benchmark of some contests, one after the other; each is made when its turn comes. */
export function contests(...makers: readonly (() => Contest)[]): Benchmark {
  return async function* () {
    for (const make of makers) yield* contested(make());
  };
}

function agree(
  what: string,
  ours: Readonly<Record<string, ArrayLike<number>>>,
  theirs: Readonly<Record<string, readonly number[]>>,
): void {
  for (const [name, values] of Object.entries(theirs)) {
    for (const [i, value] of values.entries()) {
      const found = ours[name]?.[i] ?? NaN;
      if (!(Math.abs(found - value) <= tolerance * Math.max(1, Math.abs(value)))) {
        throw new UserError(`${what}: step ${i}: ${name} is ${found}, PyTorch says ${value}`);
      }
    }
  }
}

/** An array for a peer; booleans and int32 as int32. */
export function sent(array: Numbers, shape: readonly number[]): Sent {
  const plain = array instanceof Uint8Array ? Int32Array.from(array) : array;
  return {
    shape,
    dtype: plain instanceof Float32Array ? "float32" : "int32",
    base64: new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength).toBase64(),
  };
}

/** The parameters of a flat vector by name, for a peer. */
export function sentParameters(layout: Layout, theta: Float32Array): Record<string, Sent> {
  const views = layout.views(theta);
  return Object.fromEntries(layout.names.map((name) => [name, sent(views[name]!, layout.shapes[name]!)]));
}

/** The stream of a benchmark's made-up numbers. */
export function made(purpose: string): Stream {
  return fork(seed(1), purpose);
}

/** `length` standard normal numbers. */
export function normals(stream: Stream, length: number): Float32Array {
  const into = new Float32Array(length);
  fillNormal(stream, into);
  return into;
}
