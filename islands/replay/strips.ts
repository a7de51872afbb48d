/**
 * The timeline: for each limit a strip of the cost so far in its episode against the limit, above them the violations,
 * below them nothing but time.
 *
 * @module
 */
import type { Survey } from "./survey.ts";
import type { Palette } from "./palette.ts";

/** Pixels. */
export const MARKS = 18;
export const STRIP = 38;
const GAP = 6;
/** Room at both ends for the head of the playhead. */
export const SIDE = 6;

interface View {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
}

export function stripsHeight(strips: number): number {
  return MARKS + Math.max(1, strips) * (STRIP + GAP);
}

/** Draws everything that does not move while the replay plays. Step `t` of `T` lies at `t / T` of the width. */
export function drawStrips(survey: Survey, { context, width }: View, palette: Palette): void {
  const { tracks, episodes, violations, total } = survey;
  const x = (t: number) => xAt(t, total, width);
  const height = stripsHeight(tracks.length);
  context.clearRect(0, 0, width, height);

  tracks.forEach((track, i) => {
    const top = MARKS + i * (STRIP + GAP);
    const scale = STRIP / Math.max(1.25 * (track.allowance ?? 0), track.peak, 1e-9);
    const y = (cost: number) => top + STRIP - cost * scale;
    context.fillStyle = palette.ground;
    context.fillRect(SIDE, top, width - 2 * SIDE, STRIP);
    const plot = { context, x, y, base: top + STRIP };
    const post = track.allowance === undefined ? top : y(track.allowance);
    within(
      context,
      post,
      top + STRIP,
      width,
      () => drawArea(track.spent, episodes, plot, palette.cost, 0.38),
    );
    if (track.allowance === undefined) return;
    within(context, top, post, width, () => {
      context.fillStyle = palette["bad-soft"];
      context.fillRect(SIDE, top, width - 2 * SIDE, STRIP);
      drawArea(track.spent, episodes, plot, palette.bad, 0.8);
    });
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
  for (const { t, first } of violations) {
    if (first) diamond(context, x(t + 1), MARKS / 2, 5);
    else context.fillRect(x(t + 1) - 0.75, MARKS / 2 - 2.5, 1.5, 5);
  }
}

/** Where the state after `t` steps lies. */
export function xAt(t: number, total: number, width: number): number {
  return SIDE + t / total * (width - 2 * SIDE);
}

/** Draws only between two heights. */
function within(
  context: CanvasRenderingContext2D,
  top: number,
  bottom: number,
  width: number,
  draw: () => void,
) {
  context.save();
  context.beginPath();
  context.rect(0, top, width, bottom - top);
  context.clip();
  draw();
  context.restore();
}

interface Plot {
  readonly context: CanvasRenderingContext2D;
  readonly x: (t: number) => number;
  readonly y: (cost: number) => number;
  readonly base: number;
}

/** The cost so far as steps: it starts at zero with each episode. */
function drawArea(
  spent: Float64Array,
  episodes: Survey["episodes"],
  { context, x, y, base }: Plot,
  color: string,
  alpha: number,
): void {
  context.beginPath();
  for (const { start, length } of episodes) {
    context.moveTo(x(start), base);
    for (let t = start; t < start + length; t++) {
      context.lineTo(x(t), y(spent[t]!));
      context.lineTo(x(t + 1), y(spent[t]!));
    }
    context.lineTo(x(start + length), base);
  }
  context.fillStyle = color;
  context.globalAlpha = alpha;
  context.fill();
  context.globalAlpha = 1;
}

export function drawPlayhead(
  t: number,
  total: number,
  { context, width }: View,
  height: number,
  palette: Palette,
): void {
  const x = xAt(t, total, width);
  context.strokeStyle = context.fillStyle = palette.accent;
  context.lineWidth = 2;
  line(context, x, 2, x, height);
  context.beginPath();
  context.arc(x, 5, 4.5, 0, 2 * Math.PI);
  context.fill();
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
