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
 * Nothing is black, more than nothing amber, less than nothing blue; small numbers are lifted, so that they can be seen.
 * @type {Colours}
 */
export const signs = (value) => {
  const [red, green, blue] = value < 0 ? NEGATIVE : POSITIVE;
  const share = Math.sqrt(Math.min(Math.abs(value), 1));
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
 * The filters of a layer: a grid of the maps that it makes and those that it reads, the more numerous ones across. Where
 * it makes or reads a single one, its filters are a list, eight in a row.
 * @param {{ shape: number[], data: Float32Array }} kernel (out, in, height, width), of transposed convolutions (in, out, …)
 * @param {boolean} isTransposed
 * @returns {Tiles & { words: string }}
 */
export function filterTiles({ shape, data }, isTransposed) {
  const [first, second, height, width] = shape;
  const outputs = isTransposed ? second : first;
  const inputs = isTransposed ? first : second;
  const isList = Math.min(inputs, outputs) === 1;
  const outputsAcross = outputs > inputs;
  const across = isList ? Math.min(first * second, 8) : Math.max(inputs, outputs);
  return {
    columns: across,
    rows: Math.ceil((first * second) / across),
    width,
    height,
    words: isList
      ? `one for each map ${outputsAcross ? 'made' : 'read'}`
      : outputsAcross
        ? 'a column for each map made, a row for each map read'
        : 'a column for each map read, a row for each map made',
    at: (row, column, y, x) => {
      const [output, input] = outputsAcross ? [column, row] : [row, column];
      const number = isTransposed ? input * second + output : output * second + input;
      const filter = isList ? row * across + column : number;
      return filter < first * second ? data[(filter * height + y) * width + x] : 0;
    },
  };
}
