// Which model is loaded, and which one again after a lost context: one load at a time, and the last wish counts.

import { asFragnetError, FragnetError } from './errors.js';

/**
 * @typedef {import('./types.js').ModelInfo} ModelInfo
 * @typedef {import('./types.js').Progress} Progress
 * @typedef {{ model: import('./types.js').Model, inputShapes?: Record<string, number[]>,
 *             fetch?: import('./types.js').FetchOptions, signal?: AbortSignal }} Wish to have a model loaded
 * @typedef {(wish: Wish, signal: AbortSignal, onProgress?: (progress: Progress) => void) => Promise<ModelInfo>} CarryOut
 */

export class Loads {
  /** @type {CarryOut} */ #carryOut;
  // What to load again: what was asked for last, unless that was its own fault, then what was loaded.
  /** @type {Wish | null} */ #wanted = null;
  /** @type {Wish | null} */ #loaded = null;
  /** @type {AbortController | null} */ #loading = null;
  /** @type {Promise<unknown>} */ #settled = Promise.resolve();
  #hasEnded = false;

  /** @param {CarryOut} carryOut does the work, and calls adopt() as soon as the network runs */
  constructor(carryOut) {
    this.#carryOut = carryOut;
  }

  get isUnderWay() {
    return this.#loading !== null;
  }

  /** @param {FragnetError} reason */
  abort(reason) {
    this.#loading?.abort(reason);
  }

  /**
   * A load while one is under way ends that one.
   * @param {Wish} wish
   * @param {(progress: Progress) => void} [onProgress]
   */
  async load(wish, onProgress) {
    this.abort(new FragnetError('aborted', 'The load was given up: another model was asked for meanwhile.'));
    this.#wanted = wish;
    const controller = new AbortController();
    this.#loading = controller;
    const onAbort = () => {
      controller.abort(
        new FragnetError('aborted', 'The load was cancelled.', { cause: wish.signal?.reason }),
      );
    };
    if (wish.signal?.aborted) onAbort();
    wish.signal?.addEventListener('abort', onAbort, { once: true });
    // The load before this one has been told to end, and does so at once.
    const loading = this.#settled.then(() => this.#carryOut(wish, controller.signal, onProgress));
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
   * The wish has come true.
   * @param {Wish} wish
   * @returns {boolean} true where it is another model than before, and not the same one after a lost context
   */
  adopt(wish) {
    const isOther = wish !== this.#loaded;
    const { model, inputShapes, fetch } = wish;
    this.#loaded = { model, inputShapes, fetch };
    this.#wanted = this.#loaded;
    return isOther;
  }

  /**
   * Loads what was wanted last; where that fails by its own fault, what ran before.
   * @returns {Promise<{ info?: ModelInfo | null, error?: FragnetError }>} info is null where nobody wants anything, and left out
   *   where somebody wants yet another meanwhile
   */
  async again() {
    const wish = this.#wanted?.signal?.aborted ? this.#loaded : this.#wanted;
    if (!wish) return { info: null };
    try {
      return { info: await this.load(wish) };
    } catch (error) {
      const told = asFragnetError(error);
      if (told.code === 'context-lost' || this.#hasEnded) throw told;
      if (this.#wanted !== this.#loaded) return {};
      if (wish === this.#loaded) throw told;
      return { ...(await this.again()), error: told };
    }
  }

  /** @param {FragnetError} reason of the end */
  end(reason) {
    this.#hasEnded = true;
    this.abort(reason);
    this.#wanted = null;
    this.#loaded = null;
  }
}
