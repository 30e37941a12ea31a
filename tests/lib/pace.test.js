// When a frame is given to the GPU, on one whose fences a test passes by hand.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Pace } from '../../web/lib/pace.js';

const nextTask = () => new Promise((resolve) => setTimeout(resolve));

let gpu, pace;
beforeEach(() => {
  gpu = {
    TIMEOUT_EXPIRED: 1,
    CONDITION_SATISFIED: 2,
    waiting: new Set(),
    fenceSync() {
      const fence = {};
      gpu.waiting.add(fence);
      return fence;
    },
    deleteSync: (fence) => gpu.waiting.delete(fence),
    clientWaitSync: () => (gpu.isDone ? gpu.CONDITION_SATISFIED : gpu.TIMEOUT_EXPIRED),
    isDone: false,
  };
  pace = new Pace(/** @type {any} */ (gpu));
});

/** As draw() does: a frame, unless the GPU is behind. */
const draw = () => {
  if (pace.isBehind) return false;
  pace.add();
  return true;
};

test('two frames may be under way, a third is left out until one is done', async () => {
  const drawn = [];
  for (let i = 0; i < 3; ++i, await nextTask()) drawn.push(draw());
  assert.deepEqual(drawn, [true, true, false]);
  gpu.isDone = true;
  assert.equal(draw(), true);
  assert.equal(pace.isBusy, false);
});

test('all frames of one task are drawn, or none', async () => {
  assert.deepEqual([draw(), draw(), draw()], [true, true, true]);
  await nextTask();
  gpu.isDone = true;
  assert.equal(pace.isBehind, false);
  await nextTask();
  gpu.isDone = false;
  assert.deepEqual([draw(), draw(), draw()], [true, true, true]);
  await nextTask();
  assert.deepEqual([draw(), draw()], [false, false]);
});

test('no more than two fences wait, however many frames are drawn', () => {
  for (let i = 0; i < 10; ++i) pace.add();
  assert.equal(gpu.waiting.size, 2);
  pace.clear();
  assert.equal(gpu.waiting.size, 0);
});

test('while a network becomes fast, frames and steps take turns', async () => {
  pace.beginRefining();
  assert.equal(pace.letsRefine, true);
  assert.equal(draw(), true);
  assert.equal(pace.letsRefine, false, 'a frame is under way');
  await nextTask();
  assert.equal(draw(), false, 'one is enough');
  gpu.isDone = true;
  assert.equal(pace.letsRefine, true);
  assert.equal(pace.isBusy, true, 'it is the turn of a step');
  pace.hasRefined();
  assert.equal(pace.isBusy, false);
  pace.endRefining();
  gpu.isDone = false;
  await nextTask();
  assert.deepEqual([draw(), pace.isBusy], [true, false]);
});
