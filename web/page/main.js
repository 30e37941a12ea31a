// The page: puts its parts together. Reads from top to bottom in the order in which things happen.
//
// Addresses: ?model=clouds chooses a shipped model, ?source=demo|camera a source, ?augmentation=none|classic|paper how
// frames are prepared. `window.fragnetPage` holds the parts for tests and for the console.

import { createControls, createKeys } from './controls.js';
import { openDemo } from './demo_source.js';
import { asFragnetError } from '../lib/errors.js';
import { Fragnet } from '../lib/fragnet.js';
import { createLoop } from './loop.js';
import { createMessages, PageError } from './messages.js';
import { createMeters } from './meters.js';
import { createModelPicker, fetchShippedModels } from './model_picker.js';
import { createPorts, rangeWords } from './ports.js';
import { createProgress } from './progress.js';
import { listCameras, openCamera, openImage, openVideo } from './sources.js';
import { createUpload } from './upload.js';

/**
 * @typedef {import('../lib/fragnet.js').ModelInfo} ModelInfo
 * @typedef {import('./model_picker.js').ModelChoice} ModelChoice
 * @typedef {import('./sources.js').Source} Source
 */

/**
 * @template {HTMLElement} T
 * @param {string} id
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const LARGEST_SIDE = 1024;
const FRAME_SIDE = 512;
const DEFAULT_SIDE = 256;

const address = new URLSearchParams(location.search);
const canvas = /** @type {HTMLCanvasElement} */ (byId('canvas'));
const stage = byId('stage');
const messages = createMessages(byId('messages'));

/** @type {import('./controls.js').Settings & import('./ports.js').PortSettings} */
const settings = {
  augmentation: { type: 'paper', brightness: 0, contrast: 1, grain: 0 },
  mirror: false,
  view: 'both',
  inputRange: 'auto',
  outputRange: 'auto',
  output: 0,
  channel: -1,
  show: 'auto',
  invert: false,
};
/** @type {Fragnet | null} */
let net = null;
/** @type {Source | null} */
let source = null;
/** @type {ModelChoice | null} what runs */
let running = null;
/** @type {AbortController | null} */
let loading = null;
/** @type {ModelChoice | null} what comes as soon as the GPU is back */
let awaited = null;

// ---- The loop, and what is drawn in it -------------------------------------------------------------------------------

const meters = createMeters(byId('meters'), () => (net?.info ? net.stats() : null));

const loop = createLoop({
  draw() {
    if (!net || !source) return false;
    const drawn = net.draw(source.element, settings);
    if (drawn) meters.count();
    return drawn;
  },
  busy: () => net?.busy ?? false,
  onError: (error) => messages.fail('The picture was not drawn.', error),
  onChange(playing) {
    byId('play').setAttribute('aria-pressed', String(playing));
    byId('play-word').textContent = playing ? 'Pause' : 'Play';
  },
});

const controls = createControls(settings, () => {
  stage.dataset.view = settings.view;
  stage.querySelector('.raw')?.classList.toggle('mirrored', settings.mirror);
  fitCanvas();
  loop.redraw();
});

/**
 * The canvas holds a picture at the network's own size; the page's style scales it. Where the frame itself is seen, under a
 * mask of perhaps 16×16, it is larger.
 */
function fitCanvas() {
  if (!net?.info) return;
  const picture = net.info.outputs[settings.output]?.picture;
  const factor = picture?.factor ?? 1;
  const width = (picture?.width ?? DEFAULT_SIDE) * factor;
  const height = (picture?.height ?? DEFAULT_SIDE) * factor;
  const way = settings.show === 'auto' ? picture?.kind : settings.show;
  const showsFrame = way !== undefined && ['mask', 'classes', 'overlay', 'cutout'].includes(way);
  const side = Math.max(height, width);
  const scale = (showsFrame ? Math.max(side, FRAME_SIDE) : Math.min(side, LARGEST_SIDE)) / side;
  const columns = settings.view === 'both' ? 2 : 1;
  const [w, h] = [width, height].map((extent) => Math.max(1, Math.round(extent * scale)));
  if (canvas.width !== w * columns) canvas.width = w * columns;
  if (canvas.height !== h) canvas.height = h;
  canvas.classList.toggle('coarse', w <= 64);
}

