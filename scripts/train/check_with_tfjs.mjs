// Runs an exported folder in TensorFlow.js: input.f32 → output.f32, both (1, 256, 256, channels), little-endian floats.
// usage: node check_with_tfjs.mjs MODEL_FOLDER INPUT.f32 OUTPUT.f32
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

const [folder, input_path, output_path] = process.argv.slice(2);
const { modelTopology, format, signature, weightsManifest } = JSON.parse(
  readFileSync(join(folder, 'model.json'), 'utf8'),
);
const bytes = (path) => Uint8Array.from(readFileSync(path));
const [{ paths, weights }] = weightsManifest;
const weightData = Uint8Array.from(Buffer.concat(paths.map((path) => bytes(join(folder, path))))).buffer;
const source = { load: async () => ({ modelTopology, format, signature, weightSpecs: weights, weightData }) };

const load = format === 'graph-model' ? tf.loadGraphModel : tf.loadLayersModel;
const model = await load(source);
const input = tf.tensor(new Float32Array(bytes(input_path).buffer), [1, 256, 256, 1]);
const output = model.predict(input).dataSync();
writeFileSync(output_path, new Uint8Array(output.buffer, output.byteOffset, output.byteLength));
console.log(`TensorFlow.js ${tf.version.tfjs}`);
