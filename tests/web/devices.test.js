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

  test('whose frames take long: from the next load on, draws are shorter', async () => {
    const page = await chromium.newPage(`${server.url}/support/blank.html`, {
      scripts: [
        () => {
          // A fence that seems to be passed only 400 ms after it was made.
          const { prototype } = WebGL2RenderingContext;
          const { fenceSync, clientWaitSync } = prototype;
          const made = new WeakMap();
          window.isSlow = false;
          prototype.fenceSync = function (...given) {
            const fence = fenceSync.apply(this, given);
            made.set(fence, performance.now());
            return fence;
          };
          prototype.clientWaitSync = function (fence, ...given) {
            const isDue = !window.isSlow || performance.now() - made.get(fence) > 400;
            return isDue ? clientWaitSync.call(this, fence, ...given) : this.TIMEOUT_EXPIRED;
          };
        },
      ],
    });
    const { before, after } = await page.evaluate(async () => {
      const { freshFragnet, fromMemory, tinyLayers } = window.test;
      // One layer of 206 million multiply-adds.
      const model = tinyLayers([256, 256]);
      const [, first, second] = model.json.modelTopology.model_config.config.layers;
      first.config.filters = 64;
      first.config.kernel_size = [7, 7];
      const shapes = [[7, 7, 1, 64], [64], [1, 1, 64, second.config.filters], [second.config.filters]];
      const elements = (shape) => shape.reduce((product, extent) => product * extent, 1);
      model.json.weightsManifest[0].weights.forEach((weight, i) => (weight.shape = shapes[i]));
      const numbers = shapes.reduce((sum, shape) => sum + elements(shape), 0);
      model.files['tiny.bin'] = new Uint8Array(new Float32Array(numbers).fill(0.01).buffer);
      const frame = document.createElement('canvas');
      frame.getContext('2d').fillRect(0, 0, 10, 10);
      const drawCalls = [];
      for (let visit = 0; visit < 2; ++visit) {
        await freshFragnet({ precision: 'fp32' });
        await window.net.load(fromMemory(model));
        await window.net.ready;
        window.isSlow = visit === 0;
        for (let frames = 0; frames < 6;) {
          frames += window.net.draw(frame);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        window.isSlow = false;
        drawCalls.push(window.net.stats().drawCalls);
      }
      return { before: drawCalls[0], after: drawCalls[1] };
    });
    assert.ok(after > before, `${before} draws a frame before, ${after} after`);
    assert.deepEqual(page.problems, []);
    await page.close();
  });

  test('a phone, and models whose numbers are beyond 16-bit floats: scaled, or 32-bit floats and a word', async () => {
    const page = await chromium.newPage(`${server.url}/support/blank.html`, {
      scripts: [
        () => {
          window.matchMedia = () => ({ matches: true });
          Object.defineProperty(screen, 'width', { value: 400 });
        },
      ],
    });
    const found = await page.evaluate(async () => {
      const { freshFragnet, fromMemory, tinyLayers } = window.test;
      await freshFragnet({ tune: 'off' });
      const results = [];
      for (const bias of [0.5, 700000, 2e38]) {
        const model = tinyLayers();
        const bytes = model.files['tiny.bin'];
        const weights = new Float32Array(bytes.buffer.slice(0));
        weights[weights.length - 1] = bias; // of the last channel
        model.files['tiny.bin'] = new Uint8Array(weights.buffer);
        const { warnings } = await window.net.load(fromMemory(model));
        const [{ data }] = await window.net.predict(new Float32Array(64));
        const { precision } = window.net.stats();
        results.push({ precision, ratio: Math.max(...data) / bias, warnings: warnings.join(' ') });
      }
      return results;
    });
    const [usual, scaled, wide] = found;
    assert.deepEqual([usual.precision, usual.warnings], ['fp16', '']);
    // Stored as 700,000 / 2^k.
    assert.deepEqual([scaled.precision, scaled.warnings], ['fp16', '']);
    assert.ok(Math.abs(scaled.ratio - 1) < 1e-3, `700,000 comes out times ${scaled.ratio}`);
    assert.equal(wide.precision, 'fp32');
    assert.ok(Math.abs(wide.ratio - 1) < 1e-5, `2e38 comes out times ${wide.ratio}`);
    assert.match(wide.warnings, /beyond 16-bit floats, so it runs with 32-bit floats/);
    assert.deepEqual(page.problems, []);
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
