/**
 * `GET /api/runs/{name}/live`: a run's updates as server-sent events.
 *
 * The trainer is another process, so the stream looks into the store a few times a second, and only when the client
 * has taken what was sent before.
 *
 * @module
 */
import type { LiveUpdate } from "../../islands/protocol.ts";
import type { Store } from "../store.ts";

export interface LiveOptions {
  /** Time between two looks into the store, in ms. */
  readonly poll: number;
  /** Longest silence, in ms: a comment then shows the client, and proxies between, that the stream lives. */
  readonly heartbeat: number;
}

/** Browsers wait this long before they reconnect, in ms. */
const RETRY = 500;

/**
 * The events after update `last`. Ends when the run is over and all is sent, on `signal`, and when the client goes.
 * The id of an event is its update's number, so that a client that reconnects with `Last-Event-ID` misses nothing.
 */
export function liveStream(
  store: Store,
  run: string,
  last: number,
  { poll, heartbeat }: LiveOptions,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  let seen = last;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`retry: ${RETRY}\n\n`)),
    async pull(controller) {
      const silentUntil = Date.now() + heartbeat;
      while (!stop.aborted) {
        const updates = store.since(run, seen);
        if (updates.length > 0) {
          seen = updates.at(-1)!.id;
          return controller.enqueue(encoder.encode(updates.map(event).join("")));
        }
        if (isOver(store, run)) break;
        if (Date.now() >= silentUntil) return controller.enqueue(encoder.encode(": still here\n\n"));
        await pause(poll, stop);
      }
      controller.close();
    },
    cancel: () => ended.abort(),
  }, { highWaterMark: 1 });
}

/** True when no further update will come. */
export function isOver(store: Store, run: string): boolean {
  return store.run(run)?.status !== "running";
}

function event(update: LiveUpdate): string {
  return `id: ${update.id}\ndata: ${JSON.stringify(update)}\n\n`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resume();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener("abort", wake);
  });
}
