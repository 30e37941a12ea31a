// The engine's exported functions (src/wasm/exports.cpp) as methods. Text is UTF-8 in the engine's heap, whose memory may move
// whenever the engine is called: its views are looked up anew each time.

/** @typedef {import('./fragnet-engine.js').EngineModule} EngineModule */
/** @typedef {import('./fragnet-engine.js').Exports} Exports */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * One engine of a module. Methods that return a string return JSON: `{"ok": …}` or `{"error": {"code", "message"}}`.
 * Nothing but delete() may be called after delete().
 */
export class Engine {
  #module;
  #instance;

  /** @param {EngineModule} module */
  constructor(module) {
    this.#module = module;
    this.#instance = module._fragnet_new();
  }

  delete() {
    this.#module._fragnet_delete(this.#instance);
    this.#instance = 0;
  }

  /**
   * Calls one of the exported functions that answer with JSON.
   * @param {keyof Exports} name
   * @param {string} text '' for none
   * @param {...number} numbers
   * @returns {string}
   */
  #ask(name, text = '', ...numbers) {
    const module = this.#module;
    if (text) {
      const bytes = encoder.encode(text);
      const room = module._fragnet_text(this.#instance, bytes.length);
      if (!room) return NO_MEMORY;
      module.HEAPU8.set(bytes, room);
    }
    const call = /** @type {(instance: number, ...numbers: number[]) => number} */ (module[name]);
    const start = call(this.#instance, ...numbers);
    return decoder.decode(
      module.HEAPU8.subarray(start, start + module._fragnet_answer_bytes(this.#instance)),
    );
  }

  /**
   * What the device of a registered context can do; needs no open().
   * @param {number} contextHandle
   * @param {boolean} isPhone
   */
  probe(contextHandle, isPhone) {
    return this.#ask('_fragnet_probe', '', contextHandle, Number(isPhone));
  }

  /**
   * @param {number} contextHandle
   * @param {string} options
   */
  open(contextHandle, options) {
    return this.#ask('_fragnet_open', options, contextHandle);
  }

  /** @param {string} modelJson */
  readJson(modelJson) {
    return this.#ask('_fragnet_read_json', modelJson);
  }

  /** @param {string} options */
  beginLoad(options) {
    return this.#ask('_fragnet_begin_load', options);
  }

  /**
   * Where the next `bytes` bytes of the group go, as an offset into HEAPU8.
   * @param {number} group
   * @param {number} bytes
   */
  shardBuffer(group, bytes) {
    return this.#ask('_fragnet_shard_buffer', '', group, bytes);
  }

  finishWeights() {
    return this.#ask('_fragnet_finish_weights');
  }

  goOnLoading() {
    return this.#ask('_fragnet_go_on_loading');
  }

  refine() {
    return this.#ask('_fragnet_refine');
  }

  cancelLoad() {
    this.#module._fragnet_cancel_load(this.#instance);
  }

  /** @param {string} options */
  configure(options) {
    return this.#ask('_fragnet_configure', options);
  }

  /**
   * Where frames are drawn to.
   * @param {number} framebuffer its place in GL.framebuffers, 0 for the canvas
   * @param {number} width
   * @param {number} height
   */
  drawInto(framebuffer, width, height) {
    this.#module._fragnet_draw_into(this.#instance, framebuffer, width, height);
  }

  /**
   * 0: drawn, 1: no model, 2: context lost, more: see lastError().
   * @param {unknown} frame null where the network takes none; its size is then 0 × 0
   * @param {number} width
   * @param {number} height
   * @param {boolean} isSaid its pixels may be more or fewer than it says
   * @param {number} change of its source: 0 none, 1 another one that was seen before, 2 one that was never seen
   * @returns {number}
   */
  draw(frame, width, height, isSaid, change) {
    const module = this.#module;
    module.frame = frame;
    try {
      return module._fragnet_draw(this.#instance, width, height, isSaid, change);
    } finally {
      module.frame = null; // who closes it need not wait for the next
    }
  }

  /** Why the last draw() failed. */
  lastError() {
    return this.#ask('_fragnet_last_error');
  }

  /**
   * Where predict() reads an input, as a byte offset.
   * @param {number} index
   */
  inputBuffer(index) {
    return this.#ask('_fragnet_input_buffer', '', index);
  }

  /**
   * What an input holds while frames are drawn: a JSON text, see Engine::hold_input.
   * @param {number} index
   * @param {string} fill
   */
  holdInput(index, fill) {
    return this.#ask('_fragnet_hold_input', fill, index);
  }

  predict() {
    return this.#ask('_fragnet_predict');
  }

  stats() {
    return this.#ask('_fragnet_stats');
  }

  timings() {
    return this.#ask('_fragnet_timings');
  }

  heapBytes() {
    return this.#module._fragnet_heap_bytes();
  }
}

const NO_MEMORY = JSON.stringify({
  error: { code: 'out-of-memory', message: 'this page has no memory left for the model' },
});
