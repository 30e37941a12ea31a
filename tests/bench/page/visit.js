// One visit of a fresh page: a contender starts, loads, draws its first frame, and is then timed frame by frame.
import { canvasOf, contenderOf, nextPaint } from './contenders.js';
import { movingFrames, side } from './frames.js';

/**
 * @typedef {{ frames: number, seconds: number, limit: number }} Budget
 *   at least so many frames that count and so many seconds, whichever takes longer; none begins after `limit` seconds
 * @typedef {{ kind: string, settings: any, model: import('./contender.js').Model, budget: Budget, picture: boolean,
 *             layers: number }} Order
 *   picture: whether to look at what is drawn; layers: how often to time the steps of a frame
 */

/**
 * @param {Order} order
 * @returns {Promise<object>}
 */
export async function visit({ kind, settings, model, budget, picture, layers }) {
  const frames = movingFrames();
  const contender = contenderOf(kind, settings);
  const tasks = watchLongTasks();

  const start = performance.now();
  await contender.start();
  const started = performance.now();

  /** @type {Record<string, number>} */
  const phases = {};
  let last = started;
  const onPhase = (/** @type {string} */ phase) => {
    const now = performance.now();
    phases[phase] = (phases[phase] ?? 0) + now - last;
    last = now;
  };
  await contender.load(model, onPhase);
  const loaded = performance.now();
  await new Promise((resolve) => setTimeout(resolve)); // ends the task, so that loading has tasks of its own
  const begun = (last = performance.now());
  await contender.draw(frames[0], contender.ways[0]);
  contender.finish?.();
  const drawn = performance.now();
  onPhase('first frame');
  const seen = picture ? thumbnail() : null;
  last = performance.now(); // looking at it is nobody's work
  await contender.settle?.();
  const settled = performance.now();
  onPhase('full speed');

  /** @type {Record<string, number[]>} */
  const ways = {};
  for (const way of contender.ways)
    ways[way] = await timeFrames(budget, async (i) => {
      await contender.draw(frames[i % frames.length], way);
      contender.finish?.();
    });

  return {
    startMs: started - start,
    loadMs: loaded - started,
    firstFrameMs: loaded - started + drawn - begun,
    phases,
    longestTaskMs: await tasks.longest([started, loaded], [drawn, settled]),
    ways,
    facts: contender.facts(),
    picture: seen,
    layers: Array.from({ length: layers }, () => contender.layers?.() ?? []),
  };
}

/**
 * Milliseconds of each frame. The first three are to get warm and do not count, as far as there are others.
 * @param {Budget} budget
 * @param {(i: number) => Promise<void>} draw
 * @returns {Promise<number[]>}
 */
async function timeFrames({ frames, seconds, limit }, draw) {
  const warm = 3;
  const times = [];
  const begin = performance.now();
  for (;;) {
    const spent = (performance.now() - begin) / 1000;
    if ((times.length >= warm + frames && spent >= seconds) || (times.length > 0 && spent >= limit)) break;
    // After the first the browser puts the last frame's canvas on the page, which takes some milliseconds of the same
    // processor and is nobody's work; by the second that is done.
    await nextPaint();
    await nextPaint();
    const start = performance.now();
    await draw(times.length);
    times.push(performance.now() - start);
  }
  return times.slice(Math.min(warm, times.length - 1));
}

/** Where the browser tells of tasks that kept the page from answering for over 50 ms. */
function watchLongTasks() {
  const type = 'longtask';
  if (!PerformanceObserver.supportedEntryTypes.includes(type)) return { longest: async () => null };
  /** @type {PerformanceEntry[]} */
  const seen = [];
  const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()));
  observer.observe({ type, buffered: true });
  return {
    /**
     * The longest that began within those times, 0 where none did.
     * @param {[from: number, to: number][]} times
     */
    async longest(...times) {
      seen.push(...observer.takeRecords());
      observer.disconnect();
      return seen
        .filter(({ startTime }) => times.some(([from, to]) => startTime >= from && startTime < to))
        .reduce((longest, { duration }) => Math.max(longest, duration), 0);
    },
  };
}

/**
 * What is on the canvas, small: to see that all contenders draw the same picture. To be called in the task that has drawn
 * it, which is how long a WebGL canvas keeps it.
 * @returns {number[]} RGB bytes
 */
function thumbnail() {
  const small = 32;
  const copy = document.createElement('canvas');
  copy.width = copy.height = small;
  const context = /** @type {CanvasRenderingContext2D} */ (
    copy.getContext('2d', { willReadFrequently: true })
  );
  context.drawImage(canvasOf(), 0, 0, side, side, 0, 0, small, small);
  return [...context.getImageData(0, 0, small, small).data].filter((_, i) => i % 4 !== 3);
}
