// Real browsers on software GL: Chromium on two different WebGL2 devices, and Firefox under a virtual display. Each
// start has a fresh profile, reaches nothing but this machine, and takes everything with it when it is closed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { countGl } from './gl_counter.js';

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

/**
 * Starts Chromium on one of `devices`. `camera`: 'fake' | 'asks' | 'none'; `webgl2: false` takes WebGL2 away.
 * @returns {Promise<{ newPage: Function, close: () => Promise<void>, browser: import('puppeteer-core').Browser }>}
 */
export async function startChromium(device = deviceNames[0], { camera = 'fake', webgl2 = true } = {}) {
  const profile = mkdtempSync(path.join(tmpdir(), 'fragnet-chromium-'));
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    userDataDir: profile,
    protocolTimeout: patience,
    timeout: 120000,
    args: [
      ...devices[device],
      ...cameras[camera],
      ...(webgl2 ? [] : ['--disable-3d-apis']),
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
  return wrap(browser, async () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
}

/** Starts Firefox on a virtual display of its own, with a fake camera that it gives away unasked. */
export async function startFirefox() {
  const profile = mkdtempSync(path.join(tmpdir(), 'fragnet-firefox-'));
  const { display, stop } = await startDisplay();
  try {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
      headless: false,
      userDataDir: profile,
      protocolTimeout: patience,
      timeout: 120000,
      env: { ...process.env, DISPLAY: display, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
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
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    });
  } catch (error) {
    stop();
    throw error;
  }
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
  return { display, stop: () => server.kill() };
}

/** What every test needs of a browser: pages that remember what went wrong in them, and an end that leaves nothing. */
function wrap(browser, cleanUp) {
  return {
    browser,
    /**
     * A new page at `url`. `counted`: with window.glCounter (see gl_counter.js). page.problems collects uncaught
     * errors and console errors.
     */
    async newPage(url, { counted = false, width = 1200, height = 900 } = {}) {
      const page = await browser.newPage();
      page.setDefaultTimeout(patience);
      page.problems = [];
      page.on('pageerror', (error) =>
        page.problems.push(error instanceof Error ? error.message : String(error)),
      );
      page.on('console', (message) => {
        if (message.type() === 'error') page.problems.push(message.text());
      });
      await page.setViewport({ width, height });
      if (counted) await page.evaluateOnNewDocument(countGl);
      await page.goto(url, { waitUntil: 'load', timeout: patience });
      return page;
    },
    async close() {
      await browser.close();
      await cleanUp();
    },
  };
}
