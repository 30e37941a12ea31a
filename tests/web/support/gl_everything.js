// All state of a WebGL2 context, asked one by one from the list of the specification, and a context in which as much of it as
// can be is other than it is in the beginning. Runs in a page.

const SINGLE =
  `ACTIVE_TEXTURE ARRAY_BUFFER_BINDING BLEND BLEND_COLOR BLEND_DST_ALPHA BLEND_DST_RGB BLEND_EQUATION_ALPHA
  BLEND_EQUATION_RGB BLEND_SRC_ALPHA BLEND_SRC_RGB COLOR_CLEAR_VALUE COLOR_WRITEMASK COPY_READ_BUFFER_BINDING
  COPY_WRITE_BUFFER_BINDING CULL_FACE CULL_FACE_MODE CURRENT_PROGRAM DEPTH_CLEAR_VALUE DEPTH_FUNC DEPTH_RANGE DEPTH_TEST
  DEPTH_WRITEMASK DITHER DRAW_FRAMEBUFFER_BINDING ELEMENT_ARRAY_BUFFER_BINDING FRAGMENT_SHADER_DERIVATIVE_HINT FRONT_FACE
  GENERATE_MIPMAP_HINT LINE_WIDTH PACK_ALIGNMENT PACK_ROW_LENGTH PACK_SKIP_PIXELS PACK_SKIP_ROWS PIXEL_PACK_BUFFER_BINDING
  PIXEL_UNPACK_BUFFER_BINDING POLYGON_OFFSET_FACTOR POLYGON_OFFSET_FILL POLYGON_OFFSET_UNITS RASTERIZER_DISCARD READ_BUFFER
  READ_FRAMEBUFFER_BINDING RENDERBUFFER_BINDING SAMPLE_ALPHA_TO_COVERAGE SAMPLE_COVERAGE SAMPLE_COVERAGE_INVERT
  SAMPLE_COVERAGE_VALUE SCISSOR_BOX SCISSOR_TEST STENCIL_BACK_FAIL STENCIL_BACK_FUNC STENCIL_BACK_PASS_DEPTH_FAIL
  STENCIL_BACK_PASS_DEPTH_PASS STENCIL_BACK_REF STENCIL_BACK_VALUE_MASK STENCIL_BACK_WRITEMASK STENCIL_CLEAR_VALUE
  STENCIL_FAIL STENCIL_FUNC STENCIL_PASS_DEPTH_FAIL STENCIL_PASS_DEPTH_PASS STENCIL_REF STENCIL_TEST STENCIL_VALUE_MASK
  STENCIL_WRITEMASK TRANSFORM_FEEDBACK_ACTIVE TRANSFORM_FEEDBACK_BINDING TRANSFORM_FEEDBACK_BUFFER_BINDING
  TRANSFORM_FEEDBACK_PAUSED UNIFORM_BUFFER_BINDING UNPACK_ALIGNMENT UNPACK_COLORSPACE_CONVERSION_WEBGL UNPACK_FLIP_Y_WEBGL
  UNPACK_IMAGE_HEIGHT UNPACK_PREMULTIPLY_ALPHA_WEBGL UNPACK_ROW_LENGTH UNPACK_SKIP_IMAGES UNPACK_SKIP_PIXELS
  UNPACK_SKIP_ROWS VERTEX_ARRAY_BINDING VIEWPORT DRAW_BUFFER0 DRAW_BUFFER1`.split(/\s+/);
const PER_UNIT = [
  'TEXTURE_BINDING_2D',
  'TEXTURE_BINDING_2D_ARRAY',
  'TEXTURE_BINDING_3D',
  'TEXTURE_BINDING_CUBE_MAP',
  'SAMPLER_BINDING',
];

/** Numbers for objects, so that what is read can be compared and printed. */
const numbers = new WeakMap();
let next = 0;
function plain(value) {
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return [...value].join();
  if (value === null || typeof value !== 'object') return value;
  if (!numbers.has(value)) numbers.set(value, `${value.constructor.name} ${++next}`);
  return numbers.get(value);
}

