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
