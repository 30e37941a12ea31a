// The three published pix2pix generators with synthetic weights, beside TensorFlow.js in the same page: with fp32 targets
// at most 1e-4 apart on the tanh output, with fp16 targets at least 40 dB.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachDevice } from './support/fixture.js';
import { needsTopologies, pix2pixSizes, synthesizePix2pix } from './support/material.js';
import { printTable } from './support/table.js';

const rows = [];

onEachDevice(
  'Pix2pix',
  (world) => {
    before(() => synthesizePix2pix());
    for (const size of pix2pixSizes)
      test(`${size} matches TensorFlow.js with fp32 and with fp16 targets`, async () => {
        const row = [size, world.device, 'failed', 'failed'];
        rows.push(row);
        const page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
        try {
          const found = await page.evaluate(compareInPage, `/synthetic/pix2pix-${size}/model.json`);
          row[2] = found.worst.toExponential(1);
          row[3] = `${found.decibels.toFixed(1)} dB`;
          assert.deepEqual(found.shape, [1, 256, 256, 3]);
          assert.ok(
            found.largest > 0.1,
            `a picture that is all zero compares nothing (largest ${found.largest})`,
          );
          assert.deepEqual(found.precisions, ['fp32', 'fp16']);
          assert.ok(found.worst <= 1e-4, `fp32: worst difference ${found.worst}`);
          assert.ok(found.decibels >= 40, `fp16: ${found.decibels} dB`);
          assert.deepEqual(page.problems, [], 'the page reported problems');
        } finally {
          await page.close();
        }
      });
  },
  needsTopologies,
);

after(() => {
  const heading = ['size', 'device', 'fp32: worst', 'fp16: PSNR'];
  if (rows.length > 0) printTable('Pix2pix against TensorFlow.js', heading, rows);
});

/** Runs in the page. Fragnet first, so that TensorFlow.js finds its memory given back. */
async function compareInPage(url) {
  const { freshFragnet, psnr, tensorflowPredicts, testPicture, worstDifference } = window.test;
  const picture = testPicture(256, 256, 1);
  const results = {};
  const precisions = [];
  let input;
  for (const precision of ['fp32', 'fp16']) {
    await freshFragnet({ precision, tune: 'off' });
    const info = await window.net.load(url);
    input = info.inputs[0].name;
    [results[precision]] = await window.net.predict(picture);
    precisions.push(window.net.stats().precision);
  }
  window.net.dispose();
  const [reference] = await tensorflowPredicts(url, { [input]: picture }, { [input]: [1, 256, 256, 1] });
  return {
    precisions,
    shape: results.fp32.shape,
    largest: reference.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    worst: worstDifference(results.fp32.data, reference.data),
    decibels: psnr(results.fp16.data, reference.data, 2),
  };
}
