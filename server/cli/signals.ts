/**
 * Ctrl-C and SIGTERM: the first asks the work to save and stop, the second ends the process at once.
 *
 * @module
 */

export interface Stopping {
  /** The signal that came, undefined while none did. */
  readonly signal: StopSignal | undefined;
  /** Listen no more. */
  end(): void;
}

export type StopSignal = "SIGINT" | "SIGTERM";

/** What a shell expects of a process that a signal ended: 128 + its number. */
export const exitCodes: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Listen for both; `heard` is told of the first one. After it, the system's own answer to a signal is back in force. */
export function listenForStop(heard: (signal: StopSignal) => void = () => {}): Stopping {
  let signal: StopSignal | undefined;
  const listeners = offered().map((name) => ({
    name,
    listener: () => {
      signal ??= name;
      end();
      heard(name);
    },
  }));
  const end = () => {
    for (const { name, listener } of listeners) Deno.removeSignalListener(name, listener);
    listeners.length = 0;
  };
  for (const { name, listener } of listeners) Deno.addSignalListener(name, listener);
  return {
    get signal() {
      return signal;
    },
    end,
  };
}

/** Windows has no SIGTERM to listen for. */
function offered(): StopSignal[] {
  return Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
}

/** Resolves at the first Ctrl-C or SIGTERM. */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => listenForStop(resolve));
}
