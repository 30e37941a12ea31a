// The page as a visitor uses it: it starts by itself, changes networks and sources, pauses and steps, takes models,
// pictures and videos from the disk, says in words what is wrong, and fits a phone.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zipSync } from 'fflate';
import { startChromium } from './support/browsers.js';
import { needsZoo } from './support/material.js';
import { brightness, meanDifference } from './support/png.js';
import { serve, zoo } from './support/serve.js';
import { tinyGraph } from './support/tiny_models.js';
import {
  alertOf,
  framesOf,
  keepScreenshot,
  pictureOn,
  waitForAlert,
  waitForFrames,
  waitForModel,
  waitUntilRunning,
} from './support/visit.js';

const device = 'Chromium, llvmpipe';
const runningOn = (page) => page.evaluate(() => window.fragnetPage.running?.title ?? '');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const modelFiles = ['model.json', 'group1-shard1of1'].map((name) => path.join(zoo, 'webcam-style-1', name));

async function giveFiles(page, selector, ...files) {
  const input = await page.$(selector);
  await input.uploadFile(...files);
}

describe('The page', { concurrency: false }, () => {
  let server, chromium, page, folder, shipped;
  before(async () => {
    server = await serve();
    folder = mkdtempSync(path.join(tmpdir(), 'fragnet-page-'));
    chromium = await startChromium(device);
    page = await chromium.newPage(`${server.url}/`, { counted: true });
  });
  after(async () => {
    await chromium?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('starts with a shipped network on a source that needs no permission', async () => {
    await keepScreenshot(page, 'start');
    await waitUntilRunning(page, 'demo');
    await waitForFrames(page, 5);
    shipped = await runningOn(page);
    assert.ok(shipped, 'no network has a name');
    const { mean, spread } = brightness(await pictureOn(page));
    assert.ok(mean > 10 && spread > 5, `the picture is black or flat: mean ${mean}, spread ${spread}`);
    await keepScreenshot(page, 'demo');
  });

  test('says how fast it is', async () => {
    await page.waitForFunction(() =>
      /\d+ fps.*[\d.]+ ms/.test(document.querySelector('#meters').textContent),
    );
  });

  test('pauses: no more frames, the picture stays; plays on again', async () => {
    await page.click('#play');
    await pause(1000);
    const frames = await framesOf(page);
    const before = await pictureOn(page);
    await pause(1500);
    assert.equal(await framesOf(page), frames, 'frames went through the network while it was paused');
    const kept = await pictureOn(page);
    assert.equal(meanDifference(before, kept), 0, 'the picture changed while it was paused');
    assert.ok(brightness(kept).mean > 10, 'the picture went black');
    await page.keyboard.press('Space');
    await waitForFrames(page, 3);
  });

  test('steps: one frame, another picture, then it stands still', async () => {
    await page.click('#play');
    await pause(1000);
    const frames = await framesOf(page);
    const before = await pictureOn(page);
    for (let i = 0; i < 3; i++) {
      await page.click('#step');
      await waitForFrames(page, 1, frames + i);
      await pause(300);
    }
    assert.equal(await framesOf(page), frames + 3);
    const after = await pictureOn(page);
    assert.ok(meanDifference(before, after) > 0, 'the picture is the same after three steps');
    await page.click('#play');
  });

  test('prepares the frame as it is told: each preparation gives another picture', async () => {
    await page.click('#play');
    const pictures = {};
    for (const kind of ['none', 'classic', 'paper']) {
      const frames = await framesOf(page);
      await page.evaluate((value) => {
        const choice = document.querySelector(`input[name=augmentation][value=${value}]`);
        if (!choice.checked) choice.click();
        else window.fragnetPage.loop.redraw();
      }, kind);
      await waitForFrames(page, 1, frames);
      await pause(500);
      pictures[kind] = await pictureOn(page);
    }
    assert.ok(meanDifference(pictures.none, pictures.classic) > 0.5, 'none and classic look alike');
    assert.ok(meanDifference(pictures.classic, pictures.paper) > 0.5, 'classic and paper look alike');
    await page.click('#play');
  });

  test('repaints the camera', async () => {
    await page.click('[data-source=camera]');
    await waitUntilRunning(page, 'camera');
    await waitForFrames(page, 5);
    const before = await pictureOn(page);
    await waitForFrames(page, 40);
    assert.ok(meanDifference(before, await pictureOn(page)) > 0.1, 'the picture stands still');
    await keepScreenshot(page, 'camera');
  });

  test('repaints a picture file', async () => {
    const file = path.join(folder, 'still.png');
    writeFileSync(file, await page.screenshot());
    await giveFiles(page, '#image-input', file);
    await waitUntilRunning(page, 'image');
    await pause(500);
    const { mean, spread } = brightness(await pictureOn(page));
    assert.ok(mean > 5 && spread > 3, `the picture is black or flat: mean ${mean}, spread ${spread}`);
  });

  test('repaints a video file', async () => {
    const file = path.join(folder, 'moving.webm');
    writeFileSync(file, Buffer.from(await page.evaluate(recordVideo), 'base64'));
    await giveFiles(page, '#video-input', file);
    await waitUntilRunning(page, 'video');
    await waitForFrames(page, 10);
    const before = await pictureOn(page);
    await waitForFrames(page, 10);
    assert.ok(meanDifference(before, await pictureOn(page)) > 0.1, 'the picture stands still');
  });

  test('says what is wrong with a file that is no video, and goes on with the earlier one', async () => {
    const file = path.join(folder, 'broken.webm');
    writeFileSync(file, 'this is no video');
    await giveFiles(page, '#video-input', file);
    assert.match(await waitForAlert(page), /broken\.webm.*picture/s);
    await page.click('#alert button');
    assert.equal(await page.evaluate(() => window.fragnetPage.source.kind), 'video');
    await page.click('[data-source=demo]');
    await waitUntilRunning(page, 'demo');
  });

  test('runs a network from several files', needsZoo, async () => {
    await giveFiles(page, '#files-input', ...modelFiles);
    await waitForModel(page, 'Your network');
    await waitForFrames(page, 3);
    const { mean, spread } = brightness(await pictureOn(page));
    assert.ok(mean > 5 && spread > 3, `the picture is black or flat: mean ${mean}, spread ${spread}`);
    await keepScreenshot(page, 'own-network');
  });

  test('runs a network from a folder', needsZoo, async () => {
    const model = path.join(folder, 'style');
    mkdirSync(model);
    for (const file of modelFiles) writeFileSync(path.join(model, path.basename(file)), readFileSync(file));
    await giveFiles(page, '#folder-input', model);
    await waitForModel(page, 'style');
    await waitForFrames(page, 3);
  });

  test('runs a network from a zip', needsZoo, async () => {
    const entries = modelFiles.map((file) => [
      `inside/${path.basename(file)}`,
      new Uint8Array(readFileSync(file)),
    ]);
    const file = path.join(folder, 'packed.zip');
    writeFileSync(file, zipSync(Object.fromEntries(entries)));
    await giveFiles(page, '#files-input', file);
    await waitForModel(page, 'packed');
    await waitForFrames(page, 3);
  });

  test('says what is wrong with a folder that is dropped on it, and the earlier network runs on', async () => {
    const before = await runningOn(page);
    await page.evaluate((json) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([json], 'model.json', { type: 'application/json' }));
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    }, JSON.stringify(tinyGraph().json));
    const words = await waitForAlert(page);
    assert.match(words, /tiny\.bin/, words);
    assert.match(words, /runs on/, words);
    await keepScreenshot(page, 'error');
    assert.equal(await runningOn(page), before);
    await page.click('#alert button');
    await waitForFrames(page, 3);
    assert.equal(await alertOf(page), '');
  });

  test('goes back to the shipped network', async () => {
    await page.click('#models label');
    await waitForModel(page, shipped);
    await waitForFrames(page, 3);
  });

  test('reported no problems in all of this', () => assert.deepEqual(page.problems, []));

  for (const width of [360, 768])
    test(`fits a window ${width} pixels wide, running and with an error`, async () => {
      const narrow = await chromium.newPage(`${server.url}/`, { counted: true, width, height: 740 });
      try {
        await waitUntilRunning(narrow, 'demo');
        await waitForFrames(narrow, 3);
        await keepScreenshot(narrow, `width-${width}`);
        assert.equal(
          await narrow.evaluate(() => window.scrollY),
          0,
          'the page has scrolled away from its picture',
        );
        assert.deepEqual(await narrow.evaluate(tooWide), [], 'wider than the window');
        const { mean } = brightness(await pictureOn(narrow));
        assert.ok(mean > 10, 'the picture is black');
        const bad = path.join(folder, 'model.json');
        writeFileSync(bad, '{"a": 1}');
        await giveFiles(narrow, '#files-input', bad);
        assert.match(await waitForAlert(narrow), /modelTopology/);
        await keepScreenshot(narrow, `width-${width}-error`);
        assert.deepEqual(await narrow.evaluate(tooWide), [], 'wider than the window, with an error');
      } finally {
        await narrow.close();
      }
    });
});

