// What draw() is given: how large a frame says it is, whether it comes from where the one before came from, and what to say
// where it is no frame.

import { asFragnetError, FragnetError } from './errors.js';

const KINDS = [
  'HTMLVideoElement',
  'HTMLCanvasElement',
  'HTMLImageElement',
  'OffscreenCanvas',
  'ImageBitmap',
  'ImageData',
  'VideoFrame',
];
// Under which names libraries keep the element that they wrap: p5.js, a ref of React's, three.js, jQuery.
const WRAPPED_AS = ['elt', 'canvas', 'current', 'image', 'video', 'element', 0];
// The longest side of a picture that is painted on a canvas of ours.
const LONGEST_SIDE = 1024;

/** @param {unknown} value */
const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** @param {unknown} value */
const isFrame = (value) => KINDS.includes(kindOf(value));

/**
 * The width of a frame in pixels, 0 while it has no picture.
 * @param {any} frame
 * @returns {number}
 */
export function frameWidth(frame) {
  if ('videoWidth' in frame) return frame.readyState >= 2 ? frame.videoWidth : 0;
  if ('naturalWidth' in frame) return frame.complete ? frame.naturalWidth : 0;
  return frame.displayWidth ?? frame.width ?? 0;
}

/**
 * @param {any} frame
 * @returns {number}
 */
export function frameHeight(frame) {
  if ('videoHeight' in frame) return frame.videoHeight;
  if ('naturalHeight' in frame) return frame.naturalHeight;
  return frame.displayHeight ?? frame.height ?? 0;
}

/**
 * Whether what is uploaded may have another size than the frame says: not so of a canvas and of what was drawn already.
 * @param {any} frame
 */
export function isSizeSaid(frame) {
  return 'videoWidth' in frame || 'naturalWidth' in frame || 'displayWidth' in frame;
}

/** @param {unknown} frame */
export function requireObject(frame) {
  if (frame === null || typeof frame !== 'object') throw noFrame(frame);
}

/**
 * Throws where a frame without a size will never have one.
 * @param {any} frame
 */
export function requireHope(frame) {
  if (!isFrame(frame)) throw noFrame(frame);
  const kind = kindOf(frame);
  if (frame.error)
    throw refusal(`the video cannot be shown: ${frame.error.message || 'it does not say why'}`);
  if (kind === 'HTMLImageElement' && frame.complete && frame.currentSrc) {
    throw refusal(
      'the image could not be loaded, or it is an SVG of no size: give its root a width and a height',
    );
  }
  if (kind === 'ImageBitmap' || kind === 'VideoFrame') {
    throw refusal(`the ${kind} is closed: close() it after draw(), not before`);
  }
}

/**
 * The browser's own objection to a frame, in our words.
 * @param {unknown} error
 * @param {unknown} frame
 */
export function refusedFrame(error, frame) {
  if (!(error instanceof Error) || error instanceof FragnetError) return asFragnetError(error);
  if (!isFrame(frame)) return noFrame(frame);
  if (error.name === 'SecurityError') {
    return refusal(
      'it comes from another origin, and the browser lets nobody read it: set crossOrigin = "anonymous" before its src, ' +
        'and have that host send Access-Control-Allow-Origin',
      error,
    );
  }
  if (error.name === 'TypeError' || error instanceof DOMException) return refusal(error.message, error);
  return asFragnetError(error);
}

/**
 * @param {string} why
 * @param {unknown} [cause]
 */
function refusal(why, cause) {
  return new FragnetError('bad-input', `The browser makes no texture of this frame: ${why}.`, { cause });
}

/** @param {any} value */
function noFrame(value) {
  const kind = value === null || typeof value !== 'object' ? String(value && typeof value) : kindOf(value);
  return new FragnetError(
    'bad-input',
    'draw() wants a video, canvas or image element, an OffscreenCanvas, ImageBitmap, ImageData or VideoFrame, and got ' +
      `${value === undefined ? 'nothing' : kind}${remedy(value, kind)}.`,
  );
}

/**
 * @param {any} value
 * @param {string} kind
 */
