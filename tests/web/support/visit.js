// A visit to the real page: what a person would wait for, look at and read there.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readPng } from './png.js';
import { screenshots } from './serve.js';

// How long a visitor to a page on software GL waits for one thing to happen, in milliseconds.
const endurance = 3 * 60 * 1000;

/** What the alert says; '' where there is none. */
export const alertOf = (page) => page.$eval('#alert', (place) => place.textContent ?? '');

/** Waits until an error is shown and returns its words. */
export async function waitForAlert(page) {
  await page.waitForSelector('#alert > *', { timeout: endurance });
  return alertOf(page);
}

/** Waits until `isSo(given)` holds in the page; fails with the words of an alert that comes instead, or with `what`. */
async function waitUntil(page, what, isSo, given) {
  const start = Date.now();
  while (!(await page.evaluate(isSo, given))) {
    const words = await alertOf(page);
    if (words) throw new Error(`Waiting for ${what}, the page shows an error: ${words}`);
    if (Date.now() - start > endurance) throw new Error(`Waited ${endurance / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until a network runs on that kind of source. */
export const waitUntilRunning = (page, kind) =>
  waitUntil(
    page,
    `a network that runs on the source "${kind}"`,
    (wanted) => Boolean(window.fragnetPage?.running) && window.fragnetPage.source?.kind === wanted,
    kind,
  );

/** Waits until the network runs at full speed: until then its fast programs come in between frames. */
export const waitUntilReady = (page) => page.evaluate(() => window.fragnetPage.net.ready);

/** Waits until the network of that title runs. */
export const waitForModel = (page, title) =>
  waitUntil(page, `the network "${title}"`, (wanted) => window.fragnetPage?.running?.title === wanted, title);

/** How many frames went through the network so far. */
export const framesOf = (page) => page.evaluate(() => window.glCounter.frames);

/** Waits until `count` more frames went through the network, counted from now or from an earlier framesOf(). */
export async function waitForFrames(page, count, since) {
  const wanted = (since ?? (await framesOf(page))) + count;
  await waitUntil(page, `${count} more frames`, (frames) => window.glCounter.frames >= frames, wanted);
}

/** The pixels of the canvas as they are on the screen. */
export async function pictureOn(page, selector = '#canvas') {
  const element = await page.$(selector);
  return readPng(await element.screenshot());
}

/** Keeps a screenshot of the page under build/screenshots/. */
export async function keepScreenshot(page, name) {
  mkdirSync(screenshots, { recursive: true });
  writeFileSync(path.join(screenshots, `${name}.png`), await page.screenshot());
}
