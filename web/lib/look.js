// A look at what the canvas shows, some time after something has changed: a picture that is nearly all one value tells of a
// range or an output that is not meant. Nothing waits for it: some rows are copied behind a frame, and read when a fence says
// that they are there.

// A first picture comes, and a camera gets used to the light.
const WAIT_MS = 1000;
const ROWS = 16;
// Of 256 levels: how far nearly the darkest and nearly the brightest lie apart in a picture that shows something.
const FEW_LEVELS = 6;

/** @typedef {import('./fragnet.js').DrawOptions} DrawOptions */
/** @typedef {import('./fragnet.js').ModelInfo} ModelInfo */
/** @typedef {{ message: string, remedies: DrawOptions[] }} Hint remedies: options of draw() to try, the likeliest first */

export class Look {
  #gl;
  #due = Infinity;
  /** @type {{ buffer: WebGLBuffer, fence: WebGLSync, bytes: number } | null} */ #pending = null;

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
  }

  /** Something has changed: what was seen before counts no more. */
  askAgain() {
    this.#drop();
    this.#due = performance.now() + WAIT_MS;
  }

  /** No more. */
  stop() {
    this.#drop();
    this.#due = Infinity;
  }

  /**
   * To be called behind each frame, in its task.
   * @param {boolean} isRightHalf where the output is beside the input
   * @returns {{ level: number, isFlat: boolean } | null} what was seen, once
   */
  behindFrame(isRightHalf) {
    if (this.#pending) return this.#take();
    if (performance.now() >= this.#due) this.#begin(isRightHalf);
    return null;
  }

  /** @param {boolean} isRightHalf */
  #begin(isRightHalf) {
    const gl = this.#gl;
    this.#due = Infinity;
    const left = isRightHalf ? gl.drawingBufferWidth >> 1 : 0;
    const width = gl.drawingBufferWidth - left;
    const bytes = ROWS * width * 4;
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, bytes, gl.STREAM_READ);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
    for (let row = 0; row < ROWS; ++row) {
      const y = Math.floor(((row + 0.5) * gl.drawingBufferHeight) / ROWS);
      gl.readPixels(left, y, width, 1, gl.RGBA, gl.UNSIGNED_BYTE, row * width * 4);
    }
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    if (buffer && fence) this.#pending = { buffer, fence, bytes };
  }

  #take() {
    const gl = this.#gl;
    const pending = this.#pending;
    if (!pending || gl.clientWaitSync(pending.fence, 0, 0) === gl.TIMEOUT_EXPIRED) return null;
    const pixels = new Uint8Array(pending.bytes);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, pending.buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, pixels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    this.#drop();
    return levelsOf(pixels);
  }

  #drop() {
    if (!this.#pending) return;
    this.#gl.deleteBuffer(this.#pending.buffer);
    this.#gl.deleteSync(this.#pending.fence);
    this.#pending = null;
  }
}

/**
 * Black bars beside a picture do not count, unless all is black.
 * @param {Uint8Array} pixels
 */
function levelsOf(pixels) {
  const counts = new Uint32Array(256);
  for (let i = 0; i < pixels.length; i += 4) ++counts[Math.max(pixels[i], pixels[i + 1], pixels[i + 2])];
  const all = pixels.length / 4;
  if (counts[0] < 0.9 * all) counts[0] = 0;
  const counted = counts.reduce((sum, count) => sum + count, 0);
  const levelAt = (/** @type {number} */ part) => {
    let level = 0;
    for (let below = counts[0]; below < part * counted && level < 255;) below += counts[++level];
    return level;
  };
  return { level: levelAt(0.5), isFlat: levelAt(0.98) - levelAt(0.02) <= FEW_LEVELS };
}

/**
 * What to say of a picture that is all one value.
 * @param {number} level
 * @param {ModelInfo} info
 * @param {DrawOptions} options what it was drawn with
 * @returns {Hint}
 */
export function hintOf(level, info, options) {
  const shade = level < 16 ? 'black' : level > 239 ? 'white' : 'one shade';
  const output =
    typeof options.output === 'number' && options.output >= 0 ? options.output : info.shownOutput;
  const input = info.inputs[info.frameInput];
  /** @type {DrawOptions[]} */
  const remedies = [];
  const ranges = /** @type {[number, number][]} */ ([
    [0, 1],
    [-1, 1],
    [0, 255],
  ]);
  for (const [option, picture] of /** @type {const} */ ([
    ['inputRange', input?.picture],
    ['outputRange', info.outputs[output]?.picture],
  ])) {
    if (!picture) continue;
    const given = options[option];
    const [low, high] = given && given !== 'auto' ? given : picture.range;
    for (const range of ranges) if (range[0] !== low || range[1] !== high) remedies.push({ [option]: range });
  }
  info.outputs.forEach(({ name }, index) => {
    if (index !== output && name !== options.output) remedies.push({ output: index });
  });
  const message =
    `The picture is nearly all ${shade}. If what is before the network is not, it may want other numbers` +
    `${info.outputs.length > 1 ? ', or another of its outputs shows more' : ''}: try another range` +
    `${info.outputs.length > 1 ? ' or output' : ''}.`;
  return { message, remedies };
}
