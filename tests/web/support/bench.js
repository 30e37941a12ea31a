// What the tests do with Fragnet inside a page.
import { Fragnet, FragnetError } from '../fragnet.js';
import { relativeError } from './compare.js';
import { zooInputs, floatsOf } from './tensorflow.js';

export { Fragnet, FragnetError };

export const canvas = () => /** @type {HTMLCanvasElement} */ (document.querySelector('canvas'));

/** A new Fragnet on a new canvas, as window.net; the earlier one is disposed of. */
export async function freshFragnet(options = { precision: 'fp32', tune: 'off' }) {
  window.net?.dispose();
  const fresh = canvas().cloneNode();
  canvas().replaceWith(fresh);
  window.net = await Fragnet.create(fresh, options);
}

/** Resolves to { code, message } of what `promise` rejects with, or to null where it does not reject. */
export async function failureOf(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return { isFragnetError: error instanceof FragnetError, code: error.code, message: error.message };
  }
}

/** Loads a model of the zoo, runs it on its reference input, and says how far each output is from its reference. */
export async function compareWithZoo(name, options) {
  const folder = `/zoo/${name}`;
  const { inputs, inputShapes, order } = await zooInputs(folder);
  const net = await Fragnet.create(canvas(), options);
  try {
    const start = performance.now();
    const info = await net.load(`${folder}/model.json`, { inputShapes });
    const loadMs = performance.now() - start;
    const outputs = await net.predict(order.length === 1 ? inputs[order[0]] : inputs);
    const errors = [];
    for (const [i, output] of outputs.entries())
      errors.push(relativeError(output.data, await floatsOf(`${folder}/ref_out${i}.f32`)));
    const { renderer, precision, drawCalls } = net.stats();
    const described = (ports) => ports.map(({ name, shape }) => ({ name, shape }));
    return {
      errors,
      outputs: described(outputs),
      info: { inputs: described(info.inputs), outputs: described(info.outputs) },
      stats: { renderer, precision, drawCalls },
      loadMs,
      predictMs: performance.now() - start - loadMs,
    };
  } finally {
    net.dispose();
  }
}
