// The page of the autoencoder: a picture goes in, and every number on its way through the network is shown.
//
// `window.fragnetPage` holds the parts for tests and for the console.

import { createDrawingPad } from './drawing_pad.js';
import { Fragnet } from '../lib/fragnet.js';
import { createMessages, PageError } from './messages.js';
import { fetchNpy } from './npy.js';
import { drawTiles, filterTiles, greys, mapTiles, signs } from './tiles.js';

/**
 * @typedef {{ name: string, op: string, kernel?: string, stride?: number, activation?: string, factor?: number }} Layer
 *   as layers.json says it
 * @typedef {{ name: string, shape: number[], data: Float32Array }} Output
 */

/**
 * @template {HTMLElement} T
 * @param {string} id
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const SIDE = 32;
const GARMENTS = new URL('models/autoencoder/garments.png', document.baseURI);

const messages = createMessages(byId('messages'));
const outputCanvas = /** @type {HTMLCanvasElement} */ (byId('output'));
const layersPlace = byId('layers');

/** @type {Fragnet | null} */
let net = null;
/** @type {Map<string, HTMLCanvasElement>} where each layer's maps are drawn */
let mapCanvases = new Map();
/** @type {Output[]} of the last picture */
let outputs = [];
let runs = 0;

// ---- The picture, and what becomes of it -----------------------------------------------------------------------------

const pad = createDrawingPad(/** @type {HTMLCanvasElement} */ (byId('pad')), byId('cursor'), {
  brush: () => ({
    grey: Number(/** @type {HTMLInputElement} */ (document.querySelector('input[name=grey]:checked')).value),
    size: Number(/** @type {HTMLInputElement} */ (byId('size')).value),
  }),
  onChange: () => update(),
});

let isRunning = false;
let isStale = false;

/** Runs the network on the picture as it is; what changes meanwhile is taken up afterwards, once. */
async function update() {
  isStale = true;
  if (isRunning || !net?.info) return;
  isRunning = true;
  try {
    while (isStale) {
      isStale = false;
      const picture = pad.numbers();
      outputs = await net.predict(picture);
      show(picture);
      runs++;
    }
  } catch (error) {
    messages.fail('The network does not run on', error);
  } finally {
    isRunning = false;
  }
}

/** @param {Float32Array} picture */
function show(picture) {
  const [copy] = outputs;
  // Not by drawTiles(): white is 1 in this picture, whatever its largest number is.
  const pixels = new ImageData(SIDE, SIDE);
  copy.data.forEach((value, i) => pixels.data.set([...greys(value), 255], 4 * i));
  /** @type {CanvasRenderingContext2D} */ (outputCanvas.getContext('2d')).putImageData(pixels, 0, 0);
  const off = picture.reduce((sum, value, i) => sum + Math.abs(value - copy.data[i]), 0) / picture.length;
  byId('error').textContent = `${(100 * off).toFixed(1)} % off on average`;
  for (const output of outputs) {
    const canvas = mapCanvases.get(output.name);
    if (canvas) drawTiles(canvas, mapTiles(output, Math.min(output.shape[3], 8)), greys);
  }
}

// ---- The network ------------------------------------------------------------------------------------------------------

/** @type {Record<string, (layer: Layer) => string>} */
const WORDS = {
  conv2d: ({ stride = 1 }) =>
    stride > 1
      ? `A convolution: each filter slides over all maps before it, ${stride} pixels a step, and its sums make a map half as wide and high.`
      : 'A convolution: each filter slides over all maps before it, pixel by pixel, and its sums make a map of the same size.',
  conv2d_transpose: ({ stride = 1 }) =>
    `A transposed convolution: each pixel stamps its filter, as strong as the pixel is bright, ${stride} pixels apart; where stamps overlap they add up. The maps get ${stride} times as wide and high.`,
  upsample_nearest: ({ factor = 1 }) =>
    `Enlarging: every pixel becomes ${factor}×${factor} equal ones. There is nothing to learn here, so there are no filters.`,
};
/** @type {Record<string, string>} */
const ACTIVATION_WORDS = {
  relu: ' What comes out below nothing is set to nothing (ReLU).',
  sigmoid: ' A sigmoid bends the sums to lie between black and white: this is the picture.',
};

