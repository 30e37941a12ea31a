// Where Fragnet runs: under a strict Content-Security-Policy, in a hidden tab, in a worker, on a canvas nobody gave a size.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startChromium } from './support/browsers.js';
import { onOneDevice } from './support/fixture.js';
import { serve } from './support/serve.js';
import { putOn, tinyLayers } from './support/tiny_models.js';
import { alertOf, waitForAlert, waitForFrames, waitUntilRunning } from './support/visit.js';

onOneDevice('Content-Security-Policy', (world) => {
  /** A server that sends this script-src with everything. */
  const servers = [];
  const serveWith = async (scripts) => {
    const policy = `default-src 'self'; script-src ${scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:`;
    const server = await serve({ headers: { 'Content-Security-Policy': policy } });
    servers.push(server);
    return server;
  };
  after(() => Promise.all(servers.map((server) => server.close())));

  test("with script-src 'self' 'wasm-unsafe-eval' the page runs", async () => {
    const server = await serveWith("'self' 'wasm-unsafe-eval'");
    const page = await world.chromium.newPage(`${server.url}/index.html`, { counted: true });
    await waitUntilRunning(page, 'demo');
    await waitForFrames(page, 3);
    assert.equal(await alertOf(page), '');
    assert.deepEqual(page.problems, [], 'the page reported problems');
    // What the policy forbids is forbidden indeed.
    assert.equal(
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            // Not here: the test's own words are exempt from the policy.
            setTimeout(() => {
              try {
                resolve(new Function('return "run"')());
              } catch (error) {
                resolve(error.name);
              }
            });
          }),
      ),
      'EvalError',
    );
    await page.close();
  });

  test('without wasm-unsafe-eval the reason is told', async () => {
    const server = await serveWith("'self'");
    const page = await world.chromium.newPage(`${server.url}/index.html`);
    const words = await waitForAlert(page);
    assert.match(words, /Content-Security-Policy.*'wasm-unsafe-eval'/);
    await page.close();
  });
});

onOneDevice('A hidden tab', (world) => {
  test('becomes ready without waiting for timers, which come once a second there', async () => {
    const chromium = await startChromium(world.device, { slowsHiddenTabs: true });
    after(() => chromium.close());
    const page = await chromium.newPage(`${world.server.url}/support/blank.html`);
    const other = await chromium.newPage('about:blank');
    await other.bringToFront();
    const found = await page.evaluate(async () => {
      // Until the browser holds the tab's timers back.
      let apart = 0;
      for (let i = 0; i < 20 && apart < 900; ++i) {
        const start = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 4));
        apart = performance.now() - start;
      }
      const timer = window.setTimeout;
      let timers = 0;
      window.setTimeout = (...given) => {
        ++timers;
        return timer(...given);
      };
      await window.test.freshFragnet();
      await window.net.load(window.test.fromMemory(window.test.tinyLayers()));
      await window.net.ready;
      return { hidden: document.hidden, apart, timers };
    });
    assert.equal(found.hidden, true, 'the tab is not hidden');
    assert.ok(found.apart > 900, `timers are not held back: ${found.apart} ms`);
    assert.equal(found.timers, 0, 'it waited for timers');
  });
});

onOneDevice('A worker', (world) => {
  before(() => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    const script = `
      import { Fragnet } from '/fragnet.js';
      onmessage = async ({ data: canvas }) => {
        try {
          const probe = await Fragnet.probe();
          const net = await Fragnet.create(canvas, { tune: 'full' });
          const info = await net.load('/tiny/model.json');
          await net.ready;
          const frame = new OffscreenCanvas(64, 64);
          frame.getContext('2d').fillRect(0, 0, 64, 64);
          const drawn = [net.draw(frame), net.draw(await createImageBitmap(frame)), net.draw(new ImageData(4, 4))];
          const [output] = await net.predict(new Float32Array(64));
          const { frames } = net.stats();
          net.dispose();
          postMessage({ probe, name: info.name, drawn, length: output.data.length, frames });
        } catch (error) {
          postMessage({ failure: error.stack });
        }
      };`;
    world.server.answers.set('/worker.js', { type: 'text/javascript', body: script });
  });

  for (const [what, make] of Object.entries({
    'an OffscreenCanvas of its own': () => new OffscreenCanvas(128, 128),
    "a page's canvas": () => document.createElement('canvas').transferControlToOffscreen(),
  }))
    test(`probes, loads, draws and predicts on ${what}`, async () => {
      const page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
      const found = await page.evaluate(async (source) => {
        const worker = new Worker('/worker.js', { type: 'module' });
        const canvas = new Function(`return (${source})()`)();
        worker.postMessage(canvas, [canvas]);
        return new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        });
      }, make.toString());
      assert.equal(found.failure, undefined);
      assert.equal(found.probe.webgl2, true);
      assert.equal(found.name, 'tiny');
      assert.deepEqual(found.drawn, [true, true, true]);
      assert.equal(found.length, 128);
      assert.equal(found.frames, 3);
      await page.close();
    });
});

onOneDevice('A canvas', (world) => {
  test('that nobody gave a size gets that of the picture, one that has a size keeps it', async () => {
    const page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    const sizes = await page.evaluate(async () => {
      const { Fragnet, fromMemory, tinyLayers } = window.test;
      const found = {};
      for (const [kind, html] of Object.entries({
        plain: '<canvas></canvas>',
        wide: '<canvas width="300"></canvas>',
        sized: '<canvas width="300" height="150"></canvas>',
      })) {
        const place = document.createElement('div');
        place.innerHTML = html;
        const canvas = place.firstChild;
        const net = await Fragnet.create(canvas, { tune: 'off' });
        const load = (side) =>
          net.load(fromMemory(tinyLayers([null, null])), {
            inputShapes: { picture: [1, side, 2 * side, 1] },
          });
        await load(100);
        const first = [canvas.width, canvas.height];
        net.draw(document.createElement('canvas'), { view: 'both' });
        const both = [canvas.width, canvas.height];
        await load(64);
        net.draw(document.createElement('canvas'));
        const next = [canvas.width, canvas.height];
        canvas.width = 77; // now it has a size
        await load(30);
        net.draw(document.createElement('canvas'));
        found[kind] = { first, both, next, last: [canvas.width, canvas.height] };
        net.dispose();
      }
      return found;
    });
    assert.deepEqual(sizes.plain, { first: [400, 200], both: [800, 200], next: [256, 128], last: [77, 128] });
    assert.deepEqual(sizes.wide.first, [300, 150]);
    assert.deepEqual(sizes.sized, {
      first: [300, 150],
      both: [300, 150],
      next: [300, 150],
      last: [77, 150],
    });
    await page.close();
  });
});
