// Pictures without a camera: soft shapes that drift over a dusky sky, drawn on a canvas.

const SIZE = 320;

/** Each shape: its path's centre, reach and two speeds, its radius, and its warmth from 0 (blue) to 1 (sand). */
const SHAPES = Array.from({ length: 9 }, (_, index) => {
  const chance = (/** @type {number} */ salt) => {
    const wave = Math.sin((index + 1) * 12.9898 + salt * 78.233) * 43758.5453;
    return wave - Math.floor(wave);
  };
  return {
    x: 0.15 + 0.7 * chance(1),
    y: 0.15 + 0.7 * chance(2),
    reach: 0.12 + 0.25 * chance(3),
    across: 0.12 + 0.3 * chance(4),
    down: 0.1 + 0.25 * chance(5),
    phase: 6.28 * chance(6),
    radius: 0.14 + 0.2 * chance(7),
    warmth: chance(8),
  };
});

/** @returns {import('./sources.js').Source} */
export function openDemo() {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  let seconds = 4;
  let last = 0;
  paint(context, seconds);
  return {
    kind: 'demo',
    title: 'Drifting shapes, drawn by the page',
    element: canvas,
    still: false,
    ended: false,
    play() {
      last = 0;
    },
    pause() {},
    advance(now) {
      // After a pause or a hidden tab the shapes go on from where they were.
      if (last > 0) seconds += Math.min((now - last) / 1000, 0.1);
      last = now;
      paint(context, seconds);
    },
    async step() {
      seconds += 1 / 30;
      paint(context, seconds);
    },
    close() {},
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} seconds
 */
function paint(context, seconds) {
  const sky = context.createLinearGradient(0, 0, 0, SIZE);
  sky.addColorStop(0, '#1d2a44');
  sky.addColorStop(1, '#6d5f66');
  context.fillStyle = sky;
  context.fillRect(0, 0, SIZE, SIZE);
  for (const shape of SHAPES) {
    const x = SIZE * (shape.x + shape.reach * Math.sin(shape.across * seconds + shape.phase));
    const y = SIZE * (shape.y + shape.reach * Math.cos(shape.down * seconds + 2 * shape.phase));
    const radius = SIZE * shape.radius * (1 + 0.15 * Math.sin(0.5 * seconds + shape.phase));
    const glow = context.createRadialGradient(x, y, 0, x, y, radius);
    const colour = `hsl(${215 - 185 * shape.warmth} ${25 + 25 * shape.warmth}% 80%`;
    glow.addColorStop(0, `${colour} / 85%)`);
    glow.addColorStop(0.55, `${colour} / 45%)`);
    glow.addColorStop(1, `${colour} / 0%)`);
    context.fillStyle = glow;
    context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
  }
}
