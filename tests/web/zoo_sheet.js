// Every model of the zoo and every shipped one, dropped on the page before a face and before a table: each shows what it is
// for. Not a part of scripts/test, as eyes have to judge it: `node --test tests/web/zoo_sheet.js` keeps a sheet of all pictures,
// build/screenshots/zoo-page.png.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startChromium } from './support/browsers.js';
import { needsZoo } from './support/material.js';
import { brightness } from './support/png.js';
import { paintScene } from './support/scenes.js';
import { dist, screenshots, serve, zoo } from './support/serve.js';
import { keepScreenshot, pictureOn, waitForFrames, waitForModel, waitUntilRunning } from './support/visit.js';

const scenes = ['face', 'table'];
const shipped = JSON.parse(readFileSync(path.join(dist, 'models/index.json'), 'utf8'));
const published = readdirSync(zoo, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

describe('Every model on the page', { concurrency: false, ...needsZoo }, () => {
  let server, chromium, page, folder;
  /** @type {{ name: string, scene: string, png: string }[]} */
  const sheet = [];
  before(async () => {
    server = await serve();
    folder = mkdtempSync(path.join(tmpdir(), 'fragnet-zoo-'));
    chromium = await startChromium('Chromium, llvmpipe');
    page = await chromium.newPage(`${server.url}/?augmentation=none`, { counted: true, height: 1400 });
    await waitUntilRunning(page, 'demo');
    for (const scene of scenes) {
      const png = await page.evaluate(`(${paintScene})(${JSON.stringify(scene)}).toDataURL()`);
      writeFileSync(path.join(folder, `${scene}.png`), Buffer.from(png.split(',')[1], 'base64'));
    }
    await page.click('[name=view][value=output]');
  });
  after(async () => {
    if (sheet.length > 0) await keepSheet();
    await chromium?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function showOn(scene) {
    const before = await page.evaluate(() => window.glCounter.frames);
    await (await page.$('#image-input')).uploadFile(path.join(folder, `${scene}.png`));
    await page.waitForFunction((title) => window.fragnetPage.source?.title === title, {}, `${scene}.png`);
    // A network without a picture input takes no frame in.
    if (await page.evaluate(() => window.fragnetPage.net.info.frameInput >= 0))
      await waitForFrames(page, 1, before);
    await new Promise((resolve) => setTimeout(resolve, 400));
  }

  async function look(name) {
    for (const scene of scenes) {
      await showOn(scene);
      sheet.push({ name, scene, png: await (await page.$('#canvas')).screenshot({ encoding: 'base64' }) });
      const { spread } = brightness(await pictureOn(page));
      assert.ok(spread > 3, `${name} before a ${scene} is all one value: spread ${spread}`);
    }
    assert.deepEqual(page.problems.splice(0), []);
  }

  for (const name of published)
    test(`${name} shows what it is for`, async () => {
      const files = readdirSync(path.join(zoo, name)).filter((file) => !/^(ref_|SOURCE|tfjs)/.test(file));
      const model = path.join(folder, name);
      mkdirSync(model);
      for (const file of files)
        writeFileSync(path.join(model, file), readFileSync(path.join(zoo, name, file)));
      await (await page.$('#folder-input')).uploadFile(model);
      await waitForModel(page, name);
      await look(name);
      await keepScreenshot(page, `zoo-page-${name}`);
    });

  for (const { name, title } of shipped)
    test(`${title}, which comes with the page, paints`, async () => {
      await page.click(`#models input[value=${name}]`);
      await waitForModel(page, title);
      await look(name);
    });

  async function keepSheet() {
    const cells = sheet
      .map(
        ({ name, scene, png }) =>
          `<figure><img src="data:image/png;base64,${png}"><figcaption>${name}, ${scene}</figcaption></figure>`,
      )
      .join('');
    const html = `<style>body{margin:8px;background:#222;color:#ddd;font:13px sans-serif;display:grid;
      grid-template-columns:repeat(6,1fr);gap:8px}figure{margin:0}img{width:100%;height:190px;object-fit:contain;background:#000}</style>${cells}`;
    const board = await chromium.browser.newPage();
    await board.setViewport({ width: 1500, height: 900 });
    await board.setContent(html);
    mkdirSync(screenshots, { recursive: true });
    writeFileSync(path.join(screenshots, 'zoo-page.png'), await board.screenshot({ fullPage: true }));
    await board.close();
  }
});