function remedy(value, kind) {
  if (kind === 'string') return ': pass the element itself, as document.querySelector() finds it';
  if (kind === 'Promise') return ': await it, and pass what comes';
  if (kind === 'MediaStream')
    return ': make it the srcObject of a video element, play() that, and pass the element';
  if (kind === 'MediaStreamTrack')
    return ': make new MediaStream([track]) the srcObject of a video element, play() that, and pass the element';
  if (kind === 'Blob' || kind === 'File') {
    return String(value.type).startsWith('video/')
      ? ': make URL.createObjectURL(file) the src of a video element, and pass that'
      : ': pass what createImageBitmap(file) resolves to';
  }
  const name = WRAPPED_AS.find((key) => isFrame(value?.[key]));
  if (name === undefined) return '';
  return typeof name === 'number' ? `: pass its [${name}]` : `: pass its .${name}`;
}

/** What of a frame's source is another one than before. */
export const CHANGE = Object.freeze({
  NONE: 0,
  SOURCE: 1, // frames came from it before, though not the last one
  ALL: 2, // no frame came from it yet, or what is behind it may be another thing now
});

/** Where frames come from, watched from one to the next. A frame compares and makes nothing. */
export class FrameSource {
  /**
   * Elements, or the class of frames that are each a new object, with the address of an image.
   * @type {WeakMap<object, { ref: WeakRef<any>, address: string }>}
   */
  #seen = new WeakMap();
  /** @type {WeakRef<any> | null} that of the frame before */
  #last = null;
  #ticket = 0; // for the size of that video's next frame
  #width = 0;
  #height = 0;
  /** @type {HTMLCanvasElement | null} */ #painting = null;

  /**
   * What may have changed since the frame before that is not seen otherwise: another source, an image of another address, or
   * a video whose frames are of another size than before (a camera may change that behind an element that says the same).
   * Sources that take turns, such as two canvases, are new only once.
   * @param {any} frame
   * @returns {number} of CHANGE
   */
  change(frame) {
    const source = 'nodeType' in frame ? frame : frame.constructor;
    const address = frame.currentSrc ?? '';
    const seen = this.#seen.get(source);
    const last = this.#last?.deref();
    if (last !== source) {
      if (this.#ticket) last?.cancelVideoFrameCallback?.(this.#ticket);
      this.#ticket = 0;
      this.#painting = null;
    }
    if (!this.#ticket && frame.requestVideoFrameCallback)
      this.#ticket = frame.requestVideoFrameCallback(this.#onVideoFrame);
    if (!seen || seen.address !== address) {
      const ref = seen?.ref ?? new WeakRef(source);
      this.#seen.set(source, { ref, address });
      this.#last = ref;
      this.#painting = null;
      return CHANGE.ALL;
    }
    this.#last = seen.ref;
    return last === source ? CHANGE.NONE : CHANGE.SOURCE;
  }

  /** Whatever comes next is new. */
  forget() {
    this.#seen = new WeakMap();
  }

  #onVideoFrame = (
    /** @type {number} */ _now,
    /** @type {VideoFrameCallbackMetadata} */ { width, height },
  ) => {
    this.#ticket = 0;
    if (width !== this.#width || height !== this.#height) this.forget();
    this.#width = width;
    this.#height = height;
  };

  /**
   * What is to be uploaded: the frame, or what it was painted on.
   * @param {any} frame
   */
  picture(frame) {
    return this.#painting ? this.paint(frame) : frame;
  }

  /**
   * An image as the browser draws it on a 2-D canvas, at a size of its proportions: for those that it makes no texture of,
   * such as an SVG without a size, or a photo that is larger than a texture may be. From now on so for this image.
   * @param {HTMLImageElement} image
   */
  paint(image) {
    this.#painting ??= document.createElement('canvas');
    const canvas = this.#painting;
    const { naturalWidth, naturalHeight } = image;
    const scale = LONGEST_SIDE / Math.max(naturalWidth, naturalHeight);
    canvas.width = Math.max(1, Math.round(naturalWidth * scale)); // which clears it
    canvas.height = Math.max(1, Math.round(naturalHeight * scale));
    canvas
      .getContext('2d', { willReadFrequently: true })
      ?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}
