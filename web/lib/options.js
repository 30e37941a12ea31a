// Which options each entry of the API knows, and what their values may be: one table an entry. A new option is a line here.

import { FragnetError } from './errors.js';

/**
 * A rule is a sentence's end that says what is wanted, and a test.
 * @typedef {{ wants: string, allows: (value: any) => boolean, inside?: Rules }} Rule
 * @typedef {Record<string, Rule>} Rules
 */

/** @param {string[]} choices @returns {Rule} */
const oneOf = (...choices) => ({
  wants: `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`,
  allows: (value) => choices.includes(value),
});

/** @type {Rule} */
const flag = { wants: 'true or false', allows: (value) => typeof value === 'boolean' };

/** @type {Rule} */
const number = { wants: 'a finite number', allows: Number.isFinite };

/** @type {Rule} */
const range = {
  wants: '"auto" or two different finite numbers such as [0, 1]',
  allows: (value) =>
    value === 'auto' ||
    (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] !== value[1]),
};

const isObject = (/** @type {unknown} */ value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value);

const isSize = (/** @type {unknown} */ value) => Number.isSafeInteger(value) && Number(value) > 0;

const NAMES_OF_AUGMENTATIONS = oneOf('none', 'classic', 'paper');

/** @type {Rules} */
const AUGMENTATION_OPTIONS = {
  type: NAMES_OF_AUGMENTATIONS,
  brightness: number,
  contrast: number,
  grain: number,
  range,
};

/** @type {Rules} */
export const CREATE_OPTIONS = {
  precision: oneOf('auto', 'fp32', 'fp16', 'rgba8'),
  tune: oneOf('auto', 'off', 'full'),
  wasm: {
    wants: 'the address of fragnet.wasm, a Response or a WebAssembly.Module',
    allows: (value) =>
      typeof value === 'string' ||
      [URL, Response, globalThis.WebAssembly?.Module].some((kind) => kind && value instanceof kind),
  },
  shared: flag,
};

/** @type {Rules} */
export const LOAD_OPTIONS = {
  inputShapes: {
    wants: 'a list of whole numbers for each input by its name, such as { input_1: [1, 256, 256, 3] }',
    allows: (value) =>
      isObject(value) && Object.values(value).every((shape) => Array.isArray(shape) && shape.every(isSize)),
  },
  onProgress: { wants: 'a function', allows: (value) => typeof value === 'function' },
  signal: {
    wants: 'an AbortSignal',
    allows: (value) => typeof value?.aborted === 'boolean' && 'addEventListener' in value,
  },
  fetch: {
    wants: 'an object of options of fetch(), such as { headers, credentials }',
    allows: (value) => isObject(value) && !['signal', 'method', 'body'].some((name) => name in value),
  },
};

/** @type {Rules} */
export const DRAW_OPTIONS = {
  augmentation: {
    wants: `${NAMES_OF_AUGMENTATIONS.wants}, or an object of them with its parameters`,
    allows: (value) => NAMES_OF_AUGMENTATIONS.allows(value) || isObject(value),
    inside: AUGMENTATION_OPTIONS,
  },
  mirror: flag,
  view: oneOf('output', 'input', 'both'),
  inputRange: range,
  outputRange: range,
  output: {
    wants: 'the name or the number of an output, or -1 for info.shownOutput',
    allows: (value) => typeof value === 'string' || (Number.isSafeInteger(value) && value >= -1),
  },
  channel: {
    wants: 'the number of a channel, 0 for the first, or -1 for all that its kind wants',
    allows: (value) => Number.isSafeInteger(value) && value >= -1,
  },
  show: oneOf('auto', 'picture', 'mask', 'overlay', 'cutout', 'classes', 'subpixel', 'channel'),
  invert: flag,
  skip: oneOf('auto', 'never'),
};

/**
 * Refuses what is not known or has a wrong value. What is undefined counts as left out.
 * @param {string} where what the options are for, such as "load()"
 * @param {any} options
 * @param {Rules} rules
 */
export function requireOptions(where, options, rules) {
  if (!isObject(options)) refuse(`${where} wants its options as an object, and got ${shown(options)}.`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) {
      refuse(`${where} has no option "${name}"; it has ${Object.keys(rules).join(', ')}.`);
    }
    if (value === undefined) continue;
    const rule = rules[name];
    if (!rule.allows(value)) refuse(`${where}: ${name} is ${rule.wants}, not ${shown(value)}.`);
    if (rule.inside && isObject(value)) requireOptions(`The ${name} of ${where}`, value, rule.inside);
  }
}

/**
 * True where both hold the same options with the same values. Allocates nothing.
 * @param {any} options
 * @param {any} kept
 * @returns {boolean}
 */
export function areSame(options, kept) {
  if (options === kept) return true;
  if (!options || !kept || typeof options !== 'object' || typeof kept !== 'object') return false;
  if (Array.isArray(options)) {
    if (options.length !== kept.length) return false;
    for (let i = 0; i < options.length; ++i) if (options[i] !== kept[i]) return false;
    return true;
  }
  let difference = 0;
  for (const name in kept) if (kept[name] !== undefined) ++difference;
  for (const name in options) {
    if (options[name] === undefined) continue;
    if (!areSame(options[name], kept[name])) return false;
    --difference;
  }
  return difference === 0;
}

/** @param {string} message @returns {never} */
function refuse(message) {
  throw new FragnetError('bad-input', message);
}

/**
 * A value in a message, cut where it is long.
 * @param {unknown} value
 */
export function shown(value) {
  let words;
  try {
    words = typeof value === 'number' ? String(value) : JSON.stringify(value);
  } catch {
    // Nothing that JSON can say.
  }
  words ??= typeof value === 'function' ? 'a function' : String(typeof value);
  return words.length <= 60 ? words : `${words.slice(0, 57)}…`;
}
