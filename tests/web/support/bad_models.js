// Models that are wrong in one way each, and what Fragnet must say about them. Each is the small network of
// tiny_models.js, spoiled; `words` are what the sentence has to hold for a person to find the fault.
import { tinyGraph, tinyLayers } from './tiny_models.js';

/**
 * @typedef {object} BadModel
 * @property {string} what
 * @property {RegExp} code
 * @property {RegExp[]} words
 * @property {() => { json: any, files: Record<string, Uint8Array> }} make `json` as text is served as it is
 * @property {Record<string, number[]>} [inputShapes]
 */

const spoil = (model, change) => {
  change(model.json, model.files, model);
  return model;
};
const nodeOf = (json, name) => json.modelTopology.node.find((node) => node.name === name);
const layerOf = (json, name) =>
  json.modelTopology.model_config.config.layers.find((layer) => layer.name === name);
const weightOf = (json, name) => json.weightsManifest[0].weights.find((weight) => weight.name === name);
const asText = (model, text) => ({ json: text, files: model.files });

/** @type {BadModel[]} */
export const badModels = [
  {
    what: 'JSON cut short',
    code: /^bad-json$/,
    words: [/JSON/],
    make: () => asText(tinyGraph(), JSON.stringify(tinyGraph().json).slice(0, -200)),
  },
  {
    what: 'an empty file instead of JSON',
    code: /^bad-json$/,
    words: [/empty/],
    make: () => asText(tinyGraph(), ''),
  },
  {
    what: 'an HTML page instead of JSON',
    code: /^bad-json$/,
    words: [/HTML/],
    make: () => asText(tinyGraph(), '<!DOCTYPE html><html><body>404 Not Found</body></html>'),
  },
  {
    what: 'a hundred thousand nested brackets',
    code: /^(bad-json|bad-topology|too-large)$/,
    words: [/nest|deep|JSON|modelTopology|object/],
    make: () => asText(tinyGraph(), `{"modelTopology":${'['.repeat(100000)}${']'.repeat(100000)}}`),
  },
  {
    what: 'no modelTopology',
    code: /^bad-topology$/,
    words: [/modelTopology/],
    make: () => spoil(tinyGraph(), (json) => delete json.modelTopology),
  },
  {
    what: 'a modelTopology that is a list',
    code: /^bad-topology$/,
    words: [/modelTopology/],
    make: () => spoil(tinyGraph(), (json) => (json.modelTopology = [])),
  },
  {
    what: 'a shard that is missing',
    code: /^missing-shard$/,
    words: [/tiny\.bin/, /404|missing/],
    make: () => spoil(tinyLayers(), (json, files) => delete files['tiny.bin']),
  },
  {
    what: 'a shard that is an HTML page',
    code: /^missing-shard$/,
    words: [/tiny\.bin/, /HTML/],
    make: () =>
      spoil(tinyLayers(), (json, files) => {
        const page = new TextEncoder().encode('<!doctype html><title>404</title>');
        files['tiny.bin'] = new Uint8Array(files['tiny.bin'].length);
        files['tiny.bin'].set(page);
      }),
  },
  {
    what: 'a shard that is too short',
    code: /^bad-weights$/,
    words: [/tiny\.bin/, /\b196\b/, /\b200\b/],
    make: () => spoil(tinyLayers(), (json, files) => (files['tiny.bin'] = files['tiny.bin'].slice(0, -4))),
  },
  {
    what: 'a shard that is too long',
    code: /^bad-weights$/,
    words: [/tiny\.bin/, /\b200\b/],
    make: () => spoil(tinyLayers(), (json, files) => (files['tiny.bin'] = new Uint8Array(1000))),
  },
  {
    what: 'a kernel that does not fit its picture, in a layers-model',
    code: /^bad-shape$/,
    words: [/first/, /\b3\b/, /channel|shape/],
    make: () => spoil(tinyLayers(), (json) => (weightOf(json, 'first/kernel').shape = [3, 1, 3, 4])),
  },
  {
    what: 'a kernel that does not fit its picture, in a graph-model',
    code: /^bad-shape$/,
    words: [/first/, /\b3\b/, /channel|shape/],
    make: () => spoil(tinyGraph(), (json) => (weightOf(json, 'first/kernel').shape = [3, 1, 3, 4])),
  },
  {
    what: 'a bias that does not fit its kernel',
    code: /^bad-shape$/,
    words: [/second/],
    make: () =>
      spoil(tinyGraph(), (json, files) => {
        weightOf(json, 'second/bias').shape = [5];
        files['tiny.bin'] = new Uint8Array([...files['tiny.bin'], ...new Uint8Array(12)]);
      }),
  },
  {
    what: 'an unknown operation',
    code: /^unsupported-op$/,
    words: [/FancyOp/, /first\/Relu/],
    make: () => spoil(tinyGraph(), (json) => (nodeOf(json, 'first/Relu').op = 'FancyOp')),
  },
  {
    what: 'an unknown layer',
    code: /^unsupported-op$/,
    words: [/FancyLayer/, /first/],
    make: () => spoil(tinyLayers(), (json) => (layerOf(json, 'first').class_name = 'FancyLayer')),
  },
  {
    what: 'an unknown activation',
    code: /^unsupported-op$/,
    words: [/fancy/, /first/],
    make: () => spoil(tinyLayers(), (json) => (layerOf(json, 'first').config.activation = 'fancy')),
  },
  {
    what: 'a graph that goes in a circle',
    code: /^bad-topology$/,
    words: [/cycl|circle|loop|itself/, /first|second/],
    make: () => spoil(tinyGraph(), (json) => (nodeOf(json, 'first/Conv2D').input[0] = 'second/BiasAdd')),
  },
  {
    what: 'layers that go in a circle',
    code: /^bad-topology$/,
    words: [/cycl|circle|loop|itself/, /first|second/],
    make: () =>
      spoil(tinyLayers(), (json) => (layerOf(json, 'first').inbound_nodes = [[['second', 0, 0, {}]]])),
  },
  {
    what: 'a node that is fed by nobody',
    code: /^bad-topology$/,
    words: [/nowhere/, /second/],
    make: () => spoil(tinyGraph(), (json) => (nodeOf(json, 'second/Conv2D').input[0] = 'nowhere')),
  },
  {
    what: 'a weight that the manifest does not have',
    code: /^bad-(weights|topology)$/,
    words: [/second\/bias/],
    make: () =>
      spoil(tinyGraph(), (json, files) => {
        json.weightsManifest[0].weights.pop();
        files['tiny.bin'] = files['tiny.bin'].slice(0, -8);
      }),
  },
  {
    what: "sizes beyond the device's limits",
    code: /^too-large$/,
    words: [/100000|MiB/, /device/], // too large for one texture, or, where that can hold it, for all of them
    make: () => tinyLayers([null, null]),
    inputShapes: { picture: [1, 100000, 1000, 1] },
  },
  {
    what: 'feature maps of gigabytes',
    code: /^too-large$/,
    words: [/MiB/, /smaller/],
    make: () => tinyLayers([null, null]),
    inputShapes: { picture: [1, 8000, 8000, 1] },
  },
  {
    what: 'sizes beyond what any device could hold',
    code: /^too-large$/,
    words: [/20000/, /more than \d+ elements/],
    make: () => tinyLayers([null, null]),
    inputShapes: { picture: [1, 20000, 20000, 1] },
  },
  {
    what: 'sizes beyond any limit',
    code: /^too-large$/,
    words: [/2147483647/, /more than \d+ elements/],
    make: () => tinyLayers([null, null]),
    inputShapes: { picture: [1, 2147483647, 2147483647, 1] },
  },
  {
    what: 'a manifest that claims 10 GB',
    code: /^too-large$/,
    words: [/10000000\d{3}|10 GB|9\.3 GiB/, /limit/],
    make: () => spoil(tinyGraph(), (json) => (weightOf(json, 'first/kernel').shape = [50000, 50000])),
  },
  {
    what: 'a manifest that claims more than a number can say',
    code: /^too-large$/,
    words: [/limit/],
    make: () =>
      spoil(tinyGraph(), (json) => (weightOf(json, 'first/kernel').shape = Array(4).fill(2147483647))),
  },
  {
    what: 'weights that are NaN',
    code: /^bad-value$/,
    words: [/NaN/, /first\/kernel/],
    make: () => spoil(tinyLayers(), (json, files) => files['tiny.bin'].set([0, 0, 0xc0, 0x7f], 8)),
  },
];
