// Grids of small pictures: the feature maps and the filters of a layer, one number a pixel.

/** @typedef {(value: number) => [number, number, number]} Colours of a value from -1 to 1 */

/**
 * Black to white; what is below nothing is black.
 * @type {Colours}
 */
export const greys = (value) => {
  const level = 255 * Math.min(Math.max(value, 0), 1);
  return [level, level, level];
};

const POSITIVE = [255, 196, 120];
const NEGATIVE = [96, 156, 255];

/**
 * Nothing is black, more than nothing amber, less than nothing blue.
 * @type {Colours}
 */
export const signs = (value) => {
  const [red, green, blue] = value < 0 ? NEGATIVE : POSITIVE;
  const share = Math.min(Math.abs(value), 1);
  return [share * red, share * green, share * blue];
};

/**
 * @typedef {object} Tiles
 * @property {number} columns
 * @property {number} rows
 * @property {number} width of one tile
 * @property {number} height
 * @property {(row: number, column: number, y: number, x: number) => number} at
 */

/**
 * Draws the tiles with a line of one pixel between them; the largest number, whatever its sign, has the strongest colour.
 * @param {HTMLCanvasElement} canvas becomes as large as the tiles need
 * @param {Tiles} tiles
 * @param {Colours} colours
 */
export function drawTiles(canvas, { columns, rows, width, height, at }, colours) {
  const wide = columns * (width + 1) - 1;
  const high = rows * (height + 1) - 1;
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  /** @type {(visit: (value: number, pixel: number) => void) => void} */
  const eachValue = (visit) => {
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            visit(at(row, column, y, x), (row * (height + 1) + y) * wide + column * (width + 1) + x);
  };
  let largest = 0;
  eachValue((value) => (largest = Math.max(largest, Math.abs(value))));
  const picture = new ImageData(wide, high);
  eachValue((value, pixel) => {
    picture.data.set([...colours(largest ? value / largest : 0), 255], 4 * pixel);
  });
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).putImageData(picture, 0, 0);
}

/**
 * The feature maps of a picture (1, H, W, C).
 * @param {{ shape: number[], data: Float32Array }} output
 * @param {number} columns
 * @returns {Tiles}
 */
export function mapTiles({ shape, data }, columns) {
  const [, height, width, channels] = shape;
  return {
    columns,
    rows: Math.ceil(channels / columns),
    width,
    height,
    at: (row, column, y, x) => {
      const channel = row * columns + column;
      return channel < channels ? data[(y * width + x) * channels + channel] : 0;
    },
  };
}

/**
 * The filters of a layer: a row for each map that it makes, in it one filter for each map that it reads. Where it reads a
 * single one, its filters stand side by side.
 * @param {{ shape: number[], data: Float32Array }} kernel (out, in, height, width), of transposed convolutions (in, out, …)
 * @param {boolean} isTransposed
 * @returns {Tiles}
 */
export function filterTiles({ shape, data }, isTransposed) {
  const [first, second, height, width] = shape;
  const outputs = isTransposed ? second : first;
  const inputs = isTransposed ? first : second;
  const isRow = inputs === 1;
  return {
    columns: isRow ? outputs : inputs,
    rows: isRow ? 1 : outputs,
    width,
    height,
    at: (row, column, y, x) => {
      const output = isRow ? column : row;
      const input = isRow ? 0 : column;
      const filter = isTransposed ? input * second + output : output * second + input;
      return data[(filter * height + y) * width + x];
    },
  };
}
