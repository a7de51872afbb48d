/**
 * What a world holds: its columns as arrays, with copies and hashes of them.
 *
 * @module
 */
import { hasher, UserError } from "../../core/mod.ts";
import type { Reals, World, WorldSpec } from "../types.ts";
import { type Cells, type Column, HEADER, type Memory } from "./layout.ts";

/** The arrays of a world. */
export type Arrays = Pick<
  World,
  | "actions"
  | "obs"
  | "finalObs"
  | "state"
  | "finalState"
  | "reward"
  | "cost"
  | "channelCost"
  | "terminated"
  | "truncated"
  | "alive"
  | "mask"
  | "finalMask"
  | "turn"
  | "done"
  | "cycle"
  | "episode"
  | "stage"
  | "columns"
>;

/** The memory of one world. */
export class Store {
  readonly arrays: Arrays;
  readonly cells: Readonly<Record<string, Cells>>;
  readonly #bytes: Uint8Array;
  readonly #kept: readonly Column[];
  readonly #remembered: readonly Column[];
  /** What an episode begins with and changes. */
  readonly episodic: readonly Column[];

  constructor(
    readonly spec: WorldSpec,
    readonly columns: readonly Column[],
    { buffer, size, cells }: Memory,
  ) {
    this.cells = cells;
    this.#bytes = new Uint8Array(buffer, 0, size);
    this.#kept = columns.filter(({ role }) => role !== "scratch");
    this.#remembered = columns.filter(({ role }) => role === "realism");
    this.episodic = columns.filter(({ role, id }) => role === "state" || id === "gone");
    const reals = (id: string) => cells[id] as Reals;
    const flags = (id: string) => cells[id] as Uint8Array;
    const whole = (id: string) => cells[id] as Int32Array;
    this.arrays = {
      actions: cells["actions"] as Int32Array | Float32Array,
      obs: reals("obs"),
      finalObs: reals("finalObs"),
      state: reals("state" in cells ? "state" : "obs"),
      finalState: reals("finalState" in cells ? "finalState" : "finalObs"),
      reward: reals("reward"),
      cost: reals("cost"),
      channelCost: reals("channelCost"),
      terminated: flags("terminated"),
      truncated: flags("truncated"),
      alive: flags("alive"),
      mask: flags("mask"),
      finalMask: flags("finalMask" in cells ? "finalMask" : "mask"),
      turn: whole("turn"),
      done: flags("done"),
      cycle: whole("cycle"),
      episode: whole("episode"),
      ...cells["stage"] && { stage: reals("stage") },
      columns: Object.fromEntries(
        columns.filter(({ role }) => role === "state").map(({ name, id, width }) => {
          return [name, { data: reals(id), width }];
        }),
      ),
    };
  }

  /** What never changes unless a scenario says so, and the mark by which snapshots are known. */
  initialise(): void {
    const { E, N, A, actionKind, actionSizes, codeHash, maxCycles } = this.spec;
    const { alive, turn, mask } = this.arrays;
    alive.fill(1);
    turn.fill(-1);
    for (let row = 0; row < E * N; row++) {
      const size = actionKind === "continuous" ? A : actionSizes[row % N]!;
      mask.fill(1, row * A, row * A + size);
    }
    const header = new Uint32Array(this.#bytes.buffer, 0, HEADER / 4);
    header[0] = parseInt(codeHash.slice(0, 8), 16);
    header[1] = parseInt(codeHash.slice(8), 16);
    header[2] = E;
    header[3] = maxCycles;
  }

  snapshot(): Uint8Array {
    return this.#bytes.slice();
  }

  /** @throws UserError where the bytes are another world's */
  restore(bytes: Uint8Array): void {
    const mark = (part: Uint8Array) => part.subarray(0, HEADER).join(" ");
    if (bytes.length !== this.#bytes.length || mark(bytes) !== mark(this.#bytes)) {
      const { scenario, E, maxCycles } = this.spec;
      throw new UserError(
        `restore: not a snapshot of ${scenario} with these params, ${E} environments and at most ${maxCycles} cycles`,
      );
    }
    this.#bytes.set(bytes);
  }

  fork(from: number, to: number): void {
    for (const env of [from, to]) {
      if (Number.isInteger(env) && env >= 0 && env < this.spec.E) continue;
      throw new UserError(`fork: expected an environment from 0 to ${this.spec.E - 1}, found ${env}`);
    }
    for (const { id, width } of this.#kept) {
      this.cells[id]!.copyWithin(to * width, from * width, (from + 1) * width);
    }
  }

  hash(env: number): string {
    const hash = hasher();
    for (const { id, width } of [...this.episodic, ...this.#remembered]) {
      hash.array(this.cells[id]!.subarray(env * width, (env + 1) * width));
    }
    hash.u32(this.arrays.cycle[env]!);
    hash.u32(this.arrays.episode[env]!);
    return hash.hex();
  }
}
