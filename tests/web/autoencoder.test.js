// The autoencoders: every layer gives what PyTorch gives, the page shows it all and follows what is drawn, and a folder
// that is not whole is refused in words.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startChromium } from './support/browsers.js';
import { onEachDevice } from './support/fixture.js';
import { brightness, meanDifference } from './support/png.js';
import { dist, screenshots, serve } from './support/serve.js';
import { alertOf, keepScreenshot, pictureOn, waitForAlert } from './support/visit.js';

const tolerance = 1e-4;
const kinds = ['transposed', 'nearest'];
const folderOf = (kind) => path.join(dist, 'models/autoencoder', kind);

onEachDevice('Autoencoders', (world) => {
  let page;
  before(async () => {
    page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
    await page.evaluate(async () => {
      const { Fragnet } = await import('/fragnet.js');
      window.net = await Fragnet.create(document.createElement('canvas'));
    });
  });

  for (const kind of kinds)
    test(`${kind}: every layer gives PyTorch's numbers`, async () => {
      const { info, worst } = await page.evaluate(async (folder) => {
        const { fetchNpy } = await import('/npy.js');
        const { worstDifference } = await import('/support/compare.js');
        const loaded = await window.net.load(`${folder}/layers.json`);
        const arrayOf = async (name) => fetchNpy(new URL(`${folder}/golden_${name}.npy`, location.href));
        const input = await arrayOf('input');
        const count = input.shape[0];
        const part = ({ data }, i) => data.slice((i * data.length) / count, ((i + 1) * data.length) / count);
        const differences = {};
        for (let i = 0; i < count; i++)
          for (const output of await window.net.predict(part(input, i))) {
            const wanted = part(await arrayOf(output.name), i);
            const difference = worstDifference(output.data, wanted);
            differences[output.name] = Math.max(differences[output.name] ?? 0, difference);
          }
        return { info: loaded, worst: differences };
      }, `/models/autoencoder/${kind}`);
      assert.equal(info.format, 'fragnet-npy');
      assert.ok(info.parameters > 1000 && info.weightBytes > 4 * info.parameters, JSON.stringify(info));
      assert.deepEqual(Object.keys(worst)[0], 'up_2');
      for (const [name, difference] of Object.entries(worst))
        assert.ok(difference <= tolerance, `${name} is ${difference} off`);
      console.log(kind, JSON.stringify(worst));
    });

  // ---- Folders that are not whole ----
  const topology = JSON.parse(readFileSync(path.join(folderOf('transposed'), 'layers.json'), 'utf8'));
  const filesOf = () => {
    const paths = topology.layers.flatMap(({ kernel, bias }) => [kernel, bias]);
    return new Map(paths.map((name) => [name, readFileSync(path.join(folderOf('transposed'), name))]));
  };
  const spoiled = [
    {
      what: 'a missing .npy file',
      code: 'missing-shard',
      words: /up_1_kernel\.npy.*404/,
      spoil: (files) => files.delete('up_1_kernel.npy'),
    },
    {
      what: 'a file that is no .npy file',
      code: 'bad-array',
      words: /down_2_bias\.npy.*no \.npy file/,
      spoil: (files) => files.set('down_2_bias.npy', Buffer.from('PK\x03\x04 and so on')),
    },
    {
      what: 'a .npy file that is cut short',
      code: 'bad-array',
      words: /down_1_kernel\.npy.*has 1000 bytes of elements, its shape \[16, 1, 4, 4\] of <f4 wants 1024/,
      spoil: (files) => files.set('down_1_kernel.npy', files.get('down_1_kernel.npy').subarray(0, -24)),
    },
    {
      what: 'a kernel of another shape',
      code: 'bad-shape',
      words: /layer "down_2": the kernel wants 1 input channels, the input has 16/,
      spoil: (files) => files.set('down_2_kernel.npy', files.get('down_1_kernel.npy')),
    },
    {
      what: 'a bias of another shape',
      code: 'bad-shape',
      words: /layer "down_1": the weight "down_1\/bias" must have 16 elements, its shape is \[8\]/,
      spoil: () => {},
      bias: ['down_1', 'down_2_bias.npy'],
    },
  ];
  for (const [i, { what, code, words, spoil, bias }] of spoiled.entries())
    test(`${what}: refused with a sentence`, async () => {
      const files = filesOf();
      spoil(files);
      const json = structuredClone(topology);
      if (bias) json.layers.find(({ name }) => name === bias[0]).bias = bias[1];
      world.server.answers.set(`/spoiled${i}/layers.json`, { body: JSON.stringify(json) });
      for (const [name, body] of files) world.server.answers.set(`/spoiled${i}/${name}`, { body });
      const failure = await page.evaluate(async (url) => {
        return window.net.load(url).then(
          () => null,
          (error) => ({ code: error.code, message: error.message }),
        );
      }, `/spoiled${i}/layers.json`);
      assert.equal(failure?.code, code, failure?.message);
      assert.match(failure.message, words);
    });

  test('a .npy file of more than 16 MiB: its header says how long it is', async () => {
    const channels = 2112;
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${channels}, ${channels}, 1, 1)}`;
    const start = Buffer.from([
      0x93,
      ...Buffer.from('NUMPY'),
      1,
      0,
      header.length,
      0,
      ...Buffer.from(header),
    ]);
    const body = Buffer.concat([start, Buffer.alloc(channels * channels * 4)]);
    assert.ok(body.length > 2 ** 24);
    const layers = [{ name: 'a', op: 'conv2d', kernel: 'a.npy' }];
    const json = { format: 'fragnet-npy', input: [1, 1, channels], layers, outputs: ['a'] };
    world.server.answers.set('/wide/layers.json', { body: JSON.stringify(json) });
    world.server.answers.set('/wide/a.npy', { body });
    const { weightBytes, warnings } = await page.evaluate(() => window.net.load('/wide/layers.json'));
    assert.equal(weightBytes, body.length);
    assert.deepEqual(warnings, []);
  });

  test('a folder from the disk: loaded as from a URL', async () => {
    const given = Object.fromEntries([...filesOf()].map(([name, bytes]) => [name, bytes.toString('base64')]));
    const name = await page.evaluate(
      async (json, files) => {
        const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const list = Object.entries(files).map(([file, text]) => new File([bytesOf(text)], file));
        return (await window.net.load([new File([json], 'layers.json'), ...list])).name;
      },
      JSON.stringify(topology),
      given,
    );
    assert.equal(name, topology.name);
  });
});

describe('The page of the autoencoder', { concurrency: false }, () => {
  let server, chromium, page, folder;
  before(async () => {
    server = await serve();
    folder = mkdtempSync(path.join(tmpdir(), 'fragnet-autoencoder-'));
    chromium = await startChromium('Chromium, llvmpipe');
    page = await chromium.newPage(`${server.url}/autoencoder.html`);
  });
  after(async () => {
    await chromium?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const runsOf = () => page.evaluate(() => window.fragnetPage.runs);
  /** Does something to the picture, and waits until the network has run on what became of it. */
  async function afterRun(act) {
    const earlier = await runsOf();
    await act();
    await page.waitForFunction((count) => window.fragnetPage.runs > count, { timeout: 60000 }, earlier);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const heading = () => page.$$eval('.layer h2', (titles) => titles.map((title) => title.textContent));
  const shares = (selector) =>
    page.$$eval(selector, (canvases) =>
      canvases.map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let lit = 0;
        for (let i = 0; i < data.length; i += 4) lit += data[i] + data[i + 1] + data[i + 2] > 60;
        return { width: canvas.width, height: canvas.height, lit: lit / (canvas.width * canvas.height) };
      }),
    );

  test('shows a garment, its copy, and the maps and filters of every layer', async () => {
    await page.waitForFunction(() => window.fragnetPage?.runs > 0, { timeout: 120000 });
    assert.equal(await alertOf(page), '');
    assert.deepEqual(await heading(), ['1. down 1', '2. down 2', '3. up 1', '4. up 2']);
    const maps = await shares('.maps canvas');
    assert.deepEqual(
      maps.map(({ width, height }) => [width, height]),
      [
        [8 * 17 - 1, 2 * 17 - 1],
        [8 * 9 - 1, 8],
        [8 * 17 - 1, 2 * 17 - 1],
        [32, 32],
      ],
    );
    const filters = await shares('.filters canvas');
    assert.equal(filters.length, 4);
    for (const { lit } of [...maps, ...filters]) assert.ok(lit > 0.02, `a grid is black: ${lit}`);
    const [input, output] = [await pictureOn(page, '#pad'), await pictureOn(page, '#output')];
    assert.ok(brightness(input).spread > 20, 'no garment');
    assert.ok(meanDifference(input, output) < 25, 'the copy is far from the garment');
    await keepScreenshot(page, 'autoencoder');
    writeFileSync(path.join(screenshots, 'autoencoder-whole.png'), await page.screenshot({ fullPage: true }));
  });

  test('follows what is drawn with the mouse', async () => {
    await afterRun(() => page.click('#clear'));
    const empty = await pictureOn(page, '#output');
    const box = await (await page.$('#pad')).boundingBox();
    await afterRun(async () => {
      await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.3 * box.height);
      await page.mouse.down();
      for (const share of [0.4, 0.5, 0.6, 0.7])
        await page.mouse.move(box.x + share * box.width, box.y + share * box.height);
      await page.mouse.up();
    });
    const drawn = await pictureOn(page, '#output');
    assert.ok(meanDifference(empty, drawn) > 2, `the copy hardly changed: ${meanDifference(empty, drawn)}`);
    const middle = await page.evaluate(() => window.fragnetPage.outputs[0].data[16 * 32 + 16]);
    assert.ok(middle > 0.3, `no line in the middle of the copy: ${middle}`);
  });

  test('can be drawn on by keyboard', async () => {
    await afterRun(() => page.click('#clear'));
    const before = await page.evaluate(() => window.fragnetPage.outputs[0].data[16 * 32 + 16]);
    await page.focus('#pad');
    await afterRun(async () => {
      await page.keyboard.press('Space');
      await page.keyboard.down('Shift');
      for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight');
      await page.keyboard.up('Shift');
    });
    const after = await page.evaluate(() => window.fragnetPage.outputs[0].data[16 * 32 + 18]);
    assert.ok(after > before + 0.1, `${before} became ${after}`);
  });

  test('picks garments, inverts, and changes the network', async () => {
    assert.equal((await page.$$('#garments button')).length, 12);
    await afterRun(() => page.click('#garments button:nth-child(2)'));
    const copy = await pictureOn(page, '#output');
    await afterRun(() => page.click('#invert'));
    assert.ok(meanDifference(copy, await pictureOn(page, '#output')) > 20);
    await afterRun(() => page.click('#garments button:nth-child(2)'));
    await afterRun(() => page.evaluate(() => document.querySelector('input[value=nearest]').click()));
    assert.deepEqual(await heading(), [
      '1. down 1',
      '2. down 2',
      '3. double 1',
      '4. up 1',
      '5. double 2',
      '6. up 2',
    ]);
    assert.equal((await page.$$('.filters canvas')).length, 4);
    assert.ok(meanDifference(copy, await pictureOn(page, '#output')) < 15, 'the two copies are far apart');
  });

  test('opens a picture, and says so when a file is none', async () => {
    const input = await page.$('#file');
    await afterRun(() => input.uploadFile(path.join(dist, 'models/clouds/thumbnail.png')));
    assert.equal(await alertOf(page), '');
    const noise = path.join(folder, 'noise.png');
    writeFileSync(noise, 'this is no picture');
    await input.uploadFile(noise);
    assert.match(await waitForAlert(page), /"noise\.png" is no picture/);
  });

  test('fits a phone', async () => {
    await page.setViewport({ width: 360, height: 740 });
    const { wide, room } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }));
    assert.ok(wide <= room, `the page is ${wide} pixels wide on a screen of ${room}`);
    await keepScreenshot(page, 'autoencoder-phone');
  });
});
