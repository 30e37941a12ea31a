// What a device can do at most in a fragment shader: multiply-adds and texel fetches a second, measured by two kinds of
// probe. Nothing that Fragnet could hope for is faster, so a network's share of it says how much is left to gain.

// Not all shapes of a shader suit all devices: registers, unrolling and the compiler's taste differ, so the best counts.
const accumulators = [1, 2, 4, 6, 8];
const target = 256;
const imageSide = 384; // the target's, and as far again as the fetches of a pixel reach
const turns = 64; // of each shader's loop
const unrolled = 32; // multiply-adds of four channels, or fetches, in a turn
const milliseconds = 150; // of drawing that is long enough to be timed

const vertex = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 1.0 : -1.0, gl_VertexID == 2 ? 1.0 : -1.0, 0.0, 1.0); }`;

const head = `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D image;
uniform vec4 factor, addend;
out vec4 result;`;

const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => i);

/**
 * Chains of a = a × factor + addend, as many at once as `chains`. Each step needs the one before, and the numbers come
 * from outside, so no compiler gets round any.
 * @param {number} chains
 */
const multiplyAdds = (chains) => `${head}
void main() {
  vec4 start = gl_FragCoord * 0.001;
  ${numbers(chains)
    .map((i) => `vec4 a${i} = start + ${i}.0;`)
    .join(' ')}
  for (int i = 0; i < ${turns}; ++i) {
    ${numbers(unrolled)
      .map((i) => `a${i % chains} = a${i % chains} * factor + addend;`)
      .join('\n    ')}
  }
  result = ${numbers(chains)
    .map((i) => `a${i}`)
    .join(' + ')};
}`;

/** The same as a convolution has them: matrices that stay, times vectors that change. @param {number} chains */
const matrixSums = (chains) => `${head}
uniform mat4 weights;
void main() {
  vec4 x = gl_FragCoord * 0.001;
  ${numbers(chains)
    .map((i) => `vec4 a${i} = x + ${i}.0;`)
    .join(' ')}
  for (int i = 0; i < ${turns}; ++i) {
    ${numbers(unrolled / 4)
      .map((i) => `a${i % chains} = weights * a${i % chains} + addend;`)
      .join('\n    ')}
  }
  result = ${numbers(chains)
    .map((i) => `a${i}`)
    .join(' + ')};
}`;

/** Fetches from places that differ by turn and by pixel, near those of the neighbouring pixels, as a convolution's. */
const fetches = () => `${head}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 sum = factor;
  for (int i = 0; i < ${turns}; ++i, ++at) {
    ${numbers(unrolled)
      .map((i) => `sum += texelFetch(image, at + ivec2(${i % 8}, ${i >> 3}), 0);`)
      .join('\n    ')}
  }
  result = sum;
}`;

/** @typedef {{ gmacs: number, gfetches: number, probes: Record<string, number> }} Roofline */

/**
 * @returns {Promise<Roofline & { renderer: string }>} billions a second; `probes` are those of each shader
 */
export async function roofline() {
  const canvas = document.createElement('canvas');
  const gl = canvas.getContext('webgl2');
  if (!gl?.getExtension('EXT_color_buffer_float'))
    throw new Error('There are no float targets to probe with.');
  const image = floatTexture(gl, imageSide);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, floatTexture(gl, target), 0);
  gl.viewport(0, 0, 2 * target, 2 * target); // of which the triangle covers half: no driver has to clip it
  gl.bindTexture(gl.TEXTURE_2D, image);

  const operations = target * target * turns * unrolled;
  /** @type {Record<string, number>} */
  const probes = {};
  for (const count of accumulators) {
    probes[`${count} chains`] = (4 * operations) / (await secondsOfDraw(gl, multiplyAdds(count))) / 1e9;
    probes[`${count} matrix sums`] = (4 * operations) / (await secondsOfDraw(gl, matrixSums(count))) / 1e9;
  }
  const gfetches = operations / (await secondsOfDraw(gl, fetches())) / 1e9;
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { gmacs: Math.max(...Object.values(probes)), gfetches, probes, renderer };
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {number} side
 */
function floatTexture(gl, side) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, side, side);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  return texture;
}

/**
 * The shortest time of a draw over the whole target: what slows a device down on its way to its peak is not its own.
 * @param {WebGL2RenderingContext} gl
 * @param {string} fragment
 * @returns {Promise<number>} seconds
 */
async function secondsOfDraw(gl, fragment) {
  const program = /** @type {WebGLProgram} */ (gl.createProgram());
  for (const [type, text] of /** @type {const} */ ([
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(type));
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(`A probe does not link: ${gl.getProgramInfoLog(program)}`);
  gl.useProgram(program);
  const set = (/** @type {string} */ name, /** @type {number[]} */ values) =>
    gl.uniform4fv(gl.getUniformLocation(program, name), values);
  set('factor', [0.9, 0.91, 0.92, 0.93]);
  set('addend', [0.1, 0.11, 0.12, 0.13]);
  const matrix = numbers(16).map((i) => (i % 5 === 0 ? 0.5 : 0.1));
  gl.uniformMatrix4fv(gl.getUniformLocation(program, 'weights'), false, matrix);

  const texel = new Float32Array(4);
  const time = (/** @type {number} */ draws) => {
    const start = performance.now();
    for (let i = 0; i < draws; i++) gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, texel);
    return (performance.now() - start) / 1000;
  };
  time(1); // compiles
  const draws = Math.max(1, Math.ceil(milliseconds / 1000 / time(1)));
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve));
    best = Math.min(best, time(draws) / draws);
  }
  gl.deleteProgram(program);
  return best;
}
