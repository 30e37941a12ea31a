// One small network, written by hand in both TFJS formats, with the numbers it must give: a 3×3 convolution with relu
// and a 1×1 convolution. A test spoils a copy of it to make a bad model. Runs in Node and in a page alike.
//
// A model here is { json, files }: the object of a model.json, and its shards by name.

/** @typedef {{ json: any, files: Record<string, Uint8Array> }} TinyModel */

export const size = 8;
const filters = 4;
const outputs = 2;

const wave = (count, step) => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i * step) / 2);
const weights = {
  'first/kernel': { shape: [3, 3, 1, filters], values: wave(9 * filters, 0.7) },
  'first/bias': { shape: [filters], values: wave(filters, 1.3) },
  'second/kernel': { shape: [1, 1, filters, outputs], values: wave(filters * outputs, 2.1) },
  'second/bias': { shape: [outputs], values: wave(outputs, 0.4) },
};

function manifest() {
  const values = Object.values(weights).flatMap((weight) => [...weight.values]);
  return {
    specs: Object.entries(weights).map(([name, { shape }]) => ({
      name,
      shape: [...shape],
      dtype: 'float32',
    })),
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  };
}

/** The network as Keras layers. `sides`: height and width that the file states; null leaves one open. */
export function tinyLayers(sides = [size, size]) {
  const { specs, bytes } = manifest();
  const convolution = (name, count, kernel, activation, from) => ({
    class_name: 'Conv2D',
    name,
    config: {
      name,
      filters: count,
      kernel_size: [kernel, kernel],
      strides: [1, 1],
      padding: 'same',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      activation,
      use_bias: true,
      trainable: true,
    },
    inbound_nodes: [[[from, 0, 0, {}]]],
  });
  const input = { name: 'picture', batch_input_shape: [null, ...sides, 1], dtype: 'float32', sparse: false };
  return {
    json: {
      format: 'layers-model',
      generatedBy: 'keras v2.4.0',
      convertedBy: 'by hand',
      modelTopology: {
        keras_version: '2.4.0',
        backend: 'tensorflow',
        model_config: {
          class_name: 'Functional',
          config: {
            name: 'tiny',
            layers: [
              { class_name: 'InputLayer', name: 'picture', config: input, inbound_nodes: [] },
              convolution('first', filters, 3, 'relu', 'picture'),
              convolution('second', outputs, 1, 'linear', 'first'),
            ],
            input_layers: [['picture', 0, 0]],
            output_layers: [['second', 0, 0]],
          },
        },
      },
      weightsManifest: [{ paths: ['tiny.bin'], weights: specs }],
    },
    files: { 'tiny.bin': bytes },
  };
}

/** Two numbers become 2 × 2 grey pixels, sigmoids of: the first, nothing, nothing, the second. */
export function densePainter() {
  const layer = (class_name, name, config, from) => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes: from ? [[[from, 0, 0, {}]]] : [],
  });
  const { json } = tinyLayers();
  json.modelTopology.model_config.config = {
    name: 'painter',
    layers: [
      layer('InputLayer', 'latent', { batch_input_shape: [null, 2], dtype: 'float32', sparse: false }),
      layer('Dense', 'dense', { units: 4, activation: 'sigmoid', use_bias: false }, 'latent'),
      layer('Reshape', 'pixels', { target_shape: [2, 2, 1] }, 'dense'),
    ],
    input_layers: [['latent', 0, 0]],
    output_layers: [['pixels', 0, 0]],
  };
  json.weightsManifest[0].weights = [{ name: 'dense/kernel', shape: [2, 4], dtype: 'float32' }];
  const kernel = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 1);
  return { json, files: { 'tiny.bin': new Uint8Array(kernel.buffer) } };
}

/** A network that passes a picture of three channels on, as Keras layers. */
export function identityLayers(height, width) {
  const model = tinyLayers([height, width]);
  const { config } = model.json.modelTopology.model_config;
  const [input, , convolution] = config.layers;
  input.config.batch_input_shape = [null, height, width, 3];
  convolution.inbound_nodes = [[['picture', 0, 0, {}]]];
  Object.assign(convolution.config, { filters: 3, use_bias: false });
  config.layers = [input, convolution];
  config.name = 'identity';
  const kernel = new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  model.json.weightsManifest[0].weights = [{ name: 'second/kernel', shape: [1, 1, 3, 3], dtype: 'float32' }];
  return { json: model.json, files: { 'tiny.bin': new Uint8Array(kernel.buffer) } };
}

