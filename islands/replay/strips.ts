/**
 * The timeline: for each limit a strip of the cost so far in its episode against the limit, above them the violations,
 * below them nothing but time.
 *
 * @module
 */
import type { Survey, Track } from "./survey.ts";
import type { Palette } from "./palette.ts";

/** Pixels. */
export const MARKS = 18;
export const STRIP = 38;
const GAP = 6;
/** Room at both ends for marks that stand on them. */
const SIDE = 6;

interface View {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
}

export function stripsHeight(strips: number): number {
  return MARKS + Math.max(1, strips) * (STRIP + GAP);
}

/** Draws the strips and marks. Step `t` of `T` lies at `t / T` of the width between the sides. */
export function drawStrips(survey: Survey, { context, width }: View, palette: Palette): void {
  const { tracks, episodes, violations, firsts, total } = survey;
  const x = (t: number) => xAt(t, total, width);
  const height = stripsHeight(tracks.length);
  context.clearRect(0, 0, width, height);

  tracks.forEach((track, i) => {
    const top = MARKS + i * (STRIP + GAP);
    const scale = STRIP / Math.max(1.25 * (track.allowance ?? 0), track.peak, 1e-9);
    const y = (cost: number) => top + STRIP - cost * scale;
    const post = track.allowance === undefined ? top : y(track.allowance);
    context.fillStyle = palette.ground;
    context.fillRect(SIDE, top, width - 2 * SIDE, STRIP);
    if (track.allowance !== undefined) {
      context.fillStyle = palette["bad-soft"];
      context.fillRect(SIDE, top, width - 2 * SIDE, post - top);
    }
    drawBars(track, { context, x, y }, top + STRIP, palette);
    if (track.allowance === undefined) return;
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.25;
    context.setLineDash([6, 3]);
    line(context, SIDE, post, width - SIDE, post);
    context.setLineDash([]);
  });

  context.strokeStyle = palette["ink-3"];
  context.lineWidth = 1;
  if (width / episodes.length > 4) {
    for (const { start } of episodes) if (start > 0) line(context, x(start), MARKS - 4, x(start), height);
  }
  context.fillStyle = palette.bad;
  for (const { t } of violations) context.fillRect(x(t + 1) - 0.75, MARKS / 2 - 2.5, 1.5, 5);
  for (const { t } of firsts) diamond(context, x(t + 1), MARKS / 2, 5);
}

/** Where the state after `t` steps lies. */
function xAt(t: number, total: number, width: number): number {
  return SIDE + t / total * (width - 2 * SIDE);
}

interface Plot {
  readonly context: CanvasRenderingContext2D;
  readonly x: (t: number) => number;
  readonly y: (cost: number) => number;
}

/** One bar for a step, or for all steps of a pixel, of which the costliest counts. Beyond the limit it is red. */
function drawBars(
  { spent, allowance = Infinity }: Track,
  { context, x, y }: Plot,
  base: number,
  palette: Palette,
): void {
  const total = spent.length;
  const bars = Math.min(total, Math.max(1, Math.floor(x(total) - x(0))));
  context.fillStyle = palette.cost;
  context.globalAlpha = 0.4;
  eachBar(spent, bars, x, (left, width, cost) => {
    const top = y(Math.min(cost, allowance));
    context.fillRect(left, top, width, base - top);
  });
  context.fillStyle = palette.bad;
  context.globalAlpha = 0.8;
  const post = y(allowance);
  eachBar(spent, bars, x, (left, width, cost) => {
    if (cost > allowance) context.fillRect(left, y(cost), width, post - y(cost));
  });
  context.globalAlpha = 1;
}

function eachBar(
  spent: Float64Array,
  bars: number,
  x: (t: number) => number,
  draw: (left: number, width: number, cost: number) => void,
): void {
  let t = 0;
  for (let i = 1; i <= bars; i++) {
    const from = t;
    const to = Math.floor(i * spent.length / bars);
    let cost = 0;
    for (; t < to; t++) cost = Math.max(cost, spent[t]!);
    const left = Math.round(x(from));
    if (cost > 0) draw(left, Math.round(x(to)) - left, cost);
  }
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.beginPath();
  context.moveTo(x, y - r);
  context.lineTo(x + r, y);
  context.lineTo(x, y + r);
  context.lineTo(x - r, y);
  context.fill();
}