describe('The page without what it would like', { concurrency: false }, () => {
  const cases = {
    'no camera': { options: { camera: 'none' }, words: /no camera/i },
    'a camera that is refused': { options: { camera: 'asks' }, words: /not allowed/i, refuse: true },
  };
  for (const [what, { options, words, refuse }] of Object.entries(cases))
    test(`${what}: says so, and the network runs on what it had`, async () => {
      const server = await serve();
      const chromium = await startChromium(device, options);
      try {
        if (refuse) await chromium.browser.defaultBrowserContext().overridePermissions(server.url, []);
        const page = await chromium.newPage(`${server.url}/`, { counted: true });
        await waitUntilRunning(page, 'demo');
        await page.click('[data-source=camera]');
        assert.match(await waitForAlert(page), words);
        await keepScreenshot(page, what.replaceAll(' ', '-'));
        await page.click('#alert button');
        await waitForFrames(page, 3);
        assert.equal(await page.evaluate(() => window.fragnetPage.source.kind), 'demo');
      } finally {
        await chromium.close();
        await server.close();
      }
    });

  test('no WebGL2: says so in words, in the API and on the page', async () => {
    const server = await serve();
    const chromium = await startChromium(device, { webgl2: false });
    try {
      const page = await chromium.newPage(`${server.url}/`, { counted: true });
      assert.match(await waitForAlert(page), /WebGL2/);
      await keepScreenshot(page, 'no-webgl2');
      const bare = await chromium.newPage(`${server.url}/support/blank.html`);
      const { failure, probe } = await bare.evaluate(async () => {
        const { Fragnet, canvas, failureOf } = window.test;
        return { failure: await failureOf(Fragnet.create(canvas())), probe: await Fragnet.probe() };
      });
      assert.ok(failure?.isFragnetError, 'create() did not fail with a FragnetError');
      assert.equal(failure.code, 'no-webgl2');
      assert.match(failure.message, /WebGL2/);
      assert.equal(probe.webgl2, false);
      assert.match(probe.reason, /WebGL2/);
    } finally {
      await chromium.close();
      await server.close();
    }
  });
});

/** Runs in the page: the elements that reach beyond the window's right edge, where the page can be scrolled sideways. */
function tooWide() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const beyond = [...document.querySelectorAll('*')].filter(
    (each) => each.getBoundingClientRect().right > innerWidth,
  );
  return [
    `${root.scrollWidth} pixels`,
    ...beyond.slice(0, 5).map((each) => `${each.tagName}#${each.id}.${each.className}`),
  ];
}

/** Runs in the page: two seconds of a moving picture as a WebM file, in base64. */
async function recordVideo() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 128;
  const context = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let i = 0; i < 50; i++) {
    context.fillStyle = `hsl(${i * 7} 60% 50%)`;
    context.fillRect(0, 0, 128, 128);
    context.fillStyle = 'white';
    context.fillRect(i * 2, 30, 30, 60);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
