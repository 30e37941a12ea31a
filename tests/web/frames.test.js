// Frames of every kind are seen as the browser itself shows them, whatever size an element claims and whatever is uploaded;
// and no frame is dropped without a word.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startChromium } from './support/browsers.js';
import { absent } from './support/material.js';
import { cases, serve } from './support/serve.js';
import { identityLayers, putOn } from './support/tiny_models.js';
import { alertOf, waitUntilRunning } from './support/visit.js';

// Mean difference, of 255.
const tolerance = 3;
const pictures = path.join(cases, 'pictures');
const needsCases = { skip: existsSync(pictures) ? false : absent(pictures) };
const pieces = (group) => JSON.parse(readFileSync(path.join(pictures, group, 'expected.json'), 'utf8'));

describe('A frame', { concurrency: false }, () => {
  let server, chromium, page;
  before(async () => {
    server = await serve({ folders: { '/pictures/': pictures } });
    for (const [height, width] of [
      [64, 64],
      [96, 64],
      [96, 192],
    ])
      putOn(server.answers, `/${width}x${height}`, identityLayers(height, width));
    // Of an SVG without a size, and of a picture that a test spoils, the browser makes no texture at first.
    chromium = await startChromium(undefined, { provokes: /texImage2D: bad image data/ });
    page = await chromium.newPage(`${server.url}/support/blank.html`);
  });
  beforeEach(() =>
    page.evaluate(async () => {
      await window.test.freshFragnet();
      const canvas = document.querySelector('canvas');
      /** Loads the network of that input, and gives the canvas its size. */
      window.ready = async (width, height) => {
        [canvas.width, canvas.height] = [width, height];
        await window.net.load(`/${width}x${height}/model.json`);
      };
      window.look = (frame, options) => window.test.look(window.net, canvas, frame, options);
      await window.ready(96 * 2, 96);
    }),
  );
  after(async () => {
    await chromium?.close();
    await server?.close();
  });

  for (const [kind, make] of Object.entries(makers()))
    test(`is seen as the browser shows it: ${kind}`, async () => {
      const seen = await page.evaluate(async (source) => {
        const frame = await new Function('test', `return (${source})(test)`)(window.test);
        const wide = window.look(frame);
        const again = window.look(frame);
        await window.ready(64, 96);
        return [wide, again, window.look(frame)];
      }, make.toString());
      for (const { isDrawn, difference, spread } of seen) {
        assert.equal(isDrawn, true);
        assert.ok(spread > 40, `the picture is flat: ${spread}`);
        assert.ok(difference <= tolerance, `${difference} from what a 2-D canvas shows`);
      }
    });

  test('may change its size, its proportions and its turn while a video plays', async () => {
    const seen = await page.evaluate(async () => {
      const { playedVideo, scene, videoFrame } = window.test;
      const { video, send } = playedVideo();
      const seen = {};
      for (const [name, frame] of Object.entries({
        first: () => videoFrame(scene(128, 96)),
        'other proportions': () => videoFrame(scene(96, 128)),
        turned: () => videoFrame(scene(96, 128), { rotation: 90 }),
        'larger than it says': () => videoFrame(scene(640, 480), { displayWidth: 128, displayHeight: 96 }),
        'smaller than it says': () => videoFrame(scene(64, 48), { displayWidth: 128, displayHeight: 96 }),
        'larger again': () => videoFrame(scene(320, 240), { displayWidth: 128, displayHeight: 96 }),
        'of texels that are not square': () =>
          videoFrame(scene(64, 96), { displayWidth: 128, displayHeight: 96 }),
      })) {
        // That its frames have another size behind an element that says the same is known with the second of them.
        for (let i = 0; i < 3; i++) {
          await send(frame);
          seen[name] = window.look(video);
        }
        seen[name].says = `${video.videoWidth}×${video.videoHeight}`;
      }
      return seen;
    });
    for (const [name, { isDrawn, difference, says }] of Object.entries(seen)) {
      assert.equal(isDrawn, true, name);
      assert.ok(difference <= tolerance, `${name} (${says}): ${difference} from what a 2-D canvas shows`);
    }
  });

  test('is uploaded into storage that is made once, while a video is of one size', async () => {
    const calls = await page.evaluate(async () => {
      const { playedVideo, scene, videoFrame } = window.test;
      const { video, send } = playedVideo();
      const gl = document.querySelector('canvas').getContext('webgl2');
      const calls = { texImage2D: 0, texSubImage2D: 0, getError: 0 };
      await window.net.ready;
      for (let i = 0; i < 15; i++) {
        await send(() => videoFrame(scene(128, 96)));
        if (i === 5)
          for (const name of Object.keys(calls)) {
            const real = gl[name];
            gl[name] = (...given) => {
              ++calls[name];
              return real.apply(gl, given);
            };
          }
        window.net.draw(video, { skip: 'never' });
      }
      return calls;
    });
    assert.deepEqual(calls, { texImage2D: 0, texSubImage2D: 10, getError: 0 });
  });

  for (const [group, files] of Object.entries({
    'exif-orientation': [1, 3, 5, 6, 8].map((k) => `orientation${k}.jpg`),
    'svg-without-size': ['sized.svg', 'viewbox.svg', 'percent.svg'],
    'transparent-png': ['logo.png'],
  }))
    test(`has the colours of its corners: ${group}, by draw() and on the page`, needsCases, async () => {
      const expected = pieces(group);
      const visited = await chromium.newPage(`${server.url}/index.html`);
      await waitUntilRunning(visited, 'demo');
      for (const file of files) {
        const corners =
          expected[path.parse(file).name] ?? expected.corners ?? expected['all but nothing.svg'];
        const seen = await page.evaluate(async (address) => {
          await window.ready(64, 64);
          const { corners, isDrawn } = window.look(await window.test.imageOf(address));
          return { corners, isDrawn };
        }, `/pictures/${group}/${file}`);
        assertCorners(seen, corners, file);
        // The page's own way: as a file that was chosen, shown beside what the network makes of it.
        const input = await visited.$('#image-input');
        await input.uploadFile(path.join(pictures, group, file));
        await waitUntilRunning(visited, 'image');
        await visited.waitForFunction((name) => window.fragnetPage.source.title === name, {}, file);
        const onPage = await visited.evaluate(async () => {
          const { look } = await import('/support/seen.js');
          const { net, source } = window.fragnetPage;
          if (net.info.name !== 'identity') await net.load('/64x64/model.json');
          const canvas = document.querySelector('#canvas');
          [canvas.width, canvas.height] = [64, 64];
          return look(net, canvas, source.element);
        });
        assertCorners(onPage, corners, `${file} on the page`);
        assert.equal(await alertOf(visited), '');
      }
      await visited.close();
    });

  test('that cannot be uploaded once is an error once, and drawn the next time', async () => {
    const outcomes = await page.evaluate(async () => {
      const gl = document.querySelector('canvas').getContext('webgl2');
      const { texImage2D, getError } = gl;
      let refusals = 1;
      let error = 0;
      gl.texImage2D = (...given) => {
        if (refusals-- > 0) error = gl.OUT_OF_MEMORY;
        else texImage2D.apply(gl, given);
      };
      gl.getError = () => {
        const found = error || getError.call(gl);
        error = 0;
        return found;
      };
      const frame = window.test.scene(40, 30);
      const outcomes = [];
      const attempt = () => {
        try {
          outcomes.push(window.look(frame).difference);
        } catch ({ code }) {
          outcomes.push(code);
        }
      };
      attempt();
      attempt();
      refusals = 3;
      await window.ready(64, 64);
      for (let i = 0; i < 4; i++) attempt();
      return outcomes;
    });
    const [first, second, ...others] = outcomes;
    assert.equal(first, 'out-of-memory');
    assert.ok(second <= tolerance, String(second));
    assert.deepEqual(others.slice(0, 3), ['out-of-memory', 'out-of-memory', 'out-of-memory']);
    assert.ok(others[3] <= tolerance, String(others[3]));
  });

  test('whose draw is refused by the device is no picture: draw() throws as long as that is so', async () => {
    const outcomes = await page.evaluate(async () => {
      const gl = document.querySelector('canvas').getContext('webgl2');
      const { getError, drawArrays } = gl;
      let error = 0;
      gl.drawArrays = () => (error = gl.INVALID_OPERATION);
      gl.getError = () => {
        const found = error || getError.call(gl);
        error = 0;
        return found;
      };
      const frame = window.test.scene(40, 30);
      const outcomes = [];
      for (let i = 0; i < 3; i++) {
        if (i === 2) gl.drawArrays = drawArrays;
        outcomes.push((await window.test.failureOf((async () => window.net.draw(frame))()))?.code ?? 'drawn');
      }
      return outcomes;
    });
    assert.deepEqual(outcomes, ['internal', 'internal', 'drawn']);
  });

  test('that is none is refused in a sentence that says what to pass', async () => {
    const said = await page.evaluate(async () => {
      const { failureOf, scene } = window.test;
      const canvas = scene(8, 8);
      const bitmap = await createImageBitmap(canvas);
      bitmap.close();
      const broken = new Image();
      broken.src = 'data:image/png;base64,AAAA';
      await broken.decode().catch(() => {});
      const wrong = {
        wrapper: { elt: canvas, width: 8, height: 8 },
        'wrapper without a size': { elt: canvas },
        context: canvas.getContext('2d'),
        blob: new Blob(['x'], { type: 'image/png' }),
        film: new File(['x'], 'x.mp4', { type: 'video/mp4' }),
        text: '#video',
        stream: new MediaStream(),
        promise: createImageBitmap(canvas),
        number: 7,
        nothing: undefined,
        list: [canvas],
        div: document.createElement('div'),
        closed: bitmap,
        broken,
      };
      const said = {};
      for (const [name, frame] of Object.entries(wrong)) {
        const failure = await failureOf((async () => window.net.draw(frame))());
        said[name] = `${failure?.code}: ${failure?.message}`;
      }
      return said;
    });
    const wanted = {
      wrapper: /pass its \.elt/,
      'wrapper without a size': /pass its \.elt/,
      context: /pass its \.canvas/,
      blob: /createImageBitmap/,
      film: /video element/,
      text: /pass the element itself/,
      stream: /srcObject/,
      promise: /await/,
      number: /got number/,
      nothing: /got nothing/,
      list: /pass its \[0\]/,
      div: /HTMLDivElement/,
      closed: /closed/,
      broken: /could not be loaded/,
    };
    for (const [name, words] of Object.entries(wanted)) {
      assert.match(said[name], /^bad-input: /, name);
      assert.match(said[name], words, name);
    }
  });

  test('from another origin that nobody may read is refused, and the next one is drawn', async () => {
    const other = await serve();
    const svg =
      "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><rect width='8' height='8'/></svg>";
    other.answers.set('/x.svg', { type: 'image/svg+xml', body: svg });
    const [failure, isDrawn] = await page.evaluate(async (address) => {
      const { failureOf, imageOf, scene } = window.test;
      const image = await imageOf(address);
      return [
        await failureOf((async () => window.net.draw(image))()),
        window.look(scene(40, 30)).difference <= 3,
      ];
    }, `${other.url}/x.svg`);
    await other.close();
    assert.equal(failure?.code, 'bad-input');
    assert.match(failure.message, /crossOrigin/);
    assert.ok(isDrawn);
  });
});

