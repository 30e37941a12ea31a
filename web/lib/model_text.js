// What the readers of a model's files share, wherever those come from: texts, their limits, and pages that hosts send instead.

import { FragnetError } from './errors.js';

export const LARGEST_TOPOLOGY = 128 * 2 ** 20;

/**
 * @param {Uint8Array} bytes
 * @param {string} place
 */
export function topologyText(bytes, place) {
  const text = textOf(bytes);
  if (/^\s*</.test(text)) {
    throw new FragnetError(
      'bad-json',
      `${place} is an HTML page and not a model: it begins with ${JSON.stringify(text.trim().slice(0, 40))}. ` +
        'Hosts send such a page when they do not have the file.',
    );
  }
  return text;
}

/**
 * The text of a file: UTF-8, or UTF-16 where its first two bytes say so, as PowerShell writes it.
 * @param {Uint8Array} bytes
 */
export function textOf(bytes) {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = !isUtf16 ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be';
  return new TextDecoder(encoding).decode(bytes);
}

/**
 * @param {Uint8Array[]} pieces
 * @param {string} path
 * @param {string} place
 */
export function refuseHtml([bytes], path, place) {
  const beginning = new TextDecoder('latin1').decode(bytes?.subarray(0, 64));
  if (/^\s*<(!doctype html|html|head)\b/i.test(beginning)) {
    throw new FragnetError(
      'missing-shard',
      `The weight file "${path}" is missing: ${place} holds an HTML page instead, which is what hosts send when they ` +
        'do not have a file.',
    );
  }
}

/**
 * @param {string} place
 * @param {number} limit
 * @param {number} [size]
 */
export function tooLong(place, limit, size) {
  const code = limit === LARGEST_TOPOLOGY ? 'too-large' : 'bad-weights';
  const came = size === undefined ? 'more than that came' : `it has ${size}`;
  const wanted = limit === LARGEST_TOPOLOGY ? 'a topology may have' : 'the manifest leaves room for';
  return new FragnetError(code, `The file ${place} is too long: ${wanted} ${limit} bytes, ${came}.`);
}
