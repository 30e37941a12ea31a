// The contenders by their kind, and the page's canvas, which each of them has to itself.
import { fragnet } from './fragnet.js';
import { ort } from './ort.js';
import { tfjs } from './tfjs.js';

/** @type {Record<string, (canvas: HTMLCanvasElement, settings: any) => import('./contender.js').Contender>} */
const kinds = { fragnet, ort, tfjs };

export const canvasOf = () => /** @type {HTMLCanvasElement} */ (document.querySelector('canvas'));

/**
 * @param {string} kind
 * @param {any} settings
 */
export const contenderOf = (kind, settings) => kinds[kind](canvasOf(), settings);

/** A page gets a turn to show what is on its canvas, so that showing it is in nobody's time. */
export const nextPaint = () => new Promise((resolve) => requestAnimationFrame(resolve));
