// Fragnet's public API: image-to-image networks on live video, as WebGL2 fragment shaders on a canvas.
//
//   const net = await Fragnet.create(canvas);
//   await net.load('models/aurora/model.json');
//   const frame = () => { net.draw(video, { augmentation: 'paper' }); requestAnimationFrame(frame); };
//   frame();

import { indexOfPort, matchInputs } from './checks.js';
import { contextOf, isPhone, newCanvas, noWebgl2, register, startEngine, unpack } from './engine.js';
import { asFragnetError, FragnetError } from './errors.js';
import { FrameQueue } from './frame_queue.js';
import { frameHeight, FrameSource, frameWidth, refusedFrame, requireHope, requireObject } from './frames.js';
import { fillOf } from './inputs.js';
import { bringIn } from './load.js';
import { hintOf, Look } from './look.js';
import { areSame, CREATE_OPTIONS, DRAW_OPTIONS, LOAD_OPTIONS, requireOptions } from './options.js';
import { OwnSize } from './own_size.js';
import { contextLost, Session } from './session.js';
import { rememberTuning } from './tuning.js';
import { pause } from './waiting.js';

export { FragnetError };

/**
 * @typedef {import('./fragnet-engine.js').EngineModule} EngineModule
 * @typedef {string | URL | FileList | readonly File[] | import('./model_source.js').ModelParts} Model
 *   the URL of a model.json; a folder, several files or one zip; or the parts themselves
 * @typedef {HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData | HTMLImageElement | VideoFrame} Frame
 * @typedef {[number, number]} Range the numbers that are black and white
 * @typedef {{ height: number, width: number, channels: number, layout: 'nhwc' | 'nchw' | 'hw' | 'vector', range: Range,
 *   kind: 'colour' | 'grey' | 'mask' | 'classes' | 'subpixel' | 'lines' | 'residual' | 'features' | 'vector' | 'map',
 *   factor: number, guessed: boolean, why: string }} PortPicture
 *   what an input or output is to people, and how that was found; factor: of subpixel, how many times as large it is shown
 * @typedef {{ name: string, shape: number[], dtype: string, picture: PortPicture | null, fill?: string }} Port
 *   fill: what an input holds that nobody sets
 * @typedef {Float32Array | number | { seed: number } | Frame | null} InputValue
 * @typedef {{ name: string, op: string, shape: number[], parameters: number, macs: number }} Layer
 * @typedef {{ format: string, name: string, inputs: Port[], outputs: Port[], frameInput: number, shownOutput: number,
 *             parameters: number, weightBytes: number, layers: Layer[], warnings: string[] }} ModelInfo
 *   frameInput: which input frames go into, -1 where none is a picture; shownOutput: which output is shown by itself
 *   warnings are sentences: what the file left open or got wrong, and what was taken for it
 * @typedef {{ phase: 'download' | 'decode' | 'compile' | 'tune', loaded: number, total: number }} Progress
 *   loaded and total are bytes while downloading and decoding, programs while compiling; total is Infinity until it is known
 * @typedef {{ inputShapes?: Record<string, number[]>, onProgress?: (progress: Progress) => void, signal?: AbortSignal }} LoadOptions
 * @typedef {{ type?: 'none' | 'classic' | 'paper', brightness?: number, contrast?: number, range?: 'auto' | Range }} Augmentation
 *   brightness is added (-1 to 1, default 0), contrast multiplies around middle grey (default 1); range is inputRange and
 *   outputRange in one
 * @typedef {'auto' | 'picture' | 'mask' | 'overlay' | 'cutout' | 'classes' | 'subpixel' | 'channel'} Show
 * @typedef {{ augmentation?: 'none' | 'classic' | 'paper' | Augmentation, mirror?: boolean, view?: 'output' | 'input' | 'both',
 *             inputRange?: 'auto' | Range, outputRange?: 'auto' | Range, output?: string | number, channel?: number,
 *             show?: Show, invert?: boolean }} DrawOptions
 *   'auto' is what info.inputs[i].picture and info.outputs[i].picture say; output is its name or number, channel one of its
 *   channels; show is how it is shown, invert exchanges dark and bright
 * @typedef {{ frames: number, cpuMs: number, gpuMs: number | null, drawCalls: number, programs: number, textureBytes: number,
 *             weightBytes: number, precision: string, targets: number, reason: string, renderer: string }} Stats
 *   targets: how many textures one draw writes to; reason: why it is not a higher precision or more of them, '' for none
 * @typedef {{ step: number, name: string, gpuMs: number | null, cpuMs: number, macs: number }} Timing
 * @typedef {{ webgl2: boolean, renderer: string, floatTargets: boolean, halfTargets: boolean, tier: string,
 *             targets: number, reason: string }} Probe
 */