/** @param {string} kind the folder of the network */
async function bringIn(kind) {
  const url = new URL(`models/autoencoder/${kind}/layers.json`, document.baseURI);
  try {
    // A layer's maps are numbers to look at: they are kept as floats of 32 bits where the device can do that.
    net ??= await Fragnet.create(document.createElement('canvas'));
    const info = await net.load(url);
    const { layers } = /** @type {{ layers: Layer[] }} */ (await (await fetch(url)).json());
    const kernels = await Promise.all(layers.map(({ kernel }) => kernel && fetchNpy(new URL(kernel, url))));
    if (chosen() !== kind) return;
    const shapes = new Map(info.outputs.map(({ name, shape }) => [name, shape]));
    mapCanvases = new Map();
    layersPlace.replaceChildren(
      ...layers.map((layer, i) => sectionOf(layer, i + 1, shapes.get(layer.name) ?? [], kernels[i] || null)),
    );
    byId('facts').textContent = `${info.parameters.toLocaleString('en')} numbers learned`;
    messages.clear();
    await update();
  } catch (error) {
    if (/** @type {{ code?: string }} */ (error).code === 'aborted') return; // another one was asked for
    messages.fail('The network could not be loaded', error);
  }
}

/**
 * @param {Layer} layer
 * @param {number} number
 * @param {number[]} shape of its maps
 * @param {{ shape: number[], data: Float32Array } | null} kernel
 */
function sectionOf(layer, number, [, height, width, channels], kernel) {
  const section = document.createElement('section');
  section.className = 'layer';
  const title = document.createElement('h2');
  title.id = `layer-${number}`;
  title.textContent = `${number}. ${layer.name.replaceAll('_', ' ')}`;
  section.setAttribute('aria-labelledby', title.id);
  const words = document.createElement('p');
  words.className = 'fine';
  words.textContent =
    (WORDS[layer.op]?.(layer) ?? layer.op) + (ACTIVATION_WORDS[layer.activation ?? ''] ?? '');
  section.append(title, words);

  const maps = grid('maps', `${channels} feature map${channels > 1 ? 's' : ''} of ${width}×${height} pixels`);
  mapCanvases.set(layer.name, maps.canvas);
  section.append(maps.figure);
  if (kernel) {
    const tiles = filterTiles(kernel, layer.op === 'conv2d_transpose');
    const count = kernel.shape[0] * kernel.shape[1];
    const filters = grid('filters', `${count} filters of ${tiles.width}×${tiles.height}: ${tiles.words}`);
    drawTiles(filters.canvas, tiles, signs);
    section.append(filters.figure);
  }
  return section;
}

/**
 * @param {string} kind
 * @param {string} words
 */
function grid(kind, words) {
  const canvas = document.createElement('canvas');
  canvas.className = 'grid';
  canvas.role = 'img';
  canvas.ariaLabel = words;
  const caption = document.createElement('figcaption');
  caption.textContent = words;
  const figure = document.createElement('figure');
  figure.className = kind;
  figure.append(canvas, caption);
  return { figure, canvas };
}

const chosen = () =>
  /** @type {HTMLInputElement} */ (document.querySelector('input[name=network]:checked')).value;
for (const input of document.querySelectorAll('input[name=network]'))
  input.addEventListener('change', () => bringIn(chosen()));

// ---- Where pictures come from -----------------------------------------------------------------------------------------

async function addGarments() {
  const strip = new Image();
  strip.src = GARMENTS.href;
  try {
    await strip.decode();
  } catch {
    throw new PageError('The host does not send garments.png.', 'Draw, or open a picture instead.');
  }
  for (let left = 0; left < strip.width; left += SIDE) {
    const button = document.createElement('button');
    button.type = 'button';
    const name = `Garment ${left / SIDE + 1}`;
    button.ariaLabel = button.title = name;
    const thumbnail = document.createElement('canvas');
    thumbnail.width = thumbnail.height = SIDE;
    thumbnail.getContext('2d')?.drawImage(strip, -left, 0);
    button.append(thumbnail);
    const take = () => pad.show(strip, left, 0, SIDE, SIDE);
    button.addEventListener('click', take);
    byId('garments').append(button);
    if (left === 0) take();
  }
}

byId('clear').addEventListener('click', () => pad.clear());
byId('invert').addEventListener('click', () => pad.invert());
const fileInput = /** @type {HTMLInputElement} */ (byId('file'));
byId('open').addEventListener('click', () => fileInput.click());
fileInput.addEventListener('change', async () => {
  const file = fileInput.files?.[0];
  fileInput.value = '';
  if (!file) return;
  try {
    const picture = await createImageBitmap(file);
    pad.show(picture, 0, 0, picture.width, picture.height);
    picture.close();
    messages.clear();
  } catch {
    messages.fail(
      'The picture could not be opened',
      new PageError(`"${file.name}" is no picture that this browser can show.`, 'JPEG and PNG always work.'),
    );
  }
});

pad.clear();
const page = {
  get net() {
    return net;
  },
  get outputs() {
    return outputs;
  },
  get runs() {
    return runs;
  },
};
Object.assign(window, { fragnetPage: page });
addGarments().catch((error) => messages.fail('There are no garments to choose from', error));
void bringIn(chosen());
