// Fragnet's public API: image-to-image networks on live video, as WebGL2 fragment shaders on a canvas.
//
//   const net = await Fragnet.create(canvas);
//   await net.load('models/aurora/model.json');
//   const frame = () => { net.draw(video, { augmentation: 'paper' }); requestAnimationFrame(frame); };
//   frame();
//
// This is the only file that knows the WebAssembly heap: pointers are used at once, before the engine is called again,
// because its memory may move when it grows.

import { elements, frameHeight, frameWidth, matchInputs, requireFrame, requireOneOf } from './checks.js';
import {
  breathe,
  contextOf,
  noWebgl2,
  pause,
  refusedFrame,
  register,
  startEngine,
  unpack,
} from './engine.js';
import { asFragnetError, FragnetError } from './errors.js';
import { openModelSource } from './model_source.js';
import { recallTuning, rememberTuning, TUNING_BUDGET_MS } from './tuning.js';

export { FragnetError };

/**
 * @typedef {import('./fragnet-engine.js').EngineModule} EngineModule
 * @typedef {string | URL | FileList | readonly File[] | import('./model_source.js').ModelParts} Model
 *   the URL of a model.json; a folder, several files or one zip; or the parts themselves
 * @typedef {HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData | HTMLImageElement | VideoFrame} Frame
 * @typedef {{ name: string, shape: number[], dtype: string }} Port
 * @typedef {{ name: string, op: string, shape: number[], parameters: number, macs: number }} Layer
 * @typedef {{ format: string, name: string, inputs: Port[], outputs: Port[], parameters: number, weightBytes: number,
 *             layers: Layer[] }} ModelInfo
 * @typedef {{ phase: 'download' | 'decode' | 'compile' | 'tune', loaded: number, total: number }} Progress
 *   loaded and total are bytes while downloading and decoding, programs while compiling
 * @typedef {{ inputShapes?: Record<string, number[]>, onProgress?: (progress: Progress) => void, signal?: AbortSignal }} LoadOptions
 * @typedef {{ type?: 'none' | 'classic' | 'paper', brightness?: number, contrast?: number, range?: 'auto' | [number, number] }} Augmentation
 *   brightness is added (-1 to 1, default 0), contrast multiplies around middle grey (default 1); range is what the
 *   network wants its input in, 'auto' infers it
 * @typedef {{ augmentation?: 'none' | 'classic' | 'paper' | Augmentation, mirror?: boolean, view?: 'output' | 'input' | 'both' }} DrawOptions
 * @typedef {{ frames: number, cpuMs: number, gpuMs: number | null, drawCalls: number, programs: number, textureBytes: number,
 *             weightBytes: number, precision: string, renderer: string }} Stats
 * @typedef {{ step: number, name: string, gpuMs: number | null, cpuMs: number, macs: number }} Timing
 * @typedef {{ webgl2: boolean, renderer: string, floatTargets: boolean, halfTargets: boolean, tier: string, reason: string }} Probe
 */

