// A canvas that nobody gave a size has 300×150 pixels, whatever is drawn on it. It gets the size of the picture instead.

// A picture of 28×28 becomes one of 280×280, for eyes; one of 4,000 is no sharper on a screen than one of this.
const SMALLEST_SIDE = 256;
const LARGEST_SIDE = 1024;

export class OwnSize {
  #canvas;
  /** @type {number} what it was left at; another size is somebody's choice */ #width;
  /** @type {number} */ #height;
  #isOurs;
  /** @type {'output' | 'input' | 'both'} */ #view = 'output';

  /** @param {HTMLCanvasElement | OffscreenCanvas | import('./shared.js').SharedContext} canvas or what stands in for one */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#width = canvas.width;
    this.#height = canvas.height;
    this.#isOurs =
      'aim' in canvas ||
      ('hasAttribute' in canvas && !canvas.hasAttribute('width') && !canvas.hasAttribute('height'));
  }

  /**
   * @param {import('./fragnet.js').ModelInfo} info
   * @param {'output' | 'input' | 'both'} [view] both pictures stand side by side; undefined: as before
   * @param {number} [output] which is shown; undefined: the one that is shown by itself
   */
  fit(info, view = this.#view, output = info.shownOutput) {
    const canvas = this.#canvas;
    this.#view = view;
    this.#isOurs &&= canvas.width === this.#width && canvas.height === this.#height;
    if (!this.#isOurs) return;
    const [width, height] = sizeOf(info.outputs[output]?.picture ?? null);
    this.#width = view === 'both' ? 2 * width : width;
    this.#height = height;
    if (canvas.width !== this.#width) canvas.width = this.#width;
    if (canvas.height !== this.#height) canvas.height = this.#height;
  }
}

/**
 * @param {import('./fragnet.js').PortPicture | null} picture
 * @returns {[number, number]}
 */
function sizeOf(picture) {
  if (!picture) return [SMALLEST_SIDE, SMALLEST_SIDE];
  const { factor } = picture;
  const sides = [picture.width * factor, picture.height * factor];
  const longest = Math.max(...sides);
  const scale = longest > LARGEST_SIDE ? LARGEST_SIDE / longest : Math.ceil(SMALLEST_SIDE / longest);
  const [width, height] = sides.map((side) => Math.max(1, Math.round(side * scale)));
  return [width, height];
}
