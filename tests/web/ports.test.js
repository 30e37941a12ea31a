// What a model's inputs and outputs are taken for, and how draw() and setInput() let one change that.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { deviceNames, startChromium } from './support/browsers.js';
import { serve } from './support/serve.js';
import { densePainter, putOn, tinyLayers } from './support/tiny_models.js';

describe('Inputs and outputs', { concurrency: false }, () => {
  let server, chromium, page;
  before(async () => {
    server = await serve();
    chromium = await startChromium(deviceNames[0]);
    putOn(server.answers, '/tiny', tinyLayers());
    putOn(server.answers, '/painter', densePainter());
    page = await chromium.newPage(`${server.url}/support/blank.html`);
    await page.evaluate(() => {
      // The canvas as draw() leaves it: levels of red, green and blue of one pixel, 0 … 255.
      window.pixelOf = (frame, options, x = 0, y = 0) => {
        const canvas = document.querySelector('canvas');
        const gl = canvas.getContext('webgl2');
        window.net.draw(frame, options);
        const bytes = new Uint8Array(4);
        gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
        gl.readPixels(x, canvas.height - 1 - y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
        return [...bytes.subarray(0, 3)];
      };
      window.flat = (colour) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 8;
        const context = canvas.getContext('2d');
        context.fillStyle = colour;
        context.fillRect(0, 0, 8, 8);
        return canvas;
      };
    });
  });
  beforeEach(() => page.evaluate(() => window.test.freshFragnet()));
  after(async () => {
    await chromium?.close();
    await server?.close();
  });

  test('info says of each what it is, and why', async () => {
    const { info, told } = await page.evaluate(async () => {
      const events = [];
      document.querySelector('canvas').addEventListener('fragnet-ports', ({ detail }) => events.push(detail));
      const found = await window.net.load('/tiny/model.json');
      await window.net.ready;
      return { info: found, told: events.length };
    });
    assert.equal(info.frameInput, 0);
    assert.equal(info.shownOutput, 0);
    const [input] = info.inputs;
    assert.deepEqual(
      { ...input.picture, why: '' },
      {
        height: 8,
        width: 8,
        channels: 1,
        layout: 'nhwc',
        range: [0, 1],
        kind: 'grey',
        factor: 1,
        guessed: true,
        why: '',
      },
    );
    assert.equal(input.fill, 'The frame');
    assert.equal(info.outputs[0].picture.kind, 'features');
    assert.match(info.outputs[0].picture.why, /calibration picture/);
    assert.equal(told, 1);
  });

  test('draw() shows any channel in any range, and inverted', async () => {
    const { numbers, seen } = await page.evaluate(async () => {
      await window.net.load('/tiny/model.json');
      await window.net.ready;
      const frame = window.flat('#fff');
      const [{ data }] = await window.net.predict(new Float32Array(64).fill(1));
      const middle = (8 * 4 + 4) * 2;
      const at = (options) => window.pixelOf(frame, { outputRange: [-4, 4], ...options }, 144, 144)[0];
      return {
        numbers: [data[middle], data[middle + 1]],
        seen: {
          first: at({ channel: 0 }),
          second: at({ channel: 1 }),
          inverted: at({ channel: 0, invert: true }),
          named: at({ channel: 0, output: window.net.info.outputs[0].name }),
          wide: at({ channel: 0, inputRange: [0, 100] }), // the network hardly looks at less
        },
      };
    });
    const level = (number) => Math.round((255 * (number + 4)) / 8);
    assert.ok(Math.abs(seen.first - level(numbers[0])) <= 2, `${seen.first} for ${numbers[0]}`);
    assert.ok(Math.abs(seen.second - level(numbers[1])) <= 2, `${seen.second} for ${numbers[1]}`);
    assert.ok(Math.abs(seen.inverted - (255 - level(numbers[0]))) <= 2, `${seen.inverted}`);
    assert.equal(seen.named, seen.first);
    assert.notEqual(seen.wide, seen.first);
  });

  test('draw() refuses outputs, channels, ranges and ways to show them that there are not', async () => {
    const failures = await page.evaluate(async () => {
      await window.net.load('/tiny/model.json');
      const frame = window.flat('#888');
      const failureOf = (options) =>
        window.test
          .failureOf((async () => window.net.draw(frame, options))())
          .then((failure) => failure?.message);
      return {
        name: await failureOf({ output: 'depth' }),
        output: await failureOf({ output: 1 }),
        channel: await failureOf({ channel: 2 }),
        range: await failureOf({ outputRange: [1, 1] }),
        show: await failureOf({ show: 'sculpture' }),
        subpixel: await failureOf({ show: 'subpixel' }),
        none: (await failureOf({})) ?? 'drawn',
      };
    });
    assert.match(failures.name, /no output "depth"; it has "second/);
    assert.match(failures.output, /1 outputs, there is none with the number 1/);
    assert.match(failures.channel, /2 channels, there is none with the number 2/);
    assert.match(failures.range, /two different/);
    assert.match(failures.show, /sculpture/);
    assert.match(failures.subpixel, /larger picture/);
    assert.equal(failures.none, 'drawn');
  });

  test('a network without a picture among its inputs paints from a vector', async () => {
    const { info, seeded, again, other, held, written, back, failures } = await page.evaluate(async () => {
      const found = await window.net.load('/painter/model.json');
      const corners = () => [window.pixelOf(null, {}, 0, 0), window.pixelOf(null, {}, 255, 255)].flat();
      const first = corners();
      window.net.setInput('latent', { seed: 1 });
      const same = corners();
      window.net.setInput('latent', { seed: 2 });
      const others = corners();
      window.net.setInput('latent', 0);
      const zero = corners();
      window.net.setInput('latent', Float32Array.of(3, -3));
      await window.net.predict(Float32Array.of(0.5, 0.5));
      const numbers = corners();
      window.net.setInput('latent', null);
      const failureOf = (name, value) =>
        window.test
          .failureOf((async () => window.net.setInput(name, value))())
          .then((failure) => failure?.message);
      return {
        info: found,
        seeded: first,
        again: same,
        other: others,
        held: zero,
        written: numbers,
        back: corners(),
        failures: [
          await failureOf('style', 0),
          await failureOf('latent', new Float32Array(3)),
          await failureOf('latent', 'seven'),
          await failureOf('latent', document.createElement('canvas')),
        ],
      };
    });
    assert.equal(info.frameInput, -1);
    assert.equal(info.inputs[0].picture.kind, 'vector');
    assert.match(info.inputs[0].fill, /seed 1/);
    assert.deepEqual(again, seeded);
    assert.notDeepEqual(other, seeded);
    for (const level of held) assert.ok(Math.abs(level - 128) <= 1, `${held}`);
    const sigmoid = (x) => Math.round(255 / (1 + Math.exp(-x)));
    assert.ok(
      Math.abs(written[0] - sigmoid(3)) <= 1 && Math.abs(written[3] - sigmoid(-3)) <= 1,
      `${written}`,
    );
    assert.deepEqual(back, seeded);
    assert.match(failures[0], /no input "style"; it has "latent"/);
    assert.match(failures[1], /2 numbers, and 3 came/);
    assert.match(failures[2], /Float32Array, a number/);
    assert.match(failures[3], /takes no picture/);
  });

  test('a picture that is all one value gets a hint with what may help, once; another gets none', async () => {
    const { flat, told, lively } = await page.evaluate(async () => {
      const hints = [];
      document.querySelector('canvas').addEventListener('fragnet-hint', ({ detail }) => hints.push(detail));
      await window.net.load('/painter/model.json');
      const drawFor = async (ms, options) => {
        for (const start = performance.now(); performance.now() - start < ms;) {
          window.net.draw(null, options);
          await new Promise(requestAnimationFrame);
        }
        return window.net.hint();
      };
      window.net.setInput('latent', 0);
      const grey = await drawFor(2500, {});
      const count = hints.length;
      window.net.setInput('latent', Float32Array.of(4, -4));
      return { flat: grey, told: count, lively: await drawFor(2500, {}) };
    });
    assert.match(flat?.message, /nearly all one shade/);
    assert.ok(
      flat.remedies.some(({ outputRange }) => outputRange?.[0] === -1),
      JSON.stringify(flat.remedies),
    );
    assert.equal(told, 1);
    assert.equal(lively, null);
  });
});
