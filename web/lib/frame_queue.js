// The frames that the GPU still works on, each with a fence behind it, so that no more are given to it than it keeps up with.

// More would only make what is seen older; of frames that take long, one keeps the GPU as busy as two.
const FRAMES_IN_FLIGHT = 2;
const LONG_MS = 50;
// A system takes a device away that does not answer for a second or two. Where so many frames in a row take so long, the next
// load cuts its longest draws up.
const SLOW_MS = 300;
const SLOW_FRAMES = 3;
// While a model is loaded, what the load asks of the GPU stands behind the frame before it. Long frames get a quarter of
// the time, so that the load takes a third longer and not ten times as long.
const LOAD_TIME_OF_FRAME_TIME = 3;

export class FrameQueue {
  #gl;
  /** @type {WebGLSync[]} */ #fences = [];
  #begun = 0; // when the youngest frame was given to the GPU, and when one was seen to be done
  #ended = 0;
  #tookMs = 0;
  #slowFrames = 0; // in a row

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
  }

  /** Puts a fence behind all that the GPU was given so far. */
  add() {
    const gl = this.#gl;
    if (this.#fences.length >= FRAMES_IN_FLIGHT)
      gl.deleteSync(/** @type {WebGLSync} */ (this.#fences.shift()));
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (fence) this.#fences.push(fence);
    this.#begun = performance.now();
  }

  /** How many frames the GPU still works on. */
  get count() {
    const gl = this.#gl;
    while (this.#fences.length > 0 && gl.clientWaitSync(this.#fences[0], 0, 0) !== gl.TIMEOUT_EXPIRED) {
      gl.deleteSync(/** @type {WebGLSync} */ (this.#fences.shift()));
      this.#ended = performance.now();
      this.#tookMs = this.#ended - this.#begun;
      this.#slowFrames = this.#tookMs > SLOW_MS ? this.#slowFrames + 1 : 0;
    }
    return this.#fences.length;
  }

  /** How long a frame takes where several in a row took so long that a single draw may be too long for the system; else 0. */
  get slowMs() {
    return this.#slowFrames >= SLOW_FRAMES ? this.#tookMs : 0;
  }

  /** True where another frame would only wait. */
  get areMany() {
    return this.count >= (this.#tookMs > LONG_MS ? 1 : FRAMES_IN_FLIGHT);
  }

  /** True where another frame would hold up a load: one is under way, or the load has not had its share of the time yet. */
  get holdUpALoad() {
    if (this.count > 0) return true;
    if (this.#tookMs <= LONG_MS) return false;
    return performance.now() - this.#ended < LOAD_TIME_OF_FRAME_TIME * this.#tookMs;
  }

  clear() {
    this.#slowFrames = 0;
    for (const fence of this.#fences) this.#gl.deleteSync(fence);
    this.#fences.length = 0;
  }
}
