// Runs an exported folder in TensorFlow.js: input.f32 → output.f32, and says how far it is from expected.f32.
// usage: node check_with_tfjs.mjs MODEL_FOLDER TENSOR_FOLDER FOLDER_WITH_NODE_MODULES
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [model_folder, tensor_folder, packages] = process.argv.slice(2).map((path) => resolve(path));
const tf = createRequire(join(packages, 'x.js'))('@tensorflow/tfjs');

const bytes = (path) => Uint8Array.from(readFileSync(path)).buffer;
const json = JSON.parse(readFileSync(join(model_folder, 'model.json'), 'utf8'));
const [{ paths, weights }] = json.weightsManifest;
const model = await tf.loadLayersModel({
  load: async () => ({
    modelTopology: json.modelTopology,
    format: json.format,
    weightSpecs: weights,
    weightData: Uint8Array.from(Buffer.concat(paths.map((path) => readFileSync(join(model_folder, path)))))
      .buffer,
  }),
});
const input = tf.tensor(new Float32Array(bytes(join(tensor_folder, 'input.f32'))), [1, 256, 256, 1]);
const output = model.predict(input).dataSync();
const expected = new Float32Array(bytes(join(tensor_folder, 'expected.f32')));
writeFileSync(
  join(tensor_folder, 'output.f32'),
  new Uint8Array(output.buffer, output.byteOffset, output.byteLength),
);

let worst = output.length === expected.length ? 0 : Infinity;
output.forEach((value, i) => {
  worst = Math.max(worst, Math.abs(value - expected[i]));
});
console.log(
  `TensorFlow.js ${tf.version.tfjs}: ${model.countParams()} parameters, ` +
    `output ${model.outputs[0].shape}, worst difference ${worst.toExponential(2)}`,
);
process.exit(worst <= 1e-4 ? 0 : 1);
