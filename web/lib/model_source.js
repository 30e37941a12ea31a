// Where a model's files come from: a URL, files that somebody picked or dropped, a zip, or the caller's own functions.
// All look the same to the loader: one JSON text, and weight files by the paths that the manifest names.

import { FragnetError } from './errors.js';
import { LARGEST_TOPOLOGY, refuseHtml, tooLong, topologyText } from './model_text.js';
import { shown } from './options.js';

/**
 * @typedef {object} ModelSource
 * @property {string} name what to call the model when its file does not say
 * @property {(signal: AbortSignal) => Promise<string>} readTopology the text of model.json
 * @property {(path: string, limit: number, onBytes: (bytes: number) => void, signal: AbortSignal)
 *            => Promise<Uint8Array[]>} readWeights
 *   one weight file, in pieces; no more than `limit` bytes can be of use; onBytes hears of every piece that arrives
 */

/** @typedef {{ topology: object, weights: (path: string) => ArrayBuffer | ArrayBufferView | Promise<ArrayBuffer | ArrayBufferView> }} ModelParts */

/**
 * @param {string | URL | FileList | readonly File[] | ModelParts} model
 * @param {import('./types.js').FetchOptions} [fetchOptions] for those of an address
 * @returns {Promise<ModelSource>}
 */
export async function openModelSource(model, fetchOptions) {
  if (typeof model === 'string' || model instanceof URL) return sourceFromUrl(String(model), fetchOptions);
  if (model && typeof model === 'object') {
    if ('topology' in model && 'weights' in model) return sourceFromParts(model);
    if ('length' in model && Array.from(model).every((file) => file instanceof File)) {
      return (await filesModule()).sourceFromFiles(Array.from(model));
    }
  }
  throw new FragnetError(
    'bad-input',
    'A model is the URL of a model.json, a list of files, or { topology, weights }; ' +
      `this is ${shown(model)}.`,
  );
}

/** Loaded where files come: most models come from an address. */
async function filesModule() {
  try {
    return await import('./model_files.js');
  } catch (error) {
    throw new FragnetError('file-failed', 'model_files.js, which reads files, was not sent by the host.', {
      cause: error,
    });
  }
}

// ---- A URL -------------------------------------------------------------------------------------------------------

/**
 * @param {string} address
 * @param {import('./types.js').FetchOptions} [fetchOptions]
 * @returns {ModelSource}
 */
function sourceFromUrl(address, fetchOptions) {
  let url;
  try {
    url = new URL(address, globalThis.document?.baseURI ?? location.href);
  } catch {
    throw new FragnetError('bad-input', `"${address}" is not a URL.`);
  }
  // Weights lie on the same host, as the engine lets a manifest name nothing else: what is meant for it goes nowhere else.
  const optionsWith = (/** @type {AbortSignal} */ signal) => ({ ...fetchOptions, signal });
  const folders = url.pathname.split('/').slice(0, -1);
  return {
    name: decoded(folders.at(-1) || url.hostname || 'model'),
    async readTopology(signal) {
      const missing = 'There is no model there';
      const bytes = joined(
        await download(url, 'missing-model', missing, LARGEST_TOPOLOGY, () => {}, optionsWith(signal)),
      );
      return topologyText(bytes, url.href);
    },
    async readWeights(path, limit, onBytes, signal) {
      const missing = `The weight file "${path}" is missing`;
      /** @type {unknown} */
      let first;
      for (const shard of addressesOf(path, url)) {
        try {
          const pieces = await download(shard, 'missing-shard', missing, limit, onBytes, optionsWith(signal));
          refuseHtml(pieces, path, shard.href);
          return pieces;
        } catch (error) {
          first ??= error;
          if (!(error instanceof FragnetError) || error.code !== 'missing-shard') break;
        }
      }
      throw first;
    },
  };
}

/**
 * Where a weight file may be that the manifest calls `path`, the likeliest first. A manifest holds names of files and
 * addresses alike: in "50% done.bin" the "%" is the name's, in "my%20net.bin" most likely an address', and what stands
 * behind a "?" may be a signature or a part of the name.
 * @param {string} path
 * @param {URL} base of model.json
 */
