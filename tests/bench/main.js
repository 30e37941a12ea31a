// scripts/bench: every device, every size, every contender in turn, round after round; then the report.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dist, root, serve } from '../web/support/serve.js';
import { callsOfFrame, layersOf, multiplyAdds, pictureDifference, summarise } from './arithmetic.js';
import { made, modelOf, origin } from './models.js';
import { readOptions, usage } from './options.js';
import { againstFolder, contendersOf, devices, sizes } from './peers.js';
import { printReport } from './report.js';
import { Stage } from './stage.js';

const folder = path.join(root, 'build/bench');

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`fragnet: ${error.message}\n\n${usage}`);
  process.exit(2);
}
if (options.help) {
  console.log(usage);
  process.exit(0);
}

const contenders = contendersOf(options);
const say = (words) => console.log(words);

const server = await serve({
  folders: {
    '/tests/': path.join(root, 'tests'),
    '/made/': made,
    ...(options.against && { [againstFolder]: path.resolve(options.against) }),
  },
  // A page of its own gets exact clocks, and threads where a peer wants some.
  headers: {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  },
});

/** One size on one device. */
async function measure(device, size, model) {
  const stage = new Stage(server, device);
  const failed = new Map();
  const attempt = async (name, act) => {
    if (failed.has(name)) return;
    try {
      await act();
    } catch (error) {
      failed.set(name, error.message);
      say(`  ${contenders[name].title}: ${error.message}`);
    }
  };
  const names = Object.keys(contenders);
  const visits = Object.fromEntries(names.map((name) => [name, []]));
  const sent = {};
  const counts = {};
  try {
    const browser = await stage.version();
    for (let round = 0; round < options.rounds; round++) {
      // Each round begins with another contender, so that none always has the warmer machine.
      for (let i = 0; i < names.length; i++) {
        const name = names[(i + round) % names.length];
        await attempt(name, async () => {
          const { kind, settings } = contenders[name];
          const budget = { frames: 5, seconds: options.seconds, limit: Math.max(12, options.seconds) };
          const order = { kind, settings, model, budget, picture: round === 0, layers: 3 };
          const { result, sent: files } = await stage.play('visit', order);
          visits[name].push(result);
          sent[name] ??= files;
          const { frameMs, firstFrameMs } = summarise([result]);
          say(
            `  ${round + 1}: ${contenders[name].title}, ${frameMs.toFixed(1)} ms a frame, the first after ${firstFrameMs.toFixed(0)} ms`,
          );
        });
      }
    }
    for (const name of names)
      await attempt(name, async () => {
        const { kind, settings } = contenders[name];
        ({ result: counts[name] } = await stage.play('count', { kind, settings, model }));
      });
    const reference = visits['tfjs-webgl']?.[0]?.picture;
    const entries = names.map((name) => {
      if (visits[name].length === 0) return [name, { error: failed.get(name) }];
      const { picture } = visits[name][0];
      const figures = {
        ...summarise(visits[name]),
        ...(counts[name] && callsOfFrame(counts[name])),
        glBytes: counts[name]?.bytes ?? null,
        pictureDifference: reference && picture ? pictureDifference(picture, reference) : null,
        sent: sent[name],
        layers: layersOf(visits[name]),
        ...(failed.has(name) && { error: failed.get(name) }),
      };
      return [name, { ...figures, visits: visits[name], count: counts[name] ?? null }];
    });
    return { browser, multiplyAdds: multiplyAdds(sizes[size]), contenders: Object.fromEntries(entries) };
  } finally {
    await stage.close();
  }
}

const models = {};
for (const size of options.sizes) {
  say(`» Making ready the ${size} network`);
  models[size] = modelOf(
    size,
    options.peers.some((name) => name.startsWith('ort-')),
  );
}

const results = {
  date: new Date().toISOString(),
  fragnet: JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version,
  dist,
  cpu: `${os.cpus()[0].model}, ${os.cpus().length} threads`,
  system: `${os.type()} ${os.release()}`,
  models: origin,
  options,
  titles: Object.fromEntries(Object.entries(contenders).map(([name, { title }]) => [name, title])),
  devices: {},
};
mkdirSync(folder, { recursive: true });
for (const device of options.devices) {
  const place = { title: devices[device].title, sizes: {} };
  results.devices[device] = place;
  for (const size of options.sizes) {
    say(`» ${size} on ${place.title}`);
    place.sizes[size] = await measure(device, size, models[size]);
    writeFileSync(path.join(folder, 'bench.json'), JSON.stringify(results));
  }
}
await server.close();
printReport(results);
