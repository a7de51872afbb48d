/**
 * One picture of the world on a canvas.
 *
 * @module
 */
import {
  type Frame,
  type Look,
  lookOf,
  LOOKS,
  type Projection,
  roundStep,
  type Shape,
  wordsOf,
} from "../../sim/mod.ts";
import type { Palette } from "./palette.ts";

/** What is drawn beside the shapes themselves. */
export interface Scene {
  readonly frame: Frame;
  /** By agent, oldest first: x and y in turn, in world units. */
  readonly trails: readonly (readonly number[])[];
  /** Agents that pay a cost at this step; those beyond a limit are `broken`. */
  readonly charged: ReadonlySet<number>;
  readonly broken: ReadonlySet<number>;
}

interface View {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

const FULL_TURN = 2 * Math.PI;

export function drawScene({ frame, trails, charged, broken }: Scene, view: View, palette: Palette): void {
  const { context, width, height } = view;
  const projection = fit(frame.camera, width, height);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, height);
  drawGrid(frame.camera, projection, view, palette);
  const agents = frame.shapes.filter(({ agent }) => agent !== undefined);
  drawShapes(frame.shapes.filter(({ agent }) => agent === undefined), projection, context);
  drawTrails(trails, agents, projection, context);
  drawShapes(agents, projection, context);
  drawWords(frame.shapes, projection, context, palette);
  for (const shape of agents) {
    if (charged.has(shape.agent!)) {
      halo(shape, projection, context, broken.has(shape.agent!) ? palette.bad : palette.cost);
    }
    markOutside(shape, projection, view);
  }
}

/** The picture between two steps; `share` of the way from `a` to `b`. Shapes that do not match jump. */
export function between(a: Frame, b: Frame, share: number): Frame {
  if (share >= 1 || a.shapes.length !== b.shapes.length) return b;
  const mix = (from: number, to: number) => from + (to - from) * share;
  const shapes = b.shapes.map((to, i) => {
    const from = a.shapes[i]!;
    if (from.kind !== to.kind || from.agent !== to.agent) return to;
    const moved = { ...to, x: mix(from.x, to.x), y: mix(from.y, to.y) };
    if (to.x2 === undefined || from.x2 === undefined) return moved;
    return { ...moved, x2: mix(from.x2, to.x2), y2: mix(from.y2 ?? 0, to.y2 ?? 0) };
  });
  return { ...b, shapes };
}

/** The camera's rectangle, whole and centred. */
function fit([xmin, xmax, ymin, ymax]: Frame["camera"], width: number, height: number): Projection {
  const scale = Math.min(width / (xmax - xmin), height / (ymax - ymin));
  return {
    scale,
    left: width / 2 - scale * (xmin + xmax) / 2,
    top: height / 2 + scale * (ymin + ymax) / 2,
  };
}

/** Shapes of one look share one path: the state changes of a canvas cost more than its arcs. */
function drawShapes(shapes: readonly Shape[], p: Projection, context: CanvasRenderingContext2D): void {
  const looks = Map.groupBy(
    shapes,
    (shape) => `${lookOf(shape)} ${shape.color} ${shape.kind === "line" ? shape.r : ""}`,
  );
  for (const group of looks.values()) {
    const { kind, color, r } = group[0]!;
    const look = lookOf(group[0]!);
    if (look === undefined) continue;
    context.beginPath();
    for (const shape of group) outline(shape, p, context);
    paint(look, color, kind === "line" ? 2 * r * p.scale : 0, context);
  }
}

function drawWords(
  shapes: readonly Shape[],
  p: Projection,
  context: CanvasRenderingContext2D,
  palette: Palette,
): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = palette["ink-2"];
  for (const { text, x, y, height } of wordsOf(shapes, p)) {
    context.font = `600 ${height}px system-ui, sans-serif`;
    context.fillText(text, x, y);
  }
}

function outline(
  { kind, x, y, r, x2 = x, y2 = y }: Shape,
  p: Projection,
  context: CanvasRenderingContext2D,
): void {
  const [cx, cy] = [x * p.scale + p.left, p.top - y * p.scale];
  const radius = Math.max(1, r * p.scale);
  if (kind === "line") {
    context.moveTo(cx, cy);
    context.lineTo(x2 * p.scale + p.left, p.top - y2 * p.scale);
  } else if (kind === "cell") {
    context.rect(cx - radius, cy - radius, 2 * radius, 2 * radius);
  } else {
    context.moveTo(cx + radius, cy);
    context.arc(cx, cy, radius, 0, FULL_TURN);
  }
}

