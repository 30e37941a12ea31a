// What was measured on this device, kept for the next visit: which shape of block is fastest for each kind of layer.
// Only here, in the browser's own storage; where a page has none, every visit is the first.

export const TUNING_BUDGET_MS = { auto: 500, full: 30000 };

/**
 * @typedef {Record<string, [number, number]>} Tuning by kind of layer: pixels and quads of a block
 * @typedef {{ renderer: string, precision: string, shaders: string }} Device and what it computes with: other
 *   shaders, and those of another precision, are measured anew
 */

const PREFIX = 'fragnet-tuning-';

/** @param {Device} device */
const keyOf = ({ renderer, precision, shaders }) =>
  `${PREFIX}${shaders} ${precision} ${renderer} ${navigator.userAgent}`;

/**
 * What earlier visits have found; null on the first.
 * @param {Device} device
 * @returns {Tuning | null}
 */
export function recallTuning(device) {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(device)) ?? 'null');
    return found && typeof found === 'object' ? found : null;
  } catch {
    return null; // no storage, or not ours
  }
}

/**
 * @param {Device} device
 * @param {Tuning} tuning
 */
export function rememberTuning(device, tuning) {
  try {
    for (const key of Object.keys(localStorage)) {
      const isOfOtherShaders = key.startsWith(PREFIX) && !key.startsWith(PREFIX + device.shaders);
      if (isOfOtherShaders) localStorage.removeItem(key);
    }
    localStorage.setItem(keyOf(device), JSON.stringify({ ...recallTuning(device), ...tuning }));
  } catch {
    // The next visit measures again.
  }
}
