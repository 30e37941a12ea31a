// When a frame may be given to the GPU: never more than it keeps up with, and while a network becomes fast, its compiling gets
// its turns.

import { FrameQueue } from './frame_queue.js';

export class Pace {
  #frames;
  #refining = 0;
  #isRefinersTurn = false; // of frames and steps of refining, a frame was the last
  #isBehind = false;
  #hasAsked = false; // in this task

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#frames = new FrameQueue(gl);
  }

  /** All that the GPU was given so far counts as a frame. */
  add() {
    this.#frames.add();
    this.#isRefinersTurn = this.#refining > 0;
    if (!this.#hasAsked) this.#decide(false);
  }

  /** True where another frame would only wait: a loop then leaves it out, so that the desktop stays responsive. */
  get isBusy() {
    if (this.#refining > 0) return this.#isRefinersTurn || this.#frames.count > 0;
    return this.#frames.areMany;
  }

  /**
   * True where draw() leaves a frame out. The GPU is asked once a task: who draws several frames in one wants all of them,
   * and fences tell nothing new before its end.
   */
  get isBehind() {
    if (!this.#hasAsked) this.#decide(this.#refining > 0 ? this.#frames.count > 0 : this.#frames.areMany);
    return this.#isBehind;
  }

  /** @param {boolean} isBehind until the end of the task */
  #decide(isBehind) {
    this.#isBehind = isBehind;
    this.#hasAsked = true;
    queueMicrotask(this.#askAgain);
  }

  #askAgain = () => {
    this.#hasAsked = false;
  };

  /** True where a frame would hold up a load. */
  get holdsUpALoad() {
    return this.#frames.holdUpALoad;
  }

  /** Milliseconds of a frame where those are so long that the next load is to cut its draws up; else 0. */
  get slowMs() {
    return this.#refining > 0 ? 0 : this.#frames.slowMs;
  }

  beginRefining() {
    ++this.#refining;
  }

  endRefining() {
    --this.#refining;
    this.#isRefinersTurn = false;
  }

  /** What the driver is asked stands behind what it draws, and the page would wait: a frame and a step take turns. */
  get letsRefine() {
    return this.#frames.count === 0;
  }

  /** A step of refining is done: it is a frame's turn. */
  hasRefined() {
    this.#isRefinersTurn = false;
  }

  clear() {
    this.#frames.clear();
  }
}
