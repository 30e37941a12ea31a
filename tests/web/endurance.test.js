// Many files that somebody spoilt, and many frames: none kills the page or ends without a sentence, and afterwards all is as
// it was. With FRAGNET_ENDURANCE=1 it takes minutes, and many more.
import assert from 'node:assert/strict';
import process from 'node:process';
import { before, test } from 'node:test';
import { onOneDevice } from './support/fixture.js';

const isLong = process.env.FRAGNET_ENDURANCE === '1';
const mutations = isLong ? 1000 : 150;
const frameCount = isLong ? 5000 : 500;

onOneDevice('After', (world) => {
  let page;
  before(async () => {
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`, { counted: true });
    await page.evaluate(async () => {
      const { fromMemory, testPicture, tinyExpects, tinyLayers, worstDifference } = window.test;
      await window.test.freshFragnet();
      /** Loads the good model, and says how wrong its numbers are and what is in use then. */
      window.state = async () => {
        await window.net.load(fromMemory(tinyLayers()));
        const picture = testPicture(8, 8, 1);
        const [output] = await window.net.predict(picture);
        return {
          error: worstDifference(output.data, tinyExpects(picture)),
          live: window.glCounter.live(),
          heap: window.net.heapBytes,
        };
      };
    });
  });

  /** @param {{ error: number, live: object, heap: number }} start @param {typeof start} end */
  function assertAsBefore(start, end) {
    assert.ok(end.error < 1e-5, `worst difference ${end.error}`);
    assert.deepEqual(end.live, start.live, 'GL objects');
    assert.ok(Math.abs(end.heap - start.heap) <= 65536, `heap bytes: ${start.heap}, then ${end.heap}`);
  }

  test(`${mutations} spoilt model folders all is as before, and each was refused in words or ran`, async () => {
    const { start, end, refused, ran, wrong } = await page.evaluate(spoil, mutations);
    assert.deepEqual(wrong, []);
    assert.ok(refused > mutations / 4 && ran > mutations / 50, `${refused} were refused, ${ran} ran`);
    assertAsBefore(start, end);
    assert.deepEqual(page.problems, [], 'the page reported problems');
  });

  test(`${frameCount} frames all is as before`, async () => {
    const { start, end, frames } = await page.evaluate(async (count) => {
      await window.state();
      const start = await window.state();
      const frame = document.createElement('canvas');
      frame.getContext('2d').fillRect(0, 0, 100, 100);
      const views = ['output', 'input', 'both'];
      for (let i = 0; i < count; ++i) {
        window.net.draw(frame, {
          skip: 'never',
          view: views[i % 3],
          augmentation: { type: 'classic', brightness: i / count },
        });
        if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      const { frames } = window.net.stats();
      return { start, end: await window.state(), frames };
    }, frameCount);
    assert.equal(frames, frameCount);
    assertAsBefore(start, end);
    assert.deepEqual(page.problems, [], 'the page reported problems');
  });
});

/** Runs in the page: loads spoilt models, the same every time. */
async function spoil(count) {
  const { failureOf, tinyGraph, tinyLayers } = window.test;
  await window.state();
  const start = await window.state();
  let seed = 7;
  const random = (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const numbers = ['0', '-1', '7', '65536', '4294967296', '1e99', '0.5', 'null', '"8"', '[]', '{}', 'true'];
  const words = [
    '"valid"',
    '"Dense"',
    '"BiasAdd"',
    '"softmax"',
    '"float16"',
    '"DT_HALF"',
    '""',
    '"ü\\u0000"',
  ];
  /** One of the places that match is changed. */
  const spoilOne = (text, pattern, change) => {
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return text;
    const { index, 0: part } = found[random(found.length)];
    return text.slice(0, index) + change(part) + text.slice(index + part.length);
  };
  const ways = [
    (text) => text.slice(0, random(text.length)),
    (text) => {
      const at = random(text.length);
      return text.slice(0, at) + String.fromCharCode(32 + random(95)) + text.slice(at + 1);
    },
    (text) => spoilOne(text, /-?\b\d+\b/g, () => numbers[random(numbers.length)]),
    (text) => spoilOne(text, /"[a-z_A-Z]+":/g, (key) => `"x${key.slice(1)}`),
    (text) => spoilOne(text, /"[A-Za-z]+"(?!:)/g, () => words[random(words.length)]),
  ];
  const wrong = [];
  let [refused, ran] = [0, 0];
  for (let i = 0; i < count; ++i) {
    const { json, files } = random(2) ? tinyLayers() : tinyGraph();
    let text = JSON.stringify(json);
    let bytes = files['tiny.bin'];
    const way = random(8);
    if (way === 0) bytes = bytes.slice(0, random(bytes.length));
    else if (way === 1) bytes = bytes.map((byte) => byte ^ (random(4) === 0 ? 1 << random(8) : 0));
    else for (let times = 1 + random(2); times > 0; --times) text = ways[random(ways.length)](text);
    const failure = await failureOf(window.net.load({ topology: text, weights: () => bytes.slice().buffer }));
    if (!failure) ++ran;
    else if (failure.isFragnetError && failure.code !== 'internal' && failure.message.length > 15) ++refused;
    else wrong.push(`${i}: ${failure.code}: ${failure.message}`);
    if (i % 50 === 0) {
      const { error } = await window.state();
      if (!(error < 1e-5)) wrong.push(`${i}: the good model's numbers are wrong by ${error}`);
    }
  }
  return { start, end: await window.state(), refused, ran, wrong };
}
