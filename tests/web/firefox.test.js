// Firefox, under a virtual display: the page repaints its camera, and the zoo's two U-Nets match TensorFlow.js.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startFirefox } from './support/browsers.js';
import { needsZoo } from './support/material.js';
import { brightness, meanDifference } from './support/png.js';
import { serve } from './support/serve.js';
import { alertOf, keepScreenshot, pictureOn, waitForFrames, waitUntilRunning } from './support/visit.js';

describe('Firefox', { concurrency: false }, () => {
  let server, firefox;
  before(async () => {
    server = await serve();
    firefox = await startFirefox();
  });
  after(async () => {
    await firefox?.close();
    await server?.close();
  });

  test('repaints its camera with the shipped model, picture after picture', async () => {
    const page = await firefox.newPage(`${server.url}/index.html?source=camera`, { counted: true });
    try {
      await waitUntilRunning(page, 'camera');
      await waitForFrames(page, 5);
      const first = await pictureOn(page);
      // Firefox's camera shows one colour that turns slowly, and now and then hardly at all.
      let later, change;
      for (let look = 0; look < 20 && !(change > 0.1); ++look) {
        await waitForFrames(page, 40);
        later = await pictureOn(page);
        change = meanDifference(first, later);
      }
      await keepScreenshot(page, 'firefox');
      const { mean, spread } = brightness(later);
      assert.ok(mean > 10, `the picture is black: mean ${mean}`);
      assert.ok(spread > 2, `the picture is one flat colour: spread ${spread}`);
      assert.ok(change > 0.1, `the picture stands still: mean difference ${change}`);
      assert.equal(await alertOf(page), '');
      assert.deepEqual(page.problems, [], 'the page reported problems');
    } finally {
      await page.close();
    }
  });

  for (const name of ['webcam-style-1', 'u2net-portrait-256-uint8'])
    test(`${name} gives what TensorFlow.js gives`, needsZoo, async () => {
      const page = await firefox.newPage(`${server.url}/support/blank.html`);
      try {
        const { errors, stats } = await page.evaluate(
          (model) => window.test.compareWithZoo(model, { precision: 'fp32', tune: 'off' }),
          name,
        );
        console.log(`${name} in Firefox (${stats.renderer}): relative error ${errors[0].toExponential(1)}`);
        assert.ok(errors[0] <= 1e-3, `relative error ${errors[0]}`);
        assert.deepEqual(page.problems, [], 'the page reported problems');
      } finally {
        await page.close();
      }
    });
});
