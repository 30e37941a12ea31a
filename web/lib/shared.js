// A context that others draw with, too: a renderer of three.js or regl, which knows by itself what it has set and does not
// set it again. Whatever the engine does there stands between a look at all that it changes and putting it back; its
// picture goes into a texture. Asking costs a browser time, so that a context of Fragnet's own goes without.

/**
 * @typedef {import('./engine_calls.js').Engine} Engine
 * @typedef {import('./fragnet-engine.js').EngineModule} EngineModule
 */

const SWITCHES = /** @type {const} */ ([
  'BLEND',
  'CULL_FACE',
  'DEPTH_TEST',
  'DITHER',
  'RASTERIZER_DISCARD',
  'SAMPLE_ALPHA_TO_COVERAGE',
  'SAMPLE_COVERAGE',
  'SCISSOR_TEST',
  'STENCIL_TEST',
]);
const PIXEL_STORES = /** @type {const} */ ([
  'PACK_ALIGNMENT',
  'PACK_ROW_LENGTH',
  'PACK_SKIP_PIXELS',
  'PACK_SKIP_ROWS',
  'UNPACK_ALIGNMENT',
  'UNPACK_COLORSPACE_CONVERSION_WEBGL',
  'UNPACK_FLIP_Y_WEBGL',
  'UNPACK_IMAGE_HEIGHT',
  'UNPACK_PREMULTIPLY_ALPHA_WEBGL',
  'UNPACK_ROW_LENGTH',
  'UNPACK_SKIP_IMAGES',
  'UNPACK_SKIP_PIXELS',
  'UNPACK_SKIP_ROWS',
]);
// As many units of textures, and of uniform buffers, as the engine uses; see src/runtime/gl_state.cpp.
const UNITS = 16;
const UNIFORM_UNITS = 1;

// Methods of the engine that touch the context, and those that do not.
const DRAWING = /** @type {const} */ ([
  'open',
  'beginLoad',
  'goOnLoading',
  'refine',
  'cancelLoad',
  'configure',
  'drawInto',
  'draw',
  'holdInput',
  'predict',
  'stats',
  'timings',
  'delete',
]);
const OTHERS = /** @type {const} */ ([
  'readJson',
  'shardBuffer',
  'finishWeights',
  'inputBuffer',
  'lastError',
  'heapBytes',
]);