const PARALLEL_DOWNLOADS = 4;
// How much goes into the engine's heap at once, and how long it may go on before other tasks get a turn.
const SLICE_BYTES = 2 ** 18;
const APPEND_MS = 8;
// A weight file may be this much longer than its group's numbers before it is no longer fetched: text among the weights
// has no length in the manifest, and what is only a little too long is for the engine to judge.
const SLACK_BYTES = 16 * 2 ** 20;
const FRAMES_IN_FLIGHT = 2;
/** @type {DrawOptions} */
const NO_OPTIONS = Object.freeze({});

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
  /** @type {import('./fragnet-engine.js').Engine | null} null while the context is lost, and after dispose() */
  #engine = null;
  #handle = 0;
  #openOptions;
  #renderer = '';
  #disposed = false;

  /** @type {ModelInfo | null} */ #info = null;
  /** @type {{ model: Model, options: LoadOptions } | null} what to load again after a lost context */
  #loaded = null;
  /** @type {AbortController | null} */ #loading = null;
  /** @type {Promise<unknown>} */ #settled = Promise.resolve();
  /** @type {Promise<void>} */ #refined = Promise.resolve();
  #hasRun = false;
  #refining = 0;
  #isRefinersTurn = false; // of frames and steps of refining, a frame was the last
  /** @type {Stats | null} */ #lastStats = null;

  // What the engine was last configured to, field by field, so that a frame compares and allocates nothing.
  #configured = false;
  /** @type {string | undefined} */ #type;
  /** @type {number | undefined} */ #brightness;
  /** @type {number | undefined} */ #contrast;
  /** @type {number | string | undefined} */ #rangeLow;
  /** @type {number | undefined} */ #rangeHigh;
  /** @type {boolean | undefined} */ #mirror;
  /** @type {string | undefined} */ #view;

  #countsFrames = false;
  /** @type {WebGLSync[]} */ #fences = [];

  /**
   * Use `Fragnet.create`.
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas
   * @param {WebGL2RenderingContext} gl
   * @param {EngineModule} module
   * @param {{ precision: string, tune: string }} openOptions
   */
  constructor(canvas, gl, module, openOptions) {
    this.#canvas = canvas;
    this.#gl = gl;
    this.#module = module;
    this.#openOptions = openOptions;
    this.#open();
    canvas.addEventListener('webglcontextlost', this.#onContextLost);
    canvas.addEventListener('webglcontextrestored', this.#onContextRestored);
  }

  /**
   * `precision` is that of the feature maps: floats of 32 or of 16 bits, or codes of 8 bits in ranges that are learned
   * while a model is loaded. 'auto' takes the first of the three that the device can do; 'rgba8' they all can.
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas one that has no context yet, or a WebGL2 one
   * @param {{ precision?: 'auto' | 'fp32' | 'fp16' | 'rgba8', tune?: 'auto' | 'off' | 'full' }} [options]
   * @returns {Promise<Fragnet>}
   */
  static async create(canvas, { precision = 'auto', tune = 'auto' } = {}) {
    requireOneOf('precision', precision, ['auto', 'fp32', 'fp16', 'rgba8']);
    requireOneOf('tune', tune, ['auto', 'off', 'full']);
    const gl = contextOf(canvas);
    if (!gl) throw new FragnetError('no-webgl2', noWebgl2());
    return new Fragnet(canvas, gl, await startEngine(), { precision, tune });
  }

  /**
   * What this device can do, found out on a canvas that is thrown away again.
   * @returns {Promise<Probe>}
   */
  static async probe() {
    const canvas = document.createElement('canvas');
    const gl = contextOf(canvas);
    if (!gl) {
      return {
        webgl2: false,
        renderer: '',
        floatTargets: false,
        halfTargets: false,
        tier: 'none',
        reason: noWebgl2(),
      };
    }
    try {
      const module = await startEngine();
      const handle = register(module, gl);
      try {
        return unpack(module.probe(handle));
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
    this.#requireAlive();
    this.#loading?.abort(
      new FragnetError('aborted', 'The load was given up: another model was asked for meanwhile.'),
    );
    const controller = new AbortController();
    this.#loading = controller;
    const onAbort = () => {
      controller.abort(
        new FragnetError('aborted', 'The load was cancelled.', { cause: options.signal?.reason }),
      );
    };
    if (options.signal?.aborted) onAbort();
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const loading = this.#load(model, options, controller.signal, this.#settled);
    this.#settled = loading.catch(() => {});
    try {
      return await loading;
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
      if (this.#loading === controller) this.#loading = null;
    }
  }

  /**
   * Runs the network on one frame and draws its picture on the canvas, at the canvas' size. Returns at once and reads
   * nothing back; false where there is nothing to draw yet (no model, a video without a picture, a lost context).
   * @param {Frame} frame
   * @param {DrawOptions} [options]
   * @returns {boolean}
   */
  draw(frame, options = NO_OPTIONS) {
    this.#requireNotDisposed();
    requireFrame(frame);
    const engine = this.#engine;
    if (!engine || !this.#info) return false;
    const width = frameWidth(frame);
    const height = frameHeight(frame);
    if (!width || !height) return false;
    this.#configure(options);
    let result;
    try {
      result = engine.draw(frame, width, height);
    } catch (error) {
      throw refusedFrame(error);
    }
    if (result > 2) unpack(engine.lastError());
    this.#hasRun = true;
    this.#isRefinersTurn = this.#refining > 0;
    if (result === 0 && this.#countsFrames) this.#addFence();
    return result === 0;
  }

  /**
   * True while the GPU still works on as many frames as should be under way at once: a loop that then leaves a frame
   * out keeps the desktop responsive on a slow GPU.
   * @returns {boolean}
   */
  get busy() {
    if (!this.#engine || this.#gl.isContextLost()) return false;
    this.#countsFrames = true;
    if (this.#refining > 0) return this.#isRefinersTurn || this.#framesUnderWay() > 0;
    return this.#framesUnderWay() >= FRAMES_IN_FLIGHT;
  }

  /**
   * Runs the network on numbers and reads its outputs back: for tests and offline work.
   * @param {Float32Array | Record<string, Float32Array>} inputs NHWC, as the model declares them
   * @returns {Promise<{ name: string, shape: number[], data: Float32Array }[]>}
   */
  async predict(inputs) {
    this.#hasRun = true;
    await this.#refined;
    const engine = this.#requireEngine();
    const module = /** @type {EngineModule} */ (this.#module);
    if (!this.#info) throw new FragnetError('no-model', 'predict() needs a model: load one first.');
    const arrays = matchInputs(this.#info.inputs, inputs);
    try {
      arrays.forEach((array, index) => {
        const pointer = engine.inputBuffer(index);
        if (!pointer) unpack(engine.lastError());
        module.HEAPF32.set(array, pointer / 4);
      });
      /** @type {{ name: string, shape: number[], pointer: number }[]} */
      const outputs = unpack(engine.predict());
      return outputs.map(({ name, shape, pointer }) => {
        const start = pointer / 4;
        return { name, shape, data: module.HEAPF32.slice(start, start + elements(shape)) };
      });
    } catch (error) {
      throw asFragnetError(error);
    }
  }

  /**
   * Figures about the frames so far. While the context is lost: those of before.
   * @returns {Stats}
   */
  stats() {
    this.#requireNotDisposed();
    if (!this.#engine && this.#lastStats) return this.#lastStats;
    return unpack(this.#requireEngine().stats());
  }

  /**
   * What each step of the last frames took.
   * @returns {Timing[]}
   */
  timings() {
    return unpack(this.#requireEngine().timings());
  }

  /** Bytes of the WebAssembly heap in use. */
  get heapBytes() {
    return this.#engine?.heapBytes() ?? 0;
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
    this.#loaded = null;
  }

  // ---- Opening, closing, and the lost context ----------------------------------------------------------------------

  #open() {
    const module = /** @type {EngineModule} */ (this.#module);
    this.#handle = register(module, this.#gl);
    const engine = new module.Engine();
    try {
      this.#renderer = unpack(engine.open(this.#handle, JSON.stringify(this.#openOptions))).renderer;
    } catch (error) {
      engine.delete();
      module.GL.deleteContext(this.#handle);
      throw asFragnetError(error);
    }
    this.#engine = engine;
    this.#configured = false;
  }

  #close() {
    for (const fence of this.#fences) this.#gl.deleteSync(fence);
    this.#fences.length = 0;
    if (!this.#engine) return;
    this.#engine.delete();
    this.#engine = null;
    this.#module?.GL.deleteContext(this.#handle);
  }

  #onContextLost = (/** @type {Event} */ event) => {
    event.preventDefault();
    const lost = new FragnetError(
      'context-lost',
      'The browser took the GPU context away while a model was loading.',
    );
    this.#loading?.abort(lost);
    try {
      if (this.#engine) this.#lastStats = unpack(this.#engine.stats());
    } catch {
      // Without a context some figures cannot be had: the earlier ones stay.
    }
    this.#close();
    this.#tellCanvas({ state: 'lost' });
  };

  #onContextRestored = async () => {
    try {
      this.#open();
      if (this.#loaded) await this.load(this.#loaded.model, this.#loaded.options);
      this.#tellCanvas({ state: 'restored' });
    } catch (error) {
      if (!this.#disposed) this.#tellCanvas({ state: 'failed', error: asFragnetError(error) });
    }
  };

  /** @param {{ state: 'lost' | 'restored' | 'failed', error?: FragnetError }} detail */
  #tellCanvas(detail) {
    this.#canvas.dispatchEvent(new CustomEvent('fragnet-context', { detail }));
  }

  #requireNotDisposed() {
    if (this.#disposed)
      throw new FragnetError('disposed', 'This Fragnet was disposed of and cannot be used again.');
  }

  #requireAlive() {
    this.#requireNotDisposed();
    if (this.#engine) return;
    throw new FragnetError(
      'context-lost',
      'The browser took the GPU context away and has not given it back yet.',
    );
  }

  #requireEngine() {
    this.#requireAlive();
    return /** @type {import('./fragnet-engine.js').Engine} */ (this.#engine);
  }

  // ---- Loading -----------------------------------------------------------------------------------------------------

  /**
   * @param {Model} model
   * @param {LoadOptions} options
   * @param {AbortSignal} signal
   * @param {Promise<unknown>} previous the load before this one, which may still be on its way out
   */
  async #load(model, options, signal, previous) {
    await previous;
    try {
      signal.throwIfAborted();
      const info = await this.#bringIn(model, options, signal);
      this.#info = info;
      this.#loaded = { model, options: { inputShapes: options.inputShapes } };
      this.#refined = this.#refine();
      return info;
    } catch (error) {
      this.#engine?.cancelLoad();
      throw signal.aborted ? asFragnetError(signal.reason) : asFragnetError(error);
    }
  }

  /**
   * @param {Model} model
   * @param {LoadOptions} options
   * @param {AbortSignal} signal
   * @returns {Promise<ModelInfo>}
   */
  async #bringIn(model, { inputShapes = {}, onProgress: listener = () => {} }, signal) {
    // A fault of the listener's is its own: the load goes on, and the page hears of it as of any uncaught error.
    const onProgress = (/** @type {Progress} */ progress) => {
      try {
        listener(progress);
      } catch (error) {
        reportError(error);
      }
    };
    onProgress({ phase: 'download', loaded: 0, total: 0 });
    const source = await openModelSource(model);
    signal.throwIfAborted();
    const topology = await source.readTopology(signal);
    signal.throwIfAborted();

    // The engine judges the manifest's claims before a byte of the weights is fetched.
    unpack(this.#requireEngine().readJson(topology));
    await breathe(signal);
    /** @type {{ paths: string[], bytes: number }[] | null} */
    let groups = null;
    while (!groups) {
      groups = unpack(this.#requireEngine().beginLoad());
      await breathe(signal);
    }
    const total = groups.reduce((sum, group) => sum + group.bytes, 0);
    let loaded = 0;
    const wanted = JSON.stringify({ inputShapes, ...this.#tuning() });
    const stop = new AbortController();
    const rehearsal = this.#rehearse(wanted, stop.signal);
    try {
      await this.#fetchWeights(source, groups, signal, (bytes) => {
        loaded = Math.min(loaded + bytes, total);
        onProgress({ phase: 'download', loaded, total });
      });
    } finally {
      stop.abort();
      await rehearsal;
    }

    onProgress({ phase: 'decode', loaded: 0, total });
    unpack(this.#requireEngine().prepare(wanted));
    for (let isWaiting = false; ;) {
      await (isWaiting ? pause(signal) : breathe(signal));
      /**
       * @type {{ done: number, total: number, phase: 'decode' | 'compile' | 'tune', info?: ModelInfo,
       *   tuning?: import('./tuning.js').Tuning }}
       */
      const state = unpack(this.#requireEngine().compile());
      onProgress({ phase: state.phase, loaded: state.done, total: state.total });
      if (state.tuning) rememberTuning(this.#renderer, state.tuning);
      if (state.info) return { ...state.info, name: state.info.name || source.name };
      isWaiting = state.phase !== 'decode'; // for the driver
    }
  }

  /**
   * Compiles what needs no weights, while those are on their way.
   * @param {string} wanted
   * @param {AbortSignal} stop
   */
  async #rehearse(wanted, stop) {
    try {
      do await pause(stop);
      while (this.#engine && unpack(this.#engine.rehearse(wanted)));
    } catch {
      // The weights are there; or something is amiss, of which the load itself will say more.
    }
  }

  async #refine() {
    const engine = this.#engine;
    ++this.#refining;
    try {
      // The first picture comes before all else, where one is drawn at once.
      this.#hasRun = false;
      for (const loaded = performance.now(); !this.#hasRun && performance.now() - loaded < 100;)
        await pause();
      for (let isDone = false; !isDone;) {
        await pause();
        if (this.#engine !== engine) return; // disposed of, or the context was lost
        // What the driver is asked stands behind what it draws, and the page would wait: a frame and a step take turns.
        if (this.#framesUnderWay() > 0) continue;
        const { done, tuning } = unpack(this.#requireEngine().refine());
        if (tuning) rememberTuning(this.#renderer, tuning);
        isDone = done;
        this.#isRefinersTurn = false;
      }
    } catch (error) {
      if (this.#engine !== engine) return;
      console.warn('Fragnet draws on with simple programs: this device does not take the fast ones.', error);
    } finally {
      --this.#refining;
      this.#isRefinersTurn = false;
    }
  }

  // What is known of this device, and how long more may be found out: nothing on the first visit, and on others only once the
  // picture is there, for the visit after. Who asks for all of it waits.
  #tuning() {
    const tune = this.#openOptions.tune;
    if (tune === 'off') return {};
    const tuning = recallTuning(this.#renderer);
    if (!tuning) rememberTuning(this.#renderer, {});
    const tuneBudgetMs = tune === 'full' ? TUNING_BUDGET_MS.full : tuning ? TUNING_BUDGET_MS.auto : 0;
    return { tuning: tuning ?? {}, tuneBudgetMs, tunesFirst: tune === 'full' };
  }

  /**
   * Fetches the shards, a few at a time, and hands them to the engine in the manifest's order.
   * @param {import('./model_source.js').ModelSource} source
   * @param {{ paths: string[], bytes: number }[]} groups
   * @param {AbortSignal} signal
   * @param {(bytes: number) => void} onBytes
   */
  async #fetchWeights(source, groups, signal, onBytes) {
    const shards = groups.flatMap(({ paths, bytes }, group) => paths.map((path) => ({ path, group, bytes })));
    // The first failure ends the other downloads too.
    const stop = new AbortController();
    const either = AbortSignal.any ? AbortSignal.any([signal, stop.signal]) : signal;
    /** @type {Promise<Uint8Array[]>[]} */
    const reading = [];
    let rested = performance.now();
    try {
      for (let next = 0; next < shards.length; ++next) {
        while (reading.length < Math.min(next + PARALLEL_DOWNLOADS, shards.length)) {
          const { path, bytes } = shards[reading.length];
          const read = source.readWeights(path, bytes + SLACK_BYTES, onBytes, either);
          read.catch(() => {}); // it is looked at in its turn
          reading.push(read);
        }
        const pieces = await reading[next];
        signal.throwIfAborted();
        for (const bytes of slicesOf(pieces)) {
          this.#append(shards[next].group, bytes);
          if (performance.now() - rested < APPEND_MS) continue;
          await breathe(signal);
          rested = performance.now();
        }
        reading[next] = NOTHING;
      }
    } finally {
      stop.abort();
    }
  }

  /**
   * @param {number} group
   * @param {Uint8Array} bytes
   */
  #append(group, bytes) {
    const engine = this.#requireEngine();
    const pointer = engine.shardBuffer(group, bytes.length);
    if (!pointer) unpack(engine.lastError());
    /** @type {EngineModule} */ (this.#module).HEAPU8.set(bytes, pointer);
  }

  // ---- Drawing -----------------------------------------------------------------------------------------------------

  /** @param {DrawOptions} options */
  #configure(options) {
    const { augmentation = 'none', mirror = false, view = 'output' } = options;
    const named = typeof augmentation === 'string';
    const type = named ? augmentation : (augmentation.type ?? 'none');
    const brightness = named ? 0 : (augmentation.brightness ?? 0);
    const contrast = named ? 1 : (augmentation.contrast ?? 1);
    const range = named ? 'auto' : (augmentation.range ?? 'auto');
    const rangeLow = range[0];
    const rangeHigh = range === 'auto' ? undefined : range[1];
    if (
      this.#configured &&
      type === this.#type &&
      brightness === this.#brightness &&
      contrast === this.#contrast &&
      rangeLow === this.#rangeLow &&
      rangeHigh === this.#rangeHigh &&
      mirror === this.#mirror &&
      view === this.#view
    ) {
      return;
    }
    requireOneOf('augmentation', type, ['none', 'classic', 'paper']);
    requireOneOf('view', view, ['output', 'input', 'both']);
    const settings = { augmentation: { type, brightness, contrast, range }, mirror: Boolean(mirror), view };
    unpack(this.#requireEngine().configure(JSON.stringify(settings)));
    this.#configured = true;
    this.#type = type;
    this.#brightness = brightness;
    this.#contrast = contrast;
    this.#rangeLow = rangeLow;
    this.#rangeHigh = rangeHigh;
    this.#mirror = mirror;
    this.#view = view;
  }

  #framesUnderWay() {
    const gl = this.#gl;
    while (this.#fences.length > 0 && gl.clientWaitSync(this.#fences[0], 0, 0) !== gl.TIMEOUT_EXPIRED) {
      gl.deleteSync(/** @type {WebGLSync} */ (this.#fences.shift()));
    }
    return this.#fences.length;
  }

  #addFence() {
    const gl = this.#gl;
    if (this.#fences.length >= FRAMES_IN_FLIGHT)
      gl.deleteSync(/** @type {WebGLSync} */ (this.#fences.shift()));
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (fence) this.#fences.push(fence);
  }
}

const NOTHING = Promise.resolve(/** @type {Uint8Array[]} */ ([]));

/** @param {Uint8Array[]} pieces */
function* slicesOf(pieces) {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES);
}
