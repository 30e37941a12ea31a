// Who takes part, on which devices, with which networks.

const mesa = ['libegl1', 'libgles2', 'libgl1-mesa-dri'];

/** Filters on the way down of the published generators, as their kernels have them. */
export const sizes = {
  small: [4, 8, 16, 32, 64, 128, 256, 512],
  medium: [8, 16, 32, 64, 128, 256, 512, 512],
  large: [64, 128, 256, 512, 512, 512, 512, 512],
};

export const devices = {
  swiftshader: { title: 'SwiftShader in Chromium', packages: ['chromium'] },
  llvmpipe: { title: 'llvmpipe in Chromium', packages: ['chromium', ...mesa] },
  firefox: { title: 'llvmpipe in Firefox', packages: ['firefox-esr', 'xvfb', ...mesa] },
};

// `seconds`: what a frame takes about, by size on a machine of two cores, for nothing but the estimate of a run's length.
export const peers = {
  'tfjs-webgl': {
    title: 'TensorFlow.js webgl',
    kind: 'tfjs',
    settings: { backend: 'webgl' },
    seconds: { small: 0.2, medium: 0.5, large: 7 },
  },
  'tfjs-wasm': {
    title: 'TensorFlow.js wasm',
    kind: 'tfjs',
    settings: { backend: 'wasm' },
    seconds: { small: 0.05, medium: 0.1, large: 3 },
  },
  'ort-wasm': {
    title: 'ONNX Runtime wasm',
    kind: 'ort',
    settings: { backend: 'wasm', threads: 1 },
    seconds: { small: 0.04, medium: 0.05, large: 0.5 },
  },
  'ort-wasm-2': {
    title: 'ONNX Runtime wasm, 2 threads',
    kind: 'ort',
    settings: { backend: 'wasm', threads: 2 },
    seconds: { small: 0.04, medium: 0.08, large: 0.4 },
  },
  'ort-webgl': {
    title: 'ONNX Runtime webgl',
    kind: 'ort',
    settings: { backend: 'webgl' },
    seconds: { small: 0.6, medium: 1.5, large: 40 },
  },
};

/** Where the server answers with another built site, for scripts/bench --against. */
export const againstFolder = '/against/';

/**
 * All contenders of a run by name, Fragnet first.
 * @param {{ peers: string[], against: string | null, precision: string, tune: string }} options
 */
export function contendersOf({ peers: chosen, against, precision, tune }) {
  const fragnet = (title, folder) => ({
    title,
    kind: 'fragnet',
    settings: { folder, options: { precision, tune } },
    seconds: { small: 0.03, medium: 0.05, large: 1 },
  });
  return {
    fragnet: fragnet('Fragnet', '/'),
    ...(against && { against: fragnet(`Fragnet of ${against}`, againstFolder) }),
    ...Object.fromEntries(chosen.map((name) => [name, peers[name]])),
  };
}
