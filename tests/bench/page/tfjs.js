// TensorFlow.js as a contender, on its WebGL or its WebAssembly backend.
import { fetchWhole, loadScript } from '../../web/support/fetching.js';
import { contextOf } from './contender.js';
import { putPixels } from './pixels.js';

const wasmFolder = '/tests/bench/node_modules/@tensorflow/tfjs-backend-wasm/dist/';

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ backend: 'webgl' | 'wasm' }} settings
 * @returns {import('./contender.js').Contender}
 */
export function tfjs(canvas, { backend }) {
  const context = contextOf(canvas);
  /** @type {any} */
  let tf;
  /** @type {any} */
  let model;

  /** The network's picture of a frame, -1 … 1, as a tensor of height × width × 3. */
  const pictureOf = (/** @type {HTMLCanvasElement} */ frame) =>
    model.predict(tf.browser.fromPixels(frame, 1).toFloat().div(127.5).sub(1).expandDims(0)).squeeze([0]);

  return {
    ways: ['data', 'toPixels'],
    async start() {
      await loadScript('/tfjs/tf.min.js');
      tf = /** @type {any} */ (window).tf;
      if (backend === 'wasm') {
        await loadScript(`${wasmFolder}tf-backend-wasm.min.js`);
        tf.wasm.setWasmPaths(wasmFolder);
        tf.wasm.setThreadsCount(1);
      }
      if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend "${backend}" here`);
      await tf.ready();
    },
    async load({ url, isGraph }, onPhase) {
      model = await (isGraph ? tf.loadGraphModel : tf.loadLayersModel)(url, { fetchFunc: fetchWhole });
      onPhase('load');
    },
    async draw(frame, way) {
      const picture = tf.tidy(() =>
        way === 'toPixels' ? pictureOf(frame).add(1).mul(0.5).clipByValue(0, 1) : pictureOf(frame),
      );
      if (way === 'toPixels') await tf.browser.toPixels(picture, canvas);
      else putPixels(context, await picture.data(), 3, 1);
      picture.dispose();
    },
    facts() {
      const { numBytesInGPU, numBytesInGPUAllocated, numBytes } = tf.memory();
      return {
        version: tf.version.tfjs,
        tensorBytes: numBytes,
        ...(backend === 'webgl' && {
          gpuBytes: numBytesInGPU,
          gpuBytesAllocated: numBytesInGPUAllocated,
          renderer: rendererOf(tf.backend().gpgpu.gl),
        }),
      };
    },
  };
}

/** @param {WebGL2RenderingContext} gl */
function rendererOf(gl) {
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  return gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
}