function paint(kind: Look, color: string, width: number, context: CanvasRenderingContext2D): void {
  const [inside, edge] = LOOKS[kind];
  context.fillStyle = context.strokeStyle = color;
  context.lineWidth = Math.max(edge, width);
  context.lineCap = kind === "line" ? "round" : "butt";
  context.globalAlpha = inside;
  if (inside > 0) context.fill();
  context.globalAlpha = 1;
  context.setLineDash(kind === "zone" ? [5, 4] : []);
  context.stroke();
  context.setLineDash([]);
}

/** Each trail in three pieces, the older the fainter. */
function drawTrails(
  trails: Scene["trails"],
  shapes: readonly Shape[],
  p: Projection,
  context: CanvasRenderingContext2D,
): void {
  context.lineCap = "butt";
  context.lineJoin = "round";
  for (const { agent, color, x, y, r } of shapes) {
    const trail = agent === undefined ? undefined : trails[agent];
    if (trail === undefined || trail.length < 2) continue;
    const points = [...trail, x, y];
    const piece = Math.ceil(points.length / 6);
    context.strokeStyle = color;
    context.lineWidth = Math.max(1.5, Math.min(4, 0.5 * r * p.scale));
    for (let k = 0; k < 3; k++) {
      context.globalAlpha = 0.14 + 0.16 * k;
      context.beginPath();
      for (let i = k * piece; i <= Math.min((k + 1) * piece, points.length / 2 - 1); i++) {
        const [px, py] = [points[2 * i]! * p.scale + p.left, p.top - points[2 * i + 1]! * p.scale];
        if (i === k * piece) context.moveTo(px, py);
        else context.lineTo(px, py);
      }
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

function halo({ x, y, r }: Shape, p: Projection, context: CanvasRenderingContext2D, color: string): void {
  const [cx, cy] = [x * p.scale + p.left, p.top - y * p.scale];
  const radius = r * p.scale + 5;
  context.strokeStyle = color;
  for (const [width, alpha] of [[9, 0.2], [2.5, 1]] as const) {
    context.lineWidth = width;
    context.globalAlpha = alpha;
    context.beginPath();
    context.arc(cx, cy, radius, 0, FULL_TURN);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** A small wedge at the edge, for an agent that left the picture. */
function markOutside({ x, y, r, color }: Shape, p: Projection, { context, width, height }: View): void {
  const [cx, cy] = [x * p.scale + p.left, p.top - y * p.scale];
  const reach = r * p.scale;
  if (cx > -reach && cx < width + reach && cy > -reach && cy < height + reach) return;
  const margin = 14;
  const [ex, ey] = [clamp(cx, margin, width - margin), clamp(cy, margin, height - margin)];
  const angle = Math.atan2(cy - ey, cx - ex);
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(ex + 10 * Math.cos(angle), ey + 10 * Math.sin(angle));
  context.lineTo(ex + 7 * Math.cos(angle + 2.4), ey + 7 * Math.sin(angle + 2.4));
  context.lineTo(ex + 7 * Math.cos(angle - 2.4), ey + 7 * Math.sin(angle - 2.4));
  context.fill();
}

/** Lines a tenth of the picture apart or less, at round numbers, and the edge of the camera. */
function drawGrid(
  [xmin, xmax, ymin, ymax]: Frame["camera"],
  p: Projection,
  view: View,
  palette: Palette,
): void {
  const { context, width, height } = view;
  const step = roundStep((xmax - xmin) / 8);
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.globalAlpha = 0.7;
  context.beginPath();
  for (let i = Math.ceil((0 - p.left) / p.scale / step); i * step * p.scale + p.left < width; i++) {
    const x = Math.round(i * step * p.scale + p.left) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  for (let i = Math.ceil((p.top - height) / p.scale / step); p.top - i * step * p.scale > 0; i++) {
    const y = Math.round(p.top - i * step * p.scale) + 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
  }
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = palette["ink-3"];
  context.setLineDash([2, 5]);
  context.strokeRect(
    xmin * p.scale + p.left,
    p.top - ymax * p.scale,
    (xmax - xmin) * p.scale,
    (ymax - ymin) * p.scale,
  );
  context.setLineDash([]);
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
