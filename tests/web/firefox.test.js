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
      await waitForFrames(page, 40);
      const later = await pictureOn(page);
      await keepScreenshot(page, 'firefox');
      const { mean, spread } = brightness(later);
      assert.ok(mean > 10, `the picture is black: mean ${mean}`);
      assert.ok(spread > 5, `the picture is one flat colour: spread ${spread}`);
      const change = meanDifference(first, later);
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