/**
 * @param {WebGL2RenderingContext} gl
 * @returns {Record<string, any>} each as a number, a word or a list
 */
export function everythingOf(gl) {
  const state = {};
  const note = (name, value) => (state[name] = plain(value));
  for (const name of SINGLE) note(name, gl.getParameter(gl[name]));
  const active = gl.getParameter(gl.ACTIVE_TEXTURE);
  for (let unit = 0; unit < gl.getParameter(gl.MAX_COMBINED_TEXTURE_IMAGE_UNITS); ++unit) {
    gl.activeTexture(gl.TEXTURE0 + unit);
    for (const name of PER_UNIT) note(`${name} of unit ${unit}`, gl.getParameter(gl[name]));
  }
  gl.activeTexture(active);
  for (const kind of ['UNIFORM_BUFFER', 'TRANSFORM_FEEDBACK_BUFFER'])
    for (let unit = 0; unit < 4; ++unit)
      for (const what of ['BINDING', 'START', 'SIZE'])
        note(`${kind}_${what} of ${unit}`, gl.getIndexedParameter(gl[`${kind}_${what}`], unit));
  const drawn = gl.getParameter(gl.DRAW_FRAMEBUFFER_BINDING);
  const read = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  note('DRAW_BUFFER0 of the canvas', gl.getParameter(gl.DRAW_BUFFER0));
  note('READ_BUFFER of the canvas', gl.getParameter(gl.READ_BUFFER));
  gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, drawn);
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, read);
  for (let i = 0; i < 4; ++i) {
    note(`attribute ${i} is an array`, gl.getVertexAttrib(i, gl.VERTEX_ATTRIB_ARRAY_ENABLED));
    note(`buffer of attribute ${i}`, gl.getVertexAttrib(i, gl.VERTEX_ATTRIB_ARRAY_BUFFER_BINDING));
    note(`attribute ${i}`, gl.getVertexAttrib(i, gl.CURRENT_VERTEX_ATTRIB));
  }
  return state;
}

/**
 * Sets all that can be set to something that it is not in the beginning, and that a renderer may well leave.
 * @param {WebGL2RenderingContext} gl
 */
