// Cameras of one size each, as many are: what the page and draw() show is what a 2-D canvas shows.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startChromium } from './support/browsers.js';
import { serve } from './support/serve.js';
import { identityLayers, putOn } from './support/tiny_models.js';
import { alertOf, waitForModel, waitUntilRunning } from './support/visit.js';
import { writeFilm } from './support/y4m.js';

// Mean difference, of 255.
const tolerance = 3;

describe('A camera', { concurrency: false }, () => {
  let server, folder;
  before(async () => {
    server = await serve();
    putOn(server.answers, '/square', identityLayers(96, 96));
    putOn(server.answers, '/wide', identityLayers(72, 128));
    folder = mkdtempSync(path.join(tmpdir(), 'fragnet-films-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.close();
  });

  for (const [width, height] of [
    [1280, 720],
    [800, 600],
    [1920, 1080],
    [720, 1280],
    [640, 480],
  ])
    test(`of ${width}×${height} is seen whole, by the page and by draw(), whatever size was asked for`, async () => {
      const film = path.join(folder, `${width}x${height}.y4m`);
      writeFilm(film, width, height);
      const chromium = await startChromium(undefined, { film });
      try {
        const page = await chromium.newPage(`${server.url}/index.html?source=camera`);
        await waitUntilRunning(page, 'camera');
        const size = await page.$eval('#raw video', (video) => [video.videoWidth, video.videoHeight]);
        assert.deepEqual(size, [width, height], 'the page asks a camera for what it has');
        await page.evaluate(() => {
          const model = new URL('/wide/model.json', location.href).href;
          return window.fragnetPage.loadModel({ id: 'wide', title: 'wide', about: '', model, range: 'auto' });
        });
        await waitForModel(page, 'wide');
        const onPage = await page.evaluate(async () => {
          const { look } = await import('/support/seen.js');
          const { net, source, settings } = window.fragnetPage;
          Object.assign(settings, { view: 'output', mirror: false });
          const canvas = document.querySelector('#canvas');
          [canvas.width, canvas.height] = [128, 72];
          return look(net, canvas, source.element, settings);
        });
        assert.equal(await alertOf(page), '');
        assert.deepEqual(page.problems, []);
        assertSame(onPage, 'the page');
        await page.close();

        const blank = await chromium.newPage(`${server.url}/support/blank.html`);
        const seen = await blank.evaluate(async () => {
          await window.test.freshFragnet();
          const canvas = document.querySelector('canvas');
          await window.net.load('/square/model.json');
          const seen = {};
          for (const [name, video] of Object.entries({
            'what it has': true,
            'an ideal 640×480': { width: { ideal: 640 }, height: { ideal: 480 } },
            '97×99': { width: { exact: 97 }, height: { exact: 99 } },
          })) {
            const element = document.createElement('video');
            element.muted = true;
            element.srcObject = await navigator.mediaDevices.getUserMedia({ video });
            await element.play();
            seen[name] = window.test.look(window.net, canvas, element);
            await window.test.nextPicture(element);
            seen[`${name}, again`] = window.test.look(window.net, canvas, element);
            for (const track of element.srcObject.getTracks()) track.stop();
          }
          return seen;
        });
        for (const [name, one] of Object.entries(seen)) assertSame(one, `asked for ${name}`);
        assert.deepEqual(blank.problems, []);
      } finally {
        await chromium.close();
      }
    });
});

function assertSame({ isDrawn, difference, spread }, what) {
  assert.equal(isDrawn, true, `${what}: nothing was drawn`);
  assert.ok(spread > 100, `${what}: the picture is flat, ${spread}`);
  assert.ok(difference <= tolerance, `${what}: ${difference} from what a 2-D canvas shows`);
}
