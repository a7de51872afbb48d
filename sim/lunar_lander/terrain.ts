/**
 * The moon of LunarLander: eleven points of random height with a flat pad in the middle.
 *
 * @module
 */

/** Pixels per metre of the original's picture: most of its lengths are given in pixels. */
export const SCALE = 30;
/** Of the viewport, m. */
export const WIDTH = 600 / SCALE;
export const HEIGHT = 400 / SCALE;

/** Points of the terrain, and how many numbers are drawn for it. */
export const POINTS = 11;
export const DRAWN = POINTS + 1;
/** Bounds of a drawn height, m. */
export const HIGHEST = HEIGHT / 2;

/** Where the pad is: between the points 4 and 6. */
export const PAD = { y: HEIGHT / 4, left: pointX(4), right: pointX(6) } as const;
/** Drawn heights that the pad overwrites, from the first to the last. */
const FLAT = [3, 7] as const;

/** Where a point is, m from the left. */
export function pointX(i: number): number {
  return WIDTH / (POINTS - 1) * i;
}

/** Heights of the points, from `DRAWN` drawn ones: each is about the mean of three, and before the first is the last. */
export function surface(drawn: ArrayLike<number>): number[] {
  const height = (i: number) => i >= FLAT[0] && i <= FLAT[1] ? PAD.y : drawn[i]!;
  return Array.from({ length: POINTS }, (_, i) => {
    const before = height(i === 0 ? DRAWN - 1 : i - 1);
    return 0.33 * (before + height(i) + height(i + 1));
  });
}
