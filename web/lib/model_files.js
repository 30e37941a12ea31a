// The model among files that somebody picked or dropped: a folder, several files, or a zip. Loaded for files only. What a system or a browser did
// to their names on the way does not matter: the model is known by what is in it, its weights by what the names have left
// in common.

import { FragnetError } from './errors.js';
import { LARGEST_TOPOLOGY, refuseHtml, textOf, tooLong, topologyText } from './model_text.js';

/**
 * A file that can be read: what a File and a zip's entry have in common.
 * @typedef {{ path: string, size: number, read: () => Promise<Uint8Array> }} Entry
 */

/**
 * @param {File[]} files
 * @returns {Promise<import('./model_source.js').ModelSource>}
 */
export async function sourceFromFiles(files) {
  if (files.length === 0) {
    throw new FragnetError('missing-model', 'No files were given: a model.json and its weights are needed.');
  }
  const given = withoutLitter(files.map(entryOfFile));
  const zip = given.length === 1 && /\.zip$/i.test(given[0].path) ? given[0] : null;
  const entries = zip ? withoutLitter(await entriesOfZip(zip)) : given;
  const topology = await findTopology(entries, zip ? `the zip "${zip.path}"` : 'the files');
  const folder = topology.path.split('/').slice(0, -1);
  return {
    name: folder.at(-1) ?? (zip ? fileName(zip.path).replace(/\.zip$/i, '') : 'model'),
    async readTopology() {
      if (topology.size > LARGEST_TOPOLOGY) throw tooLong(topology.path, LARGEST_TOPOLOGY);
      return topologyText(await topology.read(), topology.path);
    },
    async readWeights(path, limit, onBytes) {
      const entry = findShard(entries, topology, path);
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
 * @param {Entry} zip
 * @returns {Promise<Entry[]>}
 */
async function entriesOfZip(zip) {
  const bytes = await zip.read();
  const { openZip } = await import('./zip.js').catch((error) => {
    throw new FragnetError('file-failed', 'zip.js, which unpacks zips, could not be loaded from the host.', {
      cause: error,
    });
  });
  return openZip(bytes, zip.path);
}

/**
 * Without what systems put beside a person's files: macOS its "._model.json" and "__MACOSX", all of them hidden files.
 * @param {Entry[]} entries
 */
function withoutLitter(entries) {
  const kept = entries.filter((entry) => {
    const parts = entry.path.split('/');
    return !parts.includes('__MACOSX') && !parts[parts.length - 1].startsWith('.');
  });
  return kept.length > 0 ? kept : entries;
}

/**
 * The one JSON file that is a model: called model.json before others, near the top before deep inside.
 * @param {Entry[]} entries
 * @param {string} where
 * @returns {Promise<Entry>}
 */
async function findTopology(entries, where) {
  const json = entries.filter((entry) => /\.json$/i.test(entry.path));
  if (json.length === 0) {
    const zips = entries.filter((entry) => /\.zip$/i.test(entry.path));
    const advice = zips.length > 0 ? ` Unpack "${zips[0].path}" first, and open what is in it.` : '';
    throw new FragnetError(
      'missing-model',
      `There is no model.json in ${where}: found ${listed(entries)}.${advice}`,
    );
  }
  if (json.length === 1) return json[0];
  const usual = json.filter((entry) => fileName(entry.path).toLowerCase() === 'model.json');
  let models = highest(await modelsAmong(usual));
  if (models.length === 0)
    models = highest(await modelsAmong(json.filter((entry) => !usual.includes(entry))));
  if (models.length === 1) return models[0];
  if (models.length > 1) {
    throw new FragnetError(
      'missing-model',
      `There are ${models.length} models in ${where}, and one is wanted: ${listed(models)}.`,
    );
  }
  // A model.json that is not whole: whoever reads it says what is wrong.
  if (usual.length === 1) return usual[0];
  throw new FragnetError(
    'missing-model',
    `None of the ${json.length} JSON files in ${where} is a model: ${listed(json)}.`,
  );
}

/** @param {Entry[]} entries */
async function modelsAmong(entries) {
  const found = [];
  for (const entry of entries)
    if (entry.size <= LARGEST_TOPOLOGY && isModel(textOf(await entry.read()))) found.push(entry);
  return found;
}

/** @param {Entry[]} entries those that lie in the fewest folders */
function highest(entries) {
  const depth = (/** @type {Entry} */ entry) => entry.path.split('/').length;
  const least = Math.min(...entries.map(depth));
  return entries.filter((entry) => depth(entry) === least);
}

/**
 * True of a topology with or without its wrapping, whatever is wrong inside it.
 * @param {string} text
 */
function isModel(text) {
  try {
    const json = JSON.parse(text);
    const has = (/** @type {string} */ name) => Object.hasOwn(json, name);
    return (
      has('modelTopology') ||
      has('model_config') ||
      Array.isArray(json.node) ||
      (has('class_name') && has('config')) ||
      (Array.isArray(json.layers) && (json.format === 'fragnet-npy' || has('input')))
    );
  } catch {
    return false; // no JSON, or null
  }
}

/**
 * The file that the manifest calls `path`: at that place beside model.json; else the only one whose path ends so; else
 * the only one with that file name; else the only one whose name is that but for what copying makes of names.
 * @param {Entry[]} entries
 * @param {Entry} topology
 * @param {string} path
 * @returns {Entry}
 */
function findShard(entries, topology, path) {
  const folder = topology.path.split('/').slice(0, -1);
  const wanted = normalised(path);
  const place = normalised([...folder, path].join('/'));
  const name = fileName(wanted);
  const [, mark] = withoutMark(fileName(topology.path));
  /** @type {((entry: Entry) => boolean)[]} */
  const readings = [
    (entry) => normalised(entry.path) === place,
    (entry) => `/${normalised(entry.path)}`.endsWith(`/${wanted}`),
    (entry) => fileName(normalised(entry.path)) === name,
    (entry) => looseName(entry.path) === looseName(path),
  ];
  // Of "model (1).json", the browser's second download, the weights are the second download too.
  if (mark) {
    readings.unshift((entry) => {
      const [plain, own] = withoutMark(fileName(normalised(entry.path)));
      return own === mark && plain === name;
    });
  }
  let most = 0;
  for (const isIt of readings) {
    const found = entries.filter((entry) => entry !== topology && isIt(entry));
    if (found.length === 1) return found[0];
    most = Math.max(most, found.length);
  }
  const found = most > 1 ? `found ${most} of that name` : `found ${listed(entries)}`;
  throw new FragnetError(
    'missing-shard',
    `The weight file "${path}" that model.json names is not among the files: ${found}.`,
  );
}

/**
 * A path as it is compared: without "." and "..", and an accented letter as one character (macOS makes two of it).
 * @param {string} path
 */
function normalised(path) {
  /** @type {string[]} */
  const parts = [];
  for (const part of path.normalize('NFC').split(/[/\\]/)) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/**
 * A file's name without the mark of a copy, and that mark: "model (1).json" of browsers, "model - Copy.json" of Windows,
 * "model copy 2.json" of macOS.
 * @param {string} name
 * @returns {[string, string]}
 */
function withoutMark(name) {
  const match = /^(.+?)( ?\(\d+\)| - Copy(?: \(\d+\))?| copy(?: \d+)?)(\.[^.]*)?$/.exec(name);
  return match ? [match[1] + (match[3] ?? ''), match[2].trim()] : [name, ''];
}

/** @param {string} path */
function looseName(path) {
  let name = fileName(normalised(path));
  try {
    name = decodeURIComponent(name);
  } catch {
    // A "%" of the name's own.
  }
  return withoutMark(name)[0].toLowerCase();
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
