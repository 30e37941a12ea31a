// The moving picture that every contender is handed, drawn before any clock starts: sixteen frames of 256×256, grey, so
// that one channel of them is the grey value and nobody pays for a conversion that others do without.

export const side = 256;
const count = 16;

/**
 * The frames, as canvases that live in the CPU's memory: contenders on the CPU read them without waiting for a GPU, those
 * on the GPU upload them as they would a camera's.
 * @returns {HTMLCanvasElement[]}
 */
export function movingFrames() {
  return Array.from({ length: count }, (_, i) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = side;
    const context = /** @type {CanvasRenderingContext2D} */ (
      canvas.getContext('2d', { willReadFrequently: true })
    );
    paint(context, (2 * Math.PI * i) / count);
    context.getImageData(0, 0, 1, 1); // the strokes are drawn now, not within somebody's time
    return canvas;
  });
}

/**
 * A bright sky over a dark ground, and three discs that go round.
 * @param {CanvasRenderingContext2D} context
 * @param {number} phase in radians
 */
function paint(context, phase) {
  const horizon = 0.5 + 0.1 * Math.sin(phase);
  const ground = context.createLinearGradient(0, 0, 0, side);
  ground.addColorStop(0, 'rgb(230 230 230)');
  ground.addColorStop(horizon, 'rgb(150 150 150)');
  ground.addColorStop(horizon, 'rgb(80 80 80)');
  ground.addColorStop(1, 'rgb(10 10 10)');
  context.fillStyle = ground;
  context.fillRect(0, 0, side, side);
  for (const [radius, orbit, grey, start] of [
    [40, 60, 255, 0],
    [25, 85, 30, 2],
    [15, 100, 128, 4],
  ]) {
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    context.beginPath();
    const angle = phase + start;
    context.arc(
      side / 2 + orbit * Math.cos(angle),
      side / 2 + orbit * Math.sin(angle),
      radius,
      0,
      2 * Math.PI,
    );
    context.fill();
  }
}
