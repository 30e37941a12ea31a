// Devices smaller than ours: Fragnet finds out by drawing what each of them really does, says why it stops where it does, and
// the numbers and the picture are right there. On SwiftShader, which validates what Mesa does not.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { deviceNames, startChromium } from './support/browsers.js';
import { lieAs, lyingDevices } from './support/lying_device.js';
import { serve, zoo } from './support/serve.js';
import { printTable } from './support/table.js';

const expected = {
  '512 bits a pixel': ['fp32', 4, /more than 4 textures of 32-bit floats/],
  '256 bits a pixel': ['fp16', 4, /more than 2 textures of 32-bit floats/],
  '4 targets, 2048 texels, 16 units': ['fp32', 4, /more than 4 textures/],
  'halves only': ['fp16', 8, /not render to textures of 32-bit floats/],
  'no floats': ['rgba8', 8, /cannot render to floating-point textures/],
  'floats that hold zeros': ['fp16', 8, /draws wrong numbers into textures of 32-bit floats/],
  'programs with one output': ['fp16', 1, /more than 1 texture/],
  'no parallel compile, no timers': ['fp32', 8, /^$/],
  'viewports of 2048': ['fp32', 8, /^$/],
};
const tolerances = { fp32: 1e-4, fp16: 5e-3, rgba8: 0.05 };
// Its last layer in rgba8 once left a sampler on a unit with a texture of another type.
const published = ['pixel-upsampler-2x'].filter((name) => existsSync(path.join(zoo, name)));

