// What inputs hold while frames are drawn, as setInput() is given it.

import { elements } from './checks.js';
import { FragnetError } from './errors.js';
import { frameHeight, frameWidth } from './frames.js';

/**
 * @typedef {import('./fragnet.js').Port} Port
 * @typedef {import('./fragnet.js').InputValue} InputValue
 */

/**
 * @param {Port} port
 * @param {InputValue} value
 * @returns {Float32Array | { constant: number } | { seed: number } | {}} the numbers themselves, or how the engine makes them
 */
export function fillOf(port, value) {
  if (value === null) return {};
  if (typeof value === 'number' && Number.isFinite(value)) return { constant: value };
  if (value instanceof Float32Array) {
    const wanted = elements(port.shape);
    if (value.length === wanted) return value;
    throw new FragnetError(
      'bad-input',
      `Input "${port.name}" wants ${port.shape.join('×')} = ${wanted} numbers, and ${value.length} came.`,
    );
  }
  if (typeof value === 'object' && 'seed' in value) {
    if (Number.isInteger(value.seed) && Math.abs(value.seed) < 2 ** 31) return { seed: value.seed };
    throw new FragnetError('bad-input', `A seed is a whole number of 32 bits, not ${String(value.seed)}.`);
  }
  if (typeof value === 'object') return numbersOf(port, value);
  throw new FragnetError(
    'bad-input',
    `Input "${port.name}" takes a Float32Array, a number, { seed }, a picture, or null for what it holds by itself; ` +
      `${typeof value} came.`,
  );
}

/**
 * The middle of a picture, in the numbers that the port wants.
 * @param {Port} port
 * @param {import('./fragnet.js').Frame} frame
 */
function numbersOf({ name, shape, picture }, frame) {
  if (picture?.kind !== 'colour' && picture?.kind !== 'grey')
    throw new FragnetError('bad-input', `Input "${name}" takes no picture: its shape is ${shape.join('×')}.`);
  const { width, height, channels, layout, range } = picture;
  const colours = pixelsOf(frame, width, height, name);
  const pixels = width * height;
  const numbers = new Float32Array(pixels * channels);
  for (let i = 0; i < pixels; ++i) {
    const [red, green, blue] = colours.subarray(4 * i, 4 * i + 3);
    const levels = channels === 1 ? [0.299 * red + 0.587 * green + 0.114 * blue] : [red, green, blue, 255];
    for (let c = 0; c < channels; ++c) {
      const at = layout === 'nchw' ? c * pixels + i : i * channels + c;
      numbers[at] = range[0] + ((range[1] - range[0]) * levels[c]) / 255;
    }
  }
  return numbers;
}

/**
 * @param {any} frame
 * @param {number} width
 * @param {number} height
 * @param {string} name
 */
function pixelsOf(frame, width, height, name) {
  const from = { width: frameWidth(frame), height: frameHeight(frame) };
  if (!from.width || !from.height)
    throw new FragnetError(
      'bad-input',
      `The picture for input "${name}" has no pixels yet, or is no picture.`,
    );
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false })
  );
  let source = frame;
  if (frame instanceof ImageData) {
    source = new OffscreenCanvas(from.width, from.height);
    source.getContext('2d').putImageData(frame, 0, 0);
  }
  const scale = Math.max(width / from.width, height / from.height);
  const across = from.width * scale;
  const down = from.height * scale;
  try {
    context.drawImage(source, (width - across) / 2, (height - down) / 2, across, down);
    return context.getImageData(0, 0, width, height).data;
  } catch (error) {
    throw new FragnetError('bad-input', `The browser makes no picture of this for input "${name}".`, {
      cause: error,
    });
  }
}
