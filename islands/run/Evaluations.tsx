/**
 * Every evaluation of a run, side by side: never the mean alone.
 *
 * @module
 */
import { compact, estimate, percent, plural, range } from "../parts/format.ts";
import type { EvaluationReport } from "../protocol.ts";

interface Props {
  readonly run: string;
  readonly evaluations: readonly EvaluationReport[];
}

export function Evaluations({ run, evaluations }: Props) {
  if (evaluations.length === 0) return null;
  return (
    <section aria-labelledby="evaluations">
      <div class="section-head">
        <h2 id="evaluations">Evaluations</h2>
        <p class="caption">{plural(evaluations.length, "report")}, newest first. Intervals are 95 %.</p>
      </div>
      <div class="card table-wrap" tabindex={0} role="region" aria-label={`Evaluations of ${run}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Policy</th>
              <th scope="col" class="num">Episodes</th>
              <th scope="col" class="num">Return</th>
              <th scope="col">Cost</th>
              <th scope="col" class="num">Mean</th>
              <th scope="col" class="num">Limit</th>
              <th scope="col" class="num">P(cost &gt; limit)</th>
              <th scope="col" class="num">Worst 5 %</th>
              <th scope="col" class="num">Worst</th>
            </tr>
          </thead>
          {evaluations.toReversed().map((report, i) => <Rows key={i} report={report} />)}
        </table>
      </div>
    </section>
  );
}

function Rows({ report }: { report: EvaluationReport }) {
  const costs = Object.entries(report.costs);
  const rows = Math.max(1, costs.length);
  return (
    <tbody>
      {(costs.length === 0 ? [undefined] : costs).map((entry, i) => (
        <tr key={i}>
          {i === 0 && (
            <>
              <th scope="rowgroup" rowSpan={rows}>
                {report.stochastic ? "Stochastic" : "Deterministic"}
                <span class="of">seed {report.seed}</span>
              </th>
              <td rowSpan={rows} class="num">{report.episodes}</td>
              <td rowSpan={rows} class="num">
                <Estimate {...estimate(report.return.mean, report.return.ci)} />
                <Groups groups={report.groups} />
              </td>
            </>
          )}
          {entry && <CostCells name={entry[0]} cost={entry[1]} />}
        </tr>
      ))}
    </tbody>
  );
}

/** The return of each group, where there are several. */
function Groups({ groups }: Pick<EvaluationReport, "groups">) {
  const apart = Object.entries(groups);
  if (apart.length < 2) return null;
  return (
    <dl class="group-returns">
      {apart.map(([name, { mean, ci }]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Estimate {...estimate(mean, ci)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Estimate({ mean, ci }: { mean: string; ci: string }) {
  return (
    <>
      {mean}
      <span class="of">{ci}</span>
    </>
  );
}

function CostCells({ name, cost }: { name: string; cost: EvaluationReport["costs"][string] }) {
  const over = cost.limit !== null && cost.mean > cost.limit;
  return (
    <>
      <th scope="row">{name}</th>
      <td class={`num ${over ? "over" : ""}`}>
        <Estimate {...estimate(cost.mean, cost.ci)} />
      </td>
      <td class="num">{cost.limit === null ? "–" : compact(cost.limit)}</td>
      <td class="num">
        {cost.limit === null ? "–" : percent(cost.pViolation.p)}
        {cost.limit !== null && <span class="of">{range(cost.pViolation.ci, percent)}</span>}
      </td>
      <td class="num">{compact(cost.cvar95)}</td>
      <td class="num">{compact(cost.worst)}</td>
    </>
  );
}
