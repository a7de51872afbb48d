/**
 * Random numbers of a world. Nothing is stored but a key: every draw is a function of its place.
 *
 * Key      the child `environment` of the run's seed
 * Counter  (episode, purpose · 2³⁰ + cycle · draws per cycle + number of the draw)
 * Purpose 3 is the noise of sensors (`realism/interface.ts`); what a reset draws aside counts from 2²⁹ on.
 *
 * @module
 */
import { threefry2x32 } from "../../core/mod.ts";
import type { Purpose } from "./graph.ts";

const PURPOSES: Readonly<Record<Purpose, number>> = { reset: 0, dynamics: 1, observe: 2 };

/** Draws that one purpose may take within an episode. */
export const DRAWS_PER_EPISODE = 1073741824;

/** Where the numbers begin that a reset draws aside from the scenario's own. */
export const ASIDE = 536870912;

const block = new Uint32Array(2);

/** The second counter word of a purpose's n-th draw in an episode. */
export function counter(purpose: Purpose, n: number): number {
  return PURPOSES[purpose] * DRAWS_PER_EPISODE + n;
}

/** A number from [0, 1), 53 random bits. */
export function draw(k0: number, k1: number, c0: number, c1: number): number {
  threefry2x32(k0, k1, c0, c1, block);
  return ((block[0]! >>> 5) * 67108864 + (block[1]! >>> 6)) * 1.1102230246251565e-16;
}
