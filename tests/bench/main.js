// scripts/bench: every device, every network, every contender in turn; then the report.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dist, root, serve } from '../web/support/serve.js';
import { printTable } from '../web/support/table.js';
import { higherPeaks } from './arithmetic.js';
import { secondsOf, words } from './estimate.js';
import { measure } from './measure.js';
import { made, modelOf, origin } from './models.js';
import { readOptions } from './options.js';
import { againstFolder, contendersOf, devices } from './peers.js';
import { markdownOf, tablesOf } from './report.js';
import { Stage } from './stage.js';
import { verdicts } from './targets.js';

// Browsers and displays end with this process; without a word said it would go on with new ones.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const folder = path.join(root, 'build/bench');
const rooflineSeconds = 15;
const options = readOptions(process.argv.slice(2));
const contenders = contendersOf(options);
const say = (text) => console.log(text);

const runs = options.devices.flatMap((device) => options.sizes.map((size) => ({ device, size })));
const expected = ({ size }) =>
  Object.values(contenders).reduce(
    (sum, contender) => sum + secondsOf(contender, size, options),
    rooflineSeconds,
  );
let ahead = runs.reduce((sum, run) => sum + expected(run), 0);
const [load] = os.loadavg();
const cores = os.cpus().length;
if (load > cores / 2)
  say(
    `» The machine is busy with other things (a load of ${load.toFixed(1)} on ${cores} cores): times will vary`,
  );
say(`» ${Object.keys(contenders).length} contenders, ${options.rounds} rounds: about ${words(ahead)}`);

const models = {};
for (const size of options.sizes) {
  say(`» Making ready the ${size} network`);
  models[size] = modelOf(
    size,
    options.peers.some((name) => name.startsWith('ort-')),
  );
}

const server = await serve({
  folders: {
    '/tests/': path.join(root, 'tests'),
    '/made/': made,
    ...(options.against && { [againstFolder]: path.resolve(options.against) }),
  },
  // A page that is by itself gets exact clocks, and threads where a peer wants some.
  headers: {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  },
});

/** @type {import('./report.js').Results & Record<string, any>} */
const results = {
  date: new Date().toISOString(),
  fragnet: JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version,
  site: path.relative(root, dist) || '.',
  cpu: `${os.cpus()[0].model}, ${cores} threads`,
  load,
  system: `${os.type()} ${os.release()} ${os.arch()}`,
  models: origin,
  rounds: options.rounds,
  options,
  titles: Object.fromEntries(Object.entries(contenders).map(([name, { title }]) => [name, title])),
  devices: {},
};

/** What there is so far, written after every network: a run that is ended early has not been in vain. */
function write() {
  mkdirSync(folder, { recursive: true });
  const tables = tablesOf(results, options);
  writeFileSync(path.join(folder, 'bench.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(path.join(folder, 'bench.md'), markdownOf(results, tables));
  return tables;
}

/** The device's peaks; null, and said why, where it has none to probe. */
async function peaksOf(stage) {
  try {
    return (await stage.play('roofline', {})).result;
  } catch (error) {
    say(`  No peaks: ${error.message}`);
    return null;
  }
}

let tables = [];
let pace = 1; // how much longer than expected things take on this machine
for (const device of options.devices) {
  const { title } = devices[device];
  const stage = new Stage(server, device);
  const place = { title, browser: '', roofline: null, sizes: {} };
  results.devices[device] = place;
  for (const run of runs.filter((one) => one.device === device)) {
    say(`» ${run.size} on ${title}; about ${words(ahead * pace)} to go`);
    const start = Date.now();
    try {
      place.browser ||= await stage.version();
      place.sizes[run.size] = await measure(stage, run.size, models[run.size], contenders, options, say);
      place.roofline = higherPeaks(place.roofline, await peaksOf(stage));
    } finally {
      await stage.close();
    }
    ahead -= expected(run);
    pace = (Date.now() - start) / 1000 / expected(run);
    tables = write();
  }
}
await server.close();

for (const { title, heading, rows, notes } of tables) {
  console.log('');
  printTable(title, heading, rows);
  for (const note of notes) console.log(`  ${note}`);
}
console.log('');
say(`» Written: ${path.relative(process.cwd(), folder)}/bench.json and bench.md`);

const missed = verdicts(results).filter(({ isMet }) => !isMet).length;
const failed = Object.values(results.devices).some(({ sizes }) =>
  Object.values(sizes).some(({ contenders: all }) => all.fragnet.error),
);
if (failed) console.error('fragnet: Fragnet itself could not be measured everywhere; see above.');
if (failed || (options.check && missed > 0)) process.exitCode = 1;
