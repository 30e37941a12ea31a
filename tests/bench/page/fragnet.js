// Fragnet as a contender.

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ folder: string, options: object }} settings where its built site is served, and the options of Fragnet.create
 * @returns {import('./contender.js').Contender}
 */
export function fragnet(canvas, { folder, options }) {
  /** @type {Record<string, string>} */
  const drawOptions = { augmentation: 'none' };
  const texel = new Uint8Array(4);
  /** @type {any} */
  let net;
  /** @type {WebGL2RenderingContext} */
  let gl;
  return {
    ways: ['canvas'],
    async start() {
      const { Fragnet } = await import(`${folder}fragnet.js`);
      net = await Fragnet.create(canvas, options);
      // Each frame counts; builds that know no textures to hand on know no other way than this, and not its name.
      if ('texture' in net) drawOptions.skip = 'never';
      gl = /** @type {WebGL2RenderingContext} */ (canvas.getContext('webgl2'));
    },
    async load({ url }, onPhase) {
      let phase = 'download';
      await net.load(url, {
        onProgress(/** @type {{ phase: string, loaded: number }} */ progress) {
          // Decoding is announced when the download is over; the other phases tell of what they have done.
          const announces = progress.phase === 'decode' && progress.loaded === 0;
          onPhase(announces ? phase : progress.phase);
          phase = progress.phase;
        },
      });
    },
    draw(frame) {
      net.draw(frame, drawOptions);
    },
    // draw() returns before the GPU has drawn. One texel read back waits for it, as toPixels() and data() of
    // TensorFlow.js wait for theirs.
    finish() {
      const bound = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
      gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, texel);
      gl.bindFramebuffer(gl.READ_FRAMEBUFFER, bound);
    },
    settle: () => net.ready,
    facts() {
      const { textureBytes, weightBytes, drawCalls, programs, precision, renderer, ...others } = net.stats();
      return {
        ...others,
        renderer,
        precision,
        programs,
        drawCalls,
        weightBytes,
        textureBytes,
        gpuBytes: textureBytes + weightBytes,
        heapBytes: net.heapBytes,
      };
    },
    layers: () =>
      net.timings().map((/** @type {any} */ { name, op, gpuMs, cpuMs, macs }) => ({
        name,
        op,
        ms: gpuMs ?? cpuMs,
        macs,
      })),
  };
}
