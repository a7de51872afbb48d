import { HttpError, page } from "fresh";
import { compact, duration, plural } from "../../../../islands/parts/format.ts";
import { Status } from "../../../../islands/parts/Status.tsx";
import LiveCurves from "../../../../islands/LiveCurves.tsx";
import type { RunDetail, RunSummary } from "../../../../islands/protocol.ts";
import { define } from "../../../define.ts";
import { Config } from "../../../parts/Config.tsx";
import { Crumbs } from "../../../parts/Crumbs.tsx";
import { Evaluations } from "../../../parts/Evaluations.tsx";
import { Limits } from "../../../parts/Limits.tsx";
import { Replays } from "../../../parts/Replays.tsx";

export const handlers = define.handlers({
  GET({ state, params }) {
    const name = params["name"]!;
    const run = state.store.run(name);
    if (run === undefined) throw new HttpError(404, `There is no run "${name}"`);
    state.title = name;
    return page<RunDetail>({
      run,
      config: state.store.config(name),
      evaluations: state.store.evaluations(name),
      replays: state.store.replays(name),
    });
  },
});

export default define.page<typeof handlers>(({ data: { run, config, evaluations, replays } }) => (
  <>
    <Crumbs trail={[["Runs", "/"]]} here={run.name} />
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
    <Limits run={run} report={evaluations.at(-1)} />
    <LiveCurves run={run.name} running={run.status === "running"} limits={run.limits} steps={run.steps} />
    <Replays run={run.name} replays={replays} />
    <Evaluations run={run.name} evaluations={evaluations} limits={run.limits} />
    <Config config={config} />
  </>
));

function Facts({ run }: { run: RunSummary }) {
  const { latest, startedAt, updatedAt } = run;
  const seconds = (Date.parse(updatedAt) - Date.parse(startedAt)) / 1000;
  const best = latest["episode/return"];
  const speed = latest["time/steps_per_second"];
  return (
    <dl class="facts">
      <div>
        <dt>Return</dt>
        <dd class="figure">{best === undefined ? "–" : compact(best)}</dd>
      </div>
      <div>
        <dt>Steps</dt>
        <dd class="figure">
          {compact(run.step)} {run.step < run.steps && <span class="of">/ {compact(run.steps)}</span>}
        </dd>
      </div>
      <div>
        <dt>Time</dt>
        <dd class="figure">{duration(seconds)}</dd>
      </div>
      {speed !== undefined && (
        <div>
          <dt>Speed</dt>
          <dd class="figure">
            {compact(speed)} <span class="of">steps/s</span>
          </dd>
        </div>
      )}
      <div>
        <dt>Seed</dt>
        <dd class="figure">{run.seed}</dd>
      </div>
      <div>
        <dt>Policy</dt>
        <dd class="figure">
          {run.exported
            ? <span title="policy.onnx is in the run's folder">ONNX</span>
            : <span class="of">not exported</span>}
        </dd>
      </div>
      {run.replays > 0 && (
        <div>
          <dt>Replays</dt>
          <dd class="figure">
            <a href="#replays" aria-label={plural(run.replays, "replay")}>{run.replays}</a>
          </dd>
        </div>
      )}
    </dl>
  );
}
