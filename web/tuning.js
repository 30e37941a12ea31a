// What was measured on this device, kept for the next visit: which shape of block is fastest for each kind of layer.
// Only here, in the browser's own storage; where a page has none, every visit is the first.

// Changes when the shaders do, so that what was measured with others is forgotten.
const GENERATION = 2;
export const TUNING_BUDGET_MS = { auto: 500, full: 30000 };

/** @typedef {Record<string, [number, number]>} Tuning by kind of layer: pixels and quads of a block */

/** @param {string} renderer */
const keyOf = (renderer) => `fragnet-tuning-${GENERATION} ${renderer} ${navigator.userAgent}`;

/**
 * What earlier visits have found; null on the first.
 * @param {string} renderer
 * @returns {Tuning | null}
 */
export function recallTuning(renderer) {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(renderer)) ?? 'null');
    return found && typeof found === 'object' ? found : null;
  } catch {
    return null; // no storage, or not ours
  }
}

/**
 * @param {string} renderer
 * @param {Tuning} tuning
 */
export function rememberTuning(renderer, tuning) {
  try {
    localStorage.setItem(keyOf(renderer), JSON.stringify({ ...recallTuning(renderer), ...tuning }));
  } catch {
    // The next visit measures again.
  }
}
