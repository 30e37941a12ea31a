// Frames a second and milliseconds a frame, twice a second.

const WINDOW_MS = 1000;

/**
 * @param {HTMLElement} place
 * @param {() => import('../lib/fragnet.js').Stats | null} stats
 */
export function createMeters(place, stats) {
  /** @type {number[]} when the frames of the last second were drawn */
  const times = [];

  function show() {
    const now = performance.now();
    while (times.length > 0 && now - times[0] > WINDOW_MS) times.shift();
    const figures = times.length > 0 ? stats() : null;
    if (!figures) {
      place.replaceChildren();
      return;
    }
    // A GPU timer is not on every device; without one, what the page's own thread spent says something too.
    const [ms, where] = figures.gpuMs === null ? [figures.cpuMs, 'CPU'] : [figures.gpuMs, 'GPU'];
    place.replaceChildren(strong(String(times.length)), ' fps\u2002', strong(ms.toFixed(1)), ` ms ${where}`);
  }

  setInterval(() => {
    if (!document.hidden) show();
  }, 500);

  return {
    /** A frame was drawn. */
    count() {
      times.push(performance.now());
    },
  };
}

/** @param {string} words */
function strong(words) {
  const element = document.createElement('b');
  element.textContent = words;
  return element;
}
