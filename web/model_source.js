// Where a model's files come from: a URL, files that somebody picked or dropped, a zip, or the caller's own functions.
// All look the same to the loader: one JSON text, and weight files by the paths that the manifest names.

import { FragnetError } from './errors.js';

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
 * A file that can be read: what a File and a zip's entry have in common.
 * @typedef {{ path: string, size: number, read: () => Promise<Uint8Array> }} Entry
 */

const LARGEST_TOPOLOGY = 128 * 2 ** 20;

/**
 * @param {string | URL | FileList | readonly File[] | ModelParts} model
 * @returns {Promise<ModelSource>}
 */
export async function openModelSource(model) {
  if (typeof model === 'string' || model instanceof URL) return sourceFromUrl(String(model));
  if (model && typeof model === 'object') {
    if ('topology' in model && 'weights' in model) return sourceFromParts(model);
    if ('length' in model && Array.from(model).every((file) => file instanceof Blob)) {
      return sourceFromFiles(Array.from(model));
    }
  }
  throw new FragnetError(
    'bad-input',
    'A model is the URL of a model.json, a list of files, or { topology, weights }; ' +
      `this is ${model === null ? 'null' : typeof model}.`,
  );
}

// ---- A URL -------------------------------------------------------------------------------------------------------

/**
 * @param {string} address
 * @returns {ModelSource}
 */
function sourceFromUrl(address) {
  let url;
  try {
    url = new URL(address, globalThis.document?.baseURI ?? location.href);
  } catch {
    throw new FragnetError('bad-input', `"${address}" is not a URL.`);
  }
  const folders = url.pathname.split('/').slice(0, -1);
  return {
    name: decodeURIComponent(folders.at(-1) || url.hostname || 'model'),
    async readTopology(signal) {
      const missing = 'There is no model there';
      const bytes = joined(await download(url, 'missing-model', missing, LARGEST_TOPOLOGY, () => {}, signal));
      return topologyText(bytes, url.href);
    },
    async readWeights(path, limit, onBytes, signal) {
      const shard = new URL(path.replaceAll('#', '%23'), url);
      // A signed address signs the weights as well: what stands behind the "?" goes along.
      if (!shard.search) shard.search = url.search;
      const missing = `The weight file "${path}" is missing`;
      const pieces = await download(shard, 'missing-shard', missing, limit, onBytes, signal);
      refuseHtml(pieces, path, shard.href);
      return pieces;
    },
  };
}

/**
 * @param {URL} url
 * @param {string} missingCode the error's code where the host has no such file
 * @param {string} missing how the sentence about it begins
 * @param {number} limit bytes
 * @param {(bytes: number) => void} onBytes
 * @param {AbortSignal} signal
 * @returns {Promise<Uint8Array[]>}
 */
