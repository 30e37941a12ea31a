// The browser may take the GPU context away at any moment. It is always told so, never another reason; what was wanted last
// is loaded again by itself; and the page says what is true.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { onOneDevice } from './support/fixture.js';
import { putOn, tinyLayers } from './support/tiny_models.js';
import { alertOf, waitForFrames, waitUntilRunning } from './support/visit.js';

onOneDevice('A lost context', (world) => {
  let page;
  before(async () => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`, { counted: true });
    await page.evaluate(() => {
      window.fresh = async () => {
        await window.test.freshFragnet();
        const gl = window.test.canvas().getContext('webgl2');
        const extension = gl.getExtension('WEBGL_lose_context');
        const heard = [];
        window.test.canvas().addEventListener('fragnet-context', ({ detail }) => heard.push(detail));
        const hears = async (state, count = 1) => {
          const end = performance.now() + 20000;
          while (heard.filter((detail) => detail.state === state).length < count) {
            if (performance.now() > end) throw new Error(`"${state}" was not heard ${count} times`);
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
        };
        window.lost = {
          gl,
          heard,
          hears,
          lose: () => extension.loseContext(),
          /** Gives it back, not before its loss is told, and resolves when that is told in turn. */
          async restore() {
            const canvas = window.test.canvas();
            const back = new Promise((resolve) => {
              canvas.addEventListener('webglcontextrestored', resolve, { once: true });
            });
            await new Promise((resolve) => setTimeout(resolve, 20));
            extension.restoreContext();
            await back;
          },
          /** The context is lost inside the `turn`-th call of a method. */
          loseIn(method, turn = 1) {
            const original = gl[method];
            gl[method] = (...args) => {
              if (--turn === 0) extension.loseContext();
              return original.apply(gl, args);
            };
          },
        };
      };
      window.worst = async () => {
        const { testPicture, tinyExpects, worstDifference } = window.test;
        const picture = testPicture(8, 8, 1);
        const [output] = await window.net.predict(picture);
        return worstDifference(output.data, tinyExpects(picture));
      };
    });
  });
  beforeEach(() => page.evaluate(() => window.fresh()));

  for (const [method, turn] of [
    ['createProgram', 1],
    ['compileShader', 1],
    ['compileShader', 2],
    ['linkProgram', 1],
    ['linkProgram', 2],
    ['getProgramParameter', 1],
    ['getUniformLocation', 1],
    ['createTexture', 1],
    ['texStorage2D', 1],
    ['texSubImage2D', 1],
    ['createFramebuffer', 1],
    ['fenceSync', 1],
  ])
    test(`in call ${turn} of ${method} of a first load: "context-lost", and the model comes when it is back`, async () => {
      const { failure, states, error, frames } = await page.evaluate(
        async (name, count) => {
          const { failureOf } = window.test;
          window.lost.loseIn(name, count);
          const failed = await failureOf(window.net.load('/tiny/model.json'));
          if (!failed) {
            await window.net.ready; // the call comes later than the load
            if (!window.lost.gl.isContextLost()) return { failure: 'not called' };
          }
          await window.lost.hears('lost');
          await window.lost.restore();
          await window.lost.hears('restored');
          const worst = await window.worst();
          return {
            failure: failed?.code ?? 'later',
            states: window.lost.heard.map(({ state }) => state),
            error: worst,
            frames: window.net.stats().frames,
          };
        },
        method,
        turn,
      );
      if (failure === 'not called') return;
      assert.match(failure, /^(context-lost|later)$/);
      assert.deepEqual(states, ['lost', 'restored']);
      assert.ok(error < 1e-5, `worst difference ${error}`);
      assert.equal(frames, 0);
    });

  for (const method of ['readPixels', 'drawArrays'])
    test(`in ${method} of predict(): "context-lost", never numbers`, async () => {
      const { failure, again, error } = await page.evaluate(async (name) => {
        const { failureOf, testPicture } = window.test;
        await window.net.load('/tiny/model.json');
        await window.net.ready;
        window.lost.loseIn(name);
        const picture = testPicture(8, 8, 1);
        const failed = await failureOf(window.net.predict(picture));
        await window.lost.hears('lost');
        await window.lost.restore(); // the context, not yet the model
        const between = await failureOf(window.net.predict(picture));
        await window.lost.hears('restored');
        return { failure: failed?.code, again: between?.code, error: await window.worst() };
      }, method);
      assert.equal(failure, 'context-lost');
      assert.equal(again, 'context-lost');
      assert.ok(error < 1e-5, `worst difference ${error}`);
    });

  test('while nothing is loaded, and a load meanwhile: "context-lost", and the model comes by itself', async () => {
    const { failure, drawn, info, error } = await page.evaluate(async () => {
      const { failureOf } = window.test;
      window.lost.lose();
      const first = await failureOf(window.net.load('/tiny/model.json'));
      await window.lost.hears('lost');
      const second = await failureOf(window.net.load('/tiny/model.json'));
      const frame = document.createElement('canvas');
      const drew = window.net.draw(frame);
      await window.lost.restore();
      await window.lost.hears('restored');
      return {
        failure: [first?.code, second?.code],
        drawn: drew,
        info: window.lost.heard.at(-1).info?.name,
        error: await window.worst(),
      };
    });
    assert.deepEqual(failure, ['context-lost', 'context-lost']);
    assert.equal(drawn, false);
    assert.equal(info, 'tiny');
    assert.ok(error < 1e-5, `worst difference ${error}`);
  });

  test('during the load of a model that is not there: what ran before runs again, and the reason is told', async () => {
    const { state, code, error } = await page.evaluate(async () => {
      const { failureOf, fromMemory, tinyGraph } = window.test;
      await window.net.load('/tiny/model.json');
      const missing = { ...fromMemory(tinyGraph()), weights: () => Promise.reject(new Error('gone')) };
      const failed = failureOf(window.net.load({ ...missing, weights: () => new Promise(() => {}) }));
      window.lost.lose();
      await failed;
      void failureOf(window.net.load(missing));
      await window.lost.hears('lost');
      await window.lost.restore();
      await window.lost.hears('restored');
      const detail = window.lost.heard.at(-1);
      return { state: detail.state, code: detail.error?.code, error: await window.worst() };
    });
    assert.equal(state, 'restored');
    assert.equal(code, 'missing-shard');
    assert.ok(error < 1e-5, `worst difference ${error}`);
  });

  test('and a load that its signal gives up before it is back: not loaded', async () => {
    const { codes, info } = await page.evaluate(async () => {
      const { failureOf } = window.test;
      const controller = new AbortController();
      window.lost.lose();
      const failure = await failureOf(window.net.load('/tiny/model.json', { signal: controller.signal }));
      controller.abort();
      await window.lost.hears('lost');
      await window.lost.restore();
      await window.lost.hears('restored');
      return { codes: failure?.code, info: window.net.info };
    });
    assert.equal(codes, 'context-lost');
    assert.equal(info, null);
  });

  test('ten times in quick succession: no failure is told, frames are counted on, and nothing is left behind', async () => {
    const { states, error, frames, counts, heaps, left } = await page.evaluate(async () => {
      await window.net.load('/tiny/model.json');
      const frame = document.createElement('canvas');
      const draw = (count) => {
        for (let i = 0; i < count; ++i) window.net.draw(frame);
      };
      draw(3);
      const heaps = [];
      for (let i = 1; i <= 10; ++i) {
        window.lost.lose();
        await window.lost.hears('lost', i);
        await window.lost.restore();
        // Every second time it is lost again while the model is on its way.
        if (i % 2 === 0) {
          await window.lost.hears('restored', i / 2);
          heaps.push(window.net.heapBytes);
        }
      }
      const worst = await window.worst();
      draw(4);
      const counted = window.net.stats().frames;
      await window.net.load(window.test.fromMemory(window.test.tinyGraph()));
      draw(2);
      const other = window.net.stats().frames;
      const told = window.lost.heard.map(({ state }) => state);
      window.net.dispose();
      const live = window.glCounter.live();
      return { states: told, error: worst, frames: counted, counts: other, heaps, left: live };
    });
    assert.ok(!states.includes('failed'), states.join());
    assert.equal(states.filter((state) => state === 'lost').length, 10);
    assert.ok(error < 1e-5, `worst difference ${error}`);
    assert.equal(frames, 7, 'frames drawn with the same model');
    assert.equal(counts, 2, 'frames drawn with the next model');
    assert.ok(Math.abs(heaps.at(-1) - heaps[0]) <= 65536, `heap bytes: ${heaps.join()}`);
    for (const [kind, count] of Object.entries(left)) assert.equal(count, 0, `${kind}: ${count} left`);
  });

  test('on the page, five times while its first network is loading: it runs in the end, and no error stays', async () => {
    const visit = await world.chromium.newPage(`${world.server.url}/index.html`, {
      counted: true,
      scripts: [
        () => {
          addEventListener('DOMContentLoaded', () => {
            const canvas = document.querySelector('#canvas');
            let left = 5;
            const strike = () => {
              const gl = canvas.getContext('webgl2');
              const extension = gl?.getExtension('WEBGL_lose_context');
              if (!extension) return;
              extension.loseContext();
              --left;
              canvas.addEventListener(
                'webglcontextlost',
                () => setTimeout(() => extension.restoreContext(), 20),
                {
                  once: true,
                },
              );
            };
            const timer = setInterval(() => {
              window.strikesLeft = left;
              if (left === 0) clearInterval(timer);
              else if (window.fragnetPage?.net && !canvas.getContext('webgl2').isContextLost()) strike();
            }, 150);
          });
        },
      ],
    });
    await waitUntilRunning(visit, 'demo');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await waitForFrames(visit, 3);
    assert.equal(await alertOf(visit), '');
    assert.equal(await visit.evaluate(() => window.strikesLeft), 0, 'it was not lost five times');
    await visit.close();
  });
});
