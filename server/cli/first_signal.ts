/**
 * The first of a person's signals, told from its echo.
 *
 * @module
 */

export type StopSignal = "SIGINT" | "SIGTERM";

/**
 * One Ctrl-C may arrive twice: the terminal sends it to every process of its group, and `deno task` passes its own on.
 * Within this time, in ms, it counts as one.
 */
const ECHO = 500;

/** Calls `heard` with the first of `signals`. From `ECHO` ms later on, the next one ends the process. */
export function onFirstSignal(signals: readonly StopSignal[], heard: (signal: StopSignal) => void): void {
  let deaf = false;
  const listeners = signals.map((signal) => ({
    signal,
    listener: () => {
      if (deaf) return;
      deaf = true;
      Deno.unrefTimer(setTimeout(leave, ECHO));
      heard(signal);
    },
  }));
  /** What the system does by itself is then back in force. */
  const leave = () => {
    for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
  };
  for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
}
