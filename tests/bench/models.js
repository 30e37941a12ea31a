// The networks that the contenders run: the published pix2pix generators with synthetic weights where their topologies lie
// beside the project, the same generators with random weights otherwise; for ONNX Runtime the same again as ONNX files.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { synthesizePix2pix } from '../web/support/material.js';
import { root, synthetic, topologies } from '../web/support/serve.js';

const python = '/usr/bin/python3'; // Debian's, for which python3-torch is
const script = path.join(root, 'tests/bench/make_models.py');

const isPublished = existsSync(topologies);
/** Where those are kept that the benchmark makes itself. */
export const made = path.join(root, 'build/bench/models', isPublished ? 'published' : 'random');
export const origin = isPublished
  ? 'the published topologies with synthetic weights (uint8)'
  : 'the published generators, exported by scripts/train with random weights (uint8)';

/**
 * Makes what is missing of one size.
 * @param {'small' | 'medium' | 'large'} size
 * @param {boolean} withOnnx
 * @returns {{ url: string, isGraph: boolean, onnx: string | null }} where the benchmark's server has it
 */
export function modelOf(size, withOnnx) {
  const name = `pix2pix-${size}`;
  const folder = path.join(isPublished ? synthetic : made, name);
  const onnx = path.join(made, `${name}.onnx`);
  if (isPublished) synthesizePix2pix([size]);
  if (isPublished ? withOnnx && !existsSync(onnx) : !existsSync(onnx))
    execFileSync(python, [
      '-B', // leaves no compiled copies of the scripts behind
      script,
      `--size=${size}`,
      `--onnx=${onnx}`,
      `${isPublished ? '--from' : '--make'}=${folder}`,
    ]);
  const { format } = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8'));
  return {
    url: `${isPublished ? '/synthetic' : '/made'}/${name}/model.json`,
    isGraph: format === 'graph-model',
    onnx: withOnnx ? `/made/${name}.onnx` : null,
  };
}
