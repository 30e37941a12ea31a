// A visit that counts and takes no times: what a contender asks of WebGL for a frame, and what it keeps there, in its
// WebAssembly and in the page.
import { contenderOf, nextPaint } from './contenders.js';
import { movingFrames } from './frames.js';

const seconds = 5; // after which no frame begins

/**
 * @param {import('./visit.js').Order} order
 * @returns {Promise<import('../arithmetic.js').Count>}
 */
export async function count({ kind, settings, model }) {
  const { glCounter, glBytes, wasmBytes } = /** @type {any} */ (window);
  const frames = movingFrames();
  const contender = contenderOf(kind, settings);
  await contender.start();
  await contender.load(model, () => {});
  const draw = async (/** @type {number} */ i) => {
    await nextPaint();
    await contender.draw(frames[i], contender.ways[0]);
  };
  const drawSome = async (/** @type {number} */ most) => {
    const begin = performance.now();
    let drawn = 0;
    while (drawn < most && (drawn === 0 || performance.now() - begin < 1000 * seconds)) await draw(drawn++);
    return drawn;
  };
  await drawSome(2); // the first ones compile and make what the later ones use
  await contender.settle?.();
  glCounter.reset();
  const drawn = await drawSome(5);
  return {
    frames: drawn,
    calls: { ...glCounter.calls },
    gl: glBytes.live(),
    wasmBytes: wasmBytes(),
    scriptBytes: /** @type {any} */ (performance).memory?.usedJSHeapSize ?? null,
  };
}