// In the page: the numbers of a tiny network, and what the canvas shows of a bright frame, too large for a viewport of 2048.
async function look(models) {
  const { Fragnet, fromMemory, tinyExpects, tinyGraph } = window.test;
  const probe = await Fragnet.probe();
  const canvas = document.createElement('canvas');
  canvas.width = 2200;
  canvas.height = 8;
  const net = await Fragnet.create(canvas, { tune: 'off' });
  await net.load(fromMemory(tinyGraph()));
  const picture = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i) / 2 + 0.5);
  const want = tinyExpects(picture);
  const frame = document.createElement('canvas');
  frame.width = frame.height = 64;
  const pen = frame.getContext('2d');
  pen.fillStyle = 'white';
  pen.fillRect(0, 0, 64, 64);
  const shown = () => {
    net.draw(frame, { view: 'input' });
    const gl = canvas.getContext('webgl2');
    const pixels = new Uint8Array(canvas.width * 4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(0, 4, canvas.width, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels[(canvas.width / 2) * 4];
  };
  const [{ data }] = await net.predict(picture);
  const error = data.reduce((most, value, i) => Math.max(most, Math.abs(value - want[i])), 0);
  const result = { probe, error, white: shown(), stats: net.stats(), pictures: [] };
  for (const model of models) {
    await net.load(model);
    net.draw(frame);
    const gl = canvas.getContext('webgl2');
    const pixel = new Uint8Array(4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(canvas.width / 2, 4, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    result.pictures.push([...pixel]);
  }
  net.dispose();
  return result;
}

describe('A device that does less than it says', { concurrency: false }, () => {
  const rows = [];
  let server, chromium;
  before(async () => {
    server = await serve();
    chromium = await startChromium(deviceNames[0]);
  });
  after(async () => {
    const heading = ['device', 'precision', 'targets', 'greatest error', 'reason'];
    printTable('Where the ladder stops', heading, rows);
    await chromium?.close();
    await server?.close();
  });

  for (const [name, [tier, targets, reason]] of Object.entries(expected))
    test(name, async () => {
      const scripts = [[lieAs, lyingDevices[name]]];
      const page = await chromium.newPage(`${server.url}/support/blank.html`, { scripts });
      const models = published.map((model) => `/zoo/${model}/model.json`);
      const { probe, stats, error, white, pictures } = await page.evaluate(look, models);
      rows.push([name, stats.precision, String(stats.targets), error.toExponential(1), stats.reason]);
      for (const [found, said] of [
        [probe.tier, probe],
        [stats.precision, stats],
      ]) {
        assert.equal(found, tier);
        assert.equal(said.targets, targets);
        assert.match(said.reason, reason);
      }
      assert.ok(error <= tolerances[tier], `the numbers are ${error} from the right ones`);
      assert.ok(white >= 250, `a white frame is shown as ${white}`);
      for (const picture of pictures) assert.ok(Math.max(...picture.slice(0, 3)) > 20, `black: ${picture}`);
      assert.deepEqual(page.problems, [], 'the page reported problems');
      assert.deepEqual(page.glProblems, []);
      await page.close();
    });

  test('probe() runs in a worker', async () => {
    const page = await chromium.newPage(`${server.url}/support/blank.html`);
    const found = await page.evaluate(async () => {
      const source = `import { Fragnet } from '${location.origin}/fragnet.js';
        Fragnet.probe().then((found) => postMessage(found), (error) => postMessage({ error: String(error) }));`;
      const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
      const worker = new Worker(address, { type: 'module' });
      return new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
    });
    assert.equal(found.tier, 'fp32', JSON.stringify(found));
    await page.close();
  });

  test('a context with a history draws the same, and is given back', async () => {
    const page = await chromium.newPage(`${server.url}/support/blank.html`);
    const { clean, spoilt, left } = await page.evaluate(async () => {
      const { Fragnet, fromMemory, tinyGraph } = window.test;
      const frame = document.createElement('canvas');
      frame.width = 16;
      frame.height = 16;
      const pen = frame.getContext('2d');
      pen.fillStyle = '#4080ff';
      pen.fillRect(0, 0, 16, 9);
      // As far from its beginning as a context goes.
      const spoil = (gl) => {
        const on = ['BLEND', 'CULL_FACE', 'DEPTH_TEST', 'STENCIL_TEST', 'RASTERIZER_DISCARD', 'SCISSOR_TEST'];
        for (const name of [...on, 'SAMPLE_ALPHA_TO_COVERAGE', 'SAMPLE_COVERAGE']) gl.enable(gl[name]);
        gl.blendFunc(gl.ZERO, gl.ZERO);
        gl.frontFace(gl.CW);
        gl.colorMask(false, true, false, true);
        gl.depthFunc(gl.NEVER);
        gl.stencilFunc(gl.NEVER, 0, 0);
        gl.scissor(0, 0, 1, 1);
        gl.bindVertexArray(null);
        gl.enableVertexAttribArray(0);
        gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, gl.createBuffer());
        gl.bindBuffer(gl.PIXEL_PACK_BUFFER, gl.createBuffer());
        gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true);
        gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
        for (const name of ['ROW_LENGTH', 'SKIP_ROWS', 'SKIP_PIXELS']) {
          gl.pixelStorei(gl[`UNPACK_${name}`], 77);
          gl.pixelStorei(gl[`PACK_${name}`], 77);
        }
        const sampler = gl.createSampler();
        for (let unit = 0; unit < 16; ++unit) gl.bindSampler(unit, sampler);
        gl.bindFramebuffer(gl.FRAMEBUFFER, null);
        gl.drawBuffers([gl.NONE]);
        gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
      };
      const look = async (isSpoilt) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 16;
        const gl = canvas.getContext('webgl2');
        const between = () => isSpoilt && spoil(gl);
        between();
        const net = await Fragnet.create(canvas, { tune: 'off' });
        between();
        await net.load(fromMemory(tinyGraph()));
        await net.ready;
        between();
        const [{ data }] = await net.predict(Float32Array.from({ length: 64 }, (_, i) => i / 64));
        between();
        net.draw(frame, { view: 'both' });
        const left = gl.isEnabled(gl.SCISSOR_TEST);
        const pixels = new Uint8Array(16 * 16 * 4);
        gl.bindFramebuffer(gl.FRAMEBUFFER, null);
        gl.readPixels(0, 0, 16, 16, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
        between();
        net.dispose();
        return { seen: [...pixels, ...data], left };
      };
      const clean = await look(false);
      const spoilt = await look(true);
      return { clean: clean.seen, spoilt: spoilt.seen, left: [clean.left, spoilt.left] };
    });
    assert.ok(new Set(clean).size > 10, 'a flat picture compares nothing');
    assert.deepEqual(spoilt, clean);
    assert.deepEqual(left, [false, false], 'SCISSOR_TEST stays on');
    await page.close();
  });
});