function addressesOf(path, base) {
  const asAddress = path.replace(/%(?![0-9a-f]{2})/gi, '%25').replaceAll('#', '%23');
  const asName = path.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('?', '%3F');
  const hasQuery = /\?[^?]+=/.test(path);
  const readings = hasQuery ? [asAddress, asName] : [asAddress.replaceAll('?', '%3F'), asName];
  // macOS writes an accented letter as two characters, others as one.
  readings.push(...readings.flatMap((reading) => [reading.normalize('NFC'), reading.normalize('NFD')]));
  return [...new Set(readings)].map((reading) => {
    const shard = new URL(reading, base);
    // A signed address signs the weights as well: what stands behind the "?" goes along.
    if (!shard.search) shard.search = base.search;
    return shard;
  });
}

/** @param {string} text of an address, for people; what is no UTF-8 stays as it is */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {URL} url
 * @param {import('./errors.js').ErrorCode} missingCode the error's code where the host has no such file
 * @param {string} missing how the sentence about it begins
 * @param {number} limit bytes
 * @param {(bytes: number) => void} onBytes
 * @param {RequestInit & { signal: AbortSignal }} options
 * @returns {Promise<Uint8Array[]>}
 */
async function download(url, missingCode, missing, limit, onBytes, options) {
  const pieces = [];
  let received = 0;
  try {
    const response = await fetch(url, options);
    if (!response.ok) {
      const answer = `${response.status} ${response.statusText}`.trim();
      throw new FragnetError(missingCode, `${missing}: the host answered ${answer} for ${url.href}`);
    }
    const reader = response.body?.getReader();
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      received += value.length;
      if (received > limit) {
        void reader.cancel();
        throw tooLong(url.href, limit);
      }
      pieces.push(value);
      onBytes(value.length);
    }
  } catch (error) {
    if (error instanceof FragnetError || options.signal.aborted) throw error;
    throw new FragnetError(
      'download-failed',
      `${url.href} could not be fetched (${/** @type {Error} */ (error).message}): the connection failed, or the ` +
        'host does not allow other sites to read the file (CORS).',
      { cause: error },
    );
  }
  return pieces;
}

/** @param {Uint8Array[]} pieces */
function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

// ---- The caller's own functions ----------------------------------------------------------------------------------

/**
 * @param {ModelParts} parts
 * @returns {ModelSource}
 */
function sourceFromParts({ topology, weights }) {
  if (typeof weights !== 'function') {
    throw new FragnetError(
      'bad-input',
      `A model's weights are a function that returns the file of a path, not ${shown(weights)}.`,
    );
  }
  return {
    name: 'model',
    async readTopology() {
      try {
        const text = typeof topology === 'string' ? topology : JSON.stringify(topology);
        if (text !== undefined) return text;
      } catch {
        // It holds itself, or what JSON cannot say.
      }
      throw new FragnetError(
        'bad-input',
        `A model's topology is what JSON.parse makes of a model.json, not ${shown(topology)}.`,
      );
    },
    async readWeights(path, limit, onBytes) {
      const data = await dataOf(weights, path);
      let bytes;
      if (data instanceof ArrayBuffer) bytes = new Uint8Array(data);
      else if (ArrayBuffer.isView(data))
        bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      else {
        throw new FragnetError(
          'missing-shard',
          `The weight file "${path}" is missing: weights() should return an ArrayBuffer, and returned ` +
            `${data === null ? 'null' : typeof data}.`,
        );
      }
      if (bytes.length > limit) throw tooLong(path, limit, bytes.length);
      onBytes(bytes.length);
      refuseHtml([bytes], path, path);
      return [bytes];
    },
  };
}

/**
 * @param {ModelParts['weights']} weights
 * @param {string} path
 */
async function dataOf(weights, path) {
  try {
    return await weights(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FragnetError(
      'missing-shard',
      `The weight file "${path}" is missing: weights() failed: ${why}`,
      {
        cause: error,
      },
    );
  }
}
