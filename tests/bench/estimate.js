// How long a run will take, roughly, and how much of it is left. Pure.

const visitSeconds = 5; // of a page: to open, to load, to compile
const warmFrames = 4;
const countedFrames = 7;

/**
 * @param {{ kind: string, seconds: Record<string, number> }} contender
 * @param {string} size
 * @param {{ rounds: number, seconds: number }} options
 */
export function secondsOf({ kind, seconds: each }, size, { rounds, seconds }) {
  const frame = each[size];
  const ways = kind === 'tfjs' ? 2 : 1;
  const timed = Math.max(seconds, Math.min(5 * frame, 12 + frame));
  return rounds * (visitSeconds + warmFrames * frame + ways * timed) + visitSeconds + countedFrames * frame;
}

/** @param {number} seconds */
export function words(seconds) {
  const minutes = Math.round(seconds / 60);
  return minutes < 1 ? 'under a minute' : minutes === 1 ? 'a minute' : `${minutes} minutes`;
}
