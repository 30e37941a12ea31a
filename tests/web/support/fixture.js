// What most test files begin with: a server and a browser, once for each of Chromium's WebGL2 devices.
import { after, before, describe } from 'node:test';
import { deviceNames, startChromium } from './browsers.js';
import { serve } from './serve.js';

/**
 * A suite on the first device alone: of what does not depend on one.
 * @param {string} title
 * @param {(world: any) => void} define
 * @param {object} [options] of describe()
 */
export function onOneDevice(title, define, options = {}) {
  onDevices(deviceNames.slice(0, 1), title, define, options);
}

/**
 * A suite on each device. `define(world)` writes its tests; world.device is its name, and world.server and
 * world.chromium are there by the time a test or a hook of its own runs.
 * @param {string} title
 * @param {(world: any) => void} define
 * @param {object} [options] of describe()
 */
export function onEachDevice(title, define, options = {}) {
  onDevices(deviceNames, title, define, options);
}

function onDevices(devices, title, define, options) {
  for (const device of devices)
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
