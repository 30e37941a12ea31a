// How a load waits: lets other tasks run, and ends at once when its signal says so.

const PAUSE_MS = 4;

/**
 * What `promise` brings; or the reason of the signal, as soon as that is aborted: nobody waits for what does not obey.
 * @template T
 * @param {T | PromiseLike<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
export function raced(promise, signal) {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * Lets other tasks run, and goes on at once: a timer would wait for four milliseconds each time.
 * @param {AbortSignal} [signal]
 */
export async function breathe(signal) {
  const { port1, port2 } = new MessageChannel();
  const turn = new Promise((resolve) => (port1.onmessage = resolve));
  port2.postMessage(null);
  try {
    await (signal ? raced(turn, signal) : turn);
  } finally {
    port1.close();
  }
}

/**
 * Lets the browser paint and other tasks run.
 * @param {AbortSignal} [signal]
 */
export async function pause(signal) {
  // A hidden tab's timers come once a second.
  if (globalThis.document?.hidden) {
    for (const start = performance.now(); performance.now() - start < PAUSE_MS;) await breathe(signal);
    return;
  }
  const turn = new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  await (signal ? raced(turn, signal) : turn);
}
