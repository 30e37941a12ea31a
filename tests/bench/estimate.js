// How long a run will take, roughly, and how much of it is left. Pure.

const visitSeconds = 5; // of a page: to open, to load, to compile
const timedFrames = 8;
const countedFrames = 7;

/**
 * @param {{ kind: string, seconds: Record<string, number> }} contender
 * @param {string} size
 * @param {{ rounds: number, seconds: number }} options
 */
export function secondsOf({ kind, seconds: each }, size, { rounds, seconds }) {
  const frame = each[size];
  const ways = kind === 'tfjs' ? 2 : 1;
  const within = (/** @type {number} */ frames, /** @type {number} */ limit) =>
    Math.min(frames * frame, limit + frame);
  const timed = Math.max(seconds, within(timedFrames, 12));
  return rounds * (visitSeconds + frame + ways * timed) + visitSeconds + frame + within(countedFrames, 10);
}

/** @param {number} seconds */
export function words(seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 1 ? 'under a minute' : minutes === 1 ? 'a minute' : `${minutes} minutes`;
}
