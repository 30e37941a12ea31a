// What is said of a picture that is all one value, how large a canvas becomes, and what inputs hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillOf } from '../../web/lib/inputs.js';
import { hintOf } from '../../web/lib/look.js';
import { OwnSize } from '../../web/lib/own_size.js';

const picture = (height, width, more = {}) => ({
  height,
  width,
  channels: 3,
  layout: 'nhwc',
  range: [0, 1],
  kind: 'colour',
  factor: 1,
  ...more,
});
const port = (name, shape, picture) => ({ name, shape, dtype: 'float32', picture });
const info = /** @type {any} */ ({
  inputs: [port('x', [1, 8, 8, 3], picture(8, 8))],
  outputs: [
    port('y', [1, 8, 8, 3], picture(8, 8, { range: [-1, 1] })),
    port('z', [1, 4, 4, 3], picture(4, 4, { factor: 2 })),
  ],
  frameInput: 0,
  shownOutput: 0,
});

test('a hint names the shade, and offers other ranges than those in use, then other outputs', () => {
  const { message, remedies } = hintOf(0, info, {});
  assert.match(message, /all black/);
  assert.match(message, /another range or output/);
  assert.deepEqual(remedies, [
    { inputRange: [-1, 1] },
    { inputRange: [0, 255] },
    { outputRange: [0, 1] },
    { outputRange: [0, 255] },
    { output: 1 },
  ]);
  assert.match(hintOf(255, info, {}).message, /all white/);
  const given = hintOf(128, { ...info, outputs: [info.outputs[0]] }, { outputRange: [0, 255] });
  assert.match(given.message, /all one shade/);
  assert.doesNotMatch(given.message, /output/);
  assert.deepEqual(given.remedies.slice(2), [{ outputRange: [0, 1] }, { outputRange: [-1, 1] }]);
});

test('a canvas of no size gets the size of the picture, within what eyes and screens want', () => {
  const sizeFor = (height, width, view, factor = 1) => {
    const canvas = { width: 300, height: 150, hasAttribute: () => false };
    const shown = { outputs: [port('y', [], picture(height, width, { factor }))], shownOutput: 0 };
    new OwnSize(/** @type {any} */ (canvas)).fit(/** @type {any} */ (shown), view);
    return [canvas.width, canvas.height];
  };
  assert.deepEqual(sizeFor(256, 256), [256, 256]);
  assert.deepEqual(sizeFor(28, 28), [280, 280]);
  assert.deepEqual(sizeFor(2000, 4000), [1024, 512]);
  assert.deepEqual(sizeFor(256, 512, 'both'), [1024, 256]);
  assert.deepEqual(sizeFor(100, 100, 'output', 3), [300, 300]);
});

test('a canvas that has a size, or gets one from somebody, keeps it', () => {
  const canvas = { width: 77, height: 50, hasAttribute: (name) => name === 'width' };
  new OwnSize(/** @type {any} */ (canvas)).fit(info);
  assert.deepEqual([canvas.width, canvas.height], [77, 50]);
  const free = { width: 300, height: 150, hasAttribute: () => false };
  const size = new OwnSize(/** @type {any} */ (free));
  size.fit(info);
  assert.deepEqual([free.width, free.height], [256, 256]);
  free.width = 99;
  size.fit(info, 'both', 1);
  assert.deepEqual([free.width, free.height], [99, 256]);
});

test('an input takes numbers as many as it has, one number, a seed, or null', () => {
  const vector = /** @type {any} */ (port('latent', [1, 4], null));
  const numbers = new Float32Array(4);
  assert.equal(fillOf(vector, numbers), numbers);
  assert.deepEqual(fillOf(vector, 0.5), { constant: 0.5 });
  assert.deepEqual(fillOf(vector, { seed: -3 }), { seed: -3 });
  assert.deepEqual(fillOf(vector, null), {});
  for (const wrong of [new Float32Array(3), NaN, { seed: 0.5 }, { seed: 2 ** 31 }, 'noise', {}])
    assert.throws(() => fillOf(vector, /** @type {any} */ (wrong)), { code: 'bad-input' });
});
