/**
 * The progress of the demo's two runs: two bars on a terminal, two lines now and then elsewhere.
 *
 * @module
 */
import process from "node:process";
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { duration } from "../../cli/format.ts";
import { onTerminal, say } from "../../cli/output.ts";
import { headline, stopwatch } from "../../cli/progress.ts";
import type { RunEvent } from "../../run/events.ts";

export interface DemoProgress {
  tell(name: string, event: RunEvent): void;
  print(line: string): void;
  end(): void;
}

/** Where a run stands. */
interface Standing {
  step: number;
  phase: string;
  readonly metrics: Record<string, number>;
}

/** Seconds between two reports where there is no terminal. */
const reportEvery = 10;

/** @param quiet prints nothing, for `--json` */
export function demoProgress(names: readonly string[], steps: number, quiet: boolean): DemoProgress {
  const clock = stopwatch(0, steps);
  const standings = new Map<string, Standing>(
    names.map((name) => [name, { step: 0, phase: "starts", metrics: {} }]),
  );
  const width = Math.max(...names.map((name) => name.length));
  const view = quiet ? { show: () => {}, print: () => {}, end: () => {} } : onTerminal() ? bars() : lines();

  function lineOf(name: string): string {
    const { step, phase, metrics } = standings.get(name)!;
    const left = step < steps && step > 0 ? `  ETA ${duration(clock.read(step).left)}` : "";
    return `${name.padEnd(width)}  ${headline(metrics) || phase}${step >= steps ? `  ${phase}` : left}`;
  }

  function lines() {
    let last = performance.now();
    return {
      show(name: string) {
        if (performance.now() - last < 1000 * reportEvery) return;
        last = performance.now();
        const { step } = standings.get(name)!;
        say(`${Math.floor(100 * Math.min(1, step / steps))} %`);
        for (const name of names) say(`  ${lineOf(name)}`);
      },
      print: say,
      end() {
        for (const name of names) say(`  ${lineOf(name)}`);
      },
    };
  }

  function bars() {
    const all = new MultiBar({
      format: "{bar} {percentage} %  {text}",
      hideCursor: false,
      barsize: 16,
      stream: process.stdout,
      linewrap: true, // cuts the line to the width; a killed process leaves the terminal as it was
      gracefulExit: false,
    }, Presets.shades_classic);
    const shown = new Map<string, SingleBar>(
      names.map((name) => [name, all.create(steps, 0, { text: lineOf(name) })]),
    );
    return {
      show(name: string) {
        shown.get(name)!.update(Math.min(steps, standings.get(name)!.step), { text: lineOf(name) });
      },
      print: (line: string) => all.log(`${line}\n`),
      end: () => all.stop(),
    };
  }

  return {
    tell(name, event) {
      const standing = standings.get(name)!;
      if (event.event === "update") {
        standing.step = event.step;
        Object.assign(standing.metrics, event.metrics);
        standing.phase = event.step >= steps ? "is judged and recorded" : "trains";
      }
      if (event.event === "result") standing.phase = event.status === "done" ? "done" : "saved";
      view.show(name);
    },
    print: view.print,
    end: view.end,
  };
}