// ---- Sources ---------------------------------------------------------------------------------------------------------

/** @param {Source} next */
function useSource(next) {
  source = next;
  byId('raw').replaceChildren(next.element);
  byId('source-words').textContent =
    next.kind === 'demo'
      ? 'Shapes that the page draws, so that something moves. Choose Camera to see yourself.'
      : next.title;
  for (const button of document.querySelectorAll('[data-source]')) {
    button.setAttribute(
      'aria-pressed',
      String(/** @type {HTMLElement} */ (button).dataset.source === next.kind),
    );
  }
  byId('camera-row').hidden = next.kind !== 'camera';
  controls.suggestMirror(next.kind === 'camera');
  loop.setSource(next);
}

let opening = 0;

/**
 * Opens a source and uses it; the earlier one stays where that fails. A later wish overtakes an earlier one.
 * @param {() => Promise<Source>} open
 */
async function changeSource(open) {
  const turn = ++opening;
  try {
    const next = await open();
    if (turn !== opening) return next.close();
    messages.clear();
    useSource(next);
    loop.play();
    if (next.kind === 'camera') await showCameras();
  } catch (error) {
    if (turn === opening) messages.fail('The source stays as it was.', error);
  }
}

const openChosenCamera = (/** @type {string} */ id) =>
  changeSource(() =>
    openCamera(id, () => {
      loop.pause();
      messages.fail(
        'The camera has gone.',
        new PageError('It gives no more pictures.', 'Connect it again and choose Camera.'),
      );
    }),
  );

async function showCameras() {
  const select = /** @type {HTMLSelectElement} */ (byId('camera-select'));
  const cameras = await listCameras();
  const stream = source?.element instanceof HTMLVideoElement ? source.element.srcObject : null;
  const track = stream instanceof MediaStream ? stream.getVideoTracks()[0] : null;
  const used = track?.getSettings().deviceId;
  select.replaceChildren(...cameras.map(({ id, name }) => new Option(name, id, false, id === used)));
  byId('camera-row').hidden = cameras.length < 2;
}

byId('camera-select').addEventListener('change', (event) => {
  void openChosenCamera(/** @type {HTMLSelectElement} */ (event.target).value);
});

byId('sources').addEventListener('click', (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest('button');
  switch (button?.dataset.source) {
    case 'demo':
      return void changeSource(async () => openDemo());
    case 'camera':
      return void openChosenCamera('');
    case 'video':
      return byId('video-input').click();
    case 'image':
      return byId('image-input').click();
  }
});

// ---- Models ----------------------------------------------------------------------------------------------------------

const progress = createProgress(byId('progress'), () => loading?.abort());
const picker = createModelPicker(byId('models'), (choice) => void loadModel(choice));
let uploads = 0;

/**
 * Loads a model and lets it run; the earlier one runs on meanwhile, and stays where that fails.
 * @param {ModelChoice} choice
 */
async function loadModel(choice) {
  if (!net) return;
  messages.clear();
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  awaited = null;
  picker.mark(choice.id);
  try {
    const info = await net.load(choice.model, {
      onProgress: (state) => progress.show(choice.title, state),
      signal: controller.signal,
    });
    adopt(choice, info);
  } catch (error) {
    if (loading !== controller) return; // another load has taken its place
    if (asFragnetError(error).code === 'context-lost') {
      awaited = choice;
      return;
    }
    picker.mark(running?.id ?? null);
    if (asFragnetError(error).code === 'aborted') messages.say(`${choice.title} was not loaded: cancelled.`);
    else
      messages.fail(`${choice.title} was not loaded${running ? `; ${running.title} runs on` : ''}.`, error);
  } finally {
    if (loading === controller) {
      loading = null;
      progress.hide();
    }
  }
}

