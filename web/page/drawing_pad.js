// A small grey picture that the visitor draws, with a mouse, a finger, a pen or the keyboard; or that comes from elsewhere.

/** @typedef {{ brush: () => { grey: number, size: number }, onChange: () => void }} PadOptions grey from 0 to 1, size in pixels */

/**
 * @param {HTMLCanvasElement} canvas as many pixels as the picture has, however large it is on the screen
 * @param {HTMLElement} cursor shows where the keyboard draws
 * @param {PadOptions} options
 */
export function createDrawingPad(canvas, cursor, { brush, onChange }) {
  const { width, height } = canvas;
  const pixels = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { willReadFrequently: true })
  );
  const place = { x: width / 2, y: height / 2 };
  /** @type {{ x: number, y: number } | null} where the line that is being drawn has come to */
  let last = null;

  /** @param {{ x: number, y: number }} to */
  function drawTo(to) {
    const { grey, size } = brush();
    const level = Math.round(255 * grey);
    const from = last ?? to;
    pixels.strokeStyle = `rgb(${level} ${level} ${level})`;
    pixels.lineWidth = size;
    pixels.lineCap = pixels.lineJoin = 'round';
    pixels.beginPath();
    pixels.moveTo(from.x, from.y);
    pixels.lineTo(to.x + 0.001, to.y); // so that a dot is drawn, too
    pixels.stroke();
    last = to;
    onChange();
  }

  /** @param {PointerEvent} event */
  function placeOf(event) {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * width) / box.width,
      y: ((event.clientY - box.top) * height) / box.height,
    };
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    last = null;
    drawTo(placeOf(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const each of event.getCoalescedEvents?.() ?? []) drawTo(placeOf(each));
    drawTo(placeOf(event));
  });

  function showCursor() {
    cursor.style.left = `${(100 * place.x) / width}%`;
    cursor.style.top = `${(100 * place.y) / height}%`;
  }

  /** @type {Record<string, [number, number]>} */
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener('keydown', (event) => {
    const move = moves[event.key];
    if (!move && event.key !== ' ') return;
    event.preventDefault();
    if (move) {
      last = { ...place };
      place.x = Math.min(Math.max(place.x + move[0], 0), width);
      place.y = Math.min(Math.max(place.y + move[1], 0), height);
      showCursor();
    } else {
      last = null;
    }
    if (!move || event.shiftKey) drawTo({ ...place });
  });
  showCursor();

  /** @param {(level: number) => number} change of each grey, from 0 to 255 */
  function changeAll(change) {
    const all = pixels.getImageData(0, 0, width, height);
    for (let i = 0; i < all.data.length; i += 4) {
      const [red, green, blue] = all.data.subarray(i, i + 3);
      all.data.fill(change(0.299 * red + 0.587 * green + 0.114 * blue), i, i + 3);
      all.data[i + 3] = 255;
    }
    pixels.putImageData(all, 0, 0);
    onChange();
  }

  return {
    clear() {
      pixels.fillStyle = 'black';
      pixels.fillRect(0, 0, width, height);
      onChange();
    },

    invert() {
      changeAll((level) => 255 - level);
    },

    /**
     * Takes a picture over: its middle, in grey, as large as fits.
     * @param {CanvasImageSource} picture
     * @param {number} left of the part to take
     * @param {number} top
     * @param {number} wide
     * @param {number} high
     */
    show(picture, left, top, wide, high) {
      const side = Math.min(wide, high);
      pixels.fillStyle = 'black';
      pixels.fillRect(0, 0, width, height);
      pixels.imageSmoothingQuality = 'high';
      pixels.drawImage(
        picture,
        left + (wide - side) / 2,
        top + (high - side) / 2,
        side,
        side,
        0,
        0,
        width,
        height,
      );
      changeAll((level) => level);
    },

    /** The picture as numbers from 0 to 1. */
    numbers() {
      const { data } = pixels.getImageData(0, 0, width, height);
      return Float32Array.from({ length: width * height }, (_, i) => data[4 * i] / 255);
    },
  };
}
