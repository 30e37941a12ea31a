// A visit to the real page: what a person would wait for, look at and read there.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readPng } from './png.js';
import { screenshots } from './serve.js';

/** What the alert says; '' where there is none. */
export const alertOf = (page) => page.$eval('#alert', (place) => place.textContent ?? '');

/** Waits until an error is shown and returns its words. */
export async function waitForAlert(page) {
  await page.waitForFunction(() => document.querySelector('#alert')?.textContent !== '', { polling: 100 });
  return alertOf(page);
}

/** Waits until a network runs on that kind of source; fails with the words of an alert that comes instead. */
export async function waitUntilRunning(page, kind) {
  const outcome = await page.evaluate(async (wanted) => {
    const isRunning = () => window.fragnetPage?.running && window.fragnetPage.source?.kind === wanted;
    const shown = () => document.querySelector('#alert')?.textContent;
    while (!isRunning() && !shown()) await new Promise((resolve) => setTimeout(resolve, 50));
    return isRunning() ? '' : shown();
  }, kind);
  if (outcome) throw new Error(`The page shows an error instead of running: ${outcome}`);
}

/** Waits until `count` more frames went through the network; fails with the words of an alert that comes instead. */
export async function waitForFrames(page, count) {
  const outcome = await page.evaluate(async (more) => {
    const wanted = window.glCounter.frames + more;
    const shown = () => document.querySelector('#alert')?.textContent;
    while (window.glCounter.frames < wanted && !shown())
      await new Promise((resolve) => setTimeout(resolve, 50));
    return window.glCounter.frames < wanted ? shown() : '';
  }, count);
  if (outcome) throw new Error(`The page shows an error instead of frames: ${outcome}`);
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
