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

/** @returns {Promise<EngineModule>} an engine with a heap of its own */
export async function startEngine() {
  try {
    return await createFragnetEngine({
      locateFile: (path) => new URL(path.endsWith('.wasm') ? 'fragnet.wasm' : path, import.meta.url).href,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new FragnetError('no-wasm', `fragnet.wasm could not be started: ${whyNoWasm()} (${why}).`, {
      cause: error,
    });
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