/** @type {DrawOptions} */
const NO_OPTIONS = Object.freeze({});

/** @typedef {{ model: Model, inputShapes?: Record<string, number[]>, signal?: AbortSignal }} Wish to have a model loaded */

/**
 * A network on a canvas.
 *
 * When the browser takes the GPU context away (a driver reset, too many tabs), frames are dropped until it comes back;
 * then the last model is loaded again by itself. The canvas hears of it through `fragnet-context` events, whose
 * `detail` is `{ state: 'lost' | 'restored' | 'failed', error?: FragnetError }`.
 */
export class Fragnet {
  /** @type {HTMLCanvasElement | OffscreenCanvas} */ #canvas;
  /** @type {WebGL2RenderingContext} */ #gl;
  /** @type {EngineModule | null} */ #module;
  /** @type {Session | null} null while the context is lost, and after dispose() */
  #session = null;
  #openOptions;
  #ownSize;
  #disposed = false;

  /** @type {ModelInfo | null} */ #info = null;
  // What to load again after a lost context: what was asked for last, unless that was its own fault, then what was loaded.
  /** @type {Wish | null} */ #wanted = null;
  /** @type {Wish | null} */ #loaded = null;
  /** @type {AbortController | null} */ #loading = null;
  /** @type {Promise<unknown>} */ #settled = Promise.resolve();
  /** @type {Promise<void>} */ #refined = Promise.resolve();
  #hasRun = false;
  #refining = 0;
  #isRefinersTurn = false; // of frames and steps of refining, a frame was the last
  /** @type {Stats | null} */ #lastStats = null;

  /** @type {DrawOptions | null} what the engine was last configured to */
  #configured = null;
  #source = new FrameSource();
  #drawn = 0; // frames, with the model that was loaded last

  /** @type {Map<string, InputValue>} what setInput() was given, by the input's name */
  #held = new Map();

  #look;
  /** @type {import('./look.js').Hint | null} */ #hint = null;

  #countsFrames = false; // somebody asks whether the GPU is busy
  #gpuFrames;

