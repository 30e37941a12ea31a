// A context that is lost once in each stage of a load, with published models: whatever was lost, the model comes back by
// itself and gives the numbers of an undisturbed load. The small ones in every run, all of the zoo and the generators with
// `ALL_MODELS=1 node --test tests/web/context_loss_zoo.test.js`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onOneDevice } from './support/fixture.js';
import { needsTopologies, needsZoo, pix2pixSizes, synthesizePix2pix, zooModels } from './support/material.js';
import { printTable } from './support/table.js';

const stages = ['download', 'decode', 'compile', 'first frame'];
const hasAll = process.env.ALL_MODELS === '1';
const published = hasAll ? [...zooModels().keys()] : ['mnist-conv-ae', 'espcn-x2', 'meet-seg-128x128'];
const generators = hasAll && !needsTopologies.skip ? pix2pixSizes : [];
const addresses = [
  ...published.map((name) => `/zoo/${name}/model.json`),
  ...generators.map((size) => `/synthetic/pix2pix-${size}/model.json`),
];
const rows = [];

// Runs in the page: loads the model undisturbed, then once for each stage on a context that is lost in it. Returns how far the
// numbers are from those of the undisturbed load, and what was told.
async function loseInEachStage(url, names) {
  const { failureOf, freshFragnet, relativeError, testPicture } = window.test;
  const inputsOf = (info) =>
    Object.fromEntries(
      info.inputs.map(({ name, shape }) => [
        name,
        testPicture(
          1,
          1,
          shape.reduce((product, extent) => product * extent, 1),
        ),
      ]),
    );
  await freshFragnet({ precision: 'fp32', tune: 'off' });
  const info = await window.net.load(url);
  const inputs = inputsOf(info);
  const want = (await window.net.predict(inputs)).map(({ data }) => data);
  const frame = new OffscreenCanvas(64, 64);
  frame.getContext('2d').fillRect(0, 0, 32, 64);
  const found = [];
  for (const stage of names) {
    await freshFragnet({ precision: 'fp32', tune: 'off' });
    const canvas = window.test.canvas();
    const extension = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    const states = [];
    const hears = (state) =>
      new Promise((resolve) => {
        canvas.addEventListener('fragnet-context', ({ detail }) => {
          states.push(detail.state);
          if (detail.state === state) resolve();
        });
      });
    const isBack = hears('restored');
    canvas.addEventListener('webglcontextlost', () => setTimeout(() => extension.restoreContext(), 20), {
      once: true,
    });
    let isLost = false;
    const lose = () => {
      if (!isLost) extension.loseContext();
      isLost = true;
    };
    const failure = await failureOf(
      window.net.load(url, {
        onProgress: ({ phase }) => phase === stage && lose(),
      }),
    );
    if (stage === 'first frame') {
      window.net.draw(frame);
      lose();
    }
    await isBack;
    const got = await window.net.predict(inputs);
    found.push({
      stage,
      code: failure?.code ?? '',
      states: states.filter((state) => state !== 'lost'),
      error: Math.max(...got.map(({ data }, i) => relativeError(data, want[i]))),
      largest: want[0].reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    });
  }
  window.net.dispose();
  return found;
}

onOneDevice(
  'A context lost in a stage of a load',
  (world) => {
    before(() => generators.length > 0 && synthesizePix2pix());
    for (const address of addresses)
      test(`${address.split('/').at(-2)} comes back and gives the same numbers`, async () => {
        const page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
        try {
          const found = await page.evaluate(loseInEachStage, address, stages);
          rows.push([address.split('/').at(-2), ...found.map(({ error }) => error.toExponential(1))]);
          for (const { stage, code, states, error, largest } of found) {
            assert.ok(largest > 0, 'numbers that are all zero compare nothing');
            assert.equal(code, stage === 'first frame' ? '' : 'context-lost', stage);
            assert.deepEqual(states, ['restored'], stage);
            assert.ok(error <= 1e-5, `lost in "${stage}": relative error ${error}`);
          }
        } finally {
          await page.close();
        }
      });
  },
  needsZoo,
);

after(() => {
  if (rows.length > 0) printTable('Relative error after a loss in', ['model', ...stages], rows);
});
