// A context that others draw with, too: whatever Fragnet does there, all of its state is afterwards as it was, and the picture
// is in a texture.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachDevice } from './support/fixture.js';
import { putOn, tinyLayers } from './support/tiny_models.js';

onEachDevice('A shared context', (world) => {
  let page;
  before(async () => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    await page.waitForFunction(() => window.test);
  });
  after(() => page?.close());

  test('is after each call as it was before, all of its state', async () => {
    const { changes, others, errors, texture } = await page.evaluate(async () => {
      const { everythingOf, disturb } = await import('/support/gl_everything.js');
      const canvas = document.createElement('canvas');
      const gl = canvas.getContext('webgl2');
      const undisturbed = everythingOf(gl);
      disturb(gl);
      const before = everythingOf(gl);
      const changes = [];
      const check = (what) => {
        const now = everythingOf(gl);
        for (const name of Object.keys(before))
          if (now[name] !== before[name])
            changes.push(`${what}: ${name} is ${now[name]}, was ${before[name]}`);
      };
      const net = await window.test.Fragnet.create(canvas, { shared: true, tune: 'full' });
      check('create()');
      await net.load('/tiny/model.json', { onProgress: ({ phase }) => check(phase) });
      check('load()');
      const frame = document.createElement('canvas');
      frame.getContext('2d').fillRect(0, 0, 100, 100);
      net.draw(frame);
      check('the first draw()');
      await net.ready;
      check('ready');
      for (const view of ['input', 'output', 'both']) net.draw(frame, { view, skip: 'never' });
      check('draw()');
      await net.predict(new Float32Array(64));
      check('predict()');
      net.stats();
      net.timings();
      check('stats() and timings()');
      const texture = gl.isTexture(net.texture);
      net.dispose();
      check('dispose()');
      const others = Object.keys(before).filter((name) => before[name] !== undisturbed[name]).length;
      return { changes, others, errors: gl.getError(), texture };
    });
    assert.ok(others > 200, `only ${others} of its state are other than in the beginning`);
    assert.deepEqual(changes, []);
    assert.equal(errors, 0);
    assert.equal(texture, true);
  });

  test('holds the picture in a texture, the same that a canvas of its own shows, and leaves the canvas alone', async () => {
    const found = await page.evaluate(async () => {
      const { Fragnet } = window.test;
      const frame = document.createElement('canvas');
      frame.width = frame.height = 64;
      const pen = frame.getContext('2d');
      pen.fillStyle = 'white';
      pen.fillRect(10, 0, 30, 20);
      const pixels = (gl, width, height) => {
        const bytes = new Uint8Array(4 * width * height);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
        return bytes;
      };
      const shot = async (shared, options) => {
        const canvas = document.createElement('canvas');
        const net = await Fragnet.create(canvas, { shared, precision: 'fp32', tune: 'off' });
        const gl = canvas.getContext('webgl2');
        await net.load('/tiny/model.json');
        await net.ready;
        gl.clearColor(1, 0, 0, 1);
        gl.clear(gl.COLOR_BUFFER_BIT);
        net.draw(frame, { skip: 'never' });
        const early = net.texture;
        net.draw(frame, options);
        const [width, height] = options.view === 'both' ? [512, 256] : [256, 256];
        const red = shared ? [...pixels(gl, 1, 1)] : null;
        if (shared) {
          gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
          gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, net.texture, 0);
        }
        const seen = pixels(gl, width, height);
        const size = [canvas.width, canvas.height];
        const isSame = early === net.texture;
        net.dispose();
        return { seen, red, size, isSame, gone: net.texture };
      };
      const found = {};
      for (const view of ['output', 'input', 'both']) {
        const own = await shot(false, { view, skip: 'never' });
        const shared = await shot(true, { view, skip: 'never' });
        const differs = own.seen.filter((byte, i) => byte !== shared.seen[i]).length;
        const levels = new Set(own.seen).size;
        found[view] = { ...shared, seen: null, differs, levels };
      }
      return found;
    });
    for (const [view, { red, size, isSame, gone, differs, levels }] of Object.entries(found)) {
      assert.ok(levels > 2, `${view}: there is nothing to see`);
      assert.equal(differs, 0, `${view}: bytes that differ`);
      assert.deepEqual(red, [255, 0, 0, 255], `${view}: the canvas`);
      assert.deepEqual(size, [300, 150], `${view}: the size of the canvas`);
      assert.equal(isSame, true, `${view}: another texture`);
      assert.equal(gone, null, `${view}: after dispose()`);
    }
  });
});
