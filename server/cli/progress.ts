/**
 * The progress of training: a bar on a terminal, a line now and then elsewhere.
 *
 * @module
 */
import process from "node:process";
import { Presets, SingleBar } from "cli-progress";
import { count, duration, number } from "./format.ts";
import { onTerminal, say } from "./output.ts";

/** How far a run is, and its newest metrics by name. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface ProgressView {
  update(progress: Progress): void;
  /** Text between the updates. */
  print(line: string): void;
  end(): void;
}

/** Seconds between two lines where there is no terminal. */
const lineEvery = 5;

/** A view for a run that starts at step `from` of `steps`. */
export function progressView(from: number, steps: number): ProgressView {
  const clock = stopwatch(from, steps);
  return onTerminal() ? bar(clock, from, steps) : lines(clock);
}

/** Return, each cost against its limit with its multiplier: `return 12.3  contact 1.5/2 λ 0.42`. */
export function headline(metrics: Readonly<Record<string, number>>): string {
  const parts = "episode/return" in metrics ? [`return ${number(metrics["episode/return"]!)}`] : [];
  for (const [name, value] of Object.entries(metrics)) {
    if (!name.startsWith("cost/")) continue;
    const channel = name.slice("cost/".length);
    const limit = metrics[`limit/${channel}`];
    const lambda = metrics[`constraint/lambda/${channel}`];
    parts.push(
      `${channel} ${number(value)}` + (limit === undefined ? "" : `/${number(limit)}`) +
        (lambda === undefined ? "" : ` λ ${number(lambda)}`),
    );
  }
  return parts.join("  ");
}

/** Speed and time left, by the steps since this process began. */
export interface Stopwatch {
  read(step: number): { speed: number; left: number };
}

export function stopwatch(from: number, steps: number): Stopwatch {
  const start = performance.now();
  return {
    read(step) {
      const speed = (step - from) / ((performance.now() - start) / 1000);
      return { speed, left: Math.max(0, steps - step) / speed };
    },
  };
}

/** The metrics seen so far: an update in which no episode ended does not blank the line. */
function memory() {
  const seen: Record<string, number> = {};
  return (metrics: Readonly<Record<string, number>>) => Object.assign(seen, metrics);
}

function lines(clock: Stopwatch): ProgressView {
  const remember = memory();
  let last = -Infinity;
  return {
    update({ step, steps, metrics }) {
      const all = remember(metrics);
      const now = performance.now() / 1000;
      if (now - last < lineEvery && step < steps) return;
      last = now;
      const { speed, left } = clock.read(step);
      const share = `${Math.floor(100 * Math.min(1, step / steps))} %`.padStart(5);
      say(`${share}  step ${count(step)}  ${headline(all)}  ${number(speed)} steps/s  ETA ${duration(left)}`);
    },
    print: say,
    end: () => {},
  };
}

function bar(clock: Stopwatch, from: number, steps: number): ProgressView {
  const remember = memory();
  const shown = new SingleBar({
    format: `{bar} {percentage} %  {text}`,
    hideCursor: false,
    barsize: 20,
    stream: process.stdout,
    clearOnComplete: false,
    linewrap: true, // cuts the line to the width; a killed process leaves the terminal as it was
    gracefulExit: false,
  }, Presets.shades_classic);
  shown.start(steps, from, { text: "" });
  return {
    update({ step, metrics }) {
      const { speed, left } = clock.read(step);
      const text = `${headline(remember(metrics))}  ${number(speed)} steps/s  ETA ${duration(left)}`;
      shown.update(Math.min(step, steps), { text });
    },
    print(line) {
      say(`\r\x1b[K${line}`);
      shown.render();
    },
    end: () => shown.stop(),
  };
}
