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
