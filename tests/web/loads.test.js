// Loads that are given up, overtaken or never answered: each settles at once, the next one works, and nothing is left behind.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { onOneDevice } from './support/fixture.js';
import { putOn, tinyLayers } from './support/tiny_models.js';

onOneDevice('A load', (world) => {
  let page;
  before(async () => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`, { counted: true });
    // Models that never answer at one place or another.
    await page.evaluate(() => {
      const { asFiles, tinyGraph, fromMemory } = window.test;
      const never = () => new Promise(() => {});
      const silentFile = (file) => Object.assign(file, { arrayBuffer: never });
      window.silent = {
        'weights()': () => ({ ...fromMemory(tinyGraph()), weights: never }),
        'a weight file': () => asFiles(tinyGraph()).map((file, i) => (i ? silentFile(file) : file)),
        'model.json': () => asFiles(tinyGraph()).map(silentFile),
        'a zip': () => [silentFile(new File(['PK'], 'net.zip'))],
        'a thenable': () => ({ ...fromMemory(tinyGraph()), weights: () => ({ then() {} }) }),
      };
      /** What `promise` comes to, unless that takes longer than anything here may on a slow machine. */
      window.within = async (promise) => {
        const late = new Promise((resolve) => setTimeout(() => resolve({ code: 'never settled' }), 20000));
        return Promise.race([window.test.failureOf(promise), late]);
      };
      window.beat = () => new Promise((resolve) => setTimeout(resolve, 60));
      window.worst = async () => {
        const { testPicture, tinyExpects, worstDifference } = window.test;
        const picture = testPicture(8, 8, 1);
        const [output] = await window.net.predict(picture);
        return worstDifference(output.data, tinyExpects(picture));
      };
    });
  });
  beforeEach(() => page.evaluate(() => window.test.freshFragnet()));

  for (const place of ['weights()', 'a weight file', 'model.json', 'a zip', 'a thenable'])
    test(`of which ${place} never answers ends at once when it is given up, and later loads work`, async () => {
      const found = await page.evaluate(async (where) => {
        const { failureOf } = window.test;
        const controller = new AbortController();
        const first = failureOf(window.net.load(window.silent[where](), { signal: controller.signal }));
        await window.beat();
        controller.abort();
        const aborted = await window.within(first.then((failure) => Promise.reject(failure)));
        const overtaken = failureOf(window.net.load(window.silent[where]()));
        await window.beat();
        const later = await window.within(window.net.load('/tiny/model.json'));
        const error = later ? NaN : await window.worst();
        const last = failureOf(window.net.load(window.silent[where]()));
        await window.beat();
        window.net.dispose();
        const disposed = await window.within(last.then((failure) => Promise.reject(failure)));
        return { aborted, overtaken: later ? null : await overtaken, later, error, disposed };
      }, place);
      assert.equal(found.aborted?.code, 'aborted');
      assert.equal(found.later, null, `the later load: ${found.later?.code}`);
      assert.equal(found.overtaken?.code, 'aborted');
      assert.ok(found.error < 1e-5, `worst difference ${found.error}`);
      assert.equal(found.disposed?.code, 'aborted');
    });

  test('of which one file is missing ends though another never answers', async () => {
    const failure = await page.evaluate(async () => {
      const { json, files } = window.test.tinyGraph();
      const [bytes] = Object.values(files);
      json.weightsManifest[0].paths = ['slow.bin', 'missing.bin'];
      return window.within(
        window.net.load({
          topology: json,
          weights: (path) =>
            path === 'slow.bin' ? new Promise(() => {}) : Promise.reject(new Error(`no ${bytes.length}`)),
        }),
      );
    });
    assert.equal(failure?.code, 'missing-shard', failure?.message);
    assert.match(failure.message, /missing\.bin/);
  });

  test('is not behind frames: while one is under way no other is begun', async () => {
    const { during, after, error } = await page.evaluate(async () => {
      const gl = window.test.canvas().getContext('webgl2');
      const frame = document.createElement('canvas');
      await window.net.load('/tiny/model.json');
      await window.net.ready;
      const earlier = window.net.draw(frame); // the GPU is never done with this one, nor with any that comes before the load
      const { clientWaitSync, fenceSync } = gl;
      const frames = new Set();
      let isLoading = false;
      gl.fenceSync = (...given) => {
        const fence = fenceSync.apply(gl, given);
        if (!isLoading) frames.add(fence);
        return fence;
      };
      gl.clientWaitSync = (fence, ...given) =>
        frames.has(fence) ? gl.TIMEOUT_EXPIRED : clientWaitSync.call(gl, fence, ...given);
      const drawn = [];
      const loading = window.net.load(window.test.fromMemory(window.test.tinyGraph()), {
        onProgress() {
          isLoading = true;
          drawn.push(window.net.draw(frame));
        },
      });
      drawn.push(window.net.draw(frame));
      await loading;
      frames.clear();
      return {
        during: [earlier, ...new Set(drawn)],
        after: window.net.draw(frame),
        error: await window.worst(),
      };
    });
    assert.deepEqual(during, [true, false]);
    assert.equal(after, true);
    assert.ok(error < 1e-5, `worst difference ${error}`);
  });

  test('measures for each precision what is fastest, and forgets what was measured with other shaders', async () => {
    const { phases, keys } = await page.evaluate(async () => {
      localStorage.clear();
      localStorage.setItem('fragnet-tuning-2 an earlier build', '{}');
      localStorage.setItem('somebody else', '{}');
      const heard = [];
      for (const precision of ['fp32', 'fp16', 'rgba8', 'fp32']) {
        await window.test.freshFragnet({ precision, tune: 'full' });
        const steps = [];
        await window.net.load('/tiny/model.json', {
          onProgress: ({ phase, total }) => phase === 'tune' && total < Infinity && steps.push(total),
        });
        heard.push(Math.max(0, ...steps));
      }
      return { phases: heard, keys: Object.keys(localStorage) };
    });
    for (const precision of [0, 1, 2]) assert.ok(phases[precision] > 0, `blocks to try: ${phases.join()}`);
    assert.equal(phases[3], 0, `what was measured is measured again: ${phases.join()}`);
    const kept = keys.filter((key) => key.startsWith('fragnet-tuning'));
    assert.deepEqual(
      kept.map((key) => /fp32|fp16|rgba8/.exec(key)?.[0]).sort(),
      ['fp16', 'fp32', 'rgba8'],
      kept.join(' | '),
    );
    assert.ok(keys.includes('somebody else'));
  });

  test('can be given up at every stage: the earlier network runs on, no object and no memory is left behind', async () => {
    const { stages, left, grown, error } = await page.evaluate(async () => {
      const { failureOf, fromMemory, testPicture, tinyLayers } = window.test;
      await window.net.load('/tiny/model.json');
      await window.net.predict(testPicture(8, 8, 1));
      const objects = () => ({ ...window.glCounter.live(), Sync: 0 });
      const stages = [];
      /** Gives a load up when it has told of its progress `steps` times; returns the phase that it was in. */
      const giveUp = async (steps) => {
        const controller = new AbortController();
        let heard = 0;
        let phase = 'over';
        const failure = await failureOf(
          window.net.load(fromMemory(tinyLayers()), {
            signal: controller.signal,
            onProgress(progress) {
              if (++heard !== steps) return;
              phase = progress.phase;
              controller.abort();
            },
          }),
        );
        return failure ? `${phase}: ${failure.code}` : 'over';
      };
      await giveUp(3);
      const [liveBefore, heapBefore] = [objects(), window.net.heapBytes];
      for (let steps = 1; ; ++steps) {
        const stage = await giveUp(steps);
        if (stage === 'over') break;
        stages.push(stage);
        const live = objects();
        for (const kind of Object.keys(live)) live[kind] -= liveBefore[kind];
        stages.left = live;
        if (Object.values(live).some((count) => count !== 0)) break;
        stages.grown = window.net.heapBytes - heapBefore;
      }
      return { stages: [...stages], left: stages.left, grown: stages.grown, error: await window.worst() };
    });
    assert.deepEqual(
      [...new Set(stages)],
      ['download: aborted', 'decode: aborted', 'compile: aborted'],
      stages.join(),
    );
    for (const [kind, count] of Object.entries(left)) assert.equal(count, 0, `${kind}: ${count} left`);
    assert.ok(Math.abs(grown) <= 4096, `the heap grew by ${grown} bytes`);
    assert.ok(error < 1e-5, `worst difference ${error}`);
  });
});
