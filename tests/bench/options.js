// What scripts/bench is told on its command line.
import { parseArgs } from 'node:util';
import { devices, peers, sizes } from './peers.js';

export const usage = `Usage: scripts/bench [OPTION…] — times Fragnet and its peers on this machine, in the same browsers, on the same frames.

  --sizes LIST      ${Object.keys(sizes).join(',')} (all)
  --devices LIST    ${Object.keys(devices).join(',')} (all)
  --peers LIST      ${Object.keys(peers).join(',')} (all), or none
  --rounds N        how often each contender has its turn (3)
  --seconds S       how long its frames are timed in a turn, at least (2)
  --quick           one round of one second, without the large network and without Firefox
  --layers          prints what each layer of Fragnet takes
  --precision P     Fragnet's: auto, fp32, fp16 or rgba8 (auto)
  --tune T          Fragnet's: auto, off or full (auto)
  --against FOLDER  another built dist/ as one more contender, to compare two Fragnets
  --check           a missed target is a failure

Lists are comma-separated. Results: build/bench/bench.json, build/bench/bench.md.
FRAGNET_DIST=FOLDER measures that built site and builds nothing.`;

const shape = /** @type {const} */ ({
  sizes: { type: 'string' },
  devices: { type: 'string' },
  peers: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  layers: { type: 'boolean', default: false },
  precision: { type: 'string', default: 'auto' },
  tune: { type: 'string', default: 'auto' },
  against: { type: 'string' },
  check: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
});

/**
 * @param {string[]} argv
 * @throws with a sentence about an argument that is none
 */
export function readOptions(argv) {
  const { values } = parseArgs({ args: argv, options: shape });
  const { quick } = values;
  return {
    sizes: list('sizes', values.sizes ?? (quick ? 'small,medium' : ''), sizes),
    devices: list('devices', values.devices ?? (quick ? 'swiftshader,llvmpipe' : ''), devices),
    peers: values.peers === 'none' ? [] : list('peers', values.peers ?? '', peers),
    rounds: number('rounds', values.rounds ?? (quick ? '1' : '3'), 1),
    seconds: number('seconds', values.seconds ?? (quick ? '1' : '2'), 0),
    layers: values.layers,
    precision: one('precision', values.precision, ['auto', 'fp32', 'fp16', 'rgba8']),
    tune: one('tune', values.tune, ['auto', 'off', 'full']),
    against: values.against ?? null,
    check: values.check,
    help: values.help,
  };
}

/** Those named in `text`, or all, in the order of `known`. */
function list(option, text, known) {
  const names = Object.keys(known);
  if (text === '') return names;
  const wanted = text.split(',').map((name) => one(option, name.trim(), names));
  return names.filter((name) => wanted.includes(name));
}

function one(option, name, known) {
  if (known.includes(name)) return name;
  throw new Error(`--${option} knows no "${name}": it takes ${known.join(', ')}.`);
}

function number(option, text, least) {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && (option !== 'rounds' || Number.isInteger(value))) return value;
  throw new Error(`--${option} takes a number from ${least} on, and got "${text}".`);
}
