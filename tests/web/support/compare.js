// How far two arrays of numbers are apart. Runs in Node and in a page alike.

/** The worst difference over the largest absolute reference value. NaN anywhere, or another length, is infinitely far. */
export function relativeError(values, reference) {
  const worst = worstDifference(values, reference);
  let largest = 0;
  for (const value of reference) largest = Math.max(largest, Math.abs(value));
  return largest > 0 ? worst / largest : worst;
}

/** The worst absolute difference. NaN anywhere, or another length, is infinitely far. */
export function worstDifference(values, reference) {
  if (values.length !== reference.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < reference.length; i++) {
    const difference = Math.abs(values[i] - reference[i]);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
    if (worst === Infinity) break;
  }
  return worst;
}

/** Peak signal-to-noise ratio in decibels; `peakToPeak` is the width of the values' range (2 for a tanh). */
export function psnr(values, reference, peakToPeak) {
  if (values.length !== reference.length) return -Infinity;
  let sum = 0;
  for (let i = 0; i < reference.length; i++) sum += (values[i] - reference[i]) ** 2;
  const meanSquare = sum / reference.length;
  if (Number.isNaN(meanSquare)) return -Infinity;
  return meanSquare === 0 ? Infinity : 10 * Math.log10(peakToPeak ** 2 / meanSquare);
}

/** The same numbers on every machine, in [-1, 1): smooth waves with a little noise, like a picture. */
export function testPicture(height, width, channels, seed = 1) {
  const values = new Float32Array(height * width * channels);
  let state = seed * 2654435761 + 12345;
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++, i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        const wave =
          Math.sin(x / (17 + 5 * c)) * Math.cos(y / (23 - 3 * c)) + 0.3 * Math.sin((x + 2 * y) / 7);
        values[i] = Math.max(-1, Math.min(0.999, 0.7 * wave + 0.1 * (state / 2147483648 - 1)));
      }
  return values;
}
