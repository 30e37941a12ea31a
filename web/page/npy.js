// Arrays as NumPy writes them, for pages that show what a network is made of. (The engine reads its own.)

import { FragnetError } from '../lib/errors.js';

/**
 * Fetches a .npy file of little-endian float32 numbers in row-major order.
 * @param {string | URL} url
 * @returns {Promise<{ shape: number[], data: Float32Array }>}
 */
export async function fetchNpy(url) {
  const response = await fetch(url);
  if (!response.ok)
    throw new FragnetError('missing-shard', `The host answered ${response.status} for ${url}.`);
  const bytes = await response.arrayBuffer();
  const view = new DataView(bytes);
  const magic = [...new Uint8Array(bytes, 0, Math.min(6, bytes.byteLength))];
  if (String.fromCharCode(...magic) !== '\x93NUMPY' || bytes.byteLength < 12)
    throw new FragnetError('bad-array', `${url} is no .npy file.`);
  const isLong = view.getUint8(6) > 1;
  const start = isLong ? 12 : 10;
  const end = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.slice(start, end));
  const shape = [...(/'shape': \(([\d, ]*)\)/.exec(header)?.[1].matchAll(/\d+/g) ?? [])].map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (!/'descr': '<f4', 'fortran_order': False/.test(header) || bytes.byteLength - end !== 4 * count) {
    throw new FragnetError('bad-array', `${url} does not hold float32 numbers in row-major order: ${header}`);
  }
  return { shape, data: new Float32Array(bytes.slice(end)) };
}
