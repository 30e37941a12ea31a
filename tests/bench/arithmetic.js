// What the benchmark computes from what it measured. Pure functions.

/**
 * The middle value; between the two middle ones where their number is even. NaN of nothing.
 * @param {number[]} values
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Multiply-adds of a frame of the generator: eight 4×4 convolutions of stride 2 down from side × side × 1, eight
 * transposed ones up to side × side × 3, each but the first of these fed the way down as well. Products with padding
 * are counted, those with the zeros between the pixels of a transposed convolution are not.
 * @param {number[]} filters of the convolutions on the way down
 * @param {number} [side]
 */
export function multiplyAdds(filters, side = 256) {
  const taps = 16;
  const up = [...filters.slice(0, -1).reverse(), 3];
  const down = filters.map((count, i) => (side >> (i + 1)) ** 2 * taps * (filters[i - 1] ?? 1) * count);
  const back = up.map((count, i) => {
    const from = i === 0 ? filters[filters.length - 1] : 2 * up[i - 1];
    return (side >> (filters.length - i)) ** 2 * taps * from * count;
  });
  return [...down, ...back].reduce((sum, macs) => sum + macs, 0);
}

/**
 * @typedef {{ startMs: number, loadMs: number, firstFrameMs: number, phases: Record<string, number>,
 *             longestTaskMs: number | null, ways: Record<string, number[]>, facts: Record<string, any>,
 *             picture: number[] | null,
 *             layers: { name: string, op?: string, ms: number, macs: number }[][] }} Visit
 * @typedef {{ frames: number, calls: Record<string, number>,
 *             gl: { textures: number, renderbuffers: number, buffers: number, peak: number },
 *             wasmBytes: number, scriptBytes: number | null }} Count
 *   calls of all those frames; bytes that are kept after them
 */

/**
 * The figures of a contender from its visits, one a round: medians over the rounds.
 * @param {Visit[]} visits
 */
export function summarise(visits) {
  const over = (/** @type {(visit: Visit) => number} */ figure) => median(visits.map(figure));
  const ways = Object.keys(visits[0].ways).map((way) => ({
    way,
    ms: over((visit) => median(visit.ways[way])),
  }));
  const best = ways.reduce((one, other) => (other.ms < one.ms ? other : one));
  const roundMs = visits.map((visit) => median(visit.ways[best.way]));
  const phases = Object.keys(visits[0].phases).map((phase) => [
    phase,
    over((visit) => visit.phases[phase] ?? 0),
  ]);
  return {
    frameMs: best.ms,
    way: best.way,
    ways: Object.fromEntries(ways.map(({ way, ms }) => [way, ms])),
    spread: [Math.min(...roundMs), Math.max(...roundMs)],
    startMs: over((visit) => visit.startMs),
    loadMs: over((visit) => visit.loadMs),
    firstFrameMs: over((visit) => visit.firstFrameMs),
    phases: Object.fromEntries(phases),
    longestTaskMs: visits[0].longestTaskMs === null ? null : over((visit) => visit.longestTaskMs ?? 0),
    facts: visits[0].facts,
  };
}

// How often somebody asks whether a frame is ready depends on how long it takes, and is no work of the frame's.
const polls = /^(clientWaitSync|getSyncParameter)$/;

/**
 * What a frame asks of WebGL, and what the contender keeps.
 * @param {Count} count
 */
export function perFrame({ frames, calls, gl, wasmBytes, scriptBytes }) {
  const sum = (/** @type {RegExp} */ pattern) =>
    Object.entries(calls)
      .filter(([name]) => pattern.test(name) && !polls.test(name))
      .reduce((all, [, times]) => all + times, 0) / frames;
  return {
    drawCalls: sum(/^draw(Arrays|Elements|RangeElements)/),
    glCalls: sum(/^/),
    gpuBytes: gl.textures + gl.renderbuffers + gl.buffers,
    wasmBytes,
    scriptBytes,
  };
}

/**
 * The steps of a frame, each the median over the times it was timed. Where rounds differ in their steps (a tuner may
 * choose otherwise another time), those of the first round.
 * @param {Visit[]} visits
 */
export function layersOf(visits) {
  const namesOf = (/** @type {{ name: string }[]} */ layers) => layers.map(({ name }) => name).join('\n');
  const timed = visits.flatMap((visit) => visit.layers).filter((layers) => layers.length > 0);
  const alike = timed.filter((layers) => namesOf(layers) === namesOf(timed[0]));
  return (alike[0] ?? []).map((layer, i) => ({ ...layer, ms: median(alike.map((layers) => layers[i].ms)) }));
}

/**
 * The higher of two measurements of a device's peaks, probe by probe: whatever else the machine did only lowered them.
 * @param {import('./page/roofline.js').Roofline | null} one
 * @param {import('./page/roofline.js').Roofline | null} other
 */
export function higherPeaks(one, other) {
  if (!one || !other) return one ?? other;
  const probes = Object.fromEntries(
    Object.entries(one.probes).map(([name, value]) => [name, Math.max(value, other.probes[name])]),
  );
  return {
    ...one,
    gmacs: Math.max(one.gmacs, other.gmacs),
    gfetches: Math.max(one.gfetches, other.gfetches),
    probes,
  };
}

/**
 * How far two small pictures are apart: the mean difference of their bytes.
 * @param {number[]} one
 * @param {number[]} other
 */
export function pictureDifference(one, other) {
  if (one.length !== other.length) return NaN;
  return one.reduce((sum, byte, i) => sum + Math.abs(byte - other[i]), 0) / one.length;
}