/**
 * The network runs now: what is said of it on the page is said of this one.
 * @param {ModelChoice} choice
 * @param {ModelInfo} info
 */
function adopt(choice, info) {
  if (!picker.find(choice.id)) picker.add({ ...choice, about: `${count(info.parameters)} parameters` });
  running = choice;
  picker.mark(choice.id);
  showFacts(info);
  showPorts(info, choice.range);
  byId('veil').textContent = '';
  controls.suggestGrain(info.grain);
  controls.suggestAugmentation(info.inputs[0]?.shape.at(-1) === 1 ? 'paper' : 'none');
  fitCanvas();
  loop.redraw();
}

/** @param {ModelInfo} info */
function showFacts(info) {
  const macs = info.layers.reduce((sum, layer) => sum + layer.macs, 0);
  const { precision, reason, renderer } = /** @type {Fragnet} */ (net).stats();
  const sizes = [info.inputs[0], info.outputs[0]].map((port) => port?.shape.slice(1).join(' × '));
  byId('model-facts').textContent = [
    sizes.join(' → '),
    `${count(info.parameters)} parameters`,
    `${count(macs)} multiply-adds a frame`,
    precision,
    renderer,
  ].join(' · ');
  const notes = byId('model-notes');
  const ofDevice = reason ? [`This device computes with ${precision} numbers: ${reason}.`] : [];
  notes.textContent = [...(info.warnings ?? []), ...ofDevice].join(' ');
  notes.hidden = notes.textContent === '';
}

const ports = createPorts(byId('ports'), settings, {
  onChange() {
    fitCanvas();
    loop.redraw();
  },
  setInput(name, value) {
    try {
      net?.setInput(name, value);
    } catch (error) {
      messages.fail(`The input "${name}" stays as it was.`, error);
    }
  },
  pickPicture(use) {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = 'image/*';
    input.addEventListener('change', async () => {
      const [file] = input.files ?? [];
      if (!file) return;
      try {
        use(await createImageBitmap(file));
      } catch (error) {
        messages.fail(`"${file.name}" is not a picture that this browser can show.`, error);
      }
    });
    input.click();
  },
});

/**
 * Networks with one picture in and one out need no look; the others are opened.
 * @param {ModelInfo} info
 * @param {import('./ports.js').RangeChoice} range what its list of networks says of both
 */
function showPorts(info, range) {
  ports.open(info, range);
  const kinds = info.outputs.map(({ picture }) => picture?.kind);
  const isPlain =
    info.inputs.length === 1 && kinds.length === 1 && (kinds[0] === 'colour' || kinds[0] === 'grey');
  /** @type {HTMLDetailsElement} */ (byId('ports-details')).open = !isPlain;
}

/** @param {number} number */
function count(number) {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(number);
}

createUpload({
  onModel(files) {
    const folder = files[0].webkitRelativePath.split('/')[0];
    const title =
      folder || (files.length === 1 ? files[0].name.replace(/\.(zip|json)$/i, '') : 'Your network');
    void loadModel({ id: `own-${++uploads}`, title, about: '', model: files, range: 'auto' });
  },
  onVideo: (file) => void changeSource(() => openVideo(file)),
  onImage: (file) => void changeSource(() => openImage(file)),
  onError: (error) => messages.fail('What was dropped could not be opened.', error),
});

// ---- Playback, saving, the whole screen, and keys --------------------------------------------------------------------

const step = () => void loop.step().catch((error) => messages.fail('The picture did not move on.', error));

