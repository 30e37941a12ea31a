// The fifteen published models of the zoo through the native command line: `fragnet predict` gives what TensorFlow.js
// gives. FRAGNET names another program than the one of build/native/.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { relativeError } from '../web/support/compare.js';
import { needsZoo, zooModels } from '../web/support/material.js';
import { root, zoo } from '../web/support/serve.js';
import { printTable } from '../web/support/table.js';

const program = process.env.FRAGNET ?? path.join(root, 'build/native/fragnet');
const tolerance = 1e-3;
const fragnet = (...words) => promisify(execFile)(program, words, { timeout: 300000, maxBuffer: 2 ** 26 });
const floatsOf = (file) => new Float32Array(Uint8Array.from(readFileSync(file)).buffer);

describe('The command line', { ...needsZoo, concurrency: false }, () => {
  const rows = [];
  let folder;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fragnet-cli-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
    printTable('Relative error of `fragnet predict`', ['model', 'error', 'seconds'], rows);
  });

  for (const [name, facts] of zooModels())
    test(`predicts what TensorFlow.js predicts with ${name}`, async () => {
      const model = path.join(zoo, name);
      const inputs = facts.fed.map((_, i) => path.join(model, `ref_in${i}.f32`));
      const outputs = facts.result.map((_, i) => path.join(folder, `${name}-${i}.f32`));
      const shapes = facts.fed.flatMap((port) => ['--shape', `${port.name}=${port.shape.join(',')}`]);
      const row = [name, 'failed', '-'];
      rows.push(row);
      const start = performance.now();
      await fragnet('predict', model, ...inputs, ...outputs, ...shapes, '--precision', 'fp32');
      row[2] = ((performance.now() - start) / 1000).toFixed(1);
      const errors = outputs.map((file, i) =>
        relativeError(floatsOf(file), floatsOf(path.join(model, `ref_out${i}.f32`))),
      );
      row[1] = Math.max(...errors).toExponential(1);
      for (const [i, error] of errors.entries())
        assert.ok(error <= tolerance, `output ${i}: relative error ${error}`);
    });

  test('says what a model is', async () => {
    const { stdout } = await fragnet('info', path.join(zoo, 'webcam-style-1'));
    for (const fact of ['layers-model', '854483 parameters', 'input_1', '[1, 256, 256, 3]'])
      assert.ok(stdout.includes(fact), `"${fact}" is not in:\n${stdout}`);
  });

  test('times the steps of a model', async () => {
    const { stdout } = await fragnet('time', path.join(zoo, 'mnist-conv-ae'), '--frames', '3');
    assert.match(stdout, /median [0-9.]+ ms/);
  });

  test('draws a picture through a model', async () => {
    const picture = path.join(folder, 'in.ppm');
    const pixels = Buffer.from(Array.from({ length: 64 * 48 * 3 }, (_, i) => (i * 7) % 256));
    writeFileSync(picture, Buffer.concat([Buffer.from('P6\n64 48\n255\n'), pixels]));
    const drawn = path.join(folder, 'out.png');
    await fragnet('run', path.join(zoo, 'webcam-style-1'), picture, drawn);
    const png = readFileSync(drawn);
    assert.deepEqual([...png.subarray(1, 4)], [...Buffer.from('PNG')]);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [256, 256]);
  });

  test('refuses a folder without a model in one sentence, with a status that is not 0', async () => {
    const failure = await fragnet('info', folder).then(
      () => null,
      (error) => error,
    );
    assert.ok(failure, 'it did not fail');
    assert.equal(failure.code, 1);
    assert.match(failure.stderr, /^fragnet: [a-z-]+: .*model\.json/);
  });
});
