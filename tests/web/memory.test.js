// Nothing is left behind: GL objects, texture bytes and heap bytes return to where they were after twenty loads of
// different models, and dispose() gives back the rest.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDevice } from './support/fixture.js';
import { needsZoo } from './support/material.js';
import { printTable } from './support/table.js';

// Ten models, loaded twice over: both formats, plain, uint8 and uint16 weights, one and several inputs.
const models = [
  'mnist-conv-ae',
  'espcn-x2',
  'webcam-style-1',
  'bodypix-050-s16-u16',
  'pixel-upsampler-2x',
  'meet-seg-128x128',
  'magenta-transformer-separable',
  'enheg-lines',
  'mnist-vae-decoder-graph',
  'whitebox-cartoon-u8',
];

onEachDevice(
  'Memory',
  (world) => {
    let page;
    before(async () => {
      page = await world.chromium.newPage(`${world.server.url}/support/blank.html`, { counted: true });
      await page.evaluate(async () => {
        await window.test.freshFragnet({ tune: 'off' });
      });
    });

    test('returns to where it was when the same models are loaded again, twenty loads in all', async () => {
      const rounds = [];
      for (let round = 0; round < 2; round++)
        for (const name of models) rounds.push(await page.evaluate(loadAndMeasure, name));
      const rows = models.map((name, i) => {
        const [first, second] = [rounds[i], rounds[i + models.length]];
        return [name, ...[first, second].map(describeUse)];
      });
      printTable(
        `Memory on ${world.device}: GL objects, texture and heap bytes`,
        ['model', 'first', 'again'],
        rows,
      );

      for (const [i, name] of models.entries()) {
        const [first, second] = [rounds[i], rounds[i + models.length]];
        assert.deepEqual(second.live, first.live, `GL objects of ${name}, the second time`);
        assert.equal(second.textureBytes, first.textureBytes, `texture bytes of ${name}`);
        assert.ok(first.textureBytes > 0, `texture bytes of ${name}`);
        assert.ok(first.heapBytes > 0, `heapBytes of ${name} is ${first.heapBytes}`);
        assert.ok(Math.abs(second.heapBytes - first.heapBytes) <= 65536, `heap bytes of ${name}`);
      }
    });

    test('is all given back by dispose(), which may be called twice', async () => {
      const live = await page.evaluate(() => {
        window.net.dispose();
        window.net.dispose();
        return window.glCounter.live();
      });
      for (const [kind, count] of Object.entries(live)) assert.equal(count, 0, `${kind}: ${count} left`);
      assert.deepEqual(page.problems, [], 'the page reported problems');
    });

    test('does not grow over thirty Fragnets, one after the other', async () => {
      const live = await page.evaluate(async () => {
        const { freshFragnet, fromMemory, tinyGraph, testPicture } = window.test;
        for (let i = 0; i < 30; i++) {
          await freshFragnet({ tune: 'off' });
          await window.net.load(fromMemory(tinyGraph()));
          await window.net.predict(testPicture(8, 8, 1));
        }
        window.net.dispose();
        return window.glCounter.live();
      });
      for (const [kind, count] of Object.entries(live)) assert.equal(count, 0, `${kind}: ${count} left`);
      assert.deepEqual(page.problems, [], 'the page reported problems');
    });
  },
  needsZoo,
);

/** Runs in the page: loads a model, runs it once, and says what is in use then. */
async function loadAndMeasure(name) {
  const { zooInputs } = window.test;
  const { inputs, inputShapes } = await zooInputs(`/zoo/${name}`);
  await window.net.load(`/zoo/${name}/model.json`, { inputShapes });
  await window.net.predict(inputs);
  const { textureBytes } = window.net.stats();
  const { heapBytes } = window.net;
  return { live: window.glCounter.live(), textureBytes, heapBytes };
}

function describeUse({ live, textureBytes, heapBytes }) {
  const objects = Object.values(live).reduce((sum, count) => sum + count, 0);
  return `${objects}, ${(textureBytes / 1e6).toFixed(2)} MB, ${(heapBytes / 1e6).toFixed(2)} MB`;
}
