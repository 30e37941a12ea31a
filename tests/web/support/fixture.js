// What most test files begin with: a server and a browser, once for each of Chromium's WebGL2 devices.
import { after, before, describe } from 'node:test';
import { deviceNames, startChromium } from './browsers.js';
import { serve } from './serve.js';

/**
 * A suite on each device. `define(world)` writes its tests; world.device is its name, and world.server and
 * world.chromium are there by the time a test or a hook of its own runs.
 * @param {string} title
 * @param {(world: any) => void} define
 * @param {object} [options] of describe()
 */
export function onEachDevice(title, define, options = {}) {
  for (const device of deviceNames)
    describe(`${title} on ${device}`, { ...options, concurrency: false }, () => {
      const world = { device };
      before(async () => {
        world.server = await serve();
        world.chromium = await startChromium(device);
      });
      define(world);
      after(async () => {
        await world.chromium?.close();
        await world.server?.close();
      });
    });
}
