/**
 * Long work in short slices, so that the page answers and draws in between.
 *
 * @module
 */

/** How long a slice may take, in ms: half a frame. */
const SLICE = 8;

/**
 * Runs `work` to its end. It yields the number of items done so far, which `progress` is told after each slice.
 * Rejects with the signal's reason when aborted.
 */
export async function inSlices<T>(
  work: Iterator<number, T>,
  progress: (done: number) => void,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE;
    let done = 0;
    do {
      const next = work.next();
      if (next.done) return next.value;
      done = next.value;
    } while (performance.now() < until);
    progress(done);
    await breath();
    signal.throwIfAborted();
  }
}

/** A turn of the event loop; timers would make it wait 4 ms. */
function breath(): Promise<void> {
  return new Promise((resume) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resume();
    };
    port2.postMessage(null);
  });
}
