// Between a canvas' bytes and a network's numbers, for contenders whose numbers live in arrays.
import { side } from './frames.js';

/**
 * A grey frame as numbers from -1 to 1.
 * @param {HTMLCanvasElement} frame
 * @param {Float32Array} into side × side
 */
export function takePixels(frame, into) {
  const context = /** @type {CanvasRenderingContext2D} */ (frame.getContext('2d'));
  const { data } = context.getImageData(0, 0, side, side);
  for (let i = 0; i < into.length; i++) into[i] = data[4 * i] / 127.5 - 1;
}

/**
 * Puts a picture of numbers from -1 to 1 on a canvas.
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} values side × side × 3, pixel after pixel or plane after plane
 * @param {number} pixelStride from a pixel's value to the next pixel's
 * @param {number} channelStride from a pixel's value to its next channel's
 */
export function putPixels(context, values, pixelStride, channelStride) {
  const image = context.createImageData(side, side);
  const { data } = image; // clamps and rounds by itself
  for (let i = 0; i < side * side; i++) {
    for (let channel = 0; channel < 3; channel++)
      data[4 * i + channel] = (values[i * pixelStride + channel * channelStride] + 1) * 127.5;
    data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