function save() {
  // The canvas keeps its picture only until the browser has shown it: drawn and taken in one go.
  if (!net || !source || !net.draw(source.element, { ...settings, skip: 'never' })) {
    messages.say('There is no picture to save yet.');
    return;
  }
  canvas.toBlob((blob) => {
    if (!blob) return messages.say('The browser did not hand the picture out.');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    const time = new Date().toISOString().slice(0, 19).replaceAll(':', '.');
    link.download = `fragnet ${running?.title ?? ''} ${time}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

function toggleFullscreen() {
  const change = document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen();
  change.catch(() => messages.say('The browser did not give the whole screen.'));
}

byId('play').addEventListener('click', loop.toggle);
byId('step').addEventListener('click', step);
byId('save').addEventListener('click', save);
byId('fullscreen').addEventListener('click', toggleFullscreen);
byId('fullscreen').hidden = !document.fullscreenEnabled;
stage.addEventListener('dblclick', toggleFullscreen);
createKeys({ ' ': loop.toggle, '.': step, s: save, f: toggleFullscreen });

canvas.addEventListener('fragnet-ports', () => {
  ports.refresh();
  fitCanvas();
  loop.redraw();
});

canvas.addEventListener('fragnet-hint', (event) => {
  const { message, remedies } = /** @type {CustomEvent<import('../lib/look.js').Hint>} */ (event).detail;
  const [remedy] = remedies;
  if (!remedy) return messages.say(message);
  messages.offer(message, remedyWords(remedy), () => {
    Object.assign(settings, remedy);
    ports.refresh();
    fitCanvas();
    loop.redraw();
  });
});

/** @param {import('../lib/fragnet.js').DrawOptions} remedy */
function remedyWords({ inputRange, outputRange, output }) {
  if (inputRange && inputRange !== 'auto') return `Let it have ${rangeWords(inputRange)}`;
  if (outputRange && outputRange !== 'auto') return `Show ${rangeWords(outputRange)}`;
  const port = typeof output === 'number' ? net?.info?.outputs[output] : null;
  return `Show “${port?.name ?? output}”`;
}

canvas.addEventListener('fragnet-context', (event) => {
  const { state, info, error } = /** @type {CustomEvent} */ (event).detail;
  if (state === 'lost') messages.say('The browser took the GPU away; waiting until it comes back.');
  if (state === 'failed') messages.fail('The network could not go on after the GPU came back.', error);
  if (state === 'restored') {
    messages.clear();
    if (awaited && info && !error) adopt(awaited, info);
    else if (awaited) picker.mark(running?.id ?? null);
    if (awaited && error) messages.fail(`${awaited.title} was not loaded.`, error);
    else messages.say('The GPU is back.');
    awaited = null;
    loop.redraw();
  }
});

// ---- The start -------------------------------------------------------------------------------------------------------

controls.chooseAugmentation(address.get('augmentation') ?? '');
useSource(openDemo());
if (!matchMedia('(prefers-reduced-motion: reduce)').matches) loop.play();
if (address.get('source') === 'camera') void openChosenCamera('');

const page = {
  get net() {
    return net;
  },
  get source() {
    return source;
  },
  get running() {
    return running;
  },
  loop,
  settings,
  loadModel,
};
Object.assign(window, { fragnetPage: page });

await start();

async function start() {
  const veil = byId('veil');
  try {
    veil.textContent = 'Waking the network…';
    net = await Fragnet.create(canvas);
  } catch (error) {
    veil.textContent = 'No network can run in this browser as it is.';
    messages.fail('No network can run here.', error);
    for (const id of ['upload-folder', 'upload-files', 'save', 'fullscreen']) {
      /** @type {HTMLButtonElement} */ (byId(id)).disabled = true;
    }
    return;
  }
  try {
    for (const choice of await fetchShippedModels()) picker.add(choice);
  } catch (error) {
    messages.fail('The list of networks could not be read.', error);
  }
  const wanted = address.get('model');
  const choice = (wanted && picker.find(wanted)) || picker.first();
  if (wanted && !picker.find(wanted)) messages.say(`There is no network called "${wanted}" here.`);
  if (choice) await loadModel(choice);
  if (!running && !awaited)
    veil.textContent = 'Open a network of your own, or choose one from the list, to begin.';
}
