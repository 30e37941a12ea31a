// Bad input of every kind ends in a FragnetError with the right code and a sentence that names the fault. The page lives
// on, and the model that was loaded before still gives the same numbers.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { badModels } from './support/bad_models.js';
import { onEachDevice } from './support/fixture.js';
import { putOn } from './support/tiny_models.js';

onEachDevice('Bad models', (world) => {
  let page;
  before(async () => {
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    await page.evaluate(async () => {
      const { Fragnet, canvas, fromMemory, testPicture, tinyLayers } = window.test;
      window.net = await Fragnet.create(canvas(), { tune: 'off' });
      await window.net.load(fromMemory(tinyLayers()));
      window.picture = testPicture(8, 8, 1);
      [window.earlier] = await window.net.predict(window.picture);
    });
  });
  /** Loads what is at `url`, which must fail; then the earlier model must be as it was. */
  async function failureAt(url, options = {}) {
    const { failure, same } = await page.evaluate(
      async (address, given) => {
        const { failureOf, worstDifference } = window.test;
        const failed = await failureOf(window.net.load(address, given));
        const [now] = await window.net.predict(window.picture);
        return {
          failure: failed,
          same: worstDifference(now.data, window.earlier.data) === 0,
        };
      },
      url,
      options,
    );
    assert.ok(failure, 'the load did not fail');
    assert.ok(failure.isFragnetError, `not a FragnetError: ${failure.message}`);
    assert.ok(same, 'the earlier model no longer gives the same numbers');
    return failure;
  }

  for (const [i, { what, code, words, make, inputShapes }] of badModels.entries())
    test(`${what}: refused with a sentence, the earlier model still runs`, async () => {
      putOn(world.server.answers, `/bad${i}`, make());
      const { code: came, message } = await failureAt(`/bad${i}/model.json`, { inputShapes });
      assert.match(came, code, message);
      for (const word of words) assert.match(message, word);
      checkSentence(message);
    });

  test('a model.json that the host does not have: refused with its address', async () => {
    const { code, message } = await failureAt('/nothing/here/model.json');
    assert.equal(code, 'missing-model', message);
    assert.match(message, /nothing\/here\/model\.json/);
    assert.match(message, /404/);
  });

  test('a host that cannot be reached: refused with its address', async () => {
    const { code, message } = await failureAt('http://elsewhere.invalid/model.json');
    assert.equal(code, 'download-failed', message);
    assert.match(message, /elsewhere\.invalid/);
  });

  test('after all of these a good model loads and runs', async () => {
    const error = await page.evaluate(async () => {
      const { fromMemory, tinyExpects, tinyGraph, worstDifference } = window.test;
      await window.net.load(fromMemory(tinyGraph()));
      const [output] = await window.net.predict(window.picture);
      return worstDifference(output.data, tinyExpects(window.picture));
    });
    assert.ok(error < 1e-2, `worst difference ${error}`);
  });
});

/** A message is for a person: some words long, and no exception's or driver's debris. */
function checkSentence(message) {
  assert.ok(message.length >= 15 && message.length <= 600, `${message.length} characters: ${message}`);
  assert.doesNotMatch(
    message,
    /undefined|\[object|std::|nlohmann|json\.exception|RuntimeError|\bat 0x/,
    message,
  );
}
