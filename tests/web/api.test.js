// Every promise of the public API but drawing, kept on a network of fifty numbers: what goes in, what comes out, and how it
// says no.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { zipSync } from 'fflate';
import { onEachDevice } from './support/fixture.js';
import { putOn, tinyGraph, tinyLayers } from './support/tiny_models.js';

onEachDevice('The API', (world) => {
  let page;
  before(async () => {
    putOn(world.server.answers, '/tiny', tinyLayers());
    putOn(world.server.answers, '/open', tinyLayers([null, null]));
    putOn(world.server.answers, '/graph', tinyGraph());
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`, { counted: true });
  });
  beforeEach(() => page.evaluate(() => window.test.freshFragnet()));

  test('loads from a URL, and tells what was loaded', async () => {
    const { info, error, output } = await page.evaluate(async () => {
      const { testPicture, tinyExpects, worstDifference } = window.test;
      const told = await window.net.load('/tiny/model.json');
      const picture = testPicture(8, 8, 1);
      const [made] = await window.net.predict(picture);
      return {
        info: told,
        error: worstDifference(made.data, tinyExpects(picture)),
        output: { ...made, data: made.data.constructor.name },
      };
    });
    assert.ok(error < 1e-5, `worst difference ${error}`);
    assert.equal(info.format, 'layers-model');
    assert.equal(info.name, 'tiny');
    const [{ name, shape, dtype }] = info.inputs;
    assert.deepEqual({ name, shape, dtype }, { name: 'picture', shape: [1, 8, 8, 1], dtype: 'float32' });
    assert.deepEqual(
      info.outputs.map(({ shape, dtype }) => ({ shape, dtype })),
      [{ shape: [1, 8, 8, 2], dtype: 'float32' }],
    );
    assert.deepEqual(output, { name: info.outputs[0].name, shape: [1, 8, 8, 2], data: 'Float32Array' });
    assert.equal(info.parameters, 50);
    assert.equal(info.weightBytes, 200);
    assert.ok(info.layers.length >= 2, `${info.layers.length} layers`);
    for (const layer of info.layers) {
      assert.equal(typeof layer.name, 'string');
      assert.equal(typeof layer.op, 'string');
      assert.ok(Array.isArray(layer.shape), `${layer.name} has no shape`);
      assert.ok(Number.isInteger(layer.parameters) && Number.isInteger(layer.macs), `${layer.name}: numbers`);
    }
    const sum = (key) => info.layers.reduce((total, layer) => total + layer[key], 0);
    assert.equal(sum('parameters'), 50, 'the parameters of the layers');
    assert.equal(sum('macs'), 8 * 8 * (9 * 4 + 4 * 2), 'the multiply-adds of the layers');
    assert.ok(info.steps.length > 0 && info.steps.length <= info.layers.length, `${info.steps.length} steps`);
    const done = new Set(
      info.steps.flatMap((step) => step.layers.map((number) => info.layers[number]?.kind)),
    );
    const idle = ['input', 'Flatten', 'Reshape'];
    assert.deepEqual(
      info.layers.map(({ kind }) => kind).filter((kind) => !idle.includes(kind) && !done.has(kind)),
      [],
      'layers that no step does',
    );
  });

  for (const [what, load] of Object.entries({
    'a graph-model from a URL': () => window.net.load('/graph/model.json'),
    'a URL object': () => window.net.load(new URL('/tiny/model.json', location.href)),
    'a list of files': () => window.net.load(window.test.asFiles(window.test.tinyLayers())),
    'a topology and a function that gives its weights': () =>
      window.net.load(window.test.fromMemory(window.test.tinyGraph())),
    'files in folders, with names that only end alike': () =>
      window.net.load(
        window.test.asFiles(window.test.tinyLayers()).map((file) => {
          Object.defineProperty(file, 'webkitRelativePath', { value: `folder/inside/${file.name}` });
          return file;
        }),
      ),
  }))
    test(`loads ${what}`, async () => {
      await page.evaluate(load);
      assert.ok((await page.evaluate(predictTiny)) < 1e-5);
    });

  test('loads a zip', async () => {
    const { json, files } = tinyLayers();
    const text = new TextEncoder().encode(JSON.stringify(json));
    const zip = Buffer.from(zipSync({ 'a/model.json': text, 'a/tiny.bin': files['tiny.bin'] })).toString(
      'base64',
    );
    await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      await window.net.load([new File([bytes], 'tiny.zip')]);
    }, zip);
    assert.ok((await page.evaluate(predictTiny)) < 1e-5);
  });

  test('takes the sizes that a model leaves open from inputShapes', async () => {
    for (const [height, width] of [
      [8, 8],
      [13, 7],
      [1, 30],
    ]) {
      const found = await page.evaluate(
        async (h, w) => {
          const { testPicture, tinyExpects, worstDifference } = window.test;
          const info = await window.net.load('/open/model.json', {
            inputShapes: { picture: [1, h, w, 1] },
          });
          const picture = testPicture(h, w, 1);
          const [output] = await window.net.predict({ picture });
          const error = worstDifference(output.data, tinyExpects(picture, h, w));
          return { error, shapes: [info.inputs[0].shape, output.shape] };
        },
        height,
        width,
      );
      assert.deepEqual(found.shapes, [
        [1, height, width, 1],
        [1, height, width, 2],
      ]);
      assert.ok(found.error < 1e-5, `${height}×${width}: worst difference ${found.error}`);
    }
  });

  test('tells how far a load is, phase by phase', async () => {
    const reports = await page.evaluate(async () => {
      const heard = [];
      await window.net.load('/tiny/model.json', {
        onProgress: (report) => heard.push({ ...report, share: report.loaded / report.total }),
      });
      return heard;
    });
    const phases = [...new Set(reports.map(({ phase }) => phase))];
    assert.deepEqual(phases.slice(0, 3), ['download', 'decode', 'compile']);
    assert.ok(phases.length === 3 || phases[3] === 'tune', phases.join());
    for (const { phase, loaded, total, share } of reports)
      assert.ok(share >= 0 && share <= 1, `${phase}: ${loaded} of ${total}`);
    const last = (phase) => reports.filter((report) => report.phase === phase).at(-1);
    assert.deepEqual(last('download'), { phase: 'download', loaded: 200, total: 200, share: 1 });
    assert.equal(last('compile').loaded, last('compile').total);
  });

  test('tries blocks from the second visit on, once the picture runs, and remembers what it found', async () => {
    const [first, second] = await page.evaluate(async () => {
      localStorage.clear();
      const remembered = () => Object.values(localStorage).map((value) => JSON.parse(value));
      const visits = [];
      for (let i = 0; i < 2; ++i) {
        await window.test.freshFragnet({});
        const phases = new Set();
        await window.net.load('/tiny/model.json', { onProgress: ({ phase }) => phases.add(phase) });
        const loaded = remembered();
        await window.net.ready;
        visits.push({ phases: [...phases], loaded, settled: remembered() });
      }
      return visits;
    });
    assert.deepEqual(first.settled, [{}]);
    assert.deepEqual(second.loaded, [{}]);
    assert.ok(!second.phases.includes('tune'), second.phases.join());
    assert.notDeepEqual(Object.keys(second.settled[0]), []);
  });

  test('compiles while the weights are on their way, and nothing twice', async () => {
    const { early, late, error } = await page.evaluate(async () => {
      const { fromMemory, testPicture, tinyExpects, tinyGraph, worstDifference } = window.test;
      await window.test.freshFragnet({ tune: 'off' });
      const compiled = () => window.glCounter.calls.linkProgram ?? 0;
      const model = fromMemory(tinyGraph());
      window.glCounter.reset();
      let early = 0;
      await window.net.load({
        topology: model.topology,
        async weights(path) {
          // As long as there is more to come.
          for (let calm = 0; calm < 50; calm = compiled() === early ? calm + 1 : 0) {
            early = compiled();
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          return model.weights(path);
        },
      });
      const late = compiled();
      const picture = testPicture(8, 8, 1);
      const [made] = await window.net.predict(picture);
      return { early, late, error: worstDifference(made.data, tinyExpects(picture)) };
    });
    assert.ok(early >= 2, `${early} programs were compiled before the weights came`);
    assert.equal(late, early, 'programs were compiled again');
    assert.ok(error < 1e-5, `worst difference ${error}`);
  });

  test('gives up a load when its signal says so, and keeps the earlier network', async () => {
    putOn(world.server.answers, '/slow', tinyLayers());
    world.server.answers.set('/slow/tiny.bin', { body: tinyLayers().files['tiny.bin'], stall: true });
    const failures = await page.evaluate(async () => {
      const { failureOf } = window.test;
      await window.net.load('/tiny/model.json');
      const before = AbortSignal.abort();
      const early = await failureOf(window.net.load('/slow/model.json', { signal: before }));
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      const late = await failureOf(window.net.load('/slow/model.json', { signal: controller.signal }));
      return [early, late];
    });
    for (const failure of failures) {
      assert.ok(failure?.isFragnetError, 'the load was not given up');
      assert.equal(failure.code, 'aborted');
    }
    assert.ok((await page.evaluate(predictTiny)) < 1e-5, 'the earlier network no longer runs');
  });

  test('gives up a load when another model is asked for', async () => {
    putOn(world.server.answers, '/slow', tinyLayers());
    world.server.answers.set('/slow/tiny.bin', { body: tinyLayers().files['tiny.bin'], stall: true });
    const failure = await page.evaluate(async () => {
      const first = window.test.failureOf(window.net.load('/slow/model.json'));
      await window.net.load('/graph/model.json');
      return first;
    });
    assert.equal(failure?.code, 'aborted');
    assert.ok((await page.evaluate(predictTiny)) < 1e-5);
  });

  test('predict() says what is wrong with its inputs', async () => {
    const failures = await page.evaluate(async () => {
      const { failureOf } = window.test;
      const failed = { early: await failureOf(window.net.predict(new Float32Array(64))) };
      await window.net.load('/tiny/model.json');
      failed.short = await failureOf(window.net.predict(new Float32Array(63)));
      failed.name = await failureOf(window.net.predict({ painting: new Float32Array(64) }));
      failed.nothing = await failureOf(window.net.predict({}));
      failed.kind = await failureOf(window.net.predict('picture'));
      failed.type = await failureOf(window.net.predict({ picture: [1, 2, 3] }));
      return failed;
    });
    assert.ok(Object.values(failures).every((failure) => failure?.isFragnetError));
    assert.equal(failures.early.code, 'no-model');
    for (const kind of ['short', 'name', 'nothing', 'kind', 'type'])
      assert.equal(failures[kind].code, 'bad-input', `${kind}: ${failures[kind].message}`);
    assert.match(failures.short.message, /64.*63/s);
    assert.match(failures.name.message, /painting/);
    assert.match(failures.nothing.message, /picture/);
  });

  test('load() says what is wrong with its arguments', async () => {
    const failures = await page.evaluate(async () => {
      const { failureOf, fromMemory, tinyLayers } = window.test;
      return {
        nothing: await failureOf(window.net.load()),
        number: await failureOf(window.net.load(7)),
        files: await failureOf(window.net.load([])),
        shape: await failureOf(
          window.net.load('/tiny/model.json', { inputShapes: { picture: [1, 9, 9, 1] } }),
        ),
        name: await failureOf(
          window.net.load(fromMemory(tinyLayers()), { inputShapes: { painting: [1, 8, 8, 1] } }),
        ),
        option: await failureOf(window.net.load('/tiny/model.json', { inputShape: {} })),
      };
    });
    assert.ok(
      Object.values(failures).every((failure) => failure?.isFragnetError),
      JSON.stringify(failures),
    );
    for (const kind of ['nothing', 'number', 'shape', 'name', 'option'])
      assert.equal(failures[kind].code, 'bad-input', `${kind}: ${failures[kind].message}`);
    assert.equal(failures.files.code, 'missing-model');
    assert.match(failures.name.message, /painting/);
  });

  test('create() says what is wrong with its options', async () => {
    const failures = await page.evaluate(async () => {
      const { Fragnet, failureOf } = window.test;
      const canvas = () => document.createElement('canvas');
      const taken = canvas();
      taken.getContext('2d');
      return {
        precision: await failureOf(Fragnet.create(canvas(), { precision: 'fp64' })),
        tune: await failureOf(Fragnet.create(canvas(), { tune: 'loudly' })),
        taken: await failureOf(Fragnet.create(taken)),
        option: await failureOf(Fragnet.create(canvas(), { precison: 'fp16' })),
      };
    });
    assert.equal(failures.precision?.code, 'bad-input');
    assert.match(failures.precision.message, /fp64/);
    assert.equal(failures.tune?.code, 'bad-input');
    assert.equal(failures.taken?.code, 'no-webgl2');
    assert.equal(failures.option?.code, 'bad-input');
  });

  test('draw() notices what changes in an options object, even inside, and a new key at first sight', async () => {
    const { pictures, failures } = await page.evaluate(async () => {
      await window.net.load('/tiny/model.json');
      const gl = window.test.canvas().getContext('webgl2');
      const frame = document.createElement('canvas');
      frame.getContext('2d').fillStyle = '#888';
      frame.getContext('2d').fillRect(150, 0, 150, 150); // the left half is black
      const options = { view: 'input', augmentation: { brightness: 0 } };
      const picture = () => {
        window.net.draw(frame, options);
        const bytes = new Uint8Array(4 * 256 * 256);
        gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
        gl.readPixels(0, 0, 256, 256, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
        return bytes.reduce((sum, byte, i) => sum + byte * (i % 1021), 0);
      };
      const sums = [picture(), picture()];
      options.augmentation.brightness = 0.4;
      sums.push(picture());
      options.mirror = true;
      sums.push(picture());
      const refusals = [];
      const draw = async (given) => window.net.draw(frame, given);
      options.augmentation.brightnes = 1;
      refusals.push(await window.test.failureOf(draw(options)));
      delete options.augmentation.brightnes;
      refusals.push(await window.test.failureOf(draw(options)));
      refusals.push(await window.test.failureOf(draw(null)));
      return { pictures: sums, failures: refusals.map((failure) => failure?.code ?? null) };
    });
    assert.equal(pictures[0], pictures[1]);
    assert.equal(new Set(pictures).size, 3, pictures.join());
    assert.deepEqual(failures, ['bad-input', null, 'bad-input']);
  });

  for (const precision of ['auto', 'fp32', 'fp16'])
    test(`runs with precision '${precision}' and says which it is`, async () => {
      const { used, error } = await page.evaluate(async (wanted) => {
        const { Fragnet, testPicture, tinyExpects, worstDifference } = window.test;
        const net = await Fragnet.create(document.createElement('canvas'), {
          precision: wanted,
          tune: 'off',
        });
        await net.load('/tiny/model.json');
        const picture = testPicture(8, 8, 1);
        const [output] = await net.predict(picture);
        const used = net.stats().precision;
        net.dispose();
        return { used, error: worstDifference(output.data, tinyExpects(picture)) };
      }, precision);
      assert.match(used, precision === 'auto' ? /^fp(32|16)$/ : new RegExp(`^${precision}$`));
      assert.ok(error < (used === 'fp32' ? 1e-5 : 1e-2), `worst difference ${error}`);
    });

  test('probe() says what the device can do', async () => {
    const probe = await page.evaluate(() => window.test.Fragnet.probe());
    assert.equal(probe.webgl2, true);
    assert.match(probe.renderer, /SwiftShader|llvmpipe/);
    assert.equal(probe.floatTargets, true);
    assert.equal(probe.halfTargets, true);
    assert.equal(probe.tier, 'fp32');
    assert.equal(typeof probe.reason, 'string');
  });

  test('a lost context comes back by itself, with its network', async () => {
    const { lost, states, error } = await page.evaluate(async () => {
      const { canvas, failureOf, testPicture, tinyExpects, worstDifference } = window.test;
      const heard = [];
      canvas().addEventListener('fragnet-context', ({ detail }) => heard.push(detail.state));
      const wait = async (state) => {
        while (!heard.includes(state)) await new Promise((resolve) => setTimeout(resolve, 20));
      };
      await window.net.load('/tiny/model.json');
      const extension = canvas().getContext('webgl2').getExtension('WEBGL_lose_context');
      extension.loseContext();
      await wait('lost');
      const failed = await failureOf(window.net.predict(new Float32Array(64)));
      const frame = document.createElement('canvas');
      const drawn = await failureOf((async () => window.net.draw(frame))());
      extension.restoreContext();
      await wait('restored');
      const picture = testPicture(8, 8, 1);
      const [output] = await window.net.predict(picture);
      const worst = worstDifference(output.data, tinyExpects(picture));
      return { lost: { failed, drawn }, states: heard, error: worst };
    });
    assert.equal(lost.failed?.code, 'context-lost');
    assert.equal(lost.drawn, null, 'draw() threw while the context was lost');
    assert.deepEqual(states, ['lost', 'restored']);
    assert.ok(error < 1e-5, `worst difference ${error}`);
  });

  test('after dispose(), which may be called twice, everything says so', async () => {
    const { failures, live } = await page.evaluate(async () => {
      const { failureOf } = window.test;
      await window.net.load('/tiny/model.json');
      window.net.dispose();
      window.net.dispose();
      const use = (work) => failureOf((async () => work())());
      const failed = [
        await use(() => window.net.load('/tiny/model.json')),
        await use(() => window.net.predict(new Float32Array(64))),
        await use(() => window.net.draw(document.createElement('canvas'))),
        await use(() => window.net.stats()),
      ];
      return { failures: failed, live: window.glCounter.live() };
    });
    for (const failure of failures) assert.equal(failure?.code, 'disposed', failure?.message);
    for (const [kind, count] of Object.entries(live)) assert.equal(count, 0, `${kind}: ${count} left`);
  });
});

/** Runs in the page, on the tiny network that is loaded: the worst difference from the plain loops. */
async function predictTiny() {
  const { testPicture, tinyExpects, worstDifference } = window.test;
  const picture = testPicture(8, 8, 1);
  const [output] = await window.net.predict(picture);
  return worstDifference(output.data, tinyExpects(picture));
}
