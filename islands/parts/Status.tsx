/**
 * @module
 */
import type { RunStatus } from "../protocol.ts";

const WORDS: Readonly<Record<RunStatus, string>> = {
  running: "Running",
  done: "Done",
  stopped: "Stopped",
  failed: "Failed",
};

/** The state of a run, by word and colour. */
export function Status({ status }: { status: RunStatus }) {
  return (
    <span class={`status status-${status}`}>
      <span class="status-dot" aria-hidden="true" />
      {WORDS[status]}
    </span>
  );
}
