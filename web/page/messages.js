// What the page tells its visitor: news in passing, and errors in words with what to do about them.

/** Something the page cannot do, with what the visitor can do about it. */
export class PageError extends Error {
  /**
   * @param {string} message
   * @param {string} advice
   */
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

/** @type {Partial<Record<import('../lib/errors.js').ErrorCode, string>>} */
const ADVICE = {
  'bad-json':
    'Check the address, or pick the folder that the TensorFlow.js converter wrote: its model.json is JSON.',
  'bad-topology': 'Pick a model that the TensorFlow.js converter wrote: a graph-model or a layers-model.',
  'bad-weights': 'The weight files and model.json do not belong together: convert or copy the model again.',
  'missing-model': 'Pick the folder that holds model.json together with its weight files.',
  'missing-shard': 'Pick the whole folder, or model.json and every .bin file beside it.',
  'bad-shape':
    'The model contradicts itself, or its input size is not one that it can work with: export it again.',
  'bad-array': 'Save the array again with numpy.save, as float32, and copy the whole file.',
  'bad-value': 'The training ended in numbers that are not numbers: export an earlier checkpoint.',
  'unsupported-op': 'This network uses an operation that Fragnet does not have yet.',
  'too-large': 'Try a smaller model or a smaller input size, or a device with a larger GPU.',
  'out-of-memory': 'Close other tabs, or try a smaller model.',
  'no-webgl2':
    'Switch on hardware acceleration in the browser’s settings, update the browser, or open the page in another one.',
  'no-float-targets': 'Leave the precision to Fragnet: it takes the best that the device can do.',
  'no-wasm': 'Reload the page; if that does not help, update the browser.',
  'shader-failed': 'Another browser, or a newer graphics driver, may accept the same shader.',
  'context-lost':
    'It goes on by itself when the GPU is back. If it does not, close other tabs that use the GPU, then reload the page.',
  'download-failed': 'Check the connection and try again.',
  'file-failed': 'Pick the files again.',
};

/** @param {HTMLElement} root with a role="alert" and a role="status" in it */
export function createMessages(root) {
  const alert = /** @type {HTMLElement} */ (root.querySelector('[role=alert]'));
  const status = /** @type {HTMLElement} */ (root.querySelector('[role=status]'));
  let timer = 0;

  /**
   * @param {HTMLElement} place
   * @param {string} kind
   * @param {string[]} paragraphs
   * @param {{ words: string, use: () => void }} [offer] a button beside "Close"
   */
  function show(place, kind, [headline, ...details], offer) {
    const box = document.createElement('div');
    box.className = `message ${kind}`;
    const strong = document.createElement('strong');
    strong.textContent = headline;
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Close';
    close.addEventListener('click', () => box.remove());
    box.append(strong, close);
    if (offer) {
      const take = document.createElement('button');
      take.type = 'button';
      take.className = 'offer';
      take.textContent = offer.words;
      take.addEventListener('click', () => {
        box.remove();
        offer.use();
      });
      box.append(take);
    }
    details.filter(Boolean).forEach((detail, index, all) => {
      const paragraph = document.createElement('p');
      paragraph.textContent = detail;
      if (index === all.length - 1 && all.length > 1) paragraph.className = 'advice';
      box.append(paragraph);
    });
    place.replaceChildren(box);
  }

  return {
    /**
     * News that goes away by itself.
     * @param {string} words
     */
    say(words) {
      show(status, 'news', [words]);
      clearTimeout(timer);
      timer = window.setTimeout(() => status.replaceChildren(), 5000);
    },

    /**
     * Advice that one click follows, until it is closed or other news comes.
     * @param {string} words
     * @param {string} button
     * @param {() => void} use
     */
    offer(words, button, use) {
      clearTimeout(timer);
      show(status, 'news', [words], { words: button, use });
    },

    /**
     * An error, until it is closed or cleared.
     * @param {string} headline what did not happen
     * @param {unknown} error
     */
    fail(headline, error) {
      status.replaceChildren();
      show(alert, 'error', [headline, ...wordsOf(error)]);
    },

    /** Takes the last error away: what was asked for now works. */
    clear() {
      alert.replaceChildren();
    },
  };
}

/**
 * What went wrong, and what to do about it.
 * @param {unknown} error
 * @returns {[string, string]}
 */
function wordsOf(error) {
  if (error instanceof PageError) return [error.message, error.advice];
  const { code, message } = /** @type {Partial<import('../lib/errors.js').FragnetError>} */ (error ?? {});
  return [message ?? String(error), (code && ADVICE[code]) ?? ''];
}
