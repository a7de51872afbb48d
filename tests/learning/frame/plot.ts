/**
 * Learning curves as an SVG picture: of each result the interquartile mean over its seeds, and its interval as a band.
 *
 * @module
 */
import { aggregate } from "../../../agents/mod.ts";
import type { Result } from "./trial.ts";

const width = 720;
const height = 420;
const edge = { left: 64, right: 36, top: 44, bottom: 52 };
const colors = ["#1971c2", "#e8590c", "#2f9e44", "#9c36b5"];

/** A point of a curve: environment steps, the mean there, and its interval. */
interface Point {
  readonly steps: number;
  readonly iqm: number;
  readonly low: number;
  readonly high: number;
}

/** The picture of some results, titled; `y` says what is drawn. */
export function plot(title: string, y: string, results: readonly Result[]): string {
  const curves = results.map(({ curves }) => pointsOf(curves));
  const all = curves.flat();
  const xTicks = ticks(0, Math.max(...all.map(({ steps }) => steps)));
  const yTicks = ticks(Math.min(...all.map(({ low }) => low)), Math.max(...all.map(({ high }) => high)));
  const x = scale(xTicks, edge.left, width - edge.right);
  const up = scale(yTicks, height - edge.bottom, edge.top);
  const parts = [
    ...yTicks.map((tick) => grid(up(tick), tick)),
    ...xTicks.map((tick) => text(x(tick), height - edge.bottom + 20, tick.toLocaleString("en"), "middle")),
    text(width / 2, 24, title, "middle", 16),
    text(width / 2, height - 10, "environment steps", "middle"),
    `<text transform="translate(16 ${height / 2}) rotate(-90)" text-anchor="middle">${y}</text>`,
    ...curves.map((points, i) => curve(points, x, up, colors[i % colors.length]!)),
    ...results.map(({ label }, i) => legend(label, i)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" ` +
    `font-size="12" fill="#212529">\n<rect width="${width}" height="${height}" fill="#fff"/>\n${
      parts.join("\n")
    }\n</svg>\n`;
}

/** Points where every seed has one. */
function pointsOf(curves: Result["curves"]): Point[] {
  const length = Math.min(...curves.map((curve) => curve.length));
  return Array.from({ length }, (_, i) => {
    const { iqm, ci: [low, high] } = aggregate(curves.map((curve) => curve[i]![1]));
    return { steps: curves[0]![i]![0], iqm, low, high };
  });
}

/** About five round numbers that enclose `low` and `high`. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const first = Math.floor(low / step);
  const count = Math.ceil(high / step) - first;
  return Array.from({ length: count + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}

/** From the span of `ticks` to that between `start` and `end`. */
function scale(ticks: readonly number[], start: number, end: number): (value: number) => number {
  const [low, high] = [ticks[0]!, ticks.at(-1)!];
  return (value) => Math.round(10 * (start + (value - low) / (high - low) * (end - start))) / 10;
}

function text(x: number, y: number, words: string, anchor: "start" | "middle" | "end", size = 12): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}">${words}</text>`;
}

function grid(y: number, tick: number): string {
  return `<line x1="${edge.left}" x2="${width - edge.right}" y1="${y}" y2="${y}" stroke="#dee2e6"/>` +
    text(edge.left - 8, y + 4, `${tick}`, "end");
}

function curve(
  points: readonly Point[],
  x: (value: number) => number,
  y: (value: number) => number,
  color: string,
): string {
  const line = (values: readonly (readonly [number, number])[]) =>
    values.map(([steps, value]) => `${x(steps)},${y(value)}`).join(" ");
  const band = [
    ...points.map(({ steps, high }) => [steps, high] as const),
    ...points.map(({ steps, low }) => [steps, low] as const).reverse(),
  ];
  const middle = points.map(({ steps, iqm }) => [steps, iqm] as const);
  return `<polygon points="${line(band)}" fill="${color}" opacity="0.2"/>\n` +
    `<polyline points="${line(middle)}" fill="none" stroke="${color}" stroke-width="2"/>`;
}

function legend(label: string, i: number): string {
  const y = height - edge.bottom - 16 - 20 * i;
  const right = width - edge.right - 12;
  return `<line x1="${right - 28}" x2="${right}" y1="${y}" y2="${y}" stroke="${
    colors[i % colors.length]
  }" stroke-width="2"/>` + text(right - 36, y + 4, label, "end");
}
