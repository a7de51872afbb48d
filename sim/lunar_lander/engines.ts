/**
 * The engines and the weather: what pushes the hull in a step.
 *
 * @module
 */
import { cos, sin, tanh } from "../../core/mod.ts";
import type { Body } from "./exact_planck.ts";
import { SCALE } from "./terrain.ts";

/** Impulse of a full engine per metre of its distance from the hull's origin, N s/m. */
const MAIN_POWER = 13;
const SIDE_POWER = 0.6;
const MAIN_Y = 4 / SCALE;
const SIDE_AWAY = 12 / SCALE;
/** Where along the hull a side engine pushes: the original takes 17 for x and 14 for y, and so do we. */
const SIDE_HEIGHT = { x: 17 / SCALE, y: 14 / SCALE } as const;

/** How strongly engines burn: main 0 or from 0.5 to 1; side the same, negative for the left one. */
export interface Thrust {
  main: number;
  side: number;
}

/** 0 nothing, 1 left engine, 2 main engine, 3 right engine. */
export function discreteThrust(action: number, into: Thrust): void {
  into.main = action === 2 ? 1 : 0;
  into.side = action === 1 ? -1 : action === 3 ? 1 : 0;
}

/** Both numbers are clipped to ±1; main burns from 0 on, at half its power; a side engine beyond half. */
export function continuousThrust(main: number, side: number, into: Thrust): void {
  const level = Math.max(-1, Math.min(1, main));
  const turn = Math.max(-1, Math.min(1, side));
  into.main = level > 0 ? (level + 1) * 0.5 : 0;
  into.side = Math.abs(turn) > 0.5 ? turn : 0;
}

/** @param d two draws from ±1, by which the engines stray */
export function burn(hull: Body, { main, side }: Thrust, d0: number, d1: number): void {
  if (main === 0 && side === 0) return;
  const [along, across] = [d0 / SCALE, d1 / SCALE];
  const angle = hull.getAngle();
  const [tipX, tipY] = [sin(angle), cos(angle)];
  const [sideX, sideY] = [-tipY, tipX];
  if (main > 0) {
    const reach = MAIN_Y + 2 * along;
    const ox = tipX * reach + sideX * across;
    const oy = -tipY * reach - sideY * across;
    push(hull, ox, oy, MAIN_POWER * main, 0, 0);
  }
  if (side !== 0) {
    const reach = 3 * across + (side > 0 ? 1 : -1) * SIDE_AWAY;
    const ox = tipX * along + sideX * reach;
    const oy = -tipY * along - sideY * reach;
    const power = SIDE_POWER * Math.abs(side);
    push(hull, ox, oy, power, -tipX * SIDE_HEIGHT.x, tipY * SIDE_HEIGHT.y);
  }
}

/** An impulse against (ox, oy), there where it leads from the hull's origin, moved by (dx, dy). */
function push(hull: Body, ox: number, oy: number, power: number, dx: number, dy: number): void {
  const { x, y } = hull.getPosition();
  hull.applyLinearImpulse({ x: -ox * power, y: -oy * power }, { x: x + ox + dx, y: y + oy + dy }, true);
}

/** How strongly it blows `index` steps into an endless pattern that never repeats, within ±1. */
export function gust(index: number): number {
  return tanh(sin(0.02 * index) + sin(Math.PI * 0.01 * index));
}
