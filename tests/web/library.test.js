// What programs that use the library rely on beside the picture: where its WebAssembly comes from, its events, how it asks a
// host for a model, that it leaves out frames, and that two of it know nothing of each other.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { onOneDevice } from './support/fixture.js';
import { putOn, tinyLayers } from './support/tiny_models.js';

onOneDevice('The library', (world) => {
  let page;
  before(() => putOn(world.server.answers, '/tiny', tinyLayers()));
  beforeEach(async () => {
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    await page.waitForFunction(() => window.test);
  });
  afterEach(() => page.close());

  test('asks for its WebAssembly once, however many instances a page has', async () => {
    const asked = () => world.server.requests.filter((path) => path === '/fragnet.wasm').length;
    const before = asked();
    await page.evaluate(async () => {
      const { Fragnet } = window.test;
      await Promise.all([1, 2, 3].map(() => Fragnet.create(document.createElement('canvas'))));
      await Fragnet.probe();
    });
    assert.equal(asked() - before, 1);
  });

  for (const [what, make] of Object.entries({
    'an address': () => '/elsewhere/engine.bin',
    'a URL': () => new URL('/elsewhere/engine.bin', document.baseURI),
    'a Response': () => fetch('/elsewhere/engine.bin'),
    'a WebAssembly.Module': async () =>
      WebAssembly.compile(await (await fetch('/elsewhere/engine.bin')).arrayBuffer()),
  }))
    test(`takes its WebAssembly from ${what}`, async () => {
      const { readFile } = await import('node:fs/promises');
      const body = await readFile(world.server.fileFor('/fragnet.wasm'));
      world.server.answers.set('/elsewhere/engine.bin', { body });
      const asked = world.server.requests.length;
      const name = await page.evaluate(async (source) => {
        const wasm = await new Function(`return (${source})()`)();
        const net = await window.test.Fragnet.create(document.createElement('canvas'), { wasm });
        return (await net.load('/tiny/model.json')).name;
      }, make.toString());
      assert.equal(name, 'tiny');
      assert.ok(
        !world.server.requests.slice(asked).includes('/fragnet.wasm'),
        'it asked for its own as well',
      );
    });

  test('says what its host answered where there is no WebAssembly, and asks again the next time', async () => {
    const { code, message, later } = await page.evaluate(async () => {
      const { Fragnet } = window.test;
      const create = () => Fragnet.create(document.createElement('canvas'), { wasm: '/later.wasm' });
      const failure = await create().catch((error) => error);
      const real = await fetch('/fragnet.wasm');
      const bytes = await real.arrayBuffer();
      window.fetch = async () => new Response(bytes, { headers: { 'Content-Type': 'application/wasm' } });
      return { code: failure.code, message: failure.message, later: (await create()) instanceof Fragnet };
    });
    assert.equal(code, 'no-wasm');
    assert.match(message, /404/);
    assert.equal(later, true);
  });

  test('is an EventTarget: what the canvas hears as fragnet-context, it hears as context', async () => {
    const heard = await page.evaluate(async () => {
      await window.test.freshFragnet();
      await window.net.load('/tiny/model.json');
      const heard = [];
      window.net.addEventListener('context', ({ detail }) => heard.push(`net: ${detail.state}`));
      const canvas = window.test.canvas();
      canvas.addEventListener('fragnet-context', ({ detail }) => heard.push(`canvas: ${detail.state}`));
      const loser = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
      loser.loseContext();
      await new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve, { once: true }));
      const restored = new Promise((resolve) =>
        canvas.addEventListener('fragnet-context', resolve, { once: true }),
      );
      setTimeout(() => loser.restoreContext());
      await restored;
      return heard;
    });
    assert.deepEqual(heard, ['net: lost', 'canvas: lost', 'net: restored', 'canvas: restored']);
  });

  test('is given back at the end of a block that says using', async () => {
    const code = await page.evaluate(async () => {
      const net = await window.test.Fragnet.create(document.createElement('canvas'));
      net[Symbol.dispose ?? Symbol.for('Symbol.dispose')]();
      return window.test.failureOf(net.load('/tiny/model.json')).then((failure) => failure.code);
    });
    assert.equal(code, 'disposed');
  });

  test('two instances know nothing of each other: one is disposed of, the other draws on as before', async () => {
    const found = await page.evaluate(async () => {
      const { Fragnet, worstDifference, testPicture, tinyExpects } = window.test;
      const picture = testPicture(8, 8, 1);
      const frame = document.createElement('canvas');
      frame.getContext('2d').fillRect(0, 0, 100, 100);
      const nets = await Promise.all(
        [1, 2].map(async () => {
          const net = await Fragnet.create(document.createElement('canvas'), { precision: 'fp32' });
          await net.load('/tiny/model.json');
          await net.ready;
          return net;
        }),
      );
      const [first, second] = nets;
      const drawn = nets.map((net) => net.draw(frame));
      const heap = second.heapBytes;
      first.dispose();
      const [{ data }] = await second.predict(picture);
      return {
        drawn: [...drawn, second.draw(frame, { skip: 'never' })],
        error: worstDifference(data, tinyExpects(picture)),
        grown: second.heapBytes - heap,
        frames: second.stats().frames,
      };
    });
    assert.deepEqual(found.drawn, [true, true, true]);
    assert.ok(found.error < 1e-5, `it is off by ${found.error}`);
    assert.ok(found.grown < 65536, `its heap has ${found.grown} bytes more`);
    assert.equal(found.frames, 2);
  });
});

