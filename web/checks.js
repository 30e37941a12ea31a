// What callers hand over, checked where it comes in.

import { FragnetError } from './errors.js';

/** @typedef {import('./fragnet.js').Port} Port */

/**
 * @param {Port[]} ports
 * @param {Float32Array | Record<string, Float32Array>} inputs
 * @returns {Float32Array[]} in the order of the ports
 */
export function matchInputs(ports, inputs) {
  const names = ports.map(({ name }) => `"${name}"`).join(', ');
  if (!inputs || typeof inputs !== 'object') {
    throw new FragnetError(
      'bad-input',
      `predict() wants a Float32Array for each of ${names}, and got ${typeof inputs}.`,
    );
  }
  if (inputs instanceof Float32Array && ports.length !== 1) {
    throw new FragnetError(
      'bad-input',
      `The model has ${ports.length} inputs (${names}), and one array came.`,
    );
  }
  /** @type {Record<string, Float32Array>} */
  const byName = inputs instanceof Float32Array ? { [ports[0].name]: inputs } : inputs;
  for (const name of Object.keys(byName)) {
    if (ports.some((port) => port.name === name)) continue;
    throw new FragnetError('bad-input', `The model has no input "${name}"; it has ${names}.`);
  }
  return ports.map(({ name, shape }) => {
    const array = byName[name];
    if (!(array instanceof Float32Array)) {
      const came = array === undefined ? 'nothing came' : 'something else came';
      throw new FragnetError('bad-input', `Input "${name}" wants a Float32Array, and ${came}.`);
    }
    if (array.length !== elements(shape)) {
      throw new FragnetError(
        'bad-input',
        `Input "${name}" wants ${shape.join('×')} = ${elements(shape)} numbers, and ${array.length} came.`,
      );
    }
    return array;
  });
}

/**
 * @param {'input' | 'output'} what
 * @param {Port[]} ports
 * @param {string} name
 */
export function indexOfPort(what, ports, name) {
  const index = ports.findIndex((port) => port.name === name);
  if (index >= 0) return index;
  const names = ports.map((port) => `"${port.name}"`).join(', ');
  throw new FragnetError('bad-input', `The model has no ${what} "${name}"; it has ${names}.`);
}

/** @param {number[]} shape */
export function elements(shape) {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * @param {unknown} frame
 */
export function requireFrame(frame) {
  if (frame !== null && typeof frame === 'object') return;
  const came = frame === null ? 'null' : typeof frame;
  throw new FragnetError('bad-input', `draw() wants a video, canvas, image or VideoFrame, and ${came} came.`);
}

/**
 * A frame's width in pixels, 0 while it has no picture.
 * @param {any} frame
 * @returns {number}
 */
export function frameWidth(frame) {
  if ('videoWidth' in frame) return frame.readyState >= 2 ? frame.videoWidth : 0;
  if ('naturalWidth' in frame) return frame.complete ? frame.naturalWidth : 0;
  return frame.displayWidth ?? frame.width ?? 0;
}

/**
 * @param {any} frame
 * @returns {number}
 */
export function frameHeight(frame) {
  if ('videoHeight' in frame) return frame.videoHeight;
  if ('naturalHeight' in frame) return frame.naturalHeight;
  return frame.displayHeight ?? frame.height ?? 0;
}
