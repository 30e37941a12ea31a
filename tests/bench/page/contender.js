// What a contender is: something that takes a frame and puts a network's picture on a canvas.

/**
 * @typedef {{ url: string, isGraph: boolean, onnx: string | null }} Model
 *   the same generator as TensorFlow.js' folder and as an ONNX file
 *
 * @typedef {object} Contender
 * @property {string[]} ways  the ways it has of bringing pixels to the canvas; the fastest counts
 * @property {() => Promise<void>} start  its script and its engine
 * @property {(model: Model, onPhase: (phase: string) => void) => Promise<void>} load
 *   onPhase says what the time since the last call of it went to
 * @property {(frame: HTMLCanvasElement, way: string) => void | Promise<void>} draw
 * @property {() => void} [finish]
 *   returns when the pixels of the last draw() are certain to be on the canvas, where draw() itself returns earlier
 * @property {() => Promise<void>} [settle]
 *   after the first frame: settles when later frames are as fast as they get, where that takes work of its own
 * @property {() => Record<string, number | string>} facts  renderer, bytes and the like, as the contender itself states them
 * @property {() => { name: string, ms: number, macs: number }[]} [layers]  what each step of a frame takes
 */

/**
 * A canvas' 2D context, on which contenders without WebGL put their pixels.
 * @param {HTMLCanvasElement} canvas
 */
export const contextOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
