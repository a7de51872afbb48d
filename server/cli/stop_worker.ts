/**
 * Listens for Ctrl-C and SIGTERM while the main thread is busy: the first is written into shared memory and told, the
 * second ends the process at once.
 *
 * @module
 */
import { onFirstSignal, type StopSignal } from "./first_signal.ts";

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
  onFirstSignal(signals, (signal) => {
    Atomics.store(heard, 0, 1 + signals.indexOf(signal));
    if (line !== "") Deno.stdout.writeSync(new TextEncoder().encode(`\n${signal}: ${line}\n`));
    scope.postMessage(signal);
  });
  scope.postMessage("ready");
};
