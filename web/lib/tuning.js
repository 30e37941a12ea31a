// What was measured on this device, kept for the next visit: which shape of block is fastest for each kind of layer.
// Only here, in the browser's own storage; where a page has none, every visit is the first.

export const TUNING_BUDGET_MS = { auto: 500, full: 30000 };

// No draw is to take longer than this: a system takes a device away that does not answer for a second or two.
const LONGEST_DRAW_MS = 250;

/**
 * @typedef {Record<string, [number, number] | number>} Tuning by kind of layer: pixels and quads of a block; `macsOfDraw`: how
 *   many multiply-adds a draw may have at most, where the device was found to be slow
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

/**
 * A network's frames took long on this device: the next load cuts up those draws that would take longer than they may, if
 * time goes with multiply-adds.
 * @param {Device} device
 * @param {{ macs: number }[]} layers
 * @param {number} frameMs
 */
export function rememberSlowness(device, layers, frameMs) {
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  rememberTuning(device, { macsOfDraw: Math.round((macs * LONGEST_DRAW_MS) / frameMs) });
}