onOneDevice('draw() where the device is behind', (world) => {
  let page;
  before(async () => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    await page.waitForFunction(() => window.test);
    // A device that does not get done with anything before it is told to.
    await page.evaluate(async () => {
      await window.test.freshFragnet();
      await window.net.load('/tiny/model.json');
      await window.net.ready;
      const gl = window.test.canvas().getContext('webgl2');
      window.isStuck = true;
      const wait = gl.clientWaitSync;
      gl.clientWaitSync = (...given) => (window.isStuck ? gl.TIMEOUT_EXPIRED : wait.apply(gl, given));
      window.frame = document.createElement('canvas');
      window.frame.getContext('2d').fillRect(0, 0, 100, 100);
      window.drawn = async (count, options) => {
        const answers = [];
        for (let i = 0; i < count; ++i) {
          answers.push(window.net.draw(window.frame, options));
          await new Promise((resolve) => setTimeout(resolve));
        }
        return answers;
      };
    });
  });
  after(() => page?.close());

  test('leaves frames out, and goes on as soon as the device is done', async () => {
    const { answers, busy, frames, later } = await page.evaluate(async () => {
      const before = window.net.stats().frames;
      const answers = await window.drawn(5);
      const busy = window.net.busy;
      const frames = window.net.stats().frames - before;
      window.isStuck = false;
      // It may take its time to say so.
      let later = false;
      for (let i = 0; i < 1000 && !later; ++i) [later] = await window.drawn(1);
      window.isStuck = true;
      return { answers, busy, frames, later };
    });
    assert.deepEqual(answers, [true, true, false, false, false]);
    assert.equal(busy, true);
    assert.equal(frames, 2);
    assert.equal(later, true);
  });

  test("draws each with skip: 'never', and all that one task asks for after the first", async () => {
    const { never, inOneTask } = await page.evaluate(async () => {
      const never = await window.drawn(4, { skip: 'never' });
      window.isStuck = false;
      let first = false;
      for (let i = 0; i < 1000 && !first; ++i) {
        await new Promise((resolve) => setTimeout(resolve));
        first = window.net.draw(window.frame);
      }
      window.isStuck = true;
      const inOneTask = [first, ...[1, 2, 3, 4].map(() => window.net.draw(window.frame))];
      return { never, inOneTask };
    });
    assert.deepEqual(never, [true, true, true, true]);
    assert.deepEqual(inOneTask, [true, true, true, true, true]);
  });
});

onOneDevice('load() with options of fetch()', (world) => {
  test('asks for all files of a model with them, and refuses what is no such option', async () => {
    const { json, files } = tinyLayers();
    const asked = {};
    const answer = (path, body) =>
      world.server.answers.set(path, ({ headers }) => {
        asked[path] = headers.authorization;
        return { body };
      });
    answer('/own/model.json', JSON.stringify(json));
    for (const [name, bytes] of Object.entries(files)) answer(`/own/${name}`, bytes);
    const page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    await page.waitForFunction(() => window.test);
    const { name, refused } = await page.evaluate(async () => {
      await window.test.freshFragnet();
      const { net, test } = window;
      const { name } = await net.load('/own/model.json', {
        fetch: { headers: { Authorization: 'Bearer of news' } },
      });
      const refused = [];
      for (const fetch of [{ method: 'POST' }, { signal: AbortSignal.timeout(1) }, 'include'])
        refused.push((await test.failureOf(net.load('/own/model.json', { fetch })))?.code);
      return { name, refused };
    });
    assert.equal(name, 'tiny');
    assert.ok(Object.keys(asked).length >= 2, Object.keys(asked).join());
    for (const [path, sent] of Object.entries(asked)) assert.equal(sent, 'Bearer of news', path);
    assert.deepEqual(refused, ['bad-input', 'bad-input', 'bad-input']);
    await page.close();
  });
});
