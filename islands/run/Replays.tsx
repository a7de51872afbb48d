/**
 * The recorded episodes of a run.
 *
 * @module
 */
import { bytes, plural } from "../parts/format.ts";
import type { ReplayInfo } from "../protocol.ts";

export function Replays({ run, replays }: { run: string; replays: readonly ReplayInfo[] }) {
  return (
    <section aria-labelledby="replays">
      <div class="section-head">
        <h2 id="replays">Replays</h2>
        <p class="caption">
          Simulated again in your browser, step by step, and checked against what was recorded.
        </p>
      </div>
      {replays.length === 0
        ? (
          <pre class="command">
            <code>deno task paddock replay runs/{run}</code>
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
                    href={`/runs/${encodeURIComponent(run)}/replays/${encodeURIComponent(replay.file)}`}
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
