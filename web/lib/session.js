// The engine while it is open on a context: from create(), or from the return of a lost context, until the context is lost
// or dispose(). This is the only file that knows the WebAssembly heap: pointers are used at once, before the engine is
// called again, because its memory may move when it grows.

import { elements } from './checks.js';
import { register, unpack } from './engine.js';
import { Engine } from './engine_calls.js';
import { FragnetError } from './errors.js';

export class Session {
  /** @type {import('./fragnet-engine.js').EngineModule} */ #module;
  /** @type {Engine | null} */ #engine;
  #handle;
  /** The device's name. */
  renderer;
  /** Of the feature maps. */
  precision;
  /** Which shaders this engine has: other text, another number. */
  shaders;
  /** True once a network runs in it. */
  hasNetwork = false;

  /**
   * @param {import('./fragnet-engine.js').EngineModule} module
   * @param {WebGL2RenderingContext} gl
   * @param {object} options
   * @param {import('./shared.js').SharedContext | null} [shared] where others draw with the context, too
   */
  constructor(module, gl, options, shared) {
    this.#module = module;
    this.#handle = register(module, gl);
    const engine = new Engine(module);
    this.#engine = shared ? shared.guarded(engine) : engine;
    try {
      const device = unpack(this.#engine.open(this.#handle, JSON.stringify(options)));
      ({ renderer: this.renderer, precision: this.precision, shaders: this.shaders } = device);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Gives back every GL object and all heap memory. */
  close() {
    this.#engine?.delete();
    if (this.#engine) this.#module.GL.deleteContext(this.#handle);
    this.#engine = null;
  }

  get isOpen() {
    return this.#engine !== null;
  }

  get engine() {
    if (this.#engine) return this.#engine;
    throw contextLost('');
  }

  /**
   * Appends to the weights of a group.
   * @param {number} group
   * @param {Uint8Array} bytes
   */
  append(group, bytes) {
    const pointer = unpack(this.engine.shardBuffer(group, bytes.length));
    this.#module.HEAPU8.set(bytes, pointer);
  }

  /**
   * What an input holds while frames are drawn.
   * @param {number} index
   * @param {ReturnType<typeof import('./inputs.js').fillOf>} fill
   */
  hold(index, fill) {
    const isWritten = fill instanceof Float32Array;
    if (isWritten) this.#write(index, fill);
    unpack(this.engine.holdInput(index, JSON.stringify(isWritten ? { isWritten } : fill)));
  }

  /**
   * @param {number} index
   * @param {Float32Array} numbers
   */
  #write(index, numbers) {
    const pointer = unpack(this.engine.inputBuffer(index));
    this.#module.HEAPF32.set(numbers, pointer / 4);
  }

  /**
   * @param {Float32Array[]} inputs in the model's order
   * @returns {{ name: string, shape: number[], data: Float32Array }[]}
   */
  predict(inputs) {
    inputs.forEach((input, index) => this.#write(index, input));
    /** @type {{ name: string, shape: number[], pointer: number }[]} */
    const outputs = unpack(this.engine.predict());
    return outputs.map(({ name, shape, pointer }) => {
      const start = pointer / 4;
      return { name, shape, data: this.#module.HEAPF32.slice(start, start + elements(shape)) };
    });
  }
}

/** @param {string} consequence a sentence, or nothing */
export function contextLost(consequence) {
  return new FragnetError(
    'context-lost',
    `The browser took the GPU context away and has not given it back yet. ${consequence}`.trim(),
  );
}
