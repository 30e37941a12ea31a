// One browser on one device, in which contenders visit a fresh page each, one after the other.
import { startChromium, startFirefox } from '../web/support/browsers.js';
import { countGlBytes } from './page/gl_bytes.js';
import { countWasmBytes } from './page/wasm_bytes.js';
import { sentFiles } from './sent.js';

// No visit of a contender that works takes longer, not even one of half a minute a frame.
const limitSeconds = 240;

// Everybody's shaders are compiled anew on every page, as they are for a first visitor.
const cold = { shaderCache: false };
const starts = {
  swiftshader: () => startChromium('Chromium, SwiftShader', cold),
  llvmpipe: () => startChromium('Chromium, llvmpipe', cold),
  firefox: () => startFirefox(cold),
};

export class Stage {
  #server;
  #start;
  #browser = null;

  /**
   * @param {Awaited<ReturnType<typeof import('../web/support/serve.js').serve>>} server
   * @param {'swiftshader' | 'llvmpipe' | 'firefox'} device
   */
  constructor(server, device) {
    this.#server = server;
    this.#start = starts[device];
  }

  /** The browser's own words about itself. */
  async version() {
    return (await this.#running()).browser.version();
  }

  /**
   * Calls `window.bench[method](order)` in a fresh page.
   * @param {'visit' | 'count' | 'roofline'} method
   * @param {object} order
   * @returns {Promise<{ result: any, sent: import('./report.js').Sent }>}
   * @throws with one sentence, whatever went wrong in the page or with the browser
   */
  async play(method, order) {
    const counts = method === 'count';
    let timer;
    const tooLong = new Promise((_, reject) => {
      const late = () => reject(new Error(`It took longer than ${limitSeconds} s.`));
      timer = setTimeout(late, 1000 * limitSeconds);
    });
    try {
      return await Promise.race([this.#play(method, order, counts), tooLong]);
    } catch (error) {
      // A page that hangs takes its browser along: the next contender gets a new one.
      await this.close();
      throw new Error(sentenceOf(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async #play(method, order, counts) {
    const browser = await this.#running();
    this.#server.requests.length = 0;
    const page = await browser.newPage(`${this.#server.url}/tests/bench/page/index.html`, {
      counted: counts,
      scripts: counts ? [countGlBytes, countWasmBytes] : [],
    });
    try {
      const call = (name, given) => window.bench[name](given);
      const result = await page.evaluate(call, method, order);
      return { result, sent: sentFiles(this.#server.requests, this.#server.fileFor) };
    } finally {
      await page.close();
    }
  }

  async #running() {
    this.#browser ??= await this.#start();
    return this.#browser;
  }

  async close() {
    const browser = this.#browser;
    this.#browser = null;
    if (!browser) return;
    const ended = browser.close().catch(() => {});
    const late = () => new Promise((resolve) => setTimeout(resolve, 10000, 'late').unref());
    if ((await Promise.race([ended, late()])) !== 'late') return;
    browser.browser.process()?.kill('SIGKILL');
    await Promise.race([ended, late()]);
  }
}

/** The first line of an error, without the name of its class. */
function sentenceOf(error) {
  const words = error instanceof Error ? error.message : String(error);
  return words.split('\n')[0].replace(/^(Uncaught )?(\w*Error: )+/, '');
}
