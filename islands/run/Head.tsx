/**
 * What a run is, how far it came and how fast.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { compact, duration, plural } from "../parts/format.ts";
import { Status } from "../parts/Status.tsx";
import type { RunSummary } from "../protocol.ts";

export function Head({ run }: { run: RunSummary }) {
  return (
    <>
      <div class="page-head">
        <h1>{run.name}</h1>
        <Status status={run.status} />
        <p class="page-what">
          <span class="mono">{run.scenario}</span>
          <span class="chip">{run.algorithm}</span>
          {run.constraint !== null && <span class="chip chip-accent">{run.constraint}</span>}
        </p>
      </div>
      <Facts run={run} />
    </>
  );
}

function Facts({ run }: { run: RunSummary }) {
  const { latest, startedAt, updatedAt } = run;
  const value = latest["episode/return"];
  const speed = latest["time/steps_per_second"];
  return (
    <dl class="facts">
      <Fact name="Return">
        {value === undefined ? "–" : compact(value)}
        <Apart latest={latest} />
      </Fact>
      <Fact name="Steps">
        {compact(run.step)} {run.step < run.steps && <span class="of">/ {compact(run.steps)}</span>}
      </Fact>
      <Fact name="Time">{duration((Date.parse(updatedAt) - Date.parse(startedAt)) / 1000)}</Fact>
      {speed !== undefined && (
        <Fact name="Speed">
          {compact(speed)} <span class="of">steps/s</span>
        </Fact>
      )}
      <Fact name="Seed">{run.seed}</Fact>
      <Fact name="Policy">
        {run.exported
          ? <span title="it is in the run's folder, and served">ONNX</span>
          : <span class="of">not exported</span>}
      </Fact>
      {run.replays > 0 && (
        <Fact name="Replays">
          <a href="#replays" aria-label={plural(run.replays, "replay")}>{run.replays}</a>
        </Fact>
      )}
    </dl>
  );
}

/** The return of each group, where there are several. */
function Apart({ latest }: { latest: RunSummary["latest"] }) {
  const groups = Object.entries(latest).flatMap(([tag, value]) => {
    const name = /^(.+)\/episode\/return$/.exec(tag)?.[1];
    return name === undefined ? [] : [`${name} ${compact(value)}`];
  });
  return groups.length === 0 ? null : <span class="of">{` ${groups.join(", ")}`}</span>;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="figure">{children}</dd>
    </div>
  );
}
