// A vector that a network reads beside the frame, or instead of it: two numbers are a pad, a few are sliders, many are drawn
// by chance.

/**
 * @param {string} id
 * @param {import('../lib/fragnet.js').Port} port
 * @param {(value: import('../lib/fragnet.js').InputValue) => void} use
 * @returns {HTMLElement[]} what to put on the page
 */
export function createVectorControl(id, port, use) {
  const size = port.shape.reduce((product, extent) => product * extent, 1);
  const title = document.createElement('p');
  title.className = 'row';
  const label = document.createElement('label');
  label.textContent = `“${port.name}”, ${size} number${size === 1 ? '' : 's'}`;
  title.append(label);
  const values = new Float32Array(size);
  if (size === 2) return [title, pad(id, label, values, use)];
  if (size <= MOST_SLIDERS) return [title, ...sliders(id, values, use)];
  const next = document.createElement('button');
  next.type = 'button';
  next.id = id;
  next.textContent = 'Draw others';
  let seed = 1;
  next.addEventListener('click', () => use({ seed: ++seed }));
  label.htmlFor = id;
  title.append(next);
  return [title];
}

const MOST_SLIDERS = 12;
const REACH = 3; // of a latent number: three standard deviations

/**
 * @param {string} id
 * @param {Float32Array} values
 * @param {(value: Float32Array) => void} use
 */
function sliders(id, values, use) {
  return [...values].map((_, index) => {
    const row = document.createElement('p');
    row.className = 'row';
    const label = document.createElement('label');
    const slider = document.createElement('input');
    const shown = document.createElement('output');
    slider.type = 'range';
    slider.id = `${id}-${index}`;
    slider.min = String(-REACH);
    slider.max = String(REACH);
    slider.step = '0.05';
    slider.value = '0';
    label.htmlFor = slider.id;
    label.textContent = `Number ${index + 1}`;
    shown.htmlFor.add(slider.id);
    const show = () => (shown.textContent = Number(slider.value).toFixed(2).replace('-', '\u2212'));
    slider.addEventListener('input', () => {
      values[index] = Number(slider.value);
      show();
      use(values);
    });
    show();
    row.append(label, slider, shown);
    return row;
  });
}

/**
 * A square in which a point is moved: by pointer, or by the arrow keys.
 * @param {string} id
 * @param {HTMLElement} label
 * @param {Float32Array} values two
 * @param {(value: Float32Array) => void} use
 */
function pad(id, label, values, use) {
  label.id = `${id}-label`;
  const square = document.createElement('div');
  square.id = id;
  square.className = 'pad';
  square.tabIndex = 0;
  square.setAttribute('role', 'slider');
  square.setAttribute('aria-labelledby', label.id);
  square.setAttribute('aria-valuemin', String(-REACH));
  square.setAttribute('aria-valuemax', String(REACH));
  const point = document.createElement('span');
  square.append(point);

  /** @param {number} x @param {number} y both 0 … 1 */
  const move = (x, y) => {
    const within = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
    values[0] = REACH * (2 * within(x) - 1);
    values[1] = REACH * (1 - 2 * within(y));
    point.style.left = `${100 * within(x)}%`;
    point.style.top = `${100 * within(y)}%`;
    square.setAttribute('aria-valuenow', values[0].toFixed(2));
    square.setAttribute('aria-valuetext', `${values[0].toFixed(2)} across, ${values[1].toFixed(2)} up`);
  };
  const toPointer = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = square.getBoundingClientRect();
    move((event.clientX - left) / width, (event.clientY - top) / height);
    use(values);
  };
  square.addEventListener('pointerdown', (event) => {
    square.setPointerCapture(event.pointerId);
    toPointer(event);
  });
  square.addEventListener('pointermove', (event) => {
    if (event.buttons > 0) toPointer(event);
  });
  /** @type {Record<string, [number, number]>} */
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  square.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    move((values[0] / REACH + 1) / 2 + step[0] / 40, (1 - values[1] / REACH) / 2 + step[1] / 40);
    use(values);
  });
  move(0.5, 0.5);
  return square;
}
