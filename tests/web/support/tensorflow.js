// TensorFlow.js, the yardstick, inside a page.
import { fetchWhole, loadScript } from './fetching.js';

export async function floatsOf(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return new Float32Array(await response.arrayBuffer());
}

/** The reference inputs of a model of the zoo, by name, their shapes, and the names in the order of their files. */
export async function zooInputs(folder) {
  const facts = await (await fetch(`${folder}/tfjs.json`)).json();
  const inputs = {};
  const inputShapes = {};
  for (const [i, { name, shape }] of facts.fed.entries()) {
    inputs[name] = await floatsOf(`${folder}/ref_in${i}.f32`);
    inputShapes[name] = shape;
  }
  return { inputs, inputShapes, order: Object.keys(inputs) };
}

/** TensorFlow.js on its WebGL backend, in this page; a classic script, loaded once. */
export async function tensorflow() {
  if (!window.tf) {
    await loadScript('/tfjs/tf.min.js');
    await window.tf.setBackend('webgl');
    await window.tf.ready();
  }
  return window.tf;
}

/** What TensorFlow.js makes of the inputs { name: data } with their shapes; its memory is given back. */
export async function tensorflowPredicts(url, inputs, inputShapes) {
  const tf = await tensorflow();
  const isGraph = Boolean((await (await fetch(url)).json()).modelTopology.node);
  const model = isGraph
    ? await tf.loadGraphModel(url, { fetchFunc: fetchWhole })
    : await tf.loadLayersModel(url, { fetchFunc: fetchWhole });
  const fed = {};
  for (const name of Object.keys(inputs)) fed[name] = tf.tensor(inputs[name], inputShapes[name], 'float32');
  const made = tf.tidy(() => [isGraph ? model.execute(fed) : model.predict(Object.values(fed))].flat());
  const outputs = [];
  for (const tensor of made) outputs.push({ shape: tensor.shape, data: await tensor.data() });
  tf.dispose([...Object.values(fed), ...made]);
  model.dispose();
  return outputs;
}
