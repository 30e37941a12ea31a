// The benchmark's own arithmetic, options and report, on made-up measurements: nothing is timed here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  higherPeaks,
  layersOf,
  median,
  multiplyAdds,
  perFrame,
  pictureDifference,
  summarise,
} from './arithmetic.js';
import { secondsOf, words } from './estimate.js';
import { readOptions } from './options.js';
import { contendersOf, peers, sizes } from './peers.js';
import { markdownOf, tablesOf } from './report.js';
import { sentFiles } from './sent.js';
import { verdicts } from './targets.js';

const visitOf = (ways, more = {}) => ({
  startMs: 100,
  loadMs: 200,
  firstFrameMs: 300,
  phases: { download: 50, compile: 150, 'first frame': 100 },
  longestTaskMs: 0,
  ways,
  facts: {},
  picture: null,
  layers: [],
  ...more,
});

test('The median is the middle, or lies between the two in the middle', () => {
  assert.equal(median([5, 1, 100]), 5);
  assert.equal(median([4, 1, 100, 2]), 3);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

test('The generators have the multiply-adds that their papers give', () => {
  const giga = Object.fromEntries(
    Object.entries(sizes).map(([size, filters]) => [size, multiplyAdds(filters) / 1e9]),
  );
  assert.equal(giga.small.toFixed(3), '0.049');
  assert.equal(giga.medium.toFixed(3), '0.174');
  assert.equal(giga.large.toFixed(1), '6.0');
  // One convolution 2×2 → 1×1 of three filters, and its way back: 16 taps each, 1 → 3 and 3 → 3 channels.
  assert.equal(multiplyAdds([3], 2), 16 * 3 + 16 * 9);
});

test('A contender counts with its best way, by the median over the rounds of medians over frames', () => {
  const figures = summarise([
    visitOf({ slow: [30, 30, 90], fast: [20, 22, 21] }, { firstFrameMs: 900, longestTaskMs: 80 }),
    visitOf({ slow: [10, 11, 12], fast: [25, 24, 99] }, { firstFrameMs: 500 }),
    visitOf({ slow: [40, 40, 40], fast: [23, 23, 23] }, { firstFrameMs: 600, longestTaskMs: 60 }),
  ]);
  assert.equal(figures.way, 'fast');
  assert.equal(figures.frameMs, 23);
  assert.deepEqual(figures.ways, { slow: 30, fast: 23 });
  assert.deepEqual(figures.spread, [21, 25]);
  assert.equal(figures.firstFrameMs, 600);
  assert.equal(figures.longestTaskMs, 60);
  assert.equal(figures.phases.compile, 150);
  assert.equal(summarise([visitOf({ only: [1] }, { longestTaskMs: null })]).longestTaskMs, null);
});

test('Calls are counted by frame, bytes as they stand', () => {
  const gl = { textures: 1000, renderbuffers: 20, buffers: 3, peak: 5000 };
  const calls = { drawArrays: 10, drawElements: 4, drawBuffers: 6, bindTexture: 30, clientWaitSync: 999 };
  const counted = perFrame({ frames: 2, calls, gl, wasmBytes: 7, scriptBytes: null });
  assert.deepEqual(counted, { drawCalls: 7, glCalls: 25, gpuBytes: 1023, wasmBytes: 7, scriptBytes: null });
});

test('A step takes the median of its times; rounds with other steps are left out', () => {
  const steps = (...times) => times.map((ms, i) => ({ name: `step ${i}`, ms, macs: 1 }));
  const layers = layersOf([
    visitOf({}, { layers: [steps(1, 10), steps(3, 30)] }),
    visitOf({}, { layers: [steps(5)] }),
    visitOf({}, { layers: [steps(2, 20)] }),
  ]);
  assert.deepEqual(layers, steps(2, 20));
  assert.deepEqual(layersOf([visitOf({})]), []);
});

test('Of two measurements of the peaks the higher counts, probe by probe', () => {
  const one = { gmacs: 4, gfetches: 2, probes: { a: 4, b: 1 } };
  const other = { gmacs: 3, gfetches: 5, probes: { a: 2, b: 3 } };
  assert.deepEqual(higherPeaks(one, other), { gmacs: 4, gfetches: 5, probes: { a: 4, b: 3 } });
  assert.equal(higherPeaks(null, one), one);
  assert.equal(higherPeaks(null, null), null);
});

test('Pictures differ by their bytes', () => {
  assert.equal(pictureDifference([0, 10, 20], [0, 10, 26]), 2);
  assert.ok(Number.isNaN(pictureDifference([0], [0, 1])));
});

test('Options choose from what there is, in its order, and say what they know', () => {
  const all = readOptions([]);
  assert.deepEqual(all.sizes, ['small', 'medium', 'large']);
  assert.equal(all.peers.length, Object.keys(peers).length);
  assert.deepEqual(readOptions(['--sizes', 'large,small']).sizes, ['small', 'large']);
  assert.deepEqual(readOptions(['--peers', 'none']).peers, []);
  assert.deepEqual(Object.keys(contendersOf(readOptions(['--peers', 'none']))), ['fragnet']);
  assert.equal(contendersOf(readOptions(['--against', 'old/dist'])).against.settings.folder, '/against/');
  assert.deepEqual(readOptions(['--quick']).sizes, ['small', 'medium']);
  assert.deepEqual(readOptions(['--quick', '--sizes', 'large']).sizes, ['large']);
  assert.throws(
    () => readOptions(['--sizes', 'huge']),
    /--sizes knows no "huge": it takes small, medium, large/,
  );
  assert.throws(() => readOptions(['--rounds', '0']), /--rounds/);
  assert.throws(() => readOptions(['--rounds', '1.5']), /--rounds/);
  assert.throws(() => readOptions(['--fast']), /--fast/);
});

test('A slow contender is expected to take longer, within limits', () => {
  const options = { rounds: 3, seconds: 2 };
  const expected = (each) => secondsOf({ kind: 'ort', seconds: { small: each } }, 'small', options);
  assert.ok(expected(0.01) < expected(1));
  assert.ok(expected(11) < 3 * (5 + 44 + 23) + 90);
  assert.equal(words(20), 'under a minute');
  assert.equal(words(60), 'a minute');
  assert.equal(words(600), '10 minutes');
});

test('What is sent is scripts and WebAssembly, each file once', () => {
  const requests = ['/a.js', '/tests/bench/page/visit.js', '/m.json', '/a.js', '/e.wasm', '/gone.mjs'];
  const here = new URL(import.meta.url).pathname;
  const sent = sentFiles(requests, (path) => (path === '/gone.mjs' ? null : here));
  assert.deepEqual(
    sent.files.map(({ path }) => path),
    ['a.js', 'e.wasm', 'gone.mjs'],
  );
  assert.ok(sent.gzip < sent.raw);
});

/** A run of two contenders and one that failed. */
function madeUpResults() {
  const contender = (frame, more) => ({ ...summarise([visitOf({ only: [frame] }, more)]) });
  const file = (path, gzip) => ({ path, raw: 3 * gzip, gzip });
  const files = [file('fragnet.js', 6000), file('fragnet.wasm', 260_000), file('zip.js', 90_000)];
  const fragnet = {
    ...contender(10, { longestTaskMs: 70, facts: { weightBytes: 1e6, textureBytes: 1.5e6, heapBytes: 7e5 } }),
    gpuBytes: 3e6,
    drawCalls: 19,
    glCalls: 198,
    sent: { files, raw: 1_068_000, gzip: 356_000 },
    layers: [{ name: 'a/b/c', op: 'conv2d', ms: 4, macs: 2e6 }],
    pictureDifference: 0.1,
  };
  const all = {
    fragnet,
    'tfjs-webgl': contender(60, { firstFrameMs: 900, facts: { gpuBytes: 10e6 } }),
    'ort-wasm': contender(9),
    'ort-webgl': { error: 'It | failed.' },
  };
  const titles = { fragnet: 'Fragnet', 'tfjs-webgl': 'TFJS', 'ort-wasm': 'ORT', 'ort-webgl': 'ORT webgl' };
  const sizesOf = { medium: { multiplyAdds: 0.174e9, contenders: all } };
  return {
    date: '2026-01-02T03:04:05Z',
    fragnet: '0.1.0',
    cpu: 'CPU',
    load: 0.1,
    system: 'Linux',
    models: 'networks',
    rounds: 1,
    titles,
    devices: {
      llvmpipe: {
        title: 'llvmpipe in Chromium',
        browser: 'Chrome/1',
        roofline: { gmacs: 40, gfetches: 1, probes: {} },
        sizes: sizesOf,
      },
      firefox: { title: 'llvmpipe in Firefox', browser: 'firefox/1', roofline: null, sizes: sizesOf },
    },
  };
}

test('Targets are met or missed, each where it was measured', () => {
  const judged = Object.fromEntries(
    verdicts(madeUpResults()).map(({ what, measured, isMet }) => [what.split(/[:,] /)[0], [measured, isMet]]),
  );
  assert.deepEqual(judged, {
    frame: ['0.90 ×', false], // the last of that name: beside ONNX Runtime
    'first frame': ['3.00 ×', false],
    'bytes on the GPU': ['30 %', true],
    'longest task of a load': ['70 ms', false],
    "engine's script and WASM": ['266 kB', false],
  });
  const [frame] = verdicts(madeUpResults());
  assert.deepEqual(frame, {
    what: 'frame: medium, llvmpipe in Chromium',
    wanted: 'at least 5.00 ×',
    measured: '6.00 ×',
    isMet: true,
  });
});

test('The report has every contender in a row as long as its heading, and failures in words', () => {
  const results = madeUpResults();
  const tables = tablesOf(results, { layers: true });
  for (const { title, heading, rows } of tables)
    for (const row of rows) assert.equal(row.length, heading.length, `${title}: ${row}`);
  const [overview, medium, layers] = tables;
  assert.deepEqual(overview.rows[0], [
    'llvmpipe in Chromium',
    'medium',
    '10.0',
    '60.0 (6.00 ×)',
    '9.0 (0.90 ×)',
    '–',
  ]);
  assert.equal(medium.rows.length, 4);
  assert.ok(medium.notes.includes('ORT webgl: It | failed.'));
  assert.match(medium.notes.join('\n'), /weights 1\.0, activations 1\.5, the frame and others 0\.5/);
  assert.equal(layers.rows[0][1], 'b/c');
  assert.ok(tablesOf(results, { layers: false }).length < tables.length);

  const markdown = markdownOf(results, tables);
  assert.match(markdown, /^# Fragnet 0\.1\.0 and its peers, 2026-01-02\n/);
  assert.match(markdown, /\| llvmpipe in Chromium \| medium \| 10\.0 \|/);
  assert.doesNotMatch(markdown, /undefined|NaN/);
});
