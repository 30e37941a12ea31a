// Real browsers on software GL: Chromium on two different WebGL2 devices, and Firefox under a virtual display. Each
// start has a fresh profile, reaches nothing but this machine, and takes everything with it when it is closed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { countGl } from './gl_counter.js';
import { isGlWarning, watchContexts } from './gl_errors.js';

// Software GL on a busy two-core machine: what takes a second here may take a minute there.
export const patience = 10 * 60 * 1000;

export const devices = {
  'Chromium, SwiftShader': ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  'Chromium, llvmpipe': ['--use-angle=gl-egl'],
};
export const deviceNames = Object.keys(devices);

const cameras = {
  fake: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  // A camera that is there but must be asked for, so that a test can refuse it.
  asks: ['--use-fake-device-for-media-stream'],
  none: ['--use-fake-ui-for-media-stream'],
};

// What Puppeteer says to Chromium unasked.
const fullSpeedWhenHidden = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

// Mesa keeps compiled shaders in the home directory, from one start of a browser to the next.
const withoutShaderCache = { MESA_SHADER_CACHE_DISABLE: 'true' };

/**
 * Starts Chromium on one of `devices`. `camera`: 'fake' | 'asks' | 'none'; `film`: the fake one shows this Y4M file;
 * `webgl2: false` takes WebGL2 away; `shaderCache: false` has every page compile its shaders anew, as a first visitor's
 * does; `slowsHiddenTabs` as a visitor's browser does; `provokes`: the refusals of a driver that the tests bring about
 * on purpose.
 * @returns {Promise<{ newPage: Function, close: () => Promise<void>, browser: import('puppeteer-core').Browser }>}
 */
export async function startChromium(
  device = deviceNames[0],
  {
    camera = 'fake',
    film = '',
    webgl2 = true,
    shaderCache = true,
    slowsHiddenTabs = false,
    provokes = /^$/,
  } = {},
) {
  const profile = temporaryFolder('fragnet-chromium-');
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    ignoreDefaultArgs: slowsHiddenTabs ? fullSpeedWhenHidden : [],
    userDataDir: profile.path,
    protocolTimeout: patience,
    timeout: 120000,
    env: { ...process.env, ...(shaderCache ? {} : withoutShaderCache) },
    args: [
      ...devices[device],
      ...cameras[camera],
      ...(film ? [`--use-file-for-fake-video-capture=${film}`] : []),
      ...(webgl2 ? [] : ['--disable-3d-apis']),
      ...(shaderCache ? [] : ['--disable-gpu-program-cache', '--disable-gpu-shader-disk-cache']),
      '--ignore-gpu-blocklist',
      '--no-sandbox',
      '--disable-gpu-watchdog',
      '--disable-dev-shm-usage',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      '--window-size=1280,1000',
    ],
  });
  return wrap(browser, profile.remove, provokes);
}

/** Starts Firefox on a virtual display of its own, with a fake camera that it gives away unasked. */
export async function startFirefox({ shaderCache = true } = {}) {
  const profile = temporaryFolder('fragnet-firefox-');
  const { display, stop } = await startDisplay();
  try {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
      headless: false,
      userDataDir: profile.path,
      protocolTimeout: patience,
      timeout: 120000,
      env: {
        ...process.env,
        ...(shaderCache ? {} : withoutShaderCache),
        DISPLAY: display,
        HOME: profile.path,
        MOZ_DISABLE_CONTENT_SANDBOX: '1',
      },
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
        'webgl.force-enabled': true,
        'dom.max_script_run_time': 0,
        // Everything but this machine goes to a proxy that is not there.
        'network.proxy.type': 1,
        'network.proxy.http': '127.0.0.1',
        'network.proxy.http_port': 9,
        'network.proxy.ssl': '127.0.0.1',
        'network.proxy.ssl_port': 9,
        'network.proxy.no_proxies_on': 'localhost, 127.0.0.1',
      },
    });
    return wrap(browser, async () => {
      stop();
      profile.remove();
    });
  } catch (error) {
    stop();
    throw error;
  }
}

/** A folder of its own under the system's for such things, gone by the end of the process at the latest. */
function temporaryFolder(prefix) {
  const folder = mkdtempSync(path.join(tmpdir(), prefix));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', remove);
  return {
    path: folder,
    remove() {
      process.off('exit', remove);
      remove();
    },
  };
}

/** An X server with nobody watching; Firefox has WebGL2 only where there is a display. */
async function startDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1100x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`Xvfb did not start: ${error.message}`)));
    server.once('exit', (status) => reject(new Error(`Xvfb ended at once with status ${status}`)));
    server.stdio[3]?.once('data', (number) => resolve(`:${String(number).trim()}`));
  });
  // Whatever ends this process, its end ends the server.
  const kill = () => server.kill();
  process.once('exit', kill);
  server.once('exit', () => process.off('exit', kill));
  return { display, stop: kill };
}

/** What every test needs of a browser: pages that remember what went wrong in them, and an end that leaves nothing. */
function wrap(browser, cleanUp, provokes = /^$/) {
  /** @type {any[]} */
  const pages = [];
  // What a driver refused in a page, in its own words; asks pages that are still open for errors that it did not say.
  const glProblems = async () => {
    const lists = pages.map(async (page) => {
      const errors = page.isClosed()
        ? []
        : await page.evaluate(() => window.glErrors?.() ?? []).catch(() => []);
      return [...page.glProblems, ...errors].map((problem) => `${page.glAddress}: ${problem}`);
    });
    return (await Promise.all(lists)).flat();
  };
  return {
    browser,
    /**
     * A new page at `url`. `counted`: with window.glCounter (see gl_counter.js). `scripts`: functions to be run there
     * before the page's own, or lists of one and what it is given. page.problems collects uncaught errors and console
     * errors; page.glProblems, of which there may be none when the browser is closed, what a driver refused.
     */
    async newPage(url, { counted = false, scripts = [], width = 1200, height = 900 } = {}) {
      const page = await browser.newPage();
      page.setDefaultTimeout(patience);
      page.problems = [];
      page.glProblems = [];
      page.glAddress = url;
      pages.push(page);
      page.on('pageerror', (error) =>
        page.problems.push(error instanceof Error ? error.message : String(error)),
      );
      page.on('console', (message) => {
        if (message.type() === 'error') page.problems.push(message.text());
        if (isGlWarning(message.text()) && !provokes.test(message.text()))
          page.glProblems.push(message.text());
      });
      await page.setViewport({ width, height });
      for (const script of [watchContexts, ...(counted ? [countGl] : []), ...scripts])
        await page.evaluateOnNewDocument(...[script].flat());
      await page.goto(url, { waitUntil: 'load', timeout: patience });
      return page;
    },
    /** Throws where a driver refused anything in any page. */
    async close() {
      const problems = await glProblems();
      try {
        await browser.close();
      } finally {
        await cleanUp();
      }
      if (problems.length > 0) throw new Error(`The driver refused calls of WebGL:\n${problems.join('\n')}`);
    },
  };
}
