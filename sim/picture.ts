/**
 * A picture of a world as SVG, drawn as the replay page draws it.
 *
 * @module
 */
import type { Frame, Shape } from "./types.ts";

/** A disc that is no agent is a `thing`: there, but fainter than those who act. A text has no look: it is read. */
export type Look = Exclude<Shape["kind"], "text"> | "thing";

/** How a shape looks: opacity of its inside, and least width of its edge in pixels. */
export const LOOKS: Readonly<Record<Look, readonly [inside: number, edge: number]>> = {
  disc: [0.92, 1.5],
  thing: [0.3, 1.5],
  zone: [0.13, 1.5],
  ring: [0, 2],
  line: [0, 2],
  cell: [0.28, 1],
};

export function lookOf({ kind, agent }: Shape): Look | undefined {
  return kind === "text" ? undefined : kind === "disc" && agent === undefined ? "thing" : kind;
}

/** Words of a picture: where in pixels their middle is, and how high their letters. */
export interface Words {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** What is written in a picture: texts where they stand, at a size that can be read; labels under their shapes. */
export function wordsOf(shapes: readonly Shape[], { scale, left, top }: Projection): Words[] {
  return shapes.filter(({ label }) => label !== undefined).map(({ kind, x, y, r, label }) => {
    const place = { text: label!, x: x * scale + left, y: top - y * scale };
    if (kind === "text") return { ...place, height: Math.max(9, Math.min(16, 2 * r * scale)) };
    return { ...place, y: place.y + r * scale + 9, height: 11 };
  });
}

/** What is drawn beside the frame. */
export interface PictureOptions {
  /** Of the whole picture, in pixels; its height follows from the camera, which it holds in its middle. */
  readonly width?: number;
  /** By agent, oldest first: x and y in turn, in world units. */
  readonly trails?: readonly (readonly number[])[];
}

/** World units to pixels: `x * scale + left`, `top - y * scale`. */
export interface Projection {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** The light colours of the pages. */
const GROUND = "#f4f3ec";
const LINE = "#e3e1d7";
const INK = "#57625a";
const FONT = `font-family="system-ui, sans-serif" fill="${INK}" text-anchor="middle"`;

/** Pixels that the world may be high. */
const HIGHEST = 400;

/** Height of a line of text, and about the width of a letter of a caption. */
const TEXT = { line: 18, letter: 6.6 };

/**
 * The frame as a document of its own: its camera on a light ground, agents over things, shapes of one look in one path,
 * the caption below.
 */
export function picture(frame: Frame, { width = 480, trails = [] }: PictureOptions = {}): string {
  const [xmin, xmax, ymin, ymax] = frame.camera;
  const scale = Math.min(width / (xmax - xmin), HIGHEST / (ymax - ymin));
  const floor = scale * (ymax - ymin);
  const p = { scale, left: width / 2 - scale * (xmin + xmax) / 2, top: ymax * scale };
  const caption = wrap(frame.caption, Math.floor((width - 16) / TEXT.letter));
  const height = floor + (caption.length === 0 ? 0 : TEXT.line * caption.length + 8);
  const things = frame.shapes.filter(({ agent }) => agent === undefined);
  const agents = frame.shapes.filter(({ agent }) => agent !== undefined);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${px(width)} ${px(height)}" width="${px(width)}">`,
    `<rect width="100%" height="100%" fill="${GROUND}" />`,
    `<path d="${grid(frame.camera, p, width, floor)}" stroke="${LINE}" />`,
    ...drawShapes(things, p),
    ...agents.flatMap((shape) => trail(shape, trails[shape.agent!], p)),
    ...drawShapes(agents, p),
    ...wordsOf(frame.shapes, p).map(({ text, x, y, height }) =>
      `<text x="${px(x)}" y="${px(y + 0.36 * height)}" font-size="${px(height)}" font-weight="600" ${FONT}>${
        escaped(text)
      }</text>`
    ),
    ...caption.length === 0
      ? []
      : [`<rect y="${px(floor)}" width="100%" height="${px(height - floor)}" fill="#fff" />`],
    ...caption.map((line, i) =>
      `<text x="${px(width / 2)}" y="${px(floor + TEXT.line * (i + 1))}" font-size="13" ${FONT}>${
        escaped(line)
      }</text>`
    ),
    "</svg>",
    "",
  ].join("\n");
}

/** Shapes of one look in one path. */
function drawShapes(shapes: readonly Shape[], p: Projection): string[] {
  const looks = Map.groupBy(
    shapes.filter(({ kind }) => kind !== "text"),
    (shape) => `${lookOf(shape)} ${shape.color} ${shape.kind === "line" ? shape.r : ""}`,
  );
  return [...looks.values()].map((group) => {
    const { kind, color, r } = group[0]!;
    const [inside, edge] = LOOKS[lookOf(group[0]!)!];
    const fill = inside === 0 ? `fill="none"` : `fill="${color}" fill-opacity="${inside}"`;
    const thick = px(Math.max(edge, kind === "line" ? 2 * r * p.scale : 0));
    const style = STROKES[kind] ?? "";
    const d = group.map((shape) => outline(shape, p)).join("");
    return `<path d="${d}" ${fill} stroke="${color}" stroke-width="${thick}"${style} />`;
  });
}

const STROKES: Readonly<Partial<Record<Shape["kind"], string>>> = {
  line: ` stroke-linecap="round"`,
  zone: ` stroke-dasharray="5 4"`,
};

function outline({ kind, x, y, r, x2 = x, y2 = y }: Shape, p: Projection): string {
  const [cx, cy] = [x * p.scale + p.left, p.top - y * p.scale];
  if (kind === "line") return `M${px(cx)} ${px(cy)}L${px(x2 * p.scale + p.left)} ${px(p.top - y2 * p.scale)}`;
  const radius = Math.round(10 * Math.max(1, r * p.scale)) / 10;
  const [left, side] = [px(cx - radius), px(2 * radius)];
  if (kind === "cell") return `M${left} ${px(cy - radius)}h${side}v${side}h-${side}z`;
  const arc = `a${radius} ${radius} 0 1 1`;
  return `M${left} ${px(cy)}${arc} ${side} 0${arc} -${side} 0`;
}

/** Where an agent came from, in three pieces, the older the fainter. */
function trail({ color, x, y, r }: Shape, points: readonly number[] = [], p: Projection): string[] {
  if (points.length < 2) return [];
  const all = [...points, x, y];
  const places = Array.from(
    { length: all.length / 2 },
    (_, i) => `${px(all[2 * i]! * p.scale + p.left)} ${px(p.top - all[2 * i + 1]! * p.scale)}`,
  );
  const piece = Math.ceil(places.length / 3);
  const thick = px(Math.max(1.5, Math.min(4, 0.5 * r * p.scale)));
  return [0, 1, 2].flatMap((k) => {
    const part = places.slice(k * piece, (k + 1) * piece + 1);
    if (part.length < 2) return [];
    const faint = (0.14 + 0.16 * k).toFixed(2);
    return [
      `<path d="M${
        part.join("L")
      }" fill="none" stroke="${color}" stroke-opacity="${faint}" stroke-width="${thick}" />`,
    ];
  });
}

/** Lines an eighth of the picture apart or more, at round numbers. */
function grid(
  [xmin, xmax]: Frame["camera"],
  p: Projection,
  width: number,
  height: number,
): string {
  const step = roundStep((xmax - xmin) / 8);
  const lines: string[] = [];
  for (let i = Math.ceil(-p.left / p.scale / step); i * step * p.scale + p.left < width; i++) {
    lines.push(`M${px(i * step * p.scale + p.left)} 0v${px(height)}`);
  }
  for (let i = Math.ceil((p.top - height) / p.scale / step); p.top - i * step * p.scale > 0; i++) {
    lines.push(`M0 ${px(p.top - i * step * p.scale)}h${px(width)}`);
  }
  return lines.join("");
}

/** The nearest of 1, 2, 5 times a power of ten, not below `x`. */
export function roundStep(x: number): number {
  let power = 1;
  while (power > x) power /= 10;
  while (power * 10 <= x) power *= 10;
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= x)!;
}

/** Pixels to a tenth, without noise. */
function px(x: number): string {
  return `${Math.round(x * 10) / 10 + 0}`;
}

/** Words in lines of at most `length` letters. */
function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((word) => word !== "")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= length) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
