/**
 * The units of a battle: two kinds, and the field on which they meet.
 *
 *             health   range   damage   reload    speed
 *   marksman      45   6 m          9   2 steps   1.0 m/step   far and frail
 *   brawler      100   1.5 m       16   1 step    0.8 m/step   near and tough
 *
 * After an attack a unit reloads: for so many steps it can walk but not attack. A marksman that walks away between its
 * attacks outruns a brawler; a team that attacks one foe after another meets fewer attacks back.
 *
 * @module
 */
import * as z from "zod";

/** What a kind of unit is like. */
export interface Kind {
  readonly health: number;
  /** How far it attacks, in m; at exactly this distance it still does. */
  readonly range: number;
  /** Health that an attack takes. */
  readonly damage: number;
  /** Steps after an attack in which it cannot attack again. */
  readonly reload: number;
  /** Metres per step. */
  readonly speed: number;
  /** How large it is drawn, in m. */
  readonly size: number;
}

export const MARKSMAN: Kind = { health: 45, range: 6, damage: 9, reload: 2, speed: 1, size: 0.3 };
export const BRAWLER: Kind = { health: 100, range: 1.5, damage: 16, reload: 1, speed: 0.8, size: 0.45 };

/** The field: half its width (west to east) and half its height, in m. Units stop at its edge. */
export const FIELD = { x: 10, y: 6 } as const;
/** Where units start: so far from the middle line, brawlers in front; and how far each may be off, in m. */
export const START = { marksman: 6, brawler: 4.5, jitter: 1 } as const;

export const params = z.strictObject({
  N: z.int().min(3).max(12).default(5).describe("units of each team"),
  marksmen: z.number().min(0).max(1).default(0.6).describe(
    "share of a team that are marksmen, rounded to whole units; the others are brawlers",
  ),
  steps: z.int().min(10).max(1000).default(60).describe("the most steps of a battle"),
  sight: z.number().min(6).max(24).default(9).describe("how far a unit sees, in m"),
});

export type Params = z.output<typeof params>;

/** How many units of a team are marksmen: those of index 0 to that number. */
export function marksmenOf({ N, marksmen }: Pick<Params, "N" | "marksmen">): number {
  return Math.floor(N * marksmen + 0.5);
}

/** The kind of each unit of a team. */
export function kindsOf(params: Pick<Params, "N" | "marksmen">): readonly Kind[] {
  return Array.from({ length: params.N }, (_, i) => i < marksmenOf(params) ? MARKSMAN : BRAWLER);
}