/** The network as TensorFlow nodes. */
export function tinyGraph(sides = [size, size]) {
  const { specs, bytes } = manifest();
  const type = { type: 'DT_FLOAT' };
  const shape = (dims) => ({ shape: { dim: dims.map((extent) => ({ size: String(extent) })) } });
  const constant = ({ name, shape: dims }) => ({
    name,
    op: 'Const',
    attr: { dtype: type, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: shape(dims).shape } } },
  });
  const convolution = (name, from) => ({
    name: `${name}/Conv2D`,
    op: 'Conv2D',
    input: [from, `${name}/kernel`],
    attr: {
      T: type,
      strides: { list: { i: ['1', '1', '1', '1'] } },
      dilations: { list: { i: ['1', '1', '1', '1'] } },
      padding: { s: 'U0FNRQ==' }, // SAME
      data_format: { s: 'TkhXQw==' }, // NHWC
    },
  });
  const simple = (name, op, input) => ({ name, op, input, attr: { T: type } });
  return {
    json: {
      format: 'graph-model',
      generatedBy: '2.4.0',
      convertedBy: 'by hand',
      signature: {
        inputs: {
          picture: { name: 'picture:0', dtype: 'DT_FLOAT', tensorShape: shape([1, ...sides, 1]).shape },
        },
        outputs: {
          Identity: { name: 'Identity:0', dtype: 'DT_FLOAT', tensorShape: shape([1, ...sides, 2]).shape },
        },
      },
      modelTopology: {
        node: [
          { name: 'picture', op: 'Placeholder', attr: { dtype: type, shape: shape([1, ...sides, 1]) } },
          ...specs.map(constant),
          convolution('first', 'picture'),
          simple('first/BiasAdd', 'BiasAdd', ['first/Conv2D', 'first/bias']),
          simple('first/Relu', 'Relu', ['first/BiasAdd']),
          convolution('second', 'first/Relu'),
          simple('second/BiasAdd', 'BiasAdd', ['second/Conv2D', 'second/bias']),
          simple('Identity', 'Identity', ['second/BiasAdd']),
        ],
        library: {},
        versions: { producer: 440 },
      },
      weightsManifest: [{ paths: ['tiny.bin'], weights: specs }],
    },
    files: { 'tiny.bin': bytes },
  };
}

/** What the network makes of a picture of `height` × `width` × 1: plain loops. */
export function tinyExpects(picture, height = size, width = size) {
  const [kernel, bias, mix, offset] = Object.values(weights).map((weight) => weight.values);
  const result = new Float32Array(height * width * outputs);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let f = 0; f < filters; f++) {
        let sum = bias[f];
        for (let ky = 0; ky < 3; ky++)
          for (let kx = 0; kx < 3; kx++) {
            const inside = y + ky >= 1 && y + ky <= height && x + kx >= 1 && x + kx <= width;
            if (inside)
              sum += picture[(y + ky - 1) * width + x + kx - 1] * kernel[(ky * 3 + kx) * filters + f];
          }
        for (let o = 0; o < outputs; o++)
          result[(y * width + x) * outputs + o] += Math.max(0, sum) * mix[f * outputs + o];
      }
  return result.map((value, i) => value + offset[i % outputs]);
}

/** The model as Fragnet takes it from memory: { topology, weights }. */
export function fromMemory({ json, files }) {
  return {
    topology: json,
    weights: async (path) => {
      if (!(path in files)) throw new Error(`there is no ${path}`);
      return files[path].slice().buffer;
    },
  };
}

/** The model as a person's folder gives it: a File each. */
export function asFiles({ json, files }) {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return [
    new File([text], 'model.json', { type: 'application/json' }),
    ...Object.entries(files).map(([name, bytes]) => new File([bytes], name)),
  ];
}

/** Puts a model where a test's server answers: `folder`/model.json and its shards. */
export function putOn(answers, folder, { json, files }) {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  answers.set(`${folder}/model.json`, { type: 'application/json', body: text });
  for (const [name, bytes] of Object.entries(files)) answers.set(`${folder}/${name}`, { body: bytes });
}
