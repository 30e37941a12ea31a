// A device that cannot render to floats: Fragnet says so, takes the rgba8 tier by itself, and the shipped model's picture
// stays at least 30 dB from that of fp32, as numbers and on the canvas.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachDevice } from './support/fixture.js';
import { printTable } from './support/table.js';

const rows = [];

onEachDevice('Without float targets', (world) => {
  let page;
  before(async () => {
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
  });

  test('the shipped model runs in the rgba8 tier, close to fp32', async () => {
    const found = await page.evaluate(async () => {
      const { Fragnet, freshFragnet, psnr, testPicture } = window.test;
      const model = '/models/clouds/model.json';
      const picture = testPicture(256, 256, 1);
      const frame = document.createElement('canvas');
      frame.width = frame.height = 256;
      const pen = frame.getContext('2d');
      for (let i = 0; i < 40; i++) {
        pen.fillStyle = `hsl(${i * 77} 60% ${(i * 37) % 100}%)`;
        pen.fillRect((i * 53) % 256, (i * 91) % 256, 70, 50);
      }
      const drawn = () => {
        window.net.draw(frame, { augmentation: 'classic' });
        const gl = document.querySelector('canvas').getContext('webgl2');
        const bytes = new Uint8Array(gl.drawingBufferWidth * gl.drawingBufferHeight * 4);
        gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
        gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
        return bytes;
      };
      const look = async (precision) => {
        await freshFragnet({ precision, tune: 'off' });
        await window.net.load(model);
        const shown = drawn();
        const [{ data }] = await window.net.predict(picture);
        return { shown, data, again: drawn(), precision: window.net.stats().precision };
      };
      const exact = await look('fp32');
      const { prototype } = WebGL2RenderingContext;
      const { getExtension } = prototype;
      prototype.getExtension = function (name) {
        return /color_buffer_(half_)?float/i.test(name) ? null : getExtension.call(this, name);
      };
      try {
        const probe = await Fragnet.probe();
        const coded = await look('auto');
        return {
          probe,
          precision: coded.precision,
          numbers: psnr(coded.data, exact.data, 2),
          canvas: psnr(coded.shown, exact.shown, 255),
          afterNumbers: psnr(coded.again, exact.again, 255),
          spread: exact.data.reduce((most, value) => Math.max(most, Math.abs(value - exact.data[0])), 0),
        };
      } finally {
        prototype.getExtension = getExtension;
      }
    });
    rows.push([world.device, ...['numbers', 'canvas', 'afterNumbers'].map((k) => found[k].toFixed(1))]);
    assert.equal(found.probe.tier, 'rgba8');
    assert.equal(found.probe.floatTargets, false);
    assert.match(found.probe.reason, /cannot render to floating-point textures/);
    assert.equal(found.precision, 'rgba8');
    assert.ok(found.spread > 0.5, 'a flat picture compares nothing');
    for (const what of ['numbers', 'canvas', 'afterNumbers'])
      assert.ok(found[what] >= 30, `${what}: ${found[what]} dB`);
    assert.deepEqual(page.problems, [], 'the page reported problems');
  });
});

after(() => {
  const heading = ['device', 'predict(), dB', 'canvas, dB', 'canvas after predict(), dB'];
  if (rows.length > 0) printTable('Clouds in the rgba8 tier beside fp32', heading, rows);
});
