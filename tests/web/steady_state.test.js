// While the camera runs, a frame is bind-and-draw: nothing is read back, made, compiled or looked up. Counted over a
// hundred live frames of the real page on a fake camera.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDevice } from './support/fixture.js';
import { printTable } from './support/table.js';
import { alertOf, waitForFrames, waitUntilReady, waitUntilRunning } from './support/visit.js';

const frames = 100;

const forbidden = {
  'reads back': /^(readPixels|getBufferSubData)$/,
  'waits for the GPU':
    /^(finish|getError|getParameter|checkFramebufferStatus|getProgramInfoLog|getShaderInfoLog)$/,
  'makes objects': /^create/,
  'deletes objects': /^delete(?!Sync$)/,
  'gives storage to textures':
    /^(tex|compressedTex)(Image|Storage)[23]D$|^(renderbufferStorage.*|copyTexImage2D)$/,
  'compiles shaders': /^(shaderSource|compileShader|attachShader|linkProgram|validateProgram)$/,
  'looks up':
    /^(getUniform|getActiveUniform|getAttribLocation|getActiveAttrib|getProgramParameter|getShaderParameter)/,
};

onEachDevice('A live frame', (world) => {
  let page, calls, counted;
  before(async () => {
    page = await world.chromium.newPage(`${world.server.url}/index.html?source=camera`, { counted: true });
    await waitUntilRunning(page, 'camera');
    await waitUntilReady(page);
    // A second after the last change the canvas is looked at once, see web/lib/look.js.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await waitForFrames(page, 10);
    await page.evaluate(() => window.glCounter.reset());
    await waitForFrames(page, frames);
    ({ calls, frames: counted } = await page.evaluate(() => {
      const { calls, frames } = window.glCounter;
      return { calls: { ...calls }, frames };
    }));
    const perFrame = (count) => (count / counted).toFixed(2);
    const draws = Object.entries(calls).filter(([name]) => name.startsWith('draw') && name !== 'drawBuffers');
    const total = (entries) => entries.reduce((sum, [, count]) => sum + count, 0);
    const rows = Object.entries(calls)
      .sort(([, one], [, other]) => other - one)
      .map(([name, count]) => [name, String(count), perFrame(count)]);
    rows.push(['draw calls', String(total(draws)), perFrame(total(draws))]);
    rows.push(['all GL calls', String(total(Object.entries(calls))), perFrame(total(Object.entries(calls)))]);
    printTable(`GL calls of ${counted} live frames on ${world.device}`, ['call', 'count', 'a frame'], rows);
  });
  test('comes from the camera and is drawn', async () => {
    assert.ok(counted >= frames, `${counted} frames`);
    const uploads = Object.keys(calls).filter((name) => name.endsWith('(video)'));
    assert.equal(uploads.length, 1, `one kind of upload, of the video element: ${uploads}`);
    assert.ok(
      Object.keys(calls).some((name) => /^draw(Arrays|Elements)/.test(name)),
      'nothing was drawn',
    );
    assert.equal(await alertOf(page), '');
    assert.deepEqual(page.problems, [], 'the page reported problems');
  });

  for (const [what, pattern] of Object.entries(forbidden))
    test(`never ${what}`, () => {
      assert.deepEqual(
        Object.entries(calls).filter(([name]) => pattern.test(name)),
        [],
      );
    });
});

onEachDevice('Sources that take turns', (world) => {
  test('two canvases and a photo are new once, and each is shown', async () => {
    const page = await world.chromium.newPage(`${world.server.url}/support/blank.html`, { counted: true });
    const { calls, seen } = await page.evaluate(async () => {
      const { freshFragnet, fromMemory, tinyGraph } = window.test;
      await freshFragnet({ tune: 'off' });
      await window.net.load(fromMemory(tinyGraph()));
      await window.net.ready;
      const canvasOf = (colour) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 32;
        const pen = canvas.getContext('2d');
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 32, 32);
        return canvas;
      };
      const photo = new Image();
      photo.src = canvasOf('#404040').toDataURL();
      await photo.decode();
      const sources = [canvasOf('#c0c0c0'), photo, canvasOf('#808080')];
      const draw = () => sources.forEach((source) => window.net.draw(source, { view: 'input' }));
      for (let i = 0; i < 3; ++i) draw();
      // A second after the last change the canvas is looked at once.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      draw();
      await new Promise((resolve) => setTimeout(resolve, 300));
      draw(); // which takes what was seen
      window.glCounter.reset();
      for (let i = 0; i < 5; ++i) draw();
      const counted = { ...window.glCounter.calls };
      const canvas = window.test.canvas();
      const pixel = new Uint8Array(4);
      const gl = canvas.getContext('webgl2');
      const levels = sources.map((source) => {
        window.net.draw(source, { view: 'input' });
        gl.bindFramebuffer(gl.FRAMEBUFFER, null);
        gl.readPixels(canvas.width / 2, canvas.height / 2, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        return pixel[0];
      });
      return { calls: counted, seen: levels };
    });
    for (const [i, level] of [0xc0, 0x40, 0x80].entries())
      assert.ok(Math.abs(seen[i] - level) <= 2, `source ${i} is shown as ${seen[i]}, not as ${level}`);
    for (const [what, pattern] of Object.entries(forbidden))
      assert.deepEqual(
        Object.entries(calls).filter(([name]) => pattern.test(name)),
        [],
        what,
      );
    assert.deepEqual(page.problems, [], 'the page reported problems');
    await page.close();
  });
});
