// The page in which scripts/bench measures: with the shipped model, Fragnet and TensorFlow.js draw the same picture there,
// and what they do with WebGL is counted. Nothing is timed.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pictureDifference } from '../bench/arithmetic.js';
import { contendersOf } from '../bench/peers.js';
import { Stage } from '../bench/stage.js';
import { root, serve } from './support/serve.js';

const contenders = contendersOf({ peers: ['tfjs-webgl'], against: null, precision: 'fp32', tune: 'off' });
const model = { url: '/models/clouds/model.json', isGraph: false, onnx: null };
const budget = { frames: 2, seconds: 0, limit: 30 };

describe("The benchmark's page", { concurrency: false }, () => {
  let server, stage, stated;
  before(async () => {
    server = await serve({ folders: { '/tests/': path.join(root, 'tests') } });
    stage = new Stage(server, 'swiftshader');
  });
  after(async () => {
    await stage?.close();
    await server?.close();
  });
  const orderFor = (name) => ({ ...contenders[name], model, budget, picture: true, layers: 1 });

  test('lets Fragnet and TensorFlow.js draw the same picture', async () => {
    const { result: ours, sent } = await stage.play('visit', orderFor('fragnet'));
    const { result: theirs } = await stage.play('visit', orderFor('tfjs-webgl'));
    stated = ours.facts.gpuBytes;
    assert.ok(new Set(ours.picture).size > 10, 'the picture is flat');
    const difference = pictureDifference(ours.picture, theirs.picture);
    assert.ok(difference < 1, `the pictures differ by ${difference} of 255`);
    assert.equal(ours.ways.canvas.length, 2);
    assert.deepEqual(Object.keys(theirs.ways).sort(), ['data', 'toPixels']);
    assert.ok(ours.layers[0].length > 10, 'a step for each layer');
    assert.ok('compile' in ours.phases && 'first frame' in ours.phases, Object.keys(ours.phases).join());
    assert.ok(sent.files.some(({ path: name, gzip }) => name === 'fragnet.wasm' && gzip > 1000));
  });

  test('counts calls and bytes', async () => {
    const { result } = await stage.play('count', orderFor('fragnet'));
    assert.ok(
      result.frames > 0 && result.calls.drawArrays / result.frames >= 16,
      JSON.stringify(result.calls),
    );
    // Fragnet states its weights and activations; the camera's picture and what it becomes are not among these.
    const others = result.gl.textures + result.gl.renderbuffers + result.gl.buffers - stated;
    assert.ok(
      others >= 0 && others < 4e6,
      `${stated} bytes on the GPU are stated, ${others} more are counted`,
    );
    assert.ok(result.wasmBytes > 1e6, `${result.wasmBytes} bytes of WebAssembly`);
  });

  test('says in a sentence what went wrong, and goes on with the next', async () => {
    const lost = { ...orderFor('fragnet'), model: { ...model, url: '/nowhere/model.json' } };
    await assert.rejects(stage.play('visit', lost), /^Error: [A-Z][^\n]+$/);
    const { result } = await stage.play('count', orderFor('fragnet'));
    assert.ok(result.frames > 0);
  });
});
