// <fragnet-view model="models/aurora/model.json" source="camera"></fragnet-view>: a network on live video, as an element.
//
// Attributes: `model`, the address of a model.json; `source`, "camera", the address of a picture or a video, or "#id" of an
// element of the page; `augmentation`, `view` and `mirror`, as in draw(). Events: `load`, whose detail is the model's info,
// and `error`, whose detail is the FragnetError; what failed stands in the element, too. `net` is the Fragnet.

import { asFragnetError, FragnetError } from './errors.js';
import { Fragnet } from './fragnet.js';

/**
 * @typedef {import('./types.js').DrawOptions} DrawOptions
 * @typedef {import('./types.js').Frame} Frame
 */

const STYLE = `
  :host { display: inline-block; position: relative }
  :host([hidden]) { display: none }
  canvas { display: block; width: 100% }
  [role=alert]:not(:empty) { position: absolute; inset: auto 0 0 0; padding: 0.5em; background: #000c; color: #fff }
`;
const PICTURE = /^data:image\/|\.(avif|gif|jpe?g|png|svg|webp)([?#]|$)/i;

// Where pages are made, on a server, there are no elements; the module may be imported there all the same.
/** @type {typeof HTMLElement} */
const Base = globalThis.HTMLElement ?? class {};

export class FragnetView extends Base {
  static observedAttributes = ['model', 'source', 'augmentation', 'view', 'mirror'];

  /** @type {Fragnet | null} */ #net = null;
  /** @type {AbortController | null} while the element is in a page */ #life = null;
  /** @type {AbortController | null} while this source is the one */ #sourceLife = null;
  /** @type {Frame | null} */ #frame = null;
  /** @type {DrawOptions} */ #options = {};
  #canvas;
  #words;
  #isStale = true; // something is to be drawn, though the frame is none that is new

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet(); // which a strict Content-Security-Policy allows
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#canvas = document.createElement('canvas');
    this.#words = document.createElement('div');
    this.#words.setAttribute('role', 'alert');
    root.append(this.#canvas, this.#words);
  }

  /** The network; null until it is there, and while the element is in no page. */
  get net() {
    return this.#net;
  }

  /**
   * What draw() is given beside the attributes, such as { show: 'mask' }.
   * @type {DrawOptions}
   */
  get options() {
    return this.#options;
  }

  set options(options) {
    this.#options = options;
    this.#isStale = true;
  }

  connectedCallback() {
    const life = new AbortController();
    this.#life = life;
    void this.#told(async () => {
      // A canvas of an earlier life may have lost its context; each life has its own.
      const canvas = document.createElement('canvas');
      this.#canvas.replaceWith(canvas);
      this.#canvas = canvas;
      const net = await Fragnet.create(canvas);
      if (life.signal.aborted) return net.dispose();
      this.#net = net;
      for (const type of ['ports', 'context'])
        net.addEventListener(type, () => {
          this.#isStale = true;
        });
      this.#turn();
      void this.#open();
      await this.#load();
    });
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#life = null;
    this.#sourceLife?.abort();
    this.#net?.dispose();
    this.#net = null;
    this.#frame = null;
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    this.#isStale = true;
    if (!this.#net || before === now) return;
    if (name === 'model') void this.#load();
    if (name === 'source') void this.#open();
  }

  #load() {
    return this.#told(async () => {
      const model = this.getAttribute('model');
      if (model === null) return;
      const info = await /** @type {Fragnet} */ (this.#net).load(model);
      this.#words.textContent = '';
      this.#isStale = true;
      this.dispatchEvent(new CustomEvent('load', { detail: info }));
    });
  }

  #open() {
    this.#sourceLife?.abort();
    const { signal } = (this.#sourceLife = new AbortController());
    this.#frame = null;
    const source = this.getAttribute('source');
    if (source === null) return;
    return this.#told(async () => {
      const frame = await opened(source, signal);
      if (signal.aborted) return;
      this.#frame = frame;
      this.#isStale = true;
    });
  }

  /** Once a frame of the screen; a picture that stands still is drawn once. */
  #turn = () => {
    const life = this.#life;
    if (!life) return;
    requestAnimationFrame(this.#turn);
    const frame = this.#frame;
    const net = this.#net;
    if (!net?.info || (net.info.frameInput >= 0 && !frame)) return;
    if (!this.#isStale && (!frame || frame instanceof HTMLImageElement)) return;
    try {
      if (net.draw(frame, this.#drawOptions())) this.#isStale = false;
    } catch (error) {
      this.#frame = null; // it would fail again
      this.#fail(error);
    }
  };

  /** @returns {DrawOptions} */
  #drawOptions() {
    const words = (/** @type {string} */ name) => /** @type {any} */ (this.getAttribute(name) ?? undefined);
    return {
      augmentation: words('augmentation'),
      view: words('view'),
      mirror: this.hasAttribute('mirror'),
      ...this.#options,
    };
  }

  /** @param {() => Promise<void>} work */
  async #told(work) {
    const life = this.#life;
    try {
      await work();
    } catch (error) {
      // What another attribute or the end of the element's life has taken the place of is no failure.
      if (life === this.#life && asFragnetError(error).code !== 'aborted') this.#fail(error);
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const told = asFragnetError(error);
    this.#words.textContent = told.message;
    this.dispatchEvent(new CustomEvent('error', { detail: told }));
  }
}

/**
 * @param {string} source
 * @param {AbortSignal} signal ends it
 * @returns {Promise<Frame>}
 */
async function opened(source, signal) {
  if (source.startsWith('#')) {
    const element = document.querySelector(source);
    if (element) return /** @type {Frame} */ (/** @type {unknown} */ (element)); // draw() says whether it is one
    throw new FragnetError('bad-input', `The page has no element "${source}" whose pictures could be shown.`);
  }
  if (PICTURE.test(source)) {
    const image = new Image();
    image.crossOrigin = 'anonymous';
    image.src = source;
    await image.decode().catch((error) => refuse(`The picture "${source}"`, error));
    return image;
  }
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.loop = true;
  if (source === 'camera') {
    const stream = await navigator.mediaDevices
      ?.getUserMedia({ video: true })
      .catch((error) => refuse('The camera', error));
    if (!stream) return refuse('The camera', new Error('browsers have one for https and localhost alone'));
    const stop = () => stream.getTracks().forEach((track) => track.stop());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    video.srcObject = stream;
  } else {
    video.crossOrigin = 'anonymous';
    video.src = source;
    signal.addEventListener('abort', () => video.removeAttribute('src'), { once: true });
  }
  await video.play().catch((error) => {
    if (!signal.aborted) refuse(source === 'camera' ? 'The camera' : `The video "${source}"`, error);
  });
  return video;
}

/**
 * @param {string} what
 * @param {Error} error
 * @returns {never}
 */
function refuse(what, error) {
  throw new FragnetError('file-failed', `${what} cannot be shown: ${error.message || error.name}.`, {
    cause: error,
  });
}

if (globalThis.customElements && !customElements.get('fragnet-view'))
  customElements.define('fragnet-view', FragnetView);
