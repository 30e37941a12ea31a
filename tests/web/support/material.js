// What the tests compare with: the zoo of published models and the pix2pix topologies beside the project. Where it is
// absent, the tests that need it are skipped, and say so.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { synthetic, tools, topologies, zoo } from './serve.js';

export const absent = (folder) =>
  `SKIPPED: ${path.relative(process.cwd(), folder)} is not there, nothing was compared`;

/** Options of a test that needs the zoo. */
export const needsZoo = { skip: existsSync(zoo) ? false : absent(zoo) };

/** The zoo's models by name, with the facts of their tfjs.json; empty where there is no zoo. */
export function zooModels() {
  if (!existsSync(zoo)) return new Map();
  const folders = readdirSync(zoo).filter((name) => existsSync(path.join(zoo, name, 'tfjs.json')));
  return new Map(
    folders.map((name) => [name, JSON.parse(readFileSync(path.join(zoo, name, 'tfjs.json'), 'utf8'))]),
  );
}

export const pix2pixSizes = ['small', 'medium', 'large'];

/** Options of a test that needs the pix2pix topologies. */
export const needsTopologies = { skip: existsSync(topologies) ? false : absent(topologies) };

/** Fills pix2pix topologies with synthetic weights, the same every time, into build/synthetic/. */
export function synthesizePix2pix(sizes = pix2pixSizes) {
  for (const size of sizes) {
    const target = path.join(synthetic, `pix2pix-${size}`);
    if (existsSync(path.join(target, 'model.json'))) continue; // written last, so the shards are there
    const source = path.join(topologies, `pix2pix-${size}`);
    execFileSync(process.execPath, [path.join(tools, 'synthesize_weights.mjs'), source, target]);
  }
}
