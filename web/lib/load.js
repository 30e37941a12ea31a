// How a model comes in: its files are fetched, a few at a time, and handed to the engine, which makes a network of them
// step by step. Every wait ends at once when the load's signal says so.

import { unpack } from './engine.js';
import { openModelSource } from './model_source.js';
import { recallTuning, rememberTuning, TUNING_BUDGET_MS } from './tuning.js';
import { breathe, pause, raced } from './waiting.js';

/**
 * @typedef {import('./fragnet.js').ModelInfo} ModelInfo
 * @typedef {import('./fragnet.js').Progress} Progress
 * @typedef {import('./session.js').Session} Session
 */

const PARALLEL_DOWNLOADS = 4;
// How much goes into the engine's heap at once, and how long it may go on before other tasks get a turn.
const SLICE_BYTES = 2 ** 18;
const APPEND_MS = 8;
// A weight file may be this much longer than its group's numbers before it is no longer fetched: text among the weights
// has no length in the manifest, and what is only a little too long is for the engine to judge.
const SLACK_BYTES = 16 * 2 ** 20;

/**
 * Brings a model into the engine of a session, whose network it then is. Rejects with the signal's reason as soon as that
 * is aborted; the caller then tells the engine.
 * @param {Session} session
 * @param {import('./fragnet.js').Model} model
 * @param {{ inputShapes?: Record<string, number[]>, onProgress?: (progress: Progress) => void, tune: string,
 *           fetch?: import('./types.js').FetchOptions }} options
 * @param {AbortSignal} signal
 * @returns {Promise<ModelInfo>}
 */
export async function bringIn(
  session,
  model,
  { inputShapes = {}, onProgress: listener, tune, fetch },
  signal,
) {
  // A fault of the listener's is its own: the load goes on, and the page hears of it as of any uncaught error.
  const onProgress = (/** @type {Progress} */ progress) => {
    if (signal.aborted) return;
    try {
      // Of an unknown total nothing is there yet: a share of zero, and not a number that is none.
      listener?.({ ...progress, total: progress.total || Infinity });
    } catch (error) {
      reportError(error);
    }
  };
  onProgress({ phase: 'download', loaded: 0, total: 0 });
  const source = await raced(openModelSource(model, fetch), signal);
  const topology = await raced(source.readTopology(signal), signal);

  // The engine judges the manifest's claims before a byte of the weights is fetched.
  unpack(session.engine.readJson(topology));
  await breathe(signal);
  /** @type {{ paths: string[], bytes: number, mostBytes: number }[] | null} */
  let groups = null;
  const wanted = JSON.stringify({ inputShapes, ...tuningOf(session, tune) });
  while (!groups) {
    groups = unpack(session.engine.beginLoad(wanted));
    await breathe(signal);
  }
  const total = groups.reduce((sum, group) => sum + group.bytes, 0);
  let loaded = 0;
  const stop = new AbortController();
  const rehearsal = rehearse(session, stop.signal);
  try {
    await fetchWeights(session, source, groups, signal, (bytes) => {
      loaded = Math.min(loaded + bytes, total);
      onProgress({ phase: 'download', loaded, total });
    });
  } finally {
    stop.abort();
    await rehearsal;
  }

  onProgress({ phase: 'decode', loaded: 0, total });
  unpack(session.engine.finishWeights());
  for (let isWaiting = false; ;) {
    await (isWaiting ? pause(signal) : breathe(signal));
    /**
     * @type {{ done: number, total: number, phase: 'decode' | 'compile' | 'tune', info?: ModelInfo,
     *   tuning?: import('./tuning.js').Tuning }}
     */
    const state = unpack(session.engine.goOnLoading());
    onProgress({ phase: state.phase, loaded: state.done, total: state.total });
    if (state.tuning) rememberTuning(session, state.tuning);
    if (state.info) return { ...state.info, name: state.info.name || source.name };
    isWaiting = state.phase !== 'decode'; // for the driver
  }
}

/**
 * Compiles what needs no weights, while those are on their way.
 * @param {Session} session
 * @param {AbortSignal} stop
 */
async function rehearse(session, stop) {
  try {
    do await pause(stop);
    while (unpack(session.engine.goOnLoading()).phase === 'rehearse');
  } catch {
    // The weights are there; or something is amiss, of which the load itself will say more.
  }
}

/**
 * What is known of this device, and how long more may be found out: nothing on the first visit, and on others only once
 * the picture is there, for the visit after. Who asks for all of it waits.
 * @param {Session} session
 * @param {string} tune
 */
function tuningOf(session, tune) {
  if (tune === 'off') return {};
  const recalled = recallTuning(session);
  if (!recalled) rememberTuning(session, {});
  const tuneBudgetMs = tune === 'full' ? TUNING_BUDGET_MS.full : recalled ? TUNING_BUDGET_MS.auto : 0;
  const { macsOfDraw, ...tuning } = recalled ?? {};
  return { tuning, macsOfDraw, tuneBudgetMs, tunesFirst: tune === 'full' };
}

/**
 * Fetches the shards, a few at a time, and hands them to the engine in the manifest's order.
 * @param {Session} session
 * @param {import('./model_source.js').ModelSource} source
 * @param {{ paths: string[], bytes: number, mostBytes: number }[]} groups
 * @param {AbortSignal} signal
 * @param {(bytes: number) => void} onBytes
 */
async function fetchWeights(session, source, groups, signal, onBytes) {
  const shards = groups.flatMap(({ paths, mostBytes }, group) =>
    paths.map((path) => ({ path, group, mostBytes })),
  );
  // The first failure ends the wait for all, and the other downloads too.
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  /** @type {Promise<Uint8Array[]>[]} */
  const reading = [];
  let rested = performance.now();
  try {
    for (let next = 0; next < shards.length; ++next) {
      while (reading.length < Math.min(next + PARALLEL_DOWNLOADS, shards.length)) {
        const { path, mostBytes } = shards[reading.length];
        const read = source.readWeights(path, mostBytes + SLACK_BYTES, onBytes, stop.signal);
        read.catch((error) => stop.abort(error));
        reading.push(read);
      }
      for (const bytes of slicesOf(await raced(reading[next], stop.signal))) {
        session.append(shards[next].group, bytes);
        if (performance.now() - rested < APPEND_MS) continue;
        await breathe(stop.signal);
        rested = performance.now();
      }
      reading[next] = NOTHING;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop.abort();
  }
}

const NOTHING = Promise.resolve(/** @type {Uint8Array[]} */ ([]));

/** @param {Uint8Array[]} pieces */
function* slicesOf(pieces) {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES);
}
