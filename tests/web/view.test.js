// <fragnet-view>: a network as an element of HTML, whose attributes may change, and which comes and goes.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { onOneDevice } from './support/fixture.js';
import { brightness, readPng } from './support/png.js';
import { identityLayers, putOn, tinyLayers } from './support/tiny_models.js';

const svg = (colour) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="${colour}"/></svg>`;

onOneDevice('The element', (world) => {
  let page;
  before(async () => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    putOn(world.server.answers, '/same', identityLayers(16, 16));
    for (const colour of ['white', 'black'])
      world.server.answers.set(`/${colour}.svg`, { type: 'image/svg+xml', body: svg(colour) });
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    await page.waitForFunction(() => window.test);
    await page.evaluate(() => import('/view.js'));
  });
  after(() => page?.close());

  /** Puts the element into the page, and resolves as soon as it has loaded or failed. */
  const show = (attributes) =>
    page.evaluate(async (attributes) => {
      const view = document.createElement('fragnet-view');
      for (const [name, value] of Object.entries(attributes)) view.setAttribute(name, value);
      window.view = view;
      const heard = new Promise((resolve) => {
        view.addEventListener('load', ({ detail }) => resolve({ loaded: detail.name }), { once: true });
        view.addEventListener('error', ({ detail }) => resolve({ failed: detail.code }), { once: true });
      });
      document.body.replaceChildren(view);
      return heard;
    }, attributes);

  /** Waits until what is seen is as bright as wanted, from 0 to 255. */
  const seesBrightness = async (wanted) => {
    const view = await page.$('fragnet-view');
    let seen = -1;
    for (const end = Date.now() + 20_000; Math.abs(seen - wanted) > 40 && Date.now() < end;)
      seen = brightness(readPng(await view.screenshot())).mean;
    assert.ok(Math.abs(seen - wanted) <= 40, `its brightness is ${seen}, not ${wanted}`);
  };

  beforeEach(() => page.evaluate(() => document.body.replaceChildren()));

  test('loads its model and paints its picture; another source and other options are seen', async () => {
    assert.deepEqual(await show({ model: '/same/model.json', source: '/white.svg' }), { loaded: 'identity' });
    await seesBrightness(255);
    await page.evaluate(() => window.view.setAttribute('source', '/black.svg'));
    await seesBrightness(0);
    await page.evaluate(() => (window.view.options = { invert: true }));
    await seesBrightness(255);
  });

  test('shows an element of the page', async () => {
    await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      canvas.id = 'painting';
      const pen = canvas.getContext('2d');
      pen.fillStyle = 'white';
      pen.fillRect(0, 0, 300, 150);
      document.documentElement.append(canvas);
    });
    await show({ model: '/same/model.json', source: '#painting' });
    await seesBrightness(255);
    await page.evaluate(() => document.querySelector('#painting').remove());
  });

  test('a video that is no longer wanted is let go, and so is all when the element leaves the page', async () => {
    await show({ model: '/same/model.json', source: 'camera' });
    const { net, tracks } = await page.evaluate(async () => {
      const { net } = window.view;
      const real = navigator.mediaDevices.getUserMedia;
      const streams = [];
      navigator.mediaDevices.getUserMedia = async (...given) => {
        streams.push(await real.apply(navigator.mediaDevices, given));
        return streams.at(-1);
      };
      window.view.setAttribute('source', '/white.svg');
      window.view.setAttribute('source', 'camera');
      while (streams.length < 1 || !net.stats().frames) await new Promise(requestAnimationFrame);
      const before = streams[0].getTracks().map(({ readyState }) => readyState);
      window.view.remove();
      const tracks = [...before, ...streams[0].getTracks().map(({ readyState }) => readyState)];
      navigator.mediaDevices.getUserMedia = real;
      return {
        net: [window.view.net, (await window.test.failureOf((async () => net.stats())())).code],
        tracks,
      };
    });
    assert.deepEqual(net, [null, 'disposed']);
    assert.deepEqual(tracks, ['live', 'ended']);
  });

  test('paints on where it is moved within the page', async () => {
    await show({ model: '/same/model.json', source: '/white.svg' });
    await page.evaluate(() => {
      const place = document.createElement('div');
      document.body.append(place);
      place.append(window.view);
    });
    await seesBrightness(255);
  });

  for (const [what, attributes, code] of [
    ['no model at its address', { model: '/nothing/model.json', source: '/white.svg' }, 'missing-model'],
    ['no picture at its address', { model: '/tiny/model.json', source: '/nothing.png' }, 'file-failed'],
    ['no such element', { source: '#nothing' }, 'bad-input'],
    ['an element without pictures', { model: '/tiny/model.json', source: '#words' }, 'bad-input'],
  ])
    test(`says in words that there is ${what}`, async () => {
      const failed = await page.evaluate(async (attributes) => {
        const words = document.createElement('p');
        words.id = 'words';
        document.documentElement.append(words);
        const view = document.createElement('fragnet-view');
        for (const [name, value] of Object.entries(attributes)) view.setAttribute(name, value);
        const failed = new Promise((resolve) =>
          view.addEventListener('error', ({ detail }) => resolve(detail)),
        );
        document.body.append(view);
        const { code, message } = await failed;
        words.remove();
        return { code, message, told: view.shadowRoot.querySelector('[role=alert]').textContent };
      }, attributes);
      assert.equal(failed.code, code);
      assert.equal(failed.told, failed.message);
    });
});
