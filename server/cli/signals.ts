/**
 * Ctrl-C and SIGTERM: the first asks the work to save and stop, the second ends the process at once.
 *
 * @module
 */
import { onFirstSignal, type StopSignal } from "./first_signal.ts";
import type { StopOrder } from "./stop_worker.ts";

export type { StopSignal };

/** What a shell expects of a process that a signal ended: 128 + its number. */
export const exitCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

export interface Stopping {
  /** The signal that came, undefined while none did; up to date also where the event loop had no turn. */
  readonly signal: StopSignal | undefined;
  /** Listen no more. */
  end(): void;
}

export interface StopOptions {
  /** Printed behind the signal's name as soon as it comes, however busy this thread is. */
  readonly line?: string;
  /** Told of the signal once the event loop has a turn. */
  readonly heard?: (signal: StopSignal) => void;
}

/** Listen for both, in a thread of its own. Resolves when it listens. */
export async function listenForStop({ line = "", heard = () => {} }: StopOptions = {}): Promise<Stopping> {
  const signals = offered();
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./stop_worker.ts", import.meta.url), { type: "module" });
  await new Promise<void>((ready, failed) => {
    worker.onerror = (event) => failed(new Error(event.message));
    worker.onmessage = ({ data }) => data === "ready" ? ready() : heard(data);
    worker.postMessage({ signals, heard: flag, line } satisfies StopOrder);
  });
  return {
    get signal() {
      return signals[Atomics.load(flag, 0) - 1];
    },
    end: () => worker.terminate(),
  };
}

/** Resolves at the first Ctrl-C or SIGTERM; the next one ends the process. For work that never blocks this thread. */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => onFirstSignal(offered(), resolve));
}

/** Windows has no SIGTERM to listen for. */
function offered(): StopSignal[] {
  return Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
}
