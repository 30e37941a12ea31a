// The yardstick itself: before Fragnet is measured, the measures are. The comparison must notice a difference,
// TensorFlow.js must reproduce the references of the zoo in these browsers, and the hand-written models must be models.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDevice } from './support/fixture.js';
import { psnr, relativeError, testPicture, worstDifference } from './support/compare.js';
import { needsZoo } from './support/material.js';
import { fromMemory, putOn, size, tinyExpects, tinyGraph, tinyLayers } from './support/tiny_models.js';

test('The comparison notices a difference, a NaN and a missing number', () => {
  const reference = Float32Array.of(0.5, -2, 1);
  assert.equal(relativeError(reference, reference), 0);
  assert.ok(Math.abs(relativeError([0.5, -2, 1.002], reference) - 0.001) < 1e-6);
  assert.ok(Math.abs(worstDifference([0.5, -2, 1.002], reference) - 0.002) < 1e-6);
  assert.equal(relativeError([0.5, NaN, 1], reference), Infinity);
  assert.equal(relativeError([0.5, -2], reference), Infinity);
  assert.equal(psnr(reference, reference, 2), Infinity);
  assert.ok(Math.abs(psnr([0.52, -1.98, 1.02], reference, 2) - 40) < 1e-3);
  assert.equal(psnr([0.5, NaN, 1], reference, 2), -Infinity);
});

onEachDevice('TensorFlow.js', (world) => {
  let page;
  before(async () => {
    page = await world.chromium.newPage(`${world.server.url}/support/yardstick.html`);
  });

  for (const [format, tiny] of Object.entries({ graph: tinyGraph, layers: tinyLayers }))
    test(`runs the hand-written ${format}-model to the numbers of the plain loops`, async () => {
      putOn(world.server.answers, `/tiny-${format}`, tiny());
      const error = await page.evaluate(
        async (url, side) => {
          const { tensorflowPredicts, testPicture, tinyExpects, worstDifference } = window.test;
          const picture = testPicture(side, side, 1);
          const shape = { picture: [1, side, side, 1] };
          const [output] = await tensorflowPredicts(url, { picture }, shape);
          return worstDifference(output.data, tinyExpects(picture));
        },
        `/tiny-${format}/model.json`,
        size,
      );
      assert.ok(error < 1e-5, `worst difference ${error}`);
    });

  for (const name of ['webcam-style-1', 'mnist-vae-decoder-graph'])
    test(`reproduces the reference of ${name}`, needsZoo, async () => {
      const error = await page.evaluate(async (folder) => {
        const { zooInputs, floatsOf, tensorflowPredicts, relativeError } = window.test;
        const { inputs, inputShapes } = await zooInputs(folder);
        const [output] = await tensorflowPredicts(`${folder}/model.json`, inputs, inputShapes);
        return relativeError(output.data, await floatsOf(`${folder}/ref_out0.f32`));
      }, `/zoo/${name}`);
      assert.ok(error < 1e-3, `relative error ${error}`);
    });
});

test('A model in memory hands out copies of its weights', async () => {
  const model = tinyLayers();
  const weights = await fromMemory(model).weights('tiny.bin');
  new Uint8Array(weights).fill(0);
  assert.ok(model.files['tiny.bin'].some((byte) => byte !== 0));
  assert.equal(tinyExpects(testPicture(size, size, 1)).length, size * size * 2);
});