export function disturb(gl) {
  for (const name of [
    'BLEND',
    'CULL_FACE',
    'DEPTH_TEST',
    'SCISSOR_TEST',
    'STENCIL_TEST',
    'POLYGON_OFFSET_FILL',
  ])
    gl.enable(gl[name]);
  for (const name of ['SAMPLE_ALPHA_TO_COVERAGE', 'SAMPLE_COVERAGE', 'RASTERIZER_DISCARD'])
    gl.enable(gl[name]);
  gl.disable(gl.DITHER);
  gl.blendFuncSeparate(gl.ONE, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.DST_ALPHA);
  gl.blendEquationSeparate(gl.FUNC_SUBTRACT, gl.MAX);
  gl.blendColor(0.1, 0.2, 0.3, 0.4);
  gl.colorMask(true, false, true, false);
  gl.clearColor(0.25, 0.5, 0.75, 0.5);
  gl.clearDepth(0.5);
  gl.clearStencil(3);
  gl.cullFace(gl.FRONT);
  gl.frontFace(gl.CW);
  gl.depthFunc(gl.GREATER);
  gl.depthMask(false);
  gl.depthRange(0.25, 0.75);
  gl.polygonOffset(2, 3);
  gl.sampleCoverage(0.5, true);
  gl.stencilFunc(gl.EQUAL, 1, 7);
  gl.stencilOp(gl.INCR, gl.DECR, gl.INVERT);
  gl.stencilMask(5);
  gl.scissor(1, 2, 30, 40);
  gl.viewport(3, 4, 50, 60);
  for (const [name, value] of Object.entries({
    PACK_ALIGNMENT: 2,
    PACK_ROW_LENGTH: 70,
    PACK_SKIP_PIXELS: 1,
    PACK_SKIP_ROWS: 2,
    UNPACK_ALIGNMENT: 8,
    UNPACK_ROW_LENGTH: 71,
    UNPACK_SKIP_PIXELS: 3,
    UNPACK_SKIP_ROWS: 4,
    UNPACK_IMAGE_HEIGHT: 72,
    UNPACK_SKIP_IMAGES: 1,
    UNPACK_FLIP_Y_WEBGL: true,
    UNPACK_PREMULTIPLY_ALPHA_WEBGL: true,
    UNPACK_COLORSPACE_CONVERSION_WEBGL: gl.NONE,
  }))
    gl.pixelStorei(gl[name], value);

  const buffer = (kind) => {
    const made = gl.createBuffer();
    gl.bindBuffer(gl[kind], made);
    gl.bufferData(gl[kind], 1024, gl.STATIC_DRAW);
    return made;
  };
  gl.bindVertexArray(gl.createVertexArray());
  buffer('ELEMENT_ARRAY_BUFFER');
  buffer('ARRAY_BUFFER');
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  for (const kind of ['COPY_READ_BUFFER', 'COPY_WRITE_BUFFER', 'PIXEL_PACK_BUFFER', 'PIXEL_UNPACK_BUFFER'])
    buffer(kind);
  const ranged = buffer('UNIFORM_BUFFER');
  gl.bindBufferRange(gl.UNIFORM_BUFFER, 0, ranged, 256, 128);
  gl.bindBufferBase(gl.UNIFORM_BUFFER, 1, buffer('UNIFORM_BUFFER'));
  buffer('UNIFORM_BUFFER');

  gl.bindTexture(gl.TEXTURE_2D, null);
  for (let unit = 0; unit < gl.getParameter(gl.MAX_COMBINED_TEXTURE_IMAGE_UNITS); ++unit) {
    gl.activeTexture(gl.TEXTURE0 + unit);
    for (const target of ['TEXTURE_2D', 'TEXTURE_2D_ARRAY', 'TEXTURE_3D', 'TEXTURE_CUBE_MAP'])
      gl.bindTexture(gl[target], gl.createTexture());
    gl.bindSampler(unit, gl.createSampler());
  }
  gl.activeTexture(gl.TEXTURE5);
  gl.bindRenderbuffer(gl.RENDERBUFFER, gl.createRenderbuffer());
  gl.drawBuffers([gl.NONE]); // of the canvas

  const source = {
    VERTEX_SHADER:
      '#version 300 es\nin vec2 at;\nout vec2 seen;\nvoid main() { seen = at; gl_Position = vec4(at, 0, 1); }',
    FRAGMENT_SHADER:
      '#version 300 es\nprecision mediump float;\nout vec4 colour;\nvoid main() { colour = vec4(1); }',
  };
  const program = gl.createProgram();
  for (const [kind, text] of Object.entries(source)) {
    const shader = gl.createShader(gl[kind]);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.transformFeedbackVaryings(program, ['seen'], gl.SEPARATE_ATTRIBS);
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.bindTransformFeedback(gl.TRANSFORM_FEEDBACK, gl.createTransformFeedback());
  const recorded = gl.createBuffer();
  gl.bindBuffer(gl.TRANSFORM_FEEDBACK_BUFFER, recorded);
  gl.bufferData(gl.TRANSFORM_FEEDBACK_BUFFER, 1024, gl.STATIC_DRAW);
  gl.bindBufferBase(gl.TRANSFORM_FEEDBACK_BUFFER, 0, recorded);
  gl.beginTransformFeedback(gl.POINTS);

  // Other targets for drawing than for reading.
  for (const kind of ['DRAW_FRAMEBUFFER', 'READ_FRAMEBUFFER']) {
    gl.bindFramebuffer(gl[kind], gl.createFramebuffer());
    const colours = gl.createRenderbuffer();
    gl.bindRenderbuffer(gl.RENDERBUFFER, colours);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, 16, 16);
    gl.framebufferRenderbuffer(gl[kind], gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, colours);
  }
}
