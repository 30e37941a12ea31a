/// <reference lib="esnext.disposable" preserve="true" />
// Fragnet's public API: image-to-image networks on live video, as WebGL2 fragment shaders on a canvas.
//
//   const net = await Fragnet.create(canvas);
//   await net.load('models/aurora/model.json');
//   const frame = () => { net.draw(video, { augmentation: 'paper' }); video.requestVideoFrameCallback(frame); };
//   frame();

import { indexOfPort, matchInputs } from './checks.js';
import { contextOf, isPhone, newCanvas, noWebgl2, register, startEngine, unpack } from './engine.js';
import { Engine } from './engine_calls.js';
import { asFragnetError, FragnetError } from './errors.js';
import {
  CHANGE,
  frameHeight,
  FrameSource,
  frameWidth,
  isSizeSaid,
  refusedFrame,
  requireHope,
  requireObject,
} from './frames.js';
import { fillOf } from './inputs.js';
import { bringIn } from './load.js';
import { Loads } from './loads.js';
import { hintOf, Look } from './look.js';
import { areSame, CREATE_OPTIONS, DRAW_OPTIONS, LOAD_OPTIONS, requireOptions } from './options.js';
import { OwnSize } from './own_size.js';
import { Pace } from './pace.js';
import { contextLost, Session } from './session.js';
import { rememberSlowness, rememberTuning } from './tuning.js';
import { pause } from './waiting.js';

export { FragnetError };

/** @typedef {import('./fragnet-engine.js').EngineModule} EngineModule */
/** @typedef {import('./types.js').Model} Model */
/** @typedef {import('./types.js').Frame} Frame */
/** @typedef {import('./types.js').Range} Range */
/** @typedef {import('./types.js').CreateOptions} CreateOptions */
/** @typedef {import('./types.js').PortPicture} PortPicture */
/** @typedef {import('./types.js').Port} Port */
/** @typedef {import('./types.js').InputValue} InputValue */
/** @typedef {import('./types.js').Layer} Layer */
/** @typedef {import('./types.js').ModelInfo} ModelInfo */
/** @typedef {import('./types.js').Progress} Progress */
/** @typedef {import('./types.js').FetchOptions} FetchOptions */
/** @typedef {import('./types.js').LoadOptions} LoadOptions */
/** @typedef {import('./types.js').Augmentation} Augmentation */
/** @typedef {import('./types.js').Show} Show */
/** @typedef {import('./types.js').DrawOptions} DrawOptions */
/** @typedef {import('./types.js').Stats} Stats */
/** @typedef {import('./types.js').Timing} Timing */
/** @typedef {import('./types.js').Probe} Probe */
/** @typedef {import('./errors.js').ErrorCode} ErrorCode */
/** @typedef {import('./look.js').Hint} Hint */

/** @type {DrawOptions} */
const NO_OPTIONS = Object.freeze({});

// A symbol that browsers before 2025 do not have; compilers of `using` then take this one.
/** @type {typeof Symbol.dispose} */
const DISPOSE = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/**
 * A network on a canvas.
 *
 * When the browser takes the GPU context away (a driver reset, too many tabs), frames are dropped until it comes back;
 * then the last model is loaded again by itself.
 *
 * Events, each a CustomEvent, of which the canvas hears under the same name with `fragnet-` before it:
 * - `context`: `detail` is `{ state: 'lost' | 'restored' | 'failed', info?: ModelInfo, error?: FragnetError }`
 * - `ports`: more is known of the inputs and outputs; `detail` is `info`
 * - `hint`: the picture is nearly all one value; `detail` is what hint() returns
 */
export class Fragnet extends EventTarget {
  /** @type {HTMLCanvasElement | OffscreenCanvas} */ #canvas;
  /** @type {WebGL2RenderingContext} */ #gl;
  /** @type {EngineModule | null} */ #module;
  /** @type {Session | null} null while the context is lost, and after dispose() */
  #session = null;
  #openOptions;
  /** @type {import('./shared.js').SharedContext | null} */ #shared;
  #ownSize;
  #disposed = false;

