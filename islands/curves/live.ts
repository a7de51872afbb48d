/**
 * A run's updates as the server sends them.
 *
 * @module
 */
import { type LiveUpdate, liveUpdate } from "../protocol.ts";

/** Whether updates come; `over` once the run has ended. */
export type Link = "connecting" | "live" | "over";

export interface Listener {
  readonly update: (update: LiveUpdate) => void;
  readonly link: (link: Link) => void;
}

export interface Following {
  /** Resolves when the stream is open, or has failed to open for the first time. */
  readonly opened: Promise<void>;
  readonly stop: () => void;
}

/**
 * Follows a run until it ends. The browser reconnects by itself and says which update was its last, so none is lost.
 * When the server answers that the run is over, the browser gives up, which is the end.
 */
export function follow(run: string, { update, link }: Listener): Following {
  const source = new EventSource(`/api/runs/${encodeURIComponent(run)}/live`);
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  source.onopen = () => {
    link("live");
    resolve();
  };
  source.onmessage = ({ data }) => {
    const next = liveUpdate.parse(JSON.parse(data));
    update(next);
    if (next.status === "running") return;
    source.close();
    link("over");
  };
  source.onerror = () => {
    link(source.readyState === EventSource.CLOSED ? "over" : "connecting");
    resolve();
  };
  return { opened, stop: () => source.close() };
}
