// ONNX Runtime Web as a contender, on WebAssembly or on WebGL.
import { contextOf } from './contender.js';
import { side } from './frames.js';
import { putPixels, takePixels } from './pixels.js';

const folder = '/tests/bench/node_modules/onnxruntime-web/dist/';

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{ backend: 'wasm' | 'webgl', threads?: number }} settings
 * @returns {import('./contender.js').Contender}
 */
export function ort(canvas, { backend, threads = 1 }) {
  const context = contextOf(canvas);
  const grey = new Float32Array(side * side);
  /** @type {any} */
  let runtime;
  /** @type {any} */
  let session;
  return {
    ways: ['run'],
    // It starts its WebAssembly with the first model: that time is in load().
    async start() {
      runtime = await import(`${folder}ort.${backend}.min.mjs`);
      runtime.env.wasm.wasmPaths = folder;
      runtime.env.wasm.numThreads = threads;
    },
    async load({ onnx }, onPhase) {
      session = await runtime.InferenceSession.create(onnx, { executionProviders: [backend] });
      onPhase('load');
    },
    async draw(frame) {
      takePixels(frame, grey);
      const input = new runtime.Tensor('float32', grey, [1, 1, side, side]);
      const { picture } = await session.run({ grey: input });
      putPixels(context, await picture.getData(), 1, side * side);
      picture.dispose();
    },
    facts: () => ({ version: runtime.env.versions?.web ?? '', threads }),
  };
}
