// The Debian packages that a run with these options wants, for scripts/bench to install; it is all that runs before npm's.
import { existsSync } from 'node:fs';
import { topologies } from '../web/support/serve.js';
import { readOptions, usage } from './options.js';
import { devices } from './peers.js';

try {
  const { devices: chosen, peers, help } = readOptions(process.argv.slice(2));
  if (help) console.log(usage);
  else {
    const wantsTorch = !existsSync(topologies) || peers.some((name) => name.startsWith('ort-'));
    const torch = wantsTorch ? ['python3-torch', 'python3-numpy'] : [];
    console.log([...new Set([...chosen.flatMap((name) => devices[name].packages), ...torch])].join(' '));
  }
} catch (error) {
  console.error(`fragnet: ${error.message} (scripts/bench --help lists the options)`);
  process.exit(2);
}
