// One load at a time, and what is loaded again after a lost context; the work itself is made up.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FragnetError } from '../../web/lib/errors.js';
import { Loads } from '../../web/lib/loads.js';

const lost = () => new FragnetError('context-lost', 'The GPU has gone.');

let loads, log, works;
beforeEach(() => {
  log = [];
  // What a load comes to, by the model: a promise, a value, or what it throws. By itself it waits for its signal.
  works = {};
  loads = new Loads(async (wish, signal) => {
    log.push(`begins ${wish.model}`);
    const work = works[wish.model];
    if (work === 'waits') await new Promise((resolve) => signal.addEventListener('abort', resolve));
    log.push(`ends ${wish.model}`);
    signal.throwIfAborted();
    if (work instanceof Error) throw work;
    loads.adopt(wish);
    return { name: wish.model };
  });
});

const codeOf = (promise) =>
  promise.then(
    () => null,
    (error) => error.code,
  );

test('a load that another overtakes ends before that one begins', async () => {
  works.slow = 'waits';
  const slow = codeOf(loads.load({ model: 'slow' }));
  await Promise.resolve();
  assert.equal(loads.isUnderWay, true);
  const quick = loads.load({ model: 'quick' });
  assert.deepEqual(await quick, { name: 'quick' });
  assert.equal(await slow, 'aborted');
  assert.deepEqual(log, ['begins slow', 'ends slow', 'begins quick', 'ends quick']);
  assert.equal(loads.isUnderWay, false);
});

test('a signal ends a load, with its reason as the cause', async () => {
  works.slow = 'waits';
  const controller = new AbortController();
  const load = loads.load({ model: 'slow', signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve));
  controller.abort('enough');
  await assert.rejects(load, (error) => error.code === 'aborted' && error.cause === 'enough');
  const late = loads.load({ model: 'quick', signal: controller.signal });
  assert.equal(await codeOf(late), 'aborted');
});

test('what runs is loaded again after a lost context, and counts as the same model', async () => {
  assert.deepEqual(await loads.again(), { info: null });
  const options = { inputShapes: { x: [1, 2] }, fetch: { credentials: 'include' } };
  await loads.load({ model: 'first', ...options });
  const seen = [];
  const { adopt } = loads;
  loads.adopt = (wish) => seen.push({ isOther: adopt.call(loads, wish), wish });
  assert.deepEqual(await loads.again(), { info: { name: 'first' } });
  assert.deepEqual(seen, [{ isOther: false, wish: { model: 'first', ...options } }]);
});

test('what was wanted when the context was lost comes after it, and what ran where that fails by its own fault', async () => {
  await loads.load({ model: 'first' });
  works.next = lost();
  assert.equal(await codeOf(loads.load({ model: 'next' })), 'context-lost');
  works.next = 'fine';
  assert.deepEqual(await loads.again(), { info: { name: 'next' } });

  works.bad = lost();
  assert.equal(await codeOf(loads.load({ model: 'bad' })), 'context-lost');
  works.bad = new FragnetError('bad-shape', 'It does not fit.');
  const { info, error } = await loads.again();
  assert.deepEqual([info.name, error.code], ['next', 'bad-shape']);
});

test('a model that failed by its own fault is not wanted any more', async () => {
  await loads.load({ model: 'first' });
  works.bad = new FragnetError('bad-shape', 'It does not fit.');
  assert.equal(await codeOf(loads.load({ model: 'bad' })), 'bad-shape');
  assert.deepEqual(await loads.again(), { info: { name: 'first' } });
});

test('a context that is lost once more is told, and so is the end', async () => {
  await loads.load({ model: 'first' });
  works.first = lost();
  assert.equal(await codeOf(loads.again()), 'context-lost');
  works.first = 'waits';
  const again = codeOf(loads.again());
  await new Promise((resolve) => setTimeout(resolve));
  loads.end(new FragnetError('aborted', 'It was disposed of.'));
  assert.equal(await again, 'aborted');
  assert.deepEqual(await loads.again(), { info: null });
});
