// The WebAssembly engine: how it is started on a canvas, and how its answers are read.

import createFragnetEngine from './fragnet-engine.js';
import { FragnetError } from './errors.js';

/** @typedef {import('./fragnet-engine.js').EngineModule} EngineModule */

const CONTEXT_ATTRIBUTES = {
  alpha: false,
  antialias: false,
  depth: false,
  stencil: false,
  preserveDrawingBuffer: false,
  powerPreference: /** @type {const} */ ('high-performance'),
};

/** @type {Map<unknown, Promise<WebAssembly.Module>>} by address: compiled once for all engines of a page */
const compiled = new Map();

/**
 * @param {string | URL | Response | WebAssembly.Module} [wasm] bundlers look for the words that are the default
 * @returns {Promise<EngineModule>} an engine with a heap of its own
 */
export async function startEngine(wasm = new URL('./fragnet.wasm', import.meta.url)) {
  try {
    const module = await compiledOnce(wasm);
    return await new Promise((resolve, reject) => {
      createFragnetEngine({
        instantiateWasm(imports, use) {
          WebAssembly.instantiate(module, imports).then(use, reject);
          return {}; // exports come later
        },
      }).then(resolve, reject);
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new FragnetError('no-wasm', `fragnet.wasm could not be started: ${whyNoWasm()} (${why}).`, {
      cause: error,
    });
  }
}

/** @param {string | URL | Response | WebAssembly.Module} wasm */
function compiledOnce(wasm) {
  if (wasm instanceof WebAssembly.Module) return wasm;
  const key = wasm instanceof URL ? wasm.href : wasm;
  const known = compiled.get(key);
  if (known) return known;
  const module = compile(wasm instanceof Response ? wasm : fetch(wasm));
  compiled.set(key, module);
  module.catch(() => compiled.delete(key)); // another time the host may send it
  return module;
}

/** @param {Response | Promise<Response>} answer */
async function compile(answer) {
  const response = await answer;
  if (!response.ok) throw new Error(`the host answered ${response.status}`);
  // Hosts that do not know the type are many.
  return response.headers.get('Content-Type') === 'application/wasm'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/** The engine's functions as methods. Those that return a string return JSON: `{"ok": …}` or `{"error": {"code", "message"}}`. */
export class Engine {
  #module;
  #instance;

  /** @param {EngineModule} module */
  constructor(module) {
    this.#module = module;
    this.#instance = module._fragnet_create();
  }

  /**
   * @param {string} name
   * @param {string} [text] which the function finds where it expects it
   * @param {(number | boolean)[]} numbers
   * @returns {string}
   */
  #ask(name, text, ...numbers) {
    const module = this.#module;
    if (text !== undefined) {
      const bytes = new TextEncoder().encode(text);
      const place = module._fragnet_text(this.#instance, bytes.length);
      if (!place) throw new FragnetError('out-of-memory', 'This page has no memory left for the model.');
      module.HEAPU8.set(bytes, place);
    }
    const answer = module[`_fragnet_${name}`](this.#instance, ...numbers);
    const heap = module.HEAPU8;
    return new TextDecoder().decode(heap.subarray(answer, heap.indexOf(0, answer)));
  }

  /**
   * @param {number} handle of the context
   * @param {string} options
   */
  open(handle, options) {
    return this.#ask('open', options, handle);
  }

  /** @param {string} modelJson */
  readJson(modelJson) {
    return this.#ask('read_json', modelJson);
  }

  beginLoad() {
    return this.#ask('begin_load');
  }

  /**
   * Where the next bytes of the group go, as an offset into HEAPU8; 0: refused, see lastError().
   * @param {number} group
   * @param {number} bytes
   */
  shardBuffer(group, bytes) {
    return this.#module._fragnet_shard_buffer(this.#instance, group, bytes);
  }

  /** @param {string} options */
  rehearse(options) {
    return this.#ask('rehearse', options);
  }

  /** @param {string} options */
  prepare(options) {
    return this.#ask('prepare', options);
  }

  compile() {
    return this.#ask('compile');
  }

  refine() {
    return this.#ask('refine');
  }

  cancelLoad() {
    this.#module._fragnet_cancel_load(this.#instance);
  }

  /** @param {string} options */
  configure(options) {
    return this.#ask('configure', options);
  }

  /**
   * Where frames are drawn to.
   * @param {number} framebuffer by its place in GL.framebuffers, 0 for the canvas
   * @param {number} width
   * @param {number} height
   */
  drawInto(framebuffer, width, height) {
    this.#module._fragnet_draw_into(this.#instance, framebuffer, width, height);
  }

  /**
   * 0: drawn, 1: no model, 2: context lost, more: see lastError(). Without a frame its size is 0 × 0.
   * @param {unknown} frame
   * @param {number} width
   * @param {number} height
   * @param {boolean} isNew
   */
  draw(frame, width, height, isNew) {
    const module = this.#module;
    module.frame = frame;
    try {
      return module._fragnet_draw(this.#instance, width, height, isNew);
    } finally {
      module.frame = null;
    }
  }

  /**
   * Where predict() reads the input, as a byte offset; 0: refused, see lastError().
   * @param {number} index
   */
  inputBuffer(index) {
    return this.#module._fragnet_input_buffer(this.#instance, index);
  }

  /**
   * What the input holds while frames are drawn: a JSON text, see Engine::hold_input.
   * @param {number} index
   * @param {string} fill
   */
  holdInput(index, fill) {
    return this.#ask('hold_input', fill, index);
  }

  predict() {
    return this.#ask('predict');
  }

  stats() {
    return this.#ask('stats');
  }

  timings() {
    return this.#ask('timings');
  }

  lastError() {
    return this.#ask('last_error');
  }

  /**
   * What the device of a context can do.
   * @param {number} handle
   * @param {boolean} isPhone
   */
  probe(handle, isPhone) {
    return this.#ask('probe', undefined, handle, isPhone);
  }

  heapBytes() {
    return this.#module._fragnet_heap_bytes();
  }

  delete() {
    this.#module._fragnet_delete(this.#instance);
  }
}

function whyNoWasm() {
  if (typeof WebAssembly === 'undefined') return 'this browser has no WebAssembly, or it is switched off';
  try {
    new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])); // an empty one
  } catch {
    return "the page's Content-Security-Policy forbids WebAssembly: its script-src needs 'wasm-unsafe-eval'";
  }
  return 'the host does not send it, or the browser is too old for it';
}

/**
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @returns {WebGL2RenderingContext | null}
 */
export function contextOf(canvas) {
  return /** @type {WebGL2RenderingContext | null} */ (canvas.getContext('webgl2', CONTEXT_ATTRIBUTES));
}

/** A canvas that is thrown away again, in a page and in a worker. */
export function newCanvas() {
  return typeof document === 'undefined' ? new OffscreenCanvas(1, 1) : document.createElement('canvas');
}

/** Whether this is a phone, as far as a page can tell: a finger on a small screen. */
export function isPhone() {
  if (typeof matchMedia === 'undefined' || typeof screen === 'undefined') return false;
  return matchMedia('(pointer: coarse)').matches && Math.min(screen.width, screen.height) <= 600;
}

/**
 * @param {EngineModule} module
 * @param {WebGL2RenderingContext} gl
 */
export function register(module, gl) {
  return module.GL.registerContext(gl, { majorVersion: 2, minorVersion: 0, enableExtensionsByDefault: 1 });
}

/**
 * What the engine answered, or its error thrown.
 * @param {string} answer
 * @returns {any}
 */
export function unpack(answer) {
  const { ok, error } = JSON.parse(answer);
  if (error) throw new FragnetError(error.code, error.message);
  return ok;
}

export function noWebgl2() {
  return (
    'This browser gives the canvas no WebGL2 context: it has none, its graphics are switched off, the driver is on its ' +
    'block list, or the canvas already has a context of another kind.'
  );
}
