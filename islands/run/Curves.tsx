/**
 * The curves of a run, growing while it trains.
 *
 * @module
 */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Chart } from "../curves/Chart.tsx";
import { type ChartGroups, chartsOf, type ChartSpec } from "../curves/charts.ts";
import { append, type Curve, historyOf } from "../curves/history.ts";
import { follow, type Link } from "../curves/live.ts";
import { compact, percent } from "../parts/format.ts";
import { type LiveUpdate, runMetrics, type RunSummary } from "../protocol.ts";

const ENDED = { opened: Promise.resolve(), stop: () => {} };

/** Points of a curve to ask the server for. */
const POINTS = 600;

interface Props {
  readonly run: RunSummary;
  /** Told of each update as it comes. */
  readonly heard: (update: LiveUpdate) => void;
  /** Told when no more will come. */
  readonly ended: () => void;
}

export function Curves({ run, heard, ended }: Props) {
  const { name, limits } = run;
  const history = useRef(new Map<string, Curve>());
  const groups = useSignal<ChartGroups | undefined>(undefined);
  const version = useSignal(0);
  const link = useSignal<Link>(run.status === "running" ? "connecting" : "over");
  const failed = useSignal(false);

  useEffect(() => {
    let early: LiveUpdate[] | undefined = [];
    let asked = 0;
    let gone = false;

    // the stream opens first and waits, so that no update falls between the curves and it
    const { opened, stop } = run.status === "running" ? follow(name, { update, link: linked }) : ENDED;
    opened.then(() => load(name)).then((series) => {
      if (gone) return;
      history.current = historyOf(series);
      for (const next of early ?? []) append(next, history.current);
      early = undefined;
      groups.value = chartsOf(history.current, limits);
    }, () => failed.value = true);

    function linked(now: Link): void {
      link.value = now;
      if (now === "over") ended();
    }

    function update(next: LiveUpdate): void {
      heard(next);
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
  }, [name]);

  const shown = groups.value;
  return (
    <section aria-labelledby="curves" data-link={link.value} data-version={version.value}>
      <div class="section-head">
        <h2 id="curves">Training</h2>
        {run.status === "running" && <LinkState link={link.value} run={run} />}
      </div>
      {failed.value && <p class="caption">The curves could not be loaded. Reload the page to try again.</p>}
      {shown?.main.length === 0 && <p class="caption">The first update has not come yet.</p>}
      {shown === undefined && !failed.value && <div class="chart-grid chart-wait" aria-hidden="true" />}
      <div class="chart-grid">
        {shown?.main.map((spec) => (
          <Chart key={keyOf(spec)} spec={spec} history={history.current} version={version.value} />
        ))}
      </div>
      {shown !== undefined && shown.diagnostics.length > 0 && (
        <Diagnostics>
          {() =>
            shown.diagnostics.map((spec) => (
              <Chart key={keyOf(spec)} spec={spec} history={history.current} version={version.value} small />
            ))}
        </Diagnostics>
      )}
    </section>
  );
}

/** A chart that gains a line is another chart. */
function keyOf({ title, lines }: ChartSpec): string {
  return [title, ...lines.map(({ tag }) => tag)].join(" ");
}

const LINKS: Readonly<Record<Link, (run: RunSummary) => string>> = {
  live: ({ step, steps }) => `Live, ${compact(step)} of ${compact(steps)} steps (${percent(step / steps)})`,
  connecting: () => "Connecting",
  over: () => "Not live. Reload the page to follow again.",
};

function LinkState({ link, run }: { link: Link; run: RunSummary }) {
  return (
    <p class={`caption link link-${link}`} role="status">
      <span class="status-dot" aria-hidden="true" />
      {LINKS[link](run)}
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
