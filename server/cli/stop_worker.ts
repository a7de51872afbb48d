/**
 * Listens for Ctrl-C and SIGTERM while the main thread is busy: the first is written into shared memory and told, and
 * then the system's own answer to a signal is back in force, so that the second ends the process at once.
 *
 * @module
 */
import type { StopSignal } from "./signals.ts";

/** What `signals.ts` sends first. */
export interface StopOrder {
  readonly signals: readonly StopSignal[];
  /** `[1]` shared; becomes 1 + the index of the signal that came. */
  readonly heard: Int32Array;
  /** Line to print at once, behind the signal's name; empty for none. */
  readonly line: string;
}

/** The part of a worker's global scope that is used here. */
interface Scope {
  onmessage: ((message: MessageEvent<StopOrder>) => void) | null;
  postMessage(message: StopSignal | "ready"): void;
}

const scope = globalThis as unknown as Scope;

scope.onmessage = ({ data: { signals, heard, line } }) => {
  const listeners = signals.map((signal, i) => ({
    signal,
    listener: () => {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
      if (Atomics.compareExchange(heard, 0, 0, 1 + i) !== 0) return;
      if (line !== "") Deno.stdout.writeSync(new TextEncoder().encode(`\n${signal}: ${line}\n`));
      scope.postMessage(signal);
    },
  }));
  for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
  scope.postMessage("ready");
};