async function download(url, missingCode, missing, limit, onBytes, signal) {
  const pieces = [];
  let received = 0;
  try {
    const response = await fetch(url, { signal });
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
    if (error instanceof FragnetError || signal.aborted) throw error;
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

// ---- Files -------------------------------------------------------------------------------------------------------

/**
 * @param {File[]} files a folder's files, some files, or one zip
 * @returns {Promise<ModelSource>}
 */
async function sourceFromFiles(files) {
  if (files.length === 0) {
    throw new FragnetError('missing-model', 'No files were given: a model.json and its weights are needed.');
  }
  const zipped = files.length === 1 && /\.zip$/i.test(files[0].name);
  const entries = zipped ? await entriesOfZip(files[0]) : files.map(entryOfFile);
  const topology = findTopology(entries, zipped ? `the zip "${files[0].name}"` : 'the files');
  const folder = topology.path.split('/').slice(0, -1);
  const name = folder.at(-1) ?? (zipped ? files[0].name.replace(/\.zip$/i, '') : 'model');
  return {
    name,
    async readTopology() {
      if (topology.size > LARGEST_TOPOLOGY) throw tooLong(topology.path, LARGEST_TOPOLOGY);
      return topologyText(await topology.read(), topology.path);
    },
    async readWeights(path, limit, onBytes) {
      const entry = findShard(entries, folder, path);
      if (entry.size > limit) throw tooLong(entry.path, limit, entry.size);
      const bytes = await entry.read();
      onBytes(bytes.length);
      refuseHtml([bytes], path, entry.path);
      return [bytes];
    },
  };
}

/**
 * @param {File} file
 * @returns {Entry}
 */
function entryOfFile(file) {
  return { path: file.webkitRelativePath || file.name, size: file.size, read: () => bytesOf(file) };
}

/**
 * @param {File} file
 * @returns {Promise<Entry[]>}
 */
async function entriesOfZip(file) {
  const bytes = await bytesOf(file);
  const { openZip } = await import('./zip.js').catch((error) => {
    throw new FragnetError('file-failed', 'zip.js, which unpacks zips, could not be loaded from the host.', {
      cause: error,
    });
  });
  return openZip(bytes, file.name);
}

/**
 * @param {File} file
 * @returns {Promise<Uint8Array>}
 */
async function bytesOf(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new FragnetError(
      'file-failed',
      `The file "${file.name}" could not be read (${/** @type {Error} */ (error).message}): it may have changed or gone ` +
        'since it was picked.',
      { cause: error },
    );
  }
}

/**
 * The model.json among the files: the one nearest the top, or the only JSON file there is.
 * @param {Entry[]} entries
 * @param {string} where
 * @returns {Entry}
 */
function findTopology(entries, where) {
  const json = entries.filter((entry) => /\.json$/i.test(entry.path));
  let found = json.filter((entry) => fileName(entry.path).toLowerCase() === 'model.json');
  if (found.length === 0) found = json;
  const depth = Math.min(...found.map((entry) => entry.path.split('/').length));
  found = found.filter((entry) => entry.path.split('/').length === depth);
  if (found.length === 1) return found[0];
  if (found.length === 0) {
    throw new FragnetError('missing-model', `There is no model.json in ${where}: found ${listed(entries)}.`);
  }
  throw new FragnetError(
    'missing-model',
    `There are ${found.length} models in ${where}, and one is wanted: ${listed(found)}.`,
  );
}

/**
 * The file that the manifest calls `path`: at that place beside model.json; else the only one whose path ends so; else
 * the only one with that file name.
 * @param {Entry[]} entries
 * @param {string[]} folder the folders above model.json
 * @param {string} path
 * @returns {Entry}
 */
function findShard(entries, folder, path) {
  const wanted = normalised(path);
  const place = normalised([...folder, path].join('/'));
  const exact = entries.find((entry) => normalised(entry.path) === place);
  if (exact) return exact;
  const bySuffix = entries.filter((entry) => `/${normalised(entry.path)}`.endsWith(`/${wanted}`));
  if (bySuffix.length === 1) return bySuffix[0];
  const byName = entries.filter((entry) => fileName(entry.path) === fileName(wanted));
  if (byName.length === 1) return byName[0];
  const found = byName.length > 1 ? `found ${byName.length} of that name` : `found ${listed(entries)}`;
  throw new FragnetError(
    'missing-shard',
    `The weight file "${path}" that model.json names is not among the files: ${found}.`,
  );
}

/** @param {string} path */
function normalised(path) {
  /** @type {string[]} */
  const parts = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** @param {string} path */
function fileName(path) {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** @param {Entry[]} entries */
function listed(entries) {
  const names = entries.slice(0, 6).map((entry) => `"${entry.path}"`);
  if (entries.length > 6) names.push(`and ${entries.length - 6} more`);
  return names.join(', ') || 'nothing';
}

// ---- The caller's own functions ----------------------------------------------------------------------------------

/**
 * @param {ModelParts} parts
 * @returns {ModelSource}
 */
function sourceFromParts({ topology, weights }) {
  return {
    name: 'model',
    async readTopology() {
      return typeof topology === 'string' ? topology : JSON.stringify(topology);
    },
    async readWeights(path, limit, onBytes) {
      const data = await weights(path);
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

// ---- What all share ----------------------------------------------------------------------------------------------

/**
 * @param {Uint8Array} bytes
 * @param {string} place
 */
function topologyText(bytes, place) {
  const text = new TextDecoder().decode(bytes);
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
 * @param {Uint8Array[]} pieces
 * @param {string} path
 * @param {string} place
 */
function refuseHtml([bytes], path, place) {
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
function tooLong(place, limit, size) {
  const code = limit === LARGEST_TOPOLOGY ? 'too-large' : 'bad-weights';
  const came = size === undefined ? 'more than that came' : `it has ${size}`;
  const wanted = limit === LARGEST_TOPOLOGY ? 'a topology may have' : 'the manifest leaves room for';
  return new FragnetError(code, `The file ${place} is too long: ${wanted} ${limit} bytes, ${came}.`);
}
