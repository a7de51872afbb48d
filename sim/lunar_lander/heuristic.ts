/**
 * The heuristic that comes with Gymnasium: lean towards the pad, hover in proportion to the distance from it, and with a
 * leg on the ground only brake.
 *
 * @module
 */
import { ruled } from "../language/rule.ts";
import type { Group, Policy, WorldSpec } from "../types.ts";

/** The greatest lean, rad. */
const LEAN = 0.4;

/** What it wants: to turn by the first, to rise by the second. */
function wishes(s: Float32Array): readonly [turn: number, rise: number] {
  const [x, y, vx, vy, angle, omega] = [s[0]!, s[1]!, s[2]!, s[3]!, s[4]!, s[5]!];
  if (s[6] === 1 || s[7] === 1) return [0, -0.5 * vy];
  const lean = Math.max(-LEAN, Math.min(LEAN, 0.5 * x + vx));
  return [0.5 * (lean - angle) - omega, 0.5 * (0.55 * Math.abs(x) - y) - 0.5 * vy];
}

function choice(s: Float32Array): number {
  const [turn, rise] = wishes(s);
  if (rise > Math.abs(turn) && rise > 0.05) return 2;
  return turn < -0.05 ? 3 : turn > 0.05 ? 1 : 0;
}

function throttle(s: Float32Array): readonly number[] {
  const [turn, rise] = wishes(s);
  return [20 * rise - 1, -20 * turn].map((x) => Math.max(-1, Math.min(1, x)));
}

/** For either kind of action. */
export function heuristic({ actionKind }: WorldSpec, _group: Group): Policy {
  return ruled("scripted", actionKind === "discrete" ? choice : throttle)();
}