  /** @type {ModelInfo | null} */ #info = null;
  #loads = new Loads((wish, signal, onProgress) => this.#carryOut(wish, signal, onProgress));
  /** @type {Promise<void>} */ #refined = Promise.resolve();
  #hasRun = false;
  #asksWhetherBusy = false; // through `busy`
  #isKnownSlow = false; // the device, with the model that runs
  /** @type {Stats | null} */ #lastStats = null;

  /** @type {DrawOptions | null} what the engine was last configured to */
  #configured = null;
  #source = new FrameSource();
  #drawn = 0; // frames, with the model that was loaded last

  /** @type {Map<string, InputValue>} what setInput() was given, by the input's name */
  #held = new Map();

  #look;
  /** @type {Hint | null} */ #hint = null;
  #pace;

  /**
   * Use `Fragnet.create`.
   * @private
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas
   * @param {WebGL2RenderingContext} gl
   * @param {EngineModule} module
   * @param {{ precision: string, tune: string, isPhone: boolean }} openOptions
   * @param {import('./shared.js').SharedContext | null} shared
   */
  constructor(canvas, gl, module, openOptions, shared) {
    super();
    this.#canvas = canvas;
    this.#gl = gl;
    this.#look = new Look(gl);
    this.#shared = shared;
    this.#ownSize = new OwnSize(shared ?? canvas);
    this.#pace = new Pace(gl);
    this.#module = module;
    this.#openOptions = openOptions;
    this.#open();
    canvas.addEventListener('webglcontextlost', this.#onContextLost);
    canvas.addEventListener('webglcontextrestored', this.#onContextRestored);
  }

  /**
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas one that has no context yet, or a WebGL2 one; where it has neither
   *   a width nor a height attribute it gets the size of each model's picture
   * @param {CreateOptions} [options]
   * @returns {Promise<Fragnet>}
   */
  static async create(canvas, options = {}) {
    requireOptions('create()', options, CREATE_OPTIONS);
    const { precision = 'auto', tune = 'auto', wasm, shared = false } = options;
    const gl = contextOf(canvas);
    if (!gl) throw new FragnetError('no-webgl2', noWebgl2());
    const context = shared ? new (await import('./shared.js')).SharedContext(gl) : null;
    const openOptions = { precision, tune, isPhone: isPhone() };
    return new Fragnet(canvas, gl, await startEngine(wasm), openOptions, context);
  }

  /**
   * What this device can do, found out on a canvas that is thrown away again.
   * @param {Pick<CreateOptions, 'wasm'>} [options]
   * @returns {Promise<Probe>}
   */
  static async probe(options = {}) {
    requireOptions('probe()', options, { wasm: CREATE_OPTIONS.wasm });
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
      const module = await startEngine(options.wasm);
      const handle = register(module, gl);
      const engine = new Engine(module);
      try {
        return unpack(engine.probe(handle, isPhone()));
      } finally {
        engine.delete();
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

  /**
   * The picture where the context is shared: an RGBA texture that draw() paints on, the same one while the context lives.
   * Null before the first frame, and where Fragnet has the canvas for itself.
   */
  get texture() {
    return this.#shared?.texture ?? null;
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
    const { onProgress, ...how } = options;
    if (this.#info && this.#session && !this.#gl.isContextLost()) this.#pace.add(); // behind what runs already
    return this.#loads.load({ model, ...how }, onProgress);
  }

  /**
   * Runs the network on one frame and draws its picture on the canvas, at the canvas' size. Returns at once and reads
   * nothing back; false where there is nothing to draw yet (no model, a video without a picture, a lost context), and for a
   * frame that is left out: because the device is behind, unless `skip` is 'never', or because it would hold up the load of
   * another model. So a loop may call it for each frame of a video. A network without a picture among its
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
    if (this.#loads.isUnderWay && this.#pace.holdsUpALoad) return false;
    this.#configure(options);
    if (this.#hasRun && options.skip !== 'never' && this.#pace.isBehind) return false;
    this.#shared?.aim(/** @type {EngineModule} */ (this.#module), engine);
    let result;
    try {
      result = takesFrames ? this.#drawFrame(engine, frame) : engine.draw(null, 0, 0, false, 0);
      if (result > 2) unpack(engine.lastError());
    } catch (error) {
      this.#source.forget();
      if (this.#gl.isContextLost()) return false;
      throw refusedFrame(error, frame);
    }
    if (result === 0) {
      ++this.#drawn;
      const seen = this.#shared ? null : this.#look.behindFrame(options.view === 'both' && takesFrames);
      if (seen) this.#tellHint(seen.isFlat ? hintOf(seen.level, this.#info, options) : null);
    }
    this.#hasRun = true;
    // A fence costs a driver time: none where nobody asks how far the GPU is.
    const isAsked = this.#asksWhetherBusy || options.skip !== 'never' || this.#loads.isUnderWay;
    if (result === 0 && isAsked) this.#pace.add();
    if (!this.#isKnownSlow && this.#pace.slowMs > 0) this.#rememberSlowness();
    return result === 0;
  }

  #rememberSlowness() {
    this.#isKnownSlow = true;
    if (!this.#session || !this.#info || this.#openOptions.tune === 'off') return;
    rememberSlowness(this.#session, this.#info.layers, this.#pace.slowMs);
  }

  /**
   * @param {import('./engine_calls.js').Engine} engine
   * @param {any} frame
   */
  #drawFrame(engine, frame) {
    const change = this.#source.change(frame);
    const result = drawPicture(engine, this.#source.picture(frame), change);
    return result > 2 && 'naturalWidth' in frame
      ? drawPicture(engine, this.#source.paint(frame), CHANGE.ALL)
      : result;
  }

  /**
   * A second after a change of the model or the options the canvas is looked at, once: where the picture is nearly all one
   * value, this says so and what may help; there is an event `hint`. Null where it shows something, and
   * where others draw on the canvas.
   */
  hint() {
    return this.#hint;
  }

  /** @param {Hint | null} hint */
  #tellHint(hint) {
    this.#hint = hint;
    if (hint) this.#tell('hint', hint);
  }

  /**
   * @param {'context' | 'ports' | 'hint'} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
    this.#canvas.dispatchEvent(new CustomEvent(`fragnet-${type}`, { detail }));
  }

  #lookAgain() {
    this.#hint = null;
    this.#look.askAgain();
  }

  /**
   * More is known of the model.
   * @param {Port[]} inputs
   * @param {Port[]} outputs
   */
  #tellPorts(inputs, outputs) {
    Object.assign(/** @type {ModelInfo} */ (this.#info), { inputs, outputs });
    this.#lookAgain();
    this.#tell('ports', this.#info);
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
   * True while the GPU still works on as many frames as should be under way at once: draw() would leave one out, and a
   * loop need not make it.
   * @returns {boolean}
   */
  get busy() {
    if (!this.#session || this.#gl.isContextLost()) return false;
    this.#asksWhetherBusy = true;
    return this.#pace.isBusy;
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
    this.#loads.end(new FragnetError('aborted', 'The load was given up: dispose() was called meanwhile.'));
    this.#canvas.removeEventListener('webglcontextlost', this.#onContextLost);
    this.#canvas.removeEventListener('webglcontextrestored', this.#onContextRestored);
    this.#close();
    this.#module = null;
    this.#info = null;
  }

  /** `using net = await Fragnet.create(canvas)` disposes of it at the end of its block. */
  [DISPOSE]() {
    this.dispose();
  }

  // ---- Opening, closing, and the lost context ----------------------------------------------------------------------

  #open() {
    const module = /** @type {EngineModule} */ (this.#module);
    this.#session = this.#told(() => new Session(module, this.#gl, this.#openOptions, this.#shared));
    this.#configured = null;
  }

  #close() {
    this.#look.stop();
    this.#pace.clear();
    this.#session?.close();
    this.#shared?.close();
    this.#session = null;
  }

  #onContextLost = (/** @type {Event} */ event) => {
    event.preventDefault();
    this.#loads.abort(contextLost('The model is loaded as soon as it is back.'));
    try {
      if (this.#session) this.#lastStats = this.stats();
    } catch {
      // Without a context some figures cannot be had: the earlier ones stay.
    }
    this.#close();
    this.#tell('context', { state: 'lost' });
  };

  #onContextRestored = async () => {
    try {
      this.#open();
      const { info = this.#info, error } = await this.#loads.again();
      this.#tell('context', { state: 'restored', info, ...(error && { error }) });
    } catch (error) {
      const told = asFragnetError(error);
      // Lost once more, of which the page has heard: it will be restored again.
      if (!this.#disposed && told.code !== 'context-lost')
        this.#tell('context', { state: 'failed', error: told });
    }
  };

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

  /** @type {import('./loads.js').CarryOut} */
  async #carryOut(wish, signal, onProgress) {
    const session = this.#session;
    try {
      signal.throwIfAborted();
      if (!session) throw contextLost('The model is loaded as soon as it is back.');
      const { model, inputShapes, fetch } = wish;
      const options = { inputShapes, onProgress, fetch, tune: this.#openOptions.tune };
      const info = await bringIn(session, model, options, signal);
      if (this.#gl.isContextLost()) throw contextLost('The model is loaded as soon as it is back.');
      const isOther = this.#loads.adopt(wish);
      if (isOther) this.#drawn = 0;
      this.#isKnownSlow = false;
      this.#info = info;
      this.#ownSize.fit(info);
      this.#configured = null; // outputs by name have other numbers
      session.hasNetwork = true;
      if (isOther) this.#held.clear();
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
    this.#pace.beginRefining();
    try {
      // The first picture comes before all else, where one is drawn at once.
      this.#hasRun = false;
      for (const loaded = performance.now(); !this.#hasRun && performance.now() - loaded < 100;)
        await pause();
      for (let isDone = false; !isDone;) {
        await pause();
        if (!session.isOpen) return; // disposed of, or the context was lost
        if (!this.#pace.letsRefine) continue;
        const { done, tuning, inputs, outputs } = unpack(session.engine.refine());
        if (outputs) this.#tellPorts(inputs, outputs);
        if (tuning) rememberTuning(session, tuning);
        isDone = done;
        this.#pace.hasRefined();
      }
    } catch (error) {
      if (!session.isOpen || this.#gl.isContextLost()) return;
      console.warn('Fragnet draws on with simple programs: this device does not take the fast ones.', error);
    } finally {
      this.#pace.endRefining();
    }
  }

  // ---- Drawing -----------------------------------------------------------------------------------------------------

  /** @param {DrawOptions} options */
  #configure(options) {
    if (this.#configured && areSame(options, this.#configured)) return;
    requireOptions('draw()', options, DRAW_OPTIONS);
    const { augmentation, output } = options;
    const info = /** @type {ModelInfo} */ (this.#info);
    const chosen = typeof augmentation === 'string' ? { type: augmentation } : augmentation;
    const grain = chosen?.grain ?? (['classic', 'paper'].includes(chosen?.type ?? '') ? info.grain : 0);
    const settings = {
      ...options,
      skip: undefined, // of no concern to the engine
      augmentation: { ...chosen, grain },
      output: typeof output === 'string' ? indexOfPort('output', info.outputs, output) : output,
    };
    unpack(this.#requireSession().engine.configure(JSON.stringify(settings)));
    this.#configured = JSON.parse(JSON.stringify(options));
    this.#ownSize.fit(info, options.view ?? 'output', settings.output);
    this.#lookAgain();
  }
}

/**
 * @param {import('./engine_calls.js').Engine} engine
 * @param {Frame} frame
 * @param {number} change of CHANGE
 */
function drawPicture(engine, frame, change) {
  return engine.draw(frame, frameWidth(frame), frameHeight(frame), isSizeSaid(frame), change);
}
