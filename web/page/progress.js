// How far a load has come, with a way out of it.

/**
 * @param {HTMLElement} bar with .progress-words, a <progress> and a <button> in it
 * @param {() => void} onCancel
 */
export function createProgress(bar, onCancel) {
  const words = /** @type {HTMLElement} */ (bar.querySelector('.progress-words'));
  const meter = /** @type {HTMLProgressElement} */ (bar.querySelector('progress'));
  /** @type {HTMLButtonElement} */ (bar.querySelector('button')).addEventListener('click', onCancel);

  return {
    /**
     * @param {string} title of the model
     * @param {import('../lib/fragnet.js').Progress} progress
     */
    show(title, { phase, loaded, total }) {
      bar.hidden = false;
      words.textContent = sentence(title, phase, loaded, total);
      if (total < Infinity) meter.value = loaded / total;
      else meter.removeAttribute('value');
    },
    hide() {
      bar.hidden = true;
    },
  };
}

/**
 * @param {string} title
 * @param {string} phase
 * @param {number} loaded
 * @param {number} total
 */
function sentence(title, phase, loaded, total) {
  switch (phase) {
    case 'download':
      return total < Infinity
        ? `Fetching ${title}: ${megabytes(loaded)} of ${megabytes(total)}`
        : `Fetching ${title}`;
    case 'decode':
      return `Reading ${title}`;
    case 'compile':
      return total < Infinity ? `Preparing the GPU: ${loaded} of ${total} shaders` : 'Preparing the GPU';
    default:
      return 'Trying what is fastest on this GPU';
  }
}

/** @param {number} bytes */
export function megabytes(bytes) {
  const size = bytes / 1e6;
  return `${size.toFixed(size < 10 ? 1 : 0)} MB`;
}
