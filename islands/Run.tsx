/**
 * A run: where it stands, its limits, its curves and what it left behind. While it trains, all of it follows.
 *
 * @module
 */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type LiveUpdate, type RunDetail, runDetail, type RunSummary } from "./protocol.ts";
import { Curves } from "./run/Curves.tsx";
import { Evaluations } from "./run/Evaluations.tsx";
import { Head } from "./run/Head.tsx";
import { Limits } from "./run/Limits.tsx";
import { Replays } from "./run/Replays.tsx";

interface Props extends Omit<RunDetail, "config"> {
  /** The run's folder, as a person types it. */
  readonly folder: string;
}

export default function Run(props: Props) {
  const detail = useSignal<Props>(props);
  const opened = useRef(0);
  const { run, evaluations, replays, folder } = detail.value;

  useEffect(() => void (opened.current = performance.now()), []);

  function heard(update: LiveUpdate): void {
    const now = Date.parse(props.run.updatedAt) + performance.now() - opened.current;
    detail.value = { ...detail.value, run: advanced(detail.value.run, update, now) };
  }

  async function ended(): Promise<void> {
    const response = await fetch(`/api/runs/${encodeURIComponent(run.name)}`).catch(() => undefined);
    if (response?.ok) detail.value = { folder, ...runDetail.parse(await response.json()) };
  }

  return (
    <>
      <Head run={run} />
      <Limits run={run} report={evaluations.at(-1)} folder={folder} />
      <Curves run={run} heard={heard} ended={ended} />
      <Replays run={run} replays={replays} folder={folder} />
      <Evaluations run={run.name} evaluations={evaluations} />
    </>
  );
}

/** `run` after an update. `now` is in ms by the server's clock. */
function advanced(run: RunSummary, { step, status, metrics }: LiveUpdate, now: number): RunSummary {
  const latest = { ...run.latest, ...metrics };
  return { ...run, step, status, latest, updatedAt: new Date(now).toISOString() };
}
