/**
 * The recorded episodes of a run.
 *
 * @module
 */
import { bytes, plural } from "../parts/format.ts";
import type { ReplayInfo, RunSummary } from "../protocol.ts";

interface Props {
  readonly run: RunSummary;
  readonly replays: readonly ReplayInfo[];
  /** The run's folder, as a person types it. */
  readonly folder: string;
}

export function Replays({ run, replays, folder }: Props) {
  return (
    <section aria-labelledby="replays">
      <div class="section-head">
        <h2 id="replays">Replays</h2>
        <p class="caption">
          Simulated again in your browser, step by step, and checked against what was recorded.
        </p>
      </div>
      {replays.length === 0
        ? run.status === "running"
          ? <p class="caption">They are recorded when the training ends.</p>
          : (
            <pre class="command">
            <code>deno task paddock replay {folder}</code>
            </pre>
          )
        : (
          <ul class="replay-list">
            {replays.map((replay) => (
              <li key={replay.file} class="card replay-item">
                <PlayMark />
                <div>
                  <a
                    class="stretched"
                    href={`/runs/${encodeURIComponent(run.name)}/replays/${encodeURIComponent(replay.file)}`}
                  >
                    {replay.file}
                  </a>
                  <p class="caption">{replay.policy}</p>
                </div>
                <p class="caption replay-size">
                  {plural(replay.episodes, "episode")}, {plural(replay.steps, "step")}, {bytes(replay.bytes)}
                </p>
              </li>
            ))}
          </ul>
        )}
    </section>
  );
}

function PlayMark() {
  return (
    <svg class="play-mark" viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="15" />
      <path d="M13 10.5v11l9-5.5z" />
    </svg>
  );
}
