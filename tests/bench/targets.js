// What Fragnet sets itself, and whether a run met it. Pure.

/**
 * @typedef {import('./report.js').Results} Results
 * @typedef {{ what: string, wanted: string, measured: string, isMet: boolean }} Verdict
 */

/** @type {Record<string, Record<string, number>>} times as fast a frame as TensorFlow.js webgl */
const frame = {
  swiftshader: { small: 8, medium: 5, large: 4 },
  llvmpipe: { small: 8, medium: 5, large: 2.5 },
};
/** @type {Record<string, number>} times as fast from load to the first frame */
const firstFrame = { small: 4, medium: 4, large: 3 };
/** @type {Record<string, number>} of the bytes that TensorFlow.js webgl says its tensors take on the GPU */
const gpuShare = { small: 0.4, medium: 0.35, large: 0.3 };
const longestTaskMs = 50;
const sentBytes = 250_000;
const engine = /^fragnet(-engine)?\.(js|wasm)$/;

/**
 * The verdicts on what was measured; what was not, has none.
 * @param {Results} results
 * @returns {Verdict[]}
 */
export function verdicts({ devices }) {
  /** @type {Verdict[]} */
  const list = [];
  const judge = (
    /** @type {string} */ what,
    /** @type {number | null | undefined} */ value,
    /** @type {{ least?: number, most?: number }} */ { least, most },
    /** @type {(value: number) => string} */ words,
  ) => {
    if (value === null || value === undefined || Number.isNaN(value)) return;
    list.push({
      what,
      wanted: least === undefined ? `at most ${words(most ?? 0)}` : `at least ${words(least)}`,
      measured: words(value),
      isMet: least === undefined ? value <= (most ?? 0) : value >= least,
    });
  };
  const times = (/** @type {number} */ value) => `${value.toFixed(2)} ×`;
  const percent = (/** @type {number} */ value) => `${(100 * value).toFixed(0)} %`;

  for (const [device, { title, sizes }] of Object.entries(devices)) {
    if (!frame[device]) continue;
    for (const [size, { contenders }] of Object.entries(sizes)) {
      const { fragnet, 'tfjs-webgl': tfjs, 'ort-wasm': ort } = contenders;
      const where = `${size}, ${title}`;
      const ratio = (/** @type {number | undefined} */ theirs, /** @type {number | undefined} */ ours) =>
        theirs && ours ? theirs / ours : null;
      judge(`frame: ${where}`, ratio(tfjs?.frameMs, fragnet.frameMs), { least: frame[device][size] }, times);
      judge(
        `first frame: ${where}`,
        ratio(tfjs?.firstFrameMs, fragnet.firstFrameMs),
        { least: firstFrame[size] },
        times,
      );
      judge(
        `bytes on the GPU: ${where}`,
        ratio(fragnet.gpuBytes, tfjs?.facts?.gpuBytes),
        { most: gpuShare[size] },
        percent,
      );
      if (size !== 'medium') continue;
      judge(
        `longest task of a load: ${where}`,
        fragnet.longestTaskMs,
        { most: longestTaskMs },
        (ms) => `${Math.round(ms)} ms`,
      );
      if (device === 'llvmpipe')
        judge(
          `frame, beside ONNX Runtime's of one thread: ${where}`,
          ratio(ort?.frameMs, fragnet.frameMs),
          { least: 1 },
          times,
        );
    }
  }
  judge(
    `engine's script and WASM, gzipped`,
    engineBytes(devices),
    { most: sentBytes },
    (bytes) => `${Math.round(bytes / 1000)} kB`,
  );
  return list;
}

/** @param {Results['devices']} devices */
function engineBytes(devices) {
  for (const { sizes } of Object.values(devices))
    for (const { contenders } of Object.values(sizes))
      if (contenders.fragnet.sent)
        return contenders.fragnet.sent.files
          .filter(({ path }) => engine.test(path))
          .reduce((sum, { gzip }) => sum + gzip, 0);
  return null;
}
