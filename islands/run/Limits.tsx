/**
 * How a run stands against its limits: the newest evaluation where there is one, else the training itself.
 *
 * @module
 */
import { compact, estimate, limitText, percent, plural, range } from "../parts/format.ts";
import { Gauge } from "../parts/Gauge.tsx";
import { evaluated, type Reading, STANDING_WORDS, trained } from "../parts/reading.ts";
import type { EvaluationReport, LimitInfo, RunSummary } from "../protocol.ts";

interface Props {
  readonly run: RunSummary;
  readonly report: EvaluationReport | undefined;
}

export function Limits({ run, report, folder }: Props & { folder: string }) {
  if (run.limits.length === 0) return null;
  return (
    <section aria-labelledby="limits">
      <div class="section-head">
        <h2 id="limits">Limits</h2>
        <p class="caption">
          {report === undefined
            ? "From the training; an evaluation adds intervals and tails."
            : `From ${plural(report.episodes, "evaluation episode")}, ${
              report.stochastic ? "stochastic" : "deterministic"
            } policy, seed ${report.seed}. Bars show 95 % intervals.`}
        </p>
      </div>
      <div class="limit-grid">
        {run.limits.map((limit) => <LimitCard key={limit.channel} limit={limit} run={run} report={report} />)}
      </div>
      {report === undefined && run.status !== "running" && (
        <pre class="command">
          <code>deno task paddock evaluate {folder} --episodes 200</code>
        </pre>
      )}
    </section>
  );
}

function LimitCard({ limit, run, report }: Props & { limit: LimitInfo }) {
  const reading = evaluated(limit, report) ?? trained(limit, run.latest);
  const cost = report?.costs[limit.channel];
  const standing = reading?.standing ?? "unknown";
  const format = reading?.share ? percent : compact;
  const shown = valueOf(reading);
  return (
    <article class="card limit-card">
      <header>
        <h3>{limit.channel}</h3>
        <span class={`standing ${standing}`}>{STANDING_WORDS[standing]}</span>
      </header>
      <p class="caption">{limitText(limit)}</p>
      {reading && (
        <>
          <p class={`limit-figure ${standing}`}>
            <span class="figure">{shown.mean}</span>
            {reading.ci && <span class="of">{shown.ci}</span>}
            <span class="limit-bound">limit {format(reading.bound)}</span>
          </p>
          <Gauge reading={reading} label={`Cost ${limit.channel}`} />
        </>
      )}
      {cost && (
        <dl class="tail">
          <div>
            <dt>P(cost &gt; limit)</dt>
            <dd>
              {percent(cost.pViolation.p)} <span class="of">{range(cost.pViolation.ci, percent)}</span>
            </dd>
          </div>
          <div>
            <dt>Worst 5 % average</dt>
            <dd>{compact(cost.cvar95)}</dd>
          </div>
          <div>
            <dt>Worst episode</dt>
            <dd>{compact(cost.worst)}</dd>
          </div>
        </dl>
      )}
    </article>
  );
}

function valueOf(reading: Reading | undefined): { mean: string; ci: string } {
  if (reading === undefined) return { mean: "–", ci: "" };
  const { value, ci, share } = reading;
  if (ci === undefined) return { mean: share ? percent(value) : compact(value), ci: "" };
  return share ? { mean: percent(value), ci: range(ci, percent) } : estimate(value, ci);
}
