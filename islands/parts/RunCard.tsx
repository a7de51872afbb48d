/**
 * One run on the list: what it is, how far it came, and how it stands against its limits.
 *
 * @module
 */
import type { LimitInfo, RunSummary } from "../protocol.ts";
import { ago, compact, percent, plural } from "./format.ts";
import { Gauge } from "./Gauge.tsx";
import { STANDING_WORDS, trained } from "./reading.ts";
import { Sparkline } from "./Sparkline.tsx";
import { Status } from "./Status.tsx";

interface Props {
  readonly run: RunSummary;
  /** `episode/return` over time. */
  readonly curve: readonly number[];
  /** ms since 1970 */
  readonly now: number;
}

export function RunCard({ run, curve, now }: Props) {
  const best = run.latest["episode/return"];
  return (
    <article class="card run-card">
      <header class="run-card-head">
        <h2>
          <a class="stretched" href={`/runs/${encodeURIComponent(run.name)}`}>{run.name}</a>
        </h2>
        <Status status={run.status} />
      </header>
      <p class="run-card-what">
        <span class="mono">{run.scenario}</span>
        <span class="chip">{run.algorithm}</span>
        {run.constraint !== null && <span class="chip chip-accent">{run.constraint}</span>}
      </p>
      <div class="run-card-return">
        <div>
          <div class="figure">{best === undefined ? "–" : compact(best)}</div>
          <div class="caption">return</div>
        </div>
        <Sparkline values={curve} label={`Return over ${plural(curve.length, "update")}`} />
      </div>
      {run.limits.length > 0 && (
        <ul class="run-card-limits">
          {run.limits.map((limit) => <LimitLine key={limit.channel} limit={limit} run={run} />)}
        </ul>
      )}
      {run.status === "running"
        ? (
          <progress max={run.steps} value={run.step} aria-label="Steps done">
            {percent(run.step / run.steps)}
          </progress>
        )
        : null}
      <footer class="run-card-foot">
        <span>
          {run.status === "done" ? compact(run.step) : `${compact(run.step)} / ${compact(run.steps)}`} steps
        </span>
        <span>seed {run.seed}</span>
        {run.replays > 0 && <span>{plural(run.replays, "replay")}</span>}
        {run.exported && <span>ONNX</span>}
        <time dateTime={run.updatedAt}>{ago(run.updatedAt, now)}</time>
      </footer>
    </article>
  );
}

function LimitLine({ limit, run }: { limit: LimitInfo; run: RunSummary }) {
  const reading = trained(limit, run.latest);
  if (reading === undefined) {
    return (
      <li>
        <span>{limit.channel}</span>
        <span class="caption">not measured yet</span>
      </li>
    );
  }
  const format = reading.share ? percent : compact;
  return (
    <li>
      <span>{limit.channel}</span>
      <Gauge reading={reading} label={`Cost ${limit.channel}`} slim />
      <span class={`limit-value ${reading.standing}`} title={STANDING_WORDS[reading.standing]}>
        {format(reading.value)} <span class="of">/ {format(reading.bound)}</span>
      </span>
    </li>
  );
}
