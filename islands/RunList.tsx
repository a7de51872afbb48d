/**
 * All runs of the workspace, followed as they come and go on.
 *
 * @module
 */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as z from "zod";
import { Empty } from "./parts/Empty.tsx";
import { plural } from "./parts/format.ts";
import { RunCard } from "./parts/RunCard.tsx";
import { runMetrics, type RunSummary, runSummary } from "./protocol.ts";

/** Between two looks at the server, in ms. */
const PERIOD = 3000;
/** More runs than this, and a search field appears. */
const MANY = 6;

interface Props {
  readonly runs: readonly RunSummary[];
  /** `episode/return` over time, by run. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** The folder of runs, as a person types it. */
  readonly folder: string;
  /** The server's clock, so that the first render is the same on both sides. */
  readonly now: number;
}

export default function RunList(props: Props) {
  const runs = useSignal(props.runs);
  const curves = useSignal(props.curves);
  const now = useSignal(props.now);
  const search = useSignal("");
  const shown = useComputed(() => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    return runs.value.filter((run) => {
      const text = [run.name, run.scenario, run.algorithm, run.constraint ?? "", run.status].join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  });

  useEffect(() => {
    const timer = setInterval(async () => {
      if (document.hidden) return;
      now.value = Date.now();
      const next = await fetchRuns();
      if (next === undefined) return;
      const moved = next.filter((run) =>
        run.updatedAt !== runs.value.find(({ name }) => name === run.name)?.updatedAt
      );
      const fresh = await Promise.all(
        moved.map(async (run) => [run.name, await fetchCurve(run.name)] as const),
      );
      curves.value = { ...curves.value, ...Object.fromEntries(fresh) };
      runs.value = next;
    }, PERIOD);
    return () => clearInterval(timer);
  }, []);

  if (runs.value.length === 0) return <NoRuns folder={props.folder} />;
  const running = runs.value.filter(({ status }) => status === "running").length;
  return (
    <>
      <div class="page-head">
        <h1>Runs</h1>
        <p class="caption">
          {plural(runs.value.length, "run")}
          {running > 0 && `, ${running} running`}
        </p>
      </div>
      {runs.value.length > MANY && (
        <p class="search">
          <input
            type="search"
            aria-label="Find runs"
            placeholder="Find by name, scenario, algorithm, status"
            value={search.value}
            onInput={(event) => search.value = event.currentTarget.value}
          />
          <span class="caption" role="status">{plural(shown.value.length, "run")}</span>
        </p>
      )}
      <div class="run-grid">
        {shown.value.map((run) => (
          <RunCard key={run.name} run={run} curve={curves.value[run.name] ?? []} now={now.value} />
        ))}
      </div>
    </>
  );
}

function NoRuns({ folder }: { folder: string }) {
  const flag = folder === "runs" ? "" : ` --runs ${folder}`;
  return (
    <Empty title="The paddock is empty">
      <p>Train a first policy that keeps inside its limits. It takes about a minute:</p>
      <pre class="command"><code>deno task demo{flag}</code></pre>
      <p>or pick your own:</p>
      <pre class="command"><code>deno task paddock train --scenario safe/crossing --algorithm mappo --constraint lagrangian{flag}</code></pre>
      <p class="caption">Runs appear here as soon as they start.</p>
    </Empty>
  );
}

async function fetchRuns(): Promise<RunSummary[] | undefined> {
  const response = await fetch("/api/runs").catch(() => undefined);
  return response?.ok ? z.array(runSummary).parse(await response.json()) : undefined;
}

async function fetchCurve(run: string): Promise<readonly number[]> {
  const response = await fetch(`/api/runs/${encodeURIComponent(run)}/metrics?tags=episode/return&points=60`);
  return response.ok ? runMetrics.parse(await response.json()).series[0]?.value ?? [] : [];
}
