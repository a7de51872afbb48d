/**
 * One chart: curves over environment steps, the limit as a dashed line, what lies beyond it tinted.
 *
 * @module
 */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { compact, percent } from "../parts/format.ts";
import { onScheme } from "../replay/palette.ts";
import type { ChartSpec } from "./charts.ts";
import { align, type History } from "./history.ts";

interface Props {
  readonly spec: ChartSpec;
  readonly history: History;
  /** Counts the changes of `history`, which is updated in place. */
  readonly version: number;
  readonly small?: boolean;
}

/** Dashes tell several curves of one hue apart. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

export function Chart({ spec, history, version, small = false }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const tags = [...spec.lines.map(({ tag }) => tag), ...(spec.limitTag === undefined ? [] : [spec.limitTag])];
  const data = () =>
    align(tags.map((tag) => history.get(tag) ?? { step: [], value: [] })) as uPlot.AlignedData;
  const format = spec.share ? percent : compact;

  useEffect(() => {
    const element = box.current!;
    const height = small ? 120 : 190;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(spec, element.clientWidth, height), data(), element);
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    const stop = onScheme(make);
    return () => {
      stop();
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, []);

  useEffect(() => plot.current?.setData(data()), [version]);

  return (
    <figure class={`card chart ${small ? "chart-small" : ""}`}>
      <figcaption>
        <span class="chart-title">{spec.title}</span>
        <span class="caption">{spec.note}</span>
        <span class="chart-last">
          {spec.lines.map(({ tag, name, hue }, i) => (
            <span key={tag} class={`hue-${hue}`}>
              {spec.lines.length > 1 && <Key name={name} dash={DASHES[i % DASHES.length]!} />}
              {format(history.get(tag)?.value.at(-1) ?? NaN)}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} class="chart-box" role="img" aria-label={`${spec.title} over environment steps`} />
    </figure>
  );
}

/** Which of several lines it is. */
function Key({ name, dash }: { name: string; dash: readonly number[] }) {
  return (
    <>
      <svg viewBox="0 0 20 8" aria-hidden="true">
        <line x1="0" y1="4" x2="20" y2="4" stroke-dasharray={dash.join(" ")} />
      </svg>
      <span class="caption">{name}</span>
      {" "}
    </>
  );
}

function options(spec: ChartSpec, width: number, height: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const font = "11px system-ui, sans-serif";
  const axis: uPlot.Axis = {
    stroke: color("ink-2"),
    font,
    grid: { stroke: color("line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "steps" }, y: false, points: { size: 7 }, drag: { x: true, y: false } },
    scales: { x: { time: false }, y: { range: (_, low, high) => withLimit(low, high, spec) } },
    axes: [
      { ...axis, size: 26, space: 54, values: (_, steps) => steps.map(compact) },
      { ...axis, size: 50, space: 34, values: (_, ticks) => ticks.map(spec.share ? percent : compact) },
    ],
    series: [
      {},
      ...spec.lines.map(({ name, hue }, i): uPlot.Series => ({
        label: name,
        stroke: color(hue),
        width: 2,
        dash: [...DASHES[i % DASHES.length]!],
        spanGaps: true,
        points: { show: false },
        ...(spec.lines.length === 1 ? { fill: fade(color(hue)), fillTo: (u) => u.scales.y!.min ?? 0 } : {}),
      })),
      ...(spec.limitTag === undefined ? [] : [limitSeries(color("ink"))]),
    ],
    hooks: {
      drawClear: [(u) => shadeBeyond(u, spec, color("bad-soft"))],
      draw: [(u) => post(u, spec, color("ink"))],
    },
    plugins: [tooltip(spec)],
  };
}

function limitSeries(stroke: string): uPlot.Series {
  return { label: "limit", stroke, width: 1.25, dash: [6, 3], spanGaps: true, points: { show: false } };
}

/** The range of the data with a margin, wide enough to show the limit. */
function withLimit(low: number | null, high: number | null, { limit, share }: ChartSpec): [number, number] {
  let [from, to] = [low ?? 0, high ?? 1];
  if (limit !== undefined) [from, to] = [Math.min(from, 0), Math.max(to, 1.15 * limit)];
  if (share) from = 0;
  const margin = 0.06 * (to - from || Math.abs(to) || 1);
  return [from >= 0 && from - margin < 0 ? 0 : from - margin, to + margin];
}

function shadeBeyond({ ctx, bbox, valToPos }: uPlot, { limit }: ChartSpec, color: string): void {
  if (limit === undefined) return;
  const y = Math.min(bbox.top + bbox.height, Math.max(bbox.top, valToPos(limit, "y", true)));
  ctx.fillStyle = color;
  ctx.fillRect(bbox.left, bbox.top, bbox.width, y - bbox.top);
}

/** The limit's line, where no curve of its own draws it. */
function post({ ctx, bbox, valToPos }: uPlot, { limit, limitTag }: ChartSpec, color: string): void {
  if (limit === undefined || limitTag !== undefined) return;
  const y = valToPos(limit, "y", true);
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** A curve's ground: its own colour, nearly clear. */
function fade(color: string): string {
  return `color-mix(in srgb, ${color} 9%, transparent)`;
}

/** Step and values beside the cursor. Text only: nothing the server sent becomes HTML. */
function tooltip({ lines, share }: ChartSpec): uPlot.Plugin {
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.hidden = true;
  const format = share ? percent : compact;
  return {
    hooks: {
      init: (u) => void u.over.append(bubble),
      setCursor: (u) => {
        const { idx, left = -1 } = u.cursor;
        bubble.hidden = idx === null || idx === undefined || left < 0;
        if (idx === null || idx === undefined || bubble.hidden) return;
        const values = lines.map(({ name }, i) =>
          `${lines.length > 1 ? `${name} ` : ""}${text(u.data[i + 1]![idx], format)}`
        );
        bubble.textContent = `${compact(u.data[0][idx]!)}: ${values.join(", ")}`;
        const flip = left > u.over.clientWidth / 2;
        bubble.style.left = flip ? "" : `${left + 10}px`;
        bubble.style.right = flip ? `${u.over.clientWidth - left + 10}px` : "";
      },
    },
  };
}

function text(value: number | null | undefined, format: (x: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}