export class SharedContext {
  #gl;
  /** The size that the picture is to have; the texture gets it before the next frame. */
  width = 1;
  height = 1;
  /** @type {WebGLTexture | null} */ texture = null;
  /** @type {WebGLFramebuffer | null} */ #framebuffer = null;
  #size = [0, 0]; // of the texture
  #place = 0; // of the framebuffer, in the engine's table

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
  }

  /**
   * The engine as one that leaves the context as it finds it.
   * @param {Engine} engine
   * @returns {Engine}
   */
  guarded(engine) {
    /** @type {Record<string, Function>} */
    const guarded = {};
    for (const name of DRAWING) {
      const method = /** @type {(...given: any[]) => any} */ (engine[name]).bind(engine);
      guarded[name] = (/** @type {any[]} */ ...given) => {
        const putBack = remember(this.#gl);
        try {
          return method(...given);
        } finally {
          putBack();
        }
      };
    }
    for (const name of OTHERS) guarded[name] = engine[name].bind(engine);
    return /** @type {any} */ (guarded);
  }

  /**
   * Has the engine draw into the texture, at the size that it is to have now.
   * @param {EngineModule} module
   * @param {Engine} engine
   */
  aim({ GL }, engine) {
    const { width, height } = this;
    if (this.#size[0] === width && this.#size[1] === height) return;
    const gl = this.#gl;
    const putBack = remember(gl);
    this.texture ??= gl.createTexture();
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR); // it has no mipmaps
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    if (!this.#framebuffer) {
      this.#framebuffer = gl.createFramebuffer();
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
      this.#place = GL.getNewId(GL.framebuffers);
      GL.framebuffers[this.#place] = this.#framebuffer;
    }
    putBack();
    engine.drawInto(this.#place, width, height);
    this.#size = [width, height];
  }

  /** Gives the texture back; the next engine gets another. */
  close() {
    this.#gl.deleteFramebuffer(this.#framebuffer);
    this.#gl.deleteTexture(this.texture);
    this.#framebuffer = null;
    this.texture = null;
    this.#size = [0, 0];
  }
}

/**
 * All that the engine changes of a context.
 * @param {WebGL2RenderingContext} gl
 * @returns {() => void} puts it back
 */
export function remember(gl) {
  const switches = SWITCHES.map((name) => gl.isEnabled(gl[name]));
  const stores = PIXEL_STORES.map((name) => gl.getParameter(gl[name]));
  const mask = gl.getParameter(gl.COLOR_WRITEMASK);
  const clear = gl.getParameter(gl.COLOR_CLEAR_VALUE);
  const scissor = gl.getParameter(gl.SCISSOR_BOX);
  const viewport = gl.getParameter(gl.VIEWPORT);
  const vertices = gl.getParameter(gl.VERTEX_ARRAY_BINDING);
  const program = gl.getParameter(gl.CURRENT_PROGRAM);
  const drawn = gl.getParameter(gl.DRAW_FRAMEBUFFER_BINDING);
  const read = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
  const packed = gl.getParameter(gl.PIXEL_PACK_BUFFER_BINDING);
  const unpacked = gl.getParameter(gl.PIXEL_UNPACK_BUFFER_BINDING);
  const uniforms = gl.getParameter(gl.UNIFORM_BUFFER_BINDING);
  const uniformUnits = Array.from({ length: UNIFORM_UNITS }, (_, unit) => ({
    buffer: gl.getIndexedParameter(gl.UNIFORM_BUFFER_BINDING, unit),
    start: gl.getIndexedParameter(gl.UNIFORM_BUFFER_START, unit),
    size: gl.getIndexedParameter(gl.UNIFORM_BUFFER_SIZE, unit),
  }));
  const activeUnit = gl.getParameter(gl.ACTIVE_TEXTURE);
  const units = Array.from({ length: UNITS }, (_, unit) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    return {
      flat: gl.getParameter(gl.TEXTURE_BINDING_2D),
      layered: gl.getParameter(gl.TEXTURE_BINDING_2D_ARRAY),
      sampler: gl.getParameter(gl.SAMPLER_BINDING),
    };
  });
  // A program cannot be exchanged for another while its varyings are recorded.
  const records =
    gl.getParameter(gl.TRANSFORM_FEEDBACK_ACTIVE) && !gl.getParameter(gl.TRANSFORM_FEEDBACK_PAUSED);
  if (records) gl.pauseTransformFeedback();
  if (drawn) gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
  const canvasBuffer = gl.getParameter(gl.DRAW_BUFFER0);

  return () => {
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.drawBuffers([canvasBuffer]);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, drawn);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, read);
    SWITCHES.forEach((name, i) => (switches[i] ? gl.enable(gl[name]) : gl.disable(gl[name])));
    PIXEL_STORES.forEach((name, i) => gl.pixelStorei(gl[name], stores[i]));
    gl.colorMask(mask[0], mask[1], mask[2], mask[3]);
    gl.clearColor(clear[0], clear[1], clear[2], clear[3]);
    gl.scissor(scissor[0], scissor[1], scissor[2], scissor[3]);
    gl.viewport(viewport[0], viewport[1], viewport[2], viewport[3]);
    gl.bindVertexArray(vertices);
    gl.useProgram(program);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, packed);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, unpacked);
    uniformUnits.forEach(({ buffer, start, size }, unit) => {
      // A size of nothing says that it is the whole buffer.
      if (buffer && size) gl.bindBufferRange(gl.UNIFORM_BUFFER, unit, buffer, start, size);
      else gl.bindBufferBase(gl.UNIFORM_BUFFER, unit, buffer);
    });
    gl.bindBuffer(gl.UNIFORM_BUFFER, uniforms);
    units.forEach(({ flat, layered, sampler }, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, flat);
      gl.bindTexture(gl.TEXTURE_2D_ARRAY, layered);
      gl.bindSampler(unit, sampler);
    });
    gl.activeTexture(activeUnit);
    if (records) gl.resumeTransformFeedback();
  };
}
