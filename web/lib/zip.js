// A zip's files, unpacked one at a time when they are read. Loaded for a zip only: the unpacker is larger than the rest of
// the JavaScript.

import { unzipSync } from 'fflate';
import { FragnetError } from './errors.js';

// Deflate cannot make more than 1,032 bytes out of one: a file that claims more lies about its size.
const LARGEST_RATIO = 1032;

/**
 * @param {Uint8Array} bytes
 * @param {string} name of the zip, for errors
 * @returns {import('./model_files.js').Entry[]}
 */
export function openZip(bytes, name) {
  /** @type {Map<string, import('./model_files.js').Entry>} */
  const entries = new Map();
  attempt(name, () =>
    unzipSync(bytes, {
      filter(file) {
        if (!file.name.endsWith('/')) {
          const honest = file.originalSize <= file.size * LARGEST_RATIO + 64;
          const read = async () => {
            if (!honest) throw broken(name, `"${file.name}" claims ${file.originalSize} bytes`);
            return readEntry(bytes, name, file.name);
          };
          entries.set(file.name, { path: pathOf(file.name), size: file.originalSize, read });
        }
        return false;
      },
    }),
  );
  return [...entries.values()];
}

/**
 * A path as other files have it: Windows writes it with backslashes, and macOS in UTF-8 without saying so.
 * @param {string} name as it was read, a byte a character where the zip does not say that it is UTF-8
 */
function pathOf(name) {
  const path = name.replaceAll('\\', '/');
  // eslint-disable-next-line no-control-regex
  if (/[^\x00-\xff]/.test(path)) return path;
  try {
    const bytes = Uint8Array.from(path, (letter) => letter.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return path;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {string} name
 * @param {string} path
 */
function readEntry(bytes, name, path) {
  const unpacked = attempt(name, () => unzipSync(bytes, { filter: (file) => file.name === path }));
  if (!unpacked[path]) throw broken(name, `"${path}" cannot be read`);
  return unpacked[path];
}

/**
 * @template T
 * @param {string} name
 * @param {() => T} work
 * @returns {T}
 */
function attempt(name, work) {
  try {
    return work();
  } catch (error) {
    throw broken(name, error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} name
 * @param {string} why
 */
function broken(name, why) {
  return new FragnetError('file-failed', `The zip "${name}" cannot be unpacked: ${why}.`);
}