function assertCorners({ isDrawn, corners }, wanted, what) {
  assert.equal(isDrawn, true, what);
  corners.forEach((colour, i) => {
    const [got, ...choices] = [colour, ...wanted[i].split(' or ')].map((text) => text.split(',').map(Number));
    const isNear = choices.some((choice) => choice.every((value, c) => Math.abs(value - got[c]) <= 6));
    assert.ok(isNear, `${what}: corner ${i} is ${colour}, and should be ${wanted[i]}`);
  });
}

/** Functions that run in the page and make a frame of each kind. */
function makers() {
  return {
    'a canvas': ({ scene }) => scene(300, 200),
    'a canvas that light shines through': ({ scene }) => scene(300, 200, 0.5),
    'an ImageBitmap': ({ scene }) => createImageBitmap(scene(300, 200)),
    'an ImageBitmap, cut, shrunk and upside down': ({ scene }) =>
      createImageBitmap(scene(300, 200), 30, 20, 260, 160, {
        resizeWidth: 130,
        resizeHeight: 100,
        resizeQuality: 'high',
        imageOrientation: 'flipY',
      }),
    'an ImageBitmap of a photo that was turned': async ({ scene, turnedPhoto }) =>
      createImageBitmap(await turnedPhoto(scene(300, 200), 6)),
    'an ImageData that light shines through': ({ scene }) =>
      scene(300, 200, 0.5).getContext('2d').getImageData(0, 0, 300, 200),
    'a photo that was turned': async ({ scene, turnedPhoto, imageOf }) =>
      imageOf(await turnedPhoto(scene(300, 200), 6)),
    'a photo that was turned, on the page': async ({ scene, turnedPhoto, imageOf }) => {
      const image = await imageOf(await turnedPhoto(scene(300, 200), 8));
      document.body.append(image);
      return image;
    },
    'an image of four times its density': async ({ scene, imageOf }) =>
      imageOf(scene(300, 200).toDataURL(), (image, address) => (image.srcset = `${address} 4x`)),
    'an image as wide as its sizes say': async ({ scene, imageOf }) =>
      imageOf(scene(300, 200).toDataURL(), (image, address) => {
        image.sizes = '37px';
        image.srcset = `${address} 300w`;
      }),
    'a transparent image': async ({ scene, imageOf }) => imageOf(scene(300, 200, 0.4).toDataURL()),
    'an SVG without a size': async ({ imageOf }) =>
      imageOf(
        new Blob(
          [
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 30 20'><rect width='15' height='10' fill='#e02020'/>" +
              "<rect x='15' y='10' width='15' height='10' fill='#20c020'/></svg>",
          ],
          { type: 'image/svg+xml' },
        ),
      ),
    'a VideoFrame': ({ scene, videoFrame }) => videoFrame(scene(300, 200)),
    'a VideoFrame of texels that are not square': ({ scene, videoFrame }) =>
      videoFrame(scene(300, 200), { displayWidth: 300, displayHeight: 300 }),
    'a VideoFrame that is shown smaller': ({ scene, videoFrame }) =>
      videoFrame(scene(300, 200), { displayWidth: 150, displayHeight: 100 }),
    'a VideoFrame that is shown in part': ({ scene, videoFrame }) =>
      videoFrame(scene(300, 200), { visibleRect: { x: 20, y: 40, width: 200, height: 140 } }),
    'a VideoFrame that is turned': ({ scene, videoFrame }) => videoFrame(scene(300, 200), { rotation: 270 }),
    'a video without news of its frames': async ({ scene, videoFrame, playedVideo }) => {
      const { video, send } = playedVideo();
      await send(() => videoFrame(scene(300, 200), { displayWidth: 150, displayHeight: 100 }));
      video.requestVideoFrameCallback = undefined;
      return video;
    },
  };
}
