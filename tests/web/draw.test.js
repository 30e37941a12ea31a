// What draw() promises: frames of every kind, views, mirroring, augmentations, figures, and nothing read back.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { onEachDevice } from './support/fixture.js';
import { brightness, meanDifference } from './support/png.js';
import { putOn, tinyLayers } from './support/tiny_models.js';
import { pictureOn } from './support/visit.js';

onEachDevice('draw()', (world) => {
  let page;
  before(async () => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    putOn(world.server.answers, '/open', tinyLayers([null, null]));
    const grainy = tinyLayers();
    grainy.json = { ...grainy.json, userDefinedMetadata: { grain: 0.25 } };
    putOn(world.server.answers, '/grainy', grainy);
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`, { counted: true });
  });
  beforeEach(() => page.evaluate(() => window.test.freshFragnet()));

  for (const [kind, make] of Object.entries(frameMakers()))
    test(`draws ${kind} on the canvas`, async () => {
      const drawn = await page.evaluate(async (source) => {
        const frame = await new Function(`return (${source})()`)();
        await window.net.load('/open/model.json', { inputShapes: { picture: [1, 64, 64, 1] } });
        const drawn = [];
        // Drawn again and again until the browser has shown it: a canvas shows a picture only in the frame it was made.
        for (let i = 0; i < 3; i++) {
          drawn.push(window.net.draw(frame, { view: 'input', skip: 'never' }));
          await new Promise(requestAnimationFrame);
        }
        window.frame = frame;
        return drawn;
      }, make.toString());
      assert.deepEqual(drawn, [true, true, true]);
      const { spread } = brightness(await pictureOn(page, 'canvas'));
      assert.ok(spread > 3, `the canvas is flat: spread ${spread}`);
    });

  test('draws by simple programs until the fast ones are there, and the same picture', async () => {
    const { early, fast, worst, spread } = await page.evaluate(async (source) => {
      const frame = await new Function(`return (${source})()`)();
      const gl = window.net && document.querySelector('canvas').getContext('webgl2');
      const drawn = () => {
        window.net.draw(frame, { augmentation: 'classic' });
        const { drawingBufferWidth: width, drawingBufferHeight: height } = gl;
        const bytes = new Uint8Array(width * height * 4);
        gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
        return { bytes, calls: window.net.stats().drawCalls };
      };
      // From memory, so that nothing was compiled while weights were on their way.
      const fetched = async (file) => await (await fetch(`/models/clouds/${file}`)).arrayBuffer();
      const topology = new TextDecoder().decode(await fetched('model.json'));
      const paths = JSON.parse(topology).weightsManifest.flatMap((group) => group.paths);
      const files = new Map(await Promise.all(paths.map(async (path) => [path, await fetched(path)])));
      await window.net.load({ topology, weights: (path) => files.get(path) });
      const first = drawn();
      await window.net.ready;
      const last = drawn();
      return {
        early: first.calls,
        fast: last.calls,
        worst: first.bytes.reduce((most, byte, i) => Math.max(most, Math.abs(byte - last.bytes[i])), 0),
        spread: last.bytes.reduce((most, byte) => Math.max(most, Math.abs(byte - last.bytes[0])), 0),
      };
    }, frameMakers()['a canvas'].toString());
    assert.ok(early > 3 * fast, `${early} draws at first, then ${fast}`);
    assert.ok(spread > 10, 'the picture is flat');
    assert.ok(worst <= 1, `the pictures differ by ${worst} of 255`);
  });

  test('asks the driver for fast programs between frames, never while one is under way', async () => {
    const { asked, outOfTurn, frames } = await page.evaluate(async (source) => {
      const frame = await new Function(`return (${source})()`)();
      const { fromMemory, tinyLayers } = window.test;
      // From memory, so that nothing was compiled while weights were on their way.
      await window.net.load(fromMemory(tinyLayers([null, null])), {
        inputShapes: { picture: [1, 64, 64, 1] },
      });
      const gl = document.querySelector('canvas').getContext('webgl2');
      const { fenceSync, getProgramParameter } = gl;
      let asked = 0;
      let outOfTurn = 0;
      let frames = 0;
      let isDrawing = false;
      /** @type {WebGLSync | null} deleted as soon as its frame is known to be done */
      let last = null;
      gl.fenceSync = (...args) => {
        const fence = fenceSync.apply(gl, args);
        if (isDrawing) last = fence;
        return fence;
      };
      gl.getProgramParameter = (...args) => {
        if (!isDrawing) {
          ++asked;
          if (last && gl.isSync(last)) ++outOfTurn;
        }
        return getProgramParameter.apply(gl, args);
      };
      let isReady = false;
      window.net.ready.then(() => (isReady = true));
      while (!isReady) {
        if (!window.net.busy) {
          isDrawing = true;
          window.net.draw(frame);
          isDrawing = false;
          ++frames;
        }
        await new Promise((resolve) => setTimeout(resolve));
      }
      gl.fenceSync = fenceSync;
      gl.getProgramParameter = getProgramParameter;
      return { asked, outOfTurn, frames };
    }, frameMakers()['a canvas'].toString());
    assert.ok(asked > 0, 'nothing was compiled');
    assert.ok(frames > 1, `${frames} frames`);
    assert.equal(outOfTurn, 0, `of ${asked} questions`);
  });

  test('is left alone where it is disposed of, or loads anew, before the fast programs are there', async () => {
    const states = await page.evaluate(async () => {
      await window.net.load('/models/clouds/model.json');
      const abandoned = window.net.ready;
      await window.net.load('/tiny/model.json');
      await Promise.all([abandoned, window.net.ready]);
      const name = window.net.info.name;
      await window.net.load('/models/clouds/model.json');
      const orphaned = window.net.ready;
      window.net.dispose();
      await orphaned;
      return [name, 'settled'];
    });
    assert.deepEqual(states, ['tiny', 'settled']);
  });

  test('draws the output, the input, or both; mirrored; with its augmentations and their parameters', async () => {
    await page.evaluate(async (source) => {
      window.frame = await new Function(`return (${source})()`)();
      await window.net.load('/open/model.json', { inputShapes: { picture: [1, 64, 64, 1] } });
    }, frameMakers()['a canvas'].toString());
    const draw = async (options) => {
      await page.evaluate(async (given) => {
        for (let i = 0; i < 3; i++) {
          window.net.draw(window.frame, given);
          await new Promise(requestAnimationFrame);
        }
      }, options);
      return pictureOn(page, 'canvas');
    };
    const plain = await draw({ view: 'input' });
    const changed = {
      output: { view: 'output' },
      both: { view: 'both' },
      mirrored: { view: 'input', mirror: true },
      classic: { view: 'input', augmentation: 'classic' },
      paper: { view: 'input', augmentation: 'paper' },
      brighter: { view: 'input', augmentation: { type: 'none', brightness: 0.3 } },
      grainy: { view: 'input', augmentation: { type: 'none', grain: 0.3 } },
      flatter: { view: 'input', augmentation: { type: 'none', contrast: 0.3 } },
    };
    assert.equal(meanDifference(plain, await draw({ view: 'input' })), 0, 'the same twice');
    for (const [what, options] of Object.entries(changed))
      assert.ok(meanDifference(plain, await draw(options)) > 0.5, `${what} looks like the plain input`);
    const brighter = await draw(changed.brighter);
    assert.ok(brightness(brighter).mean > brightness(plain).mean + 10, 'brightness 0.3 is not brighter');
    const mirrored = await draw(changed.mirrored);
    assert.ok(
      meanDifference(plain, flipped(mirrored)) < 3,
      'the mirrored picture, mirrored, is not the plain one',
    );
  });

  test('draw() adds the grain that a network was trained with, where its inputs are augmented and nothing else is asked', async () => {
    const { grain, spreads } = await page.evaluate(async () => {
      const { grain } = await window.net.load('/grainy/model.json');
      const gl = window.test.canvas().getContext('webgl2');
      const frame = new OffscreenCanvas(64, 64);
      frame.getContext('2d').fillStyle = '#888';
      frame.getContext('2d').fillRect(0, 0, 64, 64);
      const spreadOf = (augmentation) => {
        window.net.draw(frame, { view: 'input', augmentation, skip: 'never' });
        const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
        const bytes = new Uint8Array(4 * width * height);
        gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
        const reds = bytes.filter((_, i) => i % 4 === 0);
        return Math.max(...reds) - Math.min(...reds);
      };
      const kinds = [
        undefined,
        'none',
        { brightness: 0 },
        'paper',
        { type: 'classic' },
        { type: 'paper', grain: 0 },
      ];
      return { grain, spreads: [...kinds, { grain: 0.25 }].map(spreadOf) };
    });
    assert.equal(grain, 0.25);
    assert.deepEqual(
      spreads.map((spread) => spread > 100),
      [false, false, false, true, true, false, true],
    );
    assert.deepEqual([spreads[0], spreads[1], spreads[2], spreads[5]], [0, 0, 0, 0]);
  });

  test('draw() says what is wrong with its frame and its options, and needs a model to draw', async () => {
    const failures = await page.evaluate(async () => {
      const { failureOf } = window.test;
      const draw = (...given) => failureOf((async () => window.net.draw(...given))());
      const frame = document.createElement('canvas');
      const early = window.net.draw(frame);
      await window.net.load('/tiny/model.json');
      return {
        early,
        nothing: await draw(null),
        text: await draw('frame'),
        augmentation: await draw(frame, { augmentation: 'cubist' }),
        view: await draw(frame, { view: 'sideways' }),
        good: await draw(frame),
      };
    });
    assert.equal(failures.early, false);
    for (const kind of ['nothing', 'text', 'augmentation', 'view'])
      assert.equal(failures[kind]?.code, 'bad-input', `${kind}: ${failures[kind]?.message}`);
    assert.match(failures.augmentation.message, /cubist/);
    assert.equal(failures.good, null);
  });

  test('draw() reads nothing back, predict() does', async () => {
    const calls = await page.evaluate(async () => {
      await window.net.load('/tiny/model.json');
      const frame = document.createElement('canvas');
      frame.getContext('2d').fillRect(0, 0, 10, 10);
      window.net.draw(frame);
      window.glCounter.reset();
      for (let i = 0; i < 5; i++) window.net.draw(frame);
      const drawn = { ...window.glCounter.calls };
      await window.net.predict(new Float32Array(64));
      return { drawn, predicted: { ...window.glCounter.calls } };
    });
    const reads = (counted) => (counted.readPixels ?? 0) + (counted.getBufferSubData ?? 0);
    assert.equal(reads(calls.drawn), 0);
    assert.ok(reads(calls.predicted) > 0);
  });

  test('stats() and timings() give figures', async () => {
    const { stats, timings, heapBytes, drawMs, timingMs } = await page.evaluate(async () => {
      await window.net.load('/tiny/model.json');
      await window.net.ready;
      const frame = document.createElement('canvas');
      frame.getContext('2d').fillRect(0, 0, 10, 10);
      let drawMs = 0; // of the last frame, as a watch says
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        window.net.draw(frame, { skip: 'never' });
        drawMs = performance.now() - start;
        await new Promise(requestAnimationFrame);
      }
      const stats = window.net.stats();
      const start = performance.now();
      const timings = window.net.timings();
      const timingMs = performance.now() - start;
      return { stats, timings, heapBytes: window.net.heapBytes, drawMs, timingMs };
    });
    assert.equal(stats.frames, 5);
    // What the engine says it took is a part of what a watch says; both are told in steps of a tenth.
    assert.ok(stats.cpuMs >= 0 && stats.cpuMs <= drawMs + 0.2, `cpuMs ${stats.cpuMs} of ${drawMs}`);
    assert.equal(stats.gpuMs, null, 'browsers do not tell within a task');
    for (const key of ['drawCalls', 'programs', 'textureBytes', 'weightBytes'])
      assert.ok(stats[key] > 0 && Number.isInteger(stats[key]), `${key} ${stats[key]}`);
    assert.equal(stats.precision, 'fp32');
    assert.match(stats.renderer, /SwiftShader|llvmpipe/);
    assert.ok(heapBytes > 0, `heapBytes ${heapBytes}`);
    const known = timings.map(({ step, name, op, gpuMs, macs }) => ({ step, name, op, gpuMs, macs }));
    // 3×3 taps of one channel to four, and one tap of four channels to two, on 8×8 pixels.
    assert.deepEqual(known, [
      { step: 0, name: 'first', op: 'conv2d', gpuMs: null, macs: 64 * 9 * 4 },
      { step: 1, name: 'second', op: 'conv2d', gpuMs: null, macs: 64 * 4 * 2 },
    ]);
    const sum = timings.reduce((total, { cpuMs }) => total + cpuMs, 0);
    assert.ok(sum > 0 && sum <= timingMs + 0.2, `the steps take ${sum} ms of ${timingMs}`);
  });
});

/** Functions that run in the page and make a frame of each kind: a bright shape on the left, stripes on the right. */
function frameMakers() {
  return {
    'a canvas': () => {
      const canvas = document.createElement('canvas');
      canvas.width = 96;
      canvas.height = 64;
      const context = canvas.getContext('2d');
      context.fillStyle = '#234';
      context.fillRect(0, 0, 96, 64);
      context.fillStyle = '#bca';
      context.fillRect(8, 8, 30, 40);
      return canvas;
    },
    'an OffscreenCanvas': () => {
      const canvas = new OffscreenCanvas(96, 64);
      const context = canvas.getContext('2d');
      context.fillStyle = '#bca';
      context.fillRect(8, 8, 30, 40);
      return canvas;
    },
    'an ImageBitmap': async () => {
      const canvas = new OffscreenCanvas(96, 64);
      const context = canvas.getContext('2d');
      context.fillStyle = '#bca';
      context.fillRect(8, 8, 30, 40);
      return createImageBitmap(canvas);
    },
    'an ImageData': () => {
      const data = new ImageData(96, 64);
      for (let i = 0; i < data.data.length; i++) data.data[i] = i % 4 === 3 ? 255 : (i / 16) % 256;
      return data;
    },
    'an image': async () => {
      const image = new Image();
      const shapes =
        "<rect width='96' height='64' fill='navy'/><circle cx='30' cy='30' r='20' fill='white'/>";
      const svg = `<svg xmlns='http://www.w3.org/2000/svg' width='96' height='64'>${shapes}</svg>`;
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      return image;
    },
    'a VideoFrame': () => {
      const canvas = new OffscreenCanvas(96, 64);
      const context = canvas.getContext('2d');
      context.fillStyle = '#bca';
      context.fillRect(8, 8, 30, 40);
      return new VideoFrame(canvas, { timestamp: 0 });
    },
    'a video': async () => {
      const video = document.createElement('video');
      video.muted = true;
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
      await video.play();
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      return video;
    },
  };
}

/** The picture, left and right exchanged. */
function flipped({ width, height, channels, data }) {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++)
        turned[(y * width + x) * channels + c] = data[(y * width + width - 1 - x) * channels + c];
  return { width, height, channels, data: turned };
}