  /**
   * Use `Fragnet.create`.
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas
   * @param {WebGL2RenderingContext} gl
   * @param {EngineModule} module
   * @param {{ precision: string, tune: string, isPhone: boolean }} openOptions
   */
  constructor(canvas, gl, module, openOptions) {
    this.#canvas = canvas;
    this.#gl = gl;
    this.#look = new Look(gl);
    this.#ownSize = new OwnSize(canvas);
    this.#gpuFrames = new FrameQueue(gl);
    this.#module = module;
    this.#openOptions = openOptions;
    this.#open();
    canvas.addEventListener('webglcontextlost', this.#onContextLost);
    canvas.addEventListener('webglcontextrestored', this.#onContextRestored);
  }

  /**
   * `precision` is that of the feature maps: floats of 32 or of 16 bits, or codes of 8 bits in ranges that are learned
   * while a model is loaded. 'auto' takes the first of the three that the device can do; 'rgba8' they all can.
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas one that has no context yet, or a WebGL2 one; where it has neither
   *   a width nor a height attribute it gets the size of each model's picture
   * @param {{ precision?: 'auto' | 'fp32' | 'fp16' | 'rgba8', tune?: 'auto' | 'off' | 'full' }} [options]
   * @returns {Promise<Fragnet>}
   */
  static async create(canvas, options = {}) {
    requireOptions('create()', options, CREATE_OPTIONS);
    const { precision = 'auto', tune = 'auto' } = options;
    const gl = contextOf(canvas);
    if (!gl) throw new FragnetError('no-webgl2', noWebgl2());
    return new Fragnet(canvas, gl, await startEngine(), { precision, tune, isPhone: isPhone() });
  }

  /**
   * What this device can do, found out on a canvas that is thrown away again.
   * @returns {Promise<Probe>}
   */
  static async probe() {
    const gl = contextOf(newCanvas());
    if (!gl) {
      return {
        webgl2: false,
        renderer: '',
        floatTargets: false,
        halfTargets: false,
        tier: 'none',
        targets: 0,
        reason: noWebgl2(),
      };
    }
    try {
      const module = await startEngine();
      const handle = register(module, gl);
      try {
        return unpack(module.probe(handle, isPhone()));
      } finally {
        module.GL.deleteContext(handle);
      }
    } finally {
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    }
  }

  /**
   * Settles when the network runs at full speed. What load() brings draws right away, by simple programs that compile
   * soon; the fast ones come in while it draws.
   * @returns {Promise<void>}
   */
  get ready() {
    return this.#refined;
  }

  /** What was loaded last, or null. */
  get info() {
    return this.#info;
  }

  /**
   * Brings a model in. The earlier one runs on until the new one is ready, and keeps running if that fails. A second load
   * while one is under way ends the first one (`aborted`).
   * @param {Model} model
   * @param {LoadOptions} [options]
   * @returns {Promise<ModelInfo>}
   */
  async load(model, options = {}) {
    this.#requireNotDisposed();
    requireOptions('load()', options, LOAD_OPTIONS);
    const { inputShapes, signal, onProgress } = options;
    return this.#load({ model, inputShapes, signal }, onProgress);
  }

  /**
   * Runs the network on one frame and draws its picture on the canvas, at the canvas' size. Returns at once and reads
   * nothing back; false where there is nothing to draw yet (no model, a video without a picture, a lost context), and for a
   * frame that is left out because it would hold up the load of another model. A network without a picture among its
   * inputs paints from numbers alone: its frame may be null.
   * @param {Frame | null} frame
   * @param {DrawOptions} [options]
   * @returns {boolean}
   */
  draw(frame, options = NO_OPTIONS) {
    this.#requireNotDisposed();
    const takesFrames = !this.#info || this.#info.frameInput >= 0;
    if (takesFrames) requireObject(frame);
    const engine = this.#session?.engine;
    if (!engine || !this.#info) return false;
    if (takesFrames && !(frameWidth(frame) && frameHeight(frame))) {
      requireHope(frame);
      this.#source.forget();
      return false;
    }
    if (this.#loading && this.#gpuFrames.holdUpALoad) return false;
    this.#configure(options);
    let result;
    try {
      result = takesFrames ? this.#drawFrame(engine, frame) : engine.draw(null, 0, 0, false);
      if (result > 2) unpack(engine.lastError());
    } catch (error) {
      this.#source.forget();
      if (this.#gl.isContextLost()) return false;
      throw refusedFrame(error, frame);
    }
    if (result === 0) {
      ++this.#drawn;
      const seen = this.#look.behindFrame(options.view === 'both' && takesFrames);
      if (seen) this.#tellHint(seen.isFlat ? hintOf(seen.level, this.#info, options) : null);
    }
    this.#hasRun = true;
    this.#isRefinersTurn = this.#refining > 0;
    if (result === 0 && (this.#countsFrames || this.#loading)) this.#gpuFrames.add();
    return result === 0;
  }

  /**
   * @param {import('./fragnet-engine.js').Engine} engine
   * @param {any} frame
   */
  #drawFrame(engine, frame) {
    const isNew = this.#source.isNew(frame);
    const result = drawPicture(engine, this.#source.picture(frame), isNew);
    return result > 2 && 'naturalWidth' in frame
      ? drawPicture(engine, this.#source.paint(frame), true)
      : result;
  }

  /**
   * A second after a change of the model or the options the canvas is looked at, once: where the picture is nearly all one
   * value, this says so and what may help, and the canvas hears of it as `fragnet-hint`. Null where it shows something.
   */
  hint() {
    return this.#hint;
  }

  /** @param {import('./look.js').Hint | null} hint */
  #tellHint(hint) {
    this.#hint = hint;
    if (hint) this.#canvas.dispatchEvent(new CustomEvent('fragnet-hint', { detail: hint }));
  }

  #lookAgain() {
    this.#hint = null;
    this.#look.askAgain();
  }

  /**
   * More is known of the model: `info` has it, and the canvas hears of it.
   * @param {Port[]} inputs
   * @param {Port[]} outputs
   */
  #tellPorts(inputs, outputs) {
    Object.assign(/** @type {ModelInfo} */ (this.#info), { inputs, outputs });
    this.#lookAgain();
    this.#canvas.dispatchEvent(new CustomEvent('fragnet-ports', { detail: this.#info }));
  }

  /**
   * What an input holds while frames are drawn, until another model is loaded: numbers, row-major in its shape; one number
   * everywhere; `{ seed }`, normal numbers that are the same for the same seed; a picture, taken once; or null, what
   * `info.inputs[i].fill` says. The input that takes the frames cannot be set.
   * @param {string} name
   * @param {InputValue} value
   */
  setInput(name, value) {
    const session = this.#requireSession();
    if (!this.#info) throw new FragnetError('no-model', 'setInput() needs a model: load one first.');
    if (!session.hasNetwork) throw contextLost('The model is being loaded again.');
    const index = indexOfPort('input', this.#info.inputs, name);
    session.hold(index, fillOf(this.#info.inputs[index], value));
    this.#lookAgain();
    if (value === null) this.#held.delete(name);
    else this.#held.set(name, value);
  }

  /**
   * True while the GPU still works on as many frames as should be under way at once: a loop that then leaves a frame
   * out keeps the desktop responsive on a slow GPU.
   * @returns {boolean}
   */
  get busy() {
    if (!this.#session || this.#gl.isContextLost()) return false;
    this.#countsFrames = true;
    if (this.#refining > 0) return this.#isRefinersTurn || this.#gpuFrames.count > 0;
    return this.#gpuFrames.areMany;
  }

  /**
   * Runs the network on numbers and reads its outputs back: for tests and offline work.
   * @param {Float32Array | Record<string, Float32Array>} inputs NHWC, as the model declares them
   * @returns {Promise<{ name: string, shape: number[], data: Float32Array }[]>}
   */
  async predict(inputs) {
    this.#hasRun = true;
    await this.#refined;
    const session = this.#requireSession();
    if (!this.#info) throw new FragnetError('no-model', 'predict() needs a model: load one first.');
    if (!session.hasNetwork) throw contextLost('The model is being loaded again.');
    return this.#told(() => session.predict(matchInputs(this.#info?.inputs ?? [], inputs)));
  }

  /**
   * Figures about the frames so far; `frames` counts those that were drawn with the model that was loaded last, and goes
   * on where that is loaded again after a lost context. While the context is lost: the figures of before.
   * @returns {Stats}
   */
  stats() {
    this.#requireNotDisposed();
    if (!this.#session && this.#lastStats) return this.#lastStats;
    const { engine } = this.#requireSession();
    return { ...unpack(engine.stats()), frames: this.#drawn };
  }

  /**
   * What each step of the last frames took.
   * @returns {Timing[]}
   */
  timings() {
    const { engine } = this.#requireSession();
    return this.#told(() => unpack(engine.timings()));
  }

  /** Bytes of the WebAssembly heap in use. */
  get heapBytes() {
    return this.#session?.engine.heapBytes() ?? 0;
  }

  /** Gives back every GL object and all heap memory. The canvas and its context stay usable. */
  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#loading?.abort(
      new FragnetError('aborted', 'The load was given up: dispose() was called meanwhile.'),
    );
    this.#canvas.removeEventListener('webglcontextlost', this.#onContextLost);
    this.#canvas.removeEventListener('webglcontextrestored', this.#onContextRestored);
    this.#close();
    this.#module = null;
    this.#info = null;
    this.#wanted = null;
    this.#loaded = null;
  }

  // ---- Opening, closing, and the lost context ----------------------------------------------------------------------

  #open() {
    const module = /** @type {EngineModule} */ (this.#module);
    this.#session = this.#told(() => new Session(module, this.#gl, this.#openOptions));
    this.#configured = null;
  }

  #close() {
    this.#look.stop();
    this.#gpuFrames.clear();
    this.#session?.close();
    this.#session = null;
  }

  #onContextLost = (/** @type {Event} */ event) => {
    event.preventDefault();
    this.#loading?.abort(contextLost('The model is loaded as soon as it is back.'));
    try {
      if (this.#session) this.#lastStats = this.stats();
    } catch {
      // Without a context some figures cannot be had: the earlier ones stay.
    }
    this.#close();
    this.#tellCanvas({ state: 'lost' });
  };

  #onContextRestored = async () => {
    try {
      this.#open();
      this.#tellCanvas({ state: 'restored', ...(await this.#loadAgain()) });
    } catch (error) {
      const told = asFragnetError(error);
      // Lost once more, of which the canvas has heard: it will be restored again.
      if (!this.#disposed && told.code !== 'context-lost') this.#tellCanvas({ state: 'failed', error: told });
    }
  };

  /**
   * Loads what was wanted last; where that fails by its own fault, what ran before.
   * @returns {Promise<{ info: ModelInfo | null, error?: FragnetError }>}
   */
  async #loadAgain() {
    const wish = this.#wanted?.signal?.aborted ? this.#loaded : this.#wanted;
    if (!wish) return { info: null };
    try {
      return { info: await this.#load(wish) };
    } catch (error) {
      const told = asFragnetError(error);
      if (told.code === 'context-lost' || this.#disposed) throw told;
      if (this.#wanted !== this.#loaded) return { info: this.#info }; // somebody asked for another meanwhile
      if (wish === this.#loaded) throw told;
      return { ...(await this.#loadAgain()), error: told };
    }
  }

  /** @param {{ state: 'lost' | 'restored' | 'failed', info?: ModelInfo | null, error?: FragnetError }} detail */
  #tellCanvas(detail) {
    this.#canvas.dispatchEvent(new CustomEvent('fragnet-context', { detail }));
  }

  #requireNotDisposed() {
    if (this.#disposed)
      throw new FragnetError('disposed', 'This Fragnet was disposed of and cannot be used again.');
  }

  /** @returns {Session} */
  #requireSession() {
    this.#requireNotDisposed();
    if (this.#session) return this.#session;
    throw contextLost('');
  }

  /**
   * What `work` with the context returns. Where the context is lost meanwhile, that is the reason of whatever went wrong,
   * and what seems to have gone right is nothing.
   * @template T
   * @param {() => T} work
   * @returns {T}
   */
  #told(work) {
    let result;
    try {
      result = work();
    } catch (error) {
      throw this.#gl.isContextLost() ? contextLost('') : asFragnetError(error);
    }
    if (this.#gl.isContextLost()) throw contextLost('');
    return result;
  }

  // ---- Loading -----------------------------------------------------------------------------------------------------

  /**
   * @param {Wish} wish
   * @param {(progress: Progress) => void} [onProgress]
   */
  async #load(wish, onProgress) {
    this.#loading?.abort(
      new FragnetError('aborted', 'The load was given up: another model was asked for meanwhile.'),
    );
    this.#wanted = wish;
    if (this.#info && this.#session && !this.#gl.isContextLost()) this.#gpuFrames.add(); // behind what is not counted yet
    const controller = new AbortController();
    this.#loading = controller;
    const onAbort = () => {
      controller.abort(
        new FragnetError('aborted', 'The load was cancelled.', { cause: wish.signal?.reason }),
      );
    };
    if (wish.signal?.aborted) onAbort();
    wish.signal?.addEventListener('abort', onAbort, { once: true });
    const loading = this.#carryOut(wish, onProgress, controller.signal, this.#settled);
    this.#settled = loading.catch(() => {});
    try {
      return await loading;
    } catch (error) {
      const { code } = /** @type {FragnetError} */ (error);
      if (this.#wanted === wish && code !== 'context-lost') this.#wanted = this.#loaded;
      throw error;
    } finally {
      wish.signal?.removeEventListener('abort', onAbort);
      if (this.#loading === controller) this.#loading = null;
    }
  }

  /**
   * @param {Wish} wish
   * @param {((progress: Progress) => void) | undefined} onProgress
   * @param {AbortSignal} signal
   * @param {Promise<unknown>} previous the load before this one, which has been told to end and does so at once
   */
  async #carryOut(wish, onProgress, signal, previous) {
    await previous;
    const session = this.#session;
    try {
      signal.throwIfAborted();
      if (!session) throw contextLost('The model is loaded as soon as it is back.');
      const { model, inputShapes } = wish;
      const options = { inputShapes, onProgress, tune: this.#openOptions.tune };
      const info = await bringIn(session, model, options, signal);
      if (this.#gl.isContextLost()) throw contextLost('The model is loaded as soon as it is back.');
      const before = this.#loaded;
      if (wish !== before) this.#drawn = 0;
      this.#info = info;
      this.#ownSize.fit(info);
      this.#configured = null; // outputs by name have other numbers
      this.#loaded = { model, inputShapes };
      this.#wanted = this.#loaded;
      session.hasNetwork = true;
      if (wish !== before) this.#held.clear();
      for (const [name, value] of this.#held) this.setInput(name, value);
      this.#refined = this.#refine(session);
      return info;
    } catch (error) {
      if (session?.isOpen) session.engine.cancelLoad();
      if (signal.aborted) throw signal.reason;
      throw this.#gl.isContextLost()
        ? contextLost('The model is loaded as soon as it is back.')
        : asFragnetError(error);
    }
  }

  /** @param {Session} session */
  async #refine(session) {
    ++this.#refining;
    try {
      // The first picture comes before all else, where one is drawn at once.
      this.#hasRun = false;
      for (const loaded = performance.now(); !this.#hasRun && performance.now() - loaded < 100;)
        await pause();
      for (let isDone = false; !isDone;) {
        await pause();
        if (!session.isOpen) return; // disposed of, or the context was lost
        // What the driver is asked stands behind what it draws, and the page would wait: a frame and a step take turns.
        if (this.#gpuFrames.count > 0) continue;
        const { done, tuning, inputs, outputs } = unpack(session.engine.refine());
        if (outputs) this.#tellPorts(inputs, outputs);
        if (tuning) rememberTuning(session, tuning);
        isDone = done;
        this.#isRefinersTurn = false;
      }
    } catch (error) {
      if (!session.isOpen || this.#gl.isContextLost()) return;
      console.warn('Fragnet draws on with simple programs: this device does not take the fast ones.', error);
    } finally {
      --this.#refining;
      this.#isRefinersTurn = false;
    }
  }

  // ---- Drawing -----------------------------------------------------------------------------------------------------

  /** @param {DrawOptions} options */
  #configure(options) {
    if (this.#configured && areSame(options, this.#configured)) return;
    requireOptions('draw()', options, DRAW_OPTIONS);
    const { augmentation, output } = options;
    const info = /** @type {ModelInfo} */ (this.#info);
    const settings = {
      ...options,
      augmentation: typeof augmentation === 'string' ? { type: augmentation } : augmentation,
      output: typeof output === 'string' ? indexOfPort('output', info.outputs, output) : output,
    };
    unpack(this.#requireSession().engine.configure(JSON.stringify(settings)));
    this.#configured = JSON.parse(JSON.stringify(options));
    this.#ownSize.fit(info, options.view ?? 'output', settings.output);
    this.#lookAgain();
  }
}

/**
 * @param {import('./fragnet-engine.js').Engine} engine
 * @param {Frame} frame
 * @param {boolean} isNew
 */
function drawPicture(engine, frame, isNew) {
  return engine.draw(frame, frameWidth(frame), frameHeight(frame), isNew);
}
