/**
 * The curves of a run, growing while it runs.
 *
 * @module
 */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Chart } from "./curves/Chart.tsx";
import { type ChartGroups, chartsOf } from "./curves/charts.ts";
import { append, type Curve, historyOf } from "./curves/history.ts";
import { follow, type Link } from "./curves/live.ts";
import { compact, percent } from "./parts/format.ts";
import { type LimitInfo, type LiveUpdate, runMetrics } from "./protocol.ts";

const ENDED = { opened: Promise.resolve(), stop: () => {} };

/** Points of a curve to ask the server for. */
const POINTS = 600;

interface Props {
  readonly run: string;
  readonly running: boolean;
  readonly limits: readonly LimitInfo[];
  /** Environment steps asked for. */
  readonly steps: number;
}

export default function LiveCurves({ run, running, limits, steps }: Props) {
  const history = useRef(new Map<string, Curve>());
  const groups = useSignal<ChartGroups | undefined>(undefined);
  const version = useSignal(0);
  const link = useSignal<Link>(running ? "connecting" : "over");
  const failed = useSignal(false);

  useEffect(() => {
    let early: LiveUpdate[] | undefined = [];
    let asked = 0;
    let gone = false;

    // the stream opens first and waits, so that no update falls between the curves and it
    const { opened, stop } = running ? follow(run, { update, link: (now) => link.value = now }) : ENDED;
    opened.then(() => load(run)).then((series) => {
      if (gone) return;
      history.current = historyOf(series);
      for (const next of early ?? []) append(next, history.current);
      early = undefined;
      groups.value = chartsOf(history.current, limits);
    }, () => failed.value = true);

    function update(next: LiveUpdate): void {
      if (early !== undefined) return void early.push(next);
      const known = history.current.size;
      append(next, history.current);
      if (history.current.size > known) groups.value = chartsOf(history.current, limits);
      // many updates may come at once: one drawing for all
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        version.value++;
      });
    }
    return () => {
      gone = true;
      stop();
    };
  }, [run]);

  const step = Math.max(0, ...[...history.current.values()].map((curve) => curve.step.at(-1) ?? 0));
  const shown = groups.value;
  return (
    <section aria-labelledby="curves" data-link={link.value} data-version={version.value}>
      <div class="section-head">
        <h2 id="curves">Training</h2>
        <LinkState link={link.value} step={step} steps={steps} running={running} />
      </div>
      {failed.value && <p class="caption">The curves could not be loaded. Reload the page to try again.</p>}
      {shown?.main.length === 0 && <p class="caption">The first update has not come yet.</p>}
      {shown === undefined && !failed.value && <div class="chart-grid chart-wait" aria-hidden="true" />}
      <div class="chart-grid">
        {shown?.main.map((spec) => (
          <Chart key={spec.title} spec={spec} history={history.current} version={version.value} />
        ))}
      </div>
      {shown !== undefined && shown.diagnostics.length > 0 && (
        <Diagnostics>
          {() =>
            shown.diagnostics.map((spec) => (
              <Chart key={spec.title} spec={spec} history={history.current} version={version.value} small />
            ))}
        </Diagnostics>
      )}
    </section>
  );
}

function LinkState(
  { link, step, steps, running }: { link: Link; step: number; steps: number; running: boolean },
) {
  if (link === "over") {
    if (!running) return null;
    return (
      <p class="caption" role="status">
        The run has ended. <a href="">Reload</a> to see how it did.
      </p>
    );
  }
  return (
    <p class={`caption link link-${link}`} role="status">
      <span class="status-dot" aria-hidden="true" />
      {link === "live"
        ? `Live, ${compact(step)} of ${compact(steps)} steps (${percent(step / steps)})`
        : "Connecting"}
    </p>
  );
}

/** Charts of the learner, made only when they are looked at. */
function Diagnostics({ children }: { children: () => ComponentChildren }) {
  const open = useSignal(false);
  return (
    <details class="diagnostics" onToggle={(event) => open.value = event.currentTarget.open}>
      <summary>Learner diagnostics</summary>
      {open.value && <div class="chart-grid chart-grid-small">{children()}</div>}
    </details>
  );
}

async function load(run: string) {
  const response = await fetch(`/api/runs/${encodeURIComponent(run)}/metrics?points=${POINTS}`);
  if (!response.ok) throw new Error(`${response.status}`);
  return runMetrics.parse(await response.json()).series;
}
