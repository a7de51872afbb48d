/**
 * The running proof of a replay: one chain per field over all steps, read off as a check byte after each step and
 * as a 64-bit hash after each episode. A difference at one step shows in its chain at every later step.
 *
 * actions  CRC-8 over the packed bits, so that no change of one byte escapes
 * state    every state column, who is alive, the cycle and the episode; after the last step of an episode also
 *          `finalState`, which the reset would otherwise hide
 * reward   `[N]`
 * cost     `[N,C]` and the channel costs `[C]`
 *
 * @module
 */
import { hasher } from "../../core/mod.ts";
import type { World } from "../types.ts";
import { readBits } from "./bits.ts";
import { crc8 } from "./crc.ts";

export interface Digest {
  /** Take in the packed actions at bits `from` to `to`; returns the check byte of "actions". */
  actions(bytes: Uint8Array, from: number, to: number): number;
  /** Take in the world's outcome of a step; writes the check bytes of state, reward and cost to `into` [3]. */
  outcome(into: Uint8Array): void;
  /** The chained hash of everything taken in so far, 16 hex digits. */
  hash(): string;
}

/** A digest of `world`, which must hold one environment. */
export function digest(world: World): Digest {
  const columns = Object.values(world.columns).map((column) => column.data);
  const chains = [hasher(), hasher(), hasher(), hasher()] as const;
  const [packed, state, reward, cost] = chains;
  let crc = 0;
  return {
    actions(bytes, from, to) {
      crc = crc8(crc, bytes, from, to);
      for (let at = from; at < to; at += 8) packed.u32(readBits(bytes, at, Math.min(8, to - at)));
      return crc;
    },
    outcome(into) {
      for (let i = 0; i < columns.length; i++) state.array(columns[i]!);
      state.array(world.alive);
      state.u32(world.cycle[0]!);
      state.u32(world.episode[0]!);
      if (world.done[0] === 1) state.array(world.finalState);
      reward.array(world.reward);
      cost.array(world.cost);
      cost.array(world.channelCost);
      into[0] = state.words()[0];
      into[1] = reward.words()[0];
      into[2] = cost.words()[0];
    },
    hash() {
      const whole = hasher();
      for (const chain of chains) chain.words().forEach(whole.u32);
      return whole.hex();
    },
  };
}
