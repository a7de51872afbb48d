/**
 * The page's colours for what is drawn on a canvas: taken from the stylesheet, so light and dark follow it.
 *
 * @module
 */

const NAMES = [
  "ink",
  "ink-2",
  "ink-3",
  "line",
  "card",
  "paper",
  "ground",
  "accent",
  "cost",
  "bad",
  "bad-soft",
] as const;

export type Palette = Readonly<Record<typeof NAMES[number], string>>;

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
  return Object.fromEntries(entries) as Palette;
}

/** Calls `change` when the colour scheme changes; returns how to stop. */
export function onScheme(change: () => void): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", change);
  return () => query.removeEventListener("change", change);
}

/** Sizes a canvas to its box in device pixels. Returns its size in CSS pixels, in which to draw. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
): { context: CanvasRenderingContext2D; width: number; height: number } {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = Math.min(2, devicePixelRatio);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("This browser offers no 2D canvas");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}
