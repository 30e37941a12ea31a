// Writes a model that an npm package carries as JavaScript modules (a topology and manifest, and shards in base64) as a
// TensorFlow.js folder: node unpack_features.mjs FOLDER_OF_MODULES FOLDER_TO_MAKE
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [from, to] = process.argv.slice(2);
mkdirSync(to, { recursive: true });
const modules = mkdtempSync(join(to, '.modules-'));
for (const name of readdirSync(from))
  copyFileSync(join(from, name), join(modules, name.replace(/\.js$/, '.mjs')));
/** @param {string} name */
const load = (name) => import(pathToFileURL(join(modules, `${name}.min.mjs`)).href);

const { modelTopology, weightsManifest } = await load('model');
for (const path of weightsManifest.flatMap((group) => group.paths)) {
  writeFileSync(join(to, path), Buffer.from((await load(path)).default, 'base64'));
}
rmSync(modules, { recursive: true });
writeFileSync(
  join(to, 'model.json'),
  JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
);
