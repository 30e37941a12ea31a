// A model among files and at addresses, whatever systems, browsers and people did to the names on the way. Without a browser:
// it is read as the page reads it, and not run.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { File } from 'node:buffer';
import { after, before, describe, test } from 'node:test';
import { zipSync } from 'fflate';
import { openModelSource } from '../../web/lib/model_source.js';
import { root, serve } from '../web/support/serve.js';
import { tinyLayers } from '../web/support/tiny_models.js';

const folder = path.join(root, '../shared/cases/pictures/file-names');
const needsSets = { skip: existsSync(folder) ? false : `SKIPPED: ${folder} is not there` };
const bin = tinyLayers().files['tiny.bin'];
const model = (paths = ['tiny.bin']) => {
  const { json } = tinyLayers();
  json.weightsManifest[0].paths = paths;
  return JSON.stringify(json);
};
const litter = '\0\x05\x16\x07\0\x02\0\0Mac OS X        \0\x02';

/** Files by their paths: the tiny model among others, in ways that differ from its folder's. */
const good = {
  'macOS and Windows files beside it': {
    'net/model.json': model(),
    'net/tiny.bin': bin,
    'net/._model.json': litter,
    'net/._tiny.bin': litter,
    '__MACOSX/net/._model.json': litter,
    'net/.DS_Store': litter,
    'net/Thumbs.db': litter,
    'net/desktop.ini': '',
  },
  'second downloads': { 'model (1).json': model(), 'tiny (1).bin': bin },
  'second downloads beside other first ones': {
    'model (1).json': model(),
    'tiny (1).bin': bin,
    'tiny.bin': new Uint8Array(4),
  },
  'second downloads of Firefox': { 'model(2).json': model(), 'tiny(2).bin': bin },
  'copies of Windows': { 'model - Copy.json': model(), 'tiny - Copy.bin': bin },
  'copies of macOS': { 'model copy 2.json': model(), 'tiny copy.bin': bin },
  'a metadata file, a package and a list beside it': {
    'my net.json': model(['my net.weights.bin']),
    'my net_meta.json': '{"inputs":{}}',
    'package.json': '{"name":"x","layers":3}',
    'list.json': '["modelTopology"]',
    'null.json': 'null',
    'broken.json': '{"modelTopology"',
    'my net.weights.bin': bin,
  },
  'a model.json that is none': { 'model.json': '{"labels":["a"]}', 'net.json': model(), 'tiny.bin': bin },
  'accents in two spellings': {
    ['Bäume/model.json'.normalize('NFD')]: model(['Fläche.bin'.normalize('NFC')]),
    ['Bäume/Fläche.bin'.normalize('NFD')]: bin,
  },
  'another case': { 'Model.JSON': model(['TINY.BIN']), 'tiny.bin': bin },
  'a path with %20': { 'model.json': model(['my%20net.bin']), 'my net.bin': bin },
  'UTF-16': { 'model.json': Buffer.from(`\ufeff${model()}`, 'utf16le'), 'tiny.bin': bin },
};

const bad = {
  'two models': { 'a/model.json': model(), 'b/model.json': model(), 'a/tiny.bin': bin, 'b/tiny.bin': bin },
  'two models of other names': { 'a.json': model(), 'b.json': model(), 'tiny.bin': bin },
  'no model': { 'a.json': '{}', 'b.json': '{}' },
  'a zip in a folder': {
    'a/inner.zip': zipSync({ 'model.json': Buffer.from(model()) }),
    'a/read me.txt': '',
  },
};

globalThis.File ??= File;

/** The bytes of all weight files, one after the other, of the model that is found. */
async function read(model) {
  const { signal } = new AbortController();
  const source = await openModelSource(model);
  const { weightsManifest } = JSON.parse(await source.readTopology(signal));
  const paths = (weightsManifest ?? []).flatMap((group) => group.paths);
  const bytes = [];
  for (const name of paths)
    for (const piece of await source.readWeights(name, 2 ** 20, () => {}, signal)) bytes.push(...piece);
  return { name: source.name, bytes };
}

function asFiles(files) {
  return Object.entries(files).map(([place, content]) => {
    const file = new File([content], place.split('/').at(-1));
    if (place.includes('/')) Object.defineProperty(file, 'webkitRelativePath', { value: place });
    return file;
  });
}

const zipped = (files) =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([name, it]) => [name, new Uint8Array(Buffer.from(it))])),
  );

describe('A model among files', () => {
  for (const [what, files] of Object.entries(good))
    test(`is found with ${what}, zipped or not`, async () => {
      for (const given of [
        files,
        { 'net.zip': zipped(files) },
        { 'net.zip': zipped(files), '._net.zip': litter },
      ])
        assert.deepEqual((await read(asFiles(given))).bytes, [...bin]);
    });

  for (const [what, files] of Object.entries(bad))
    test(`is asked for where there is ${what}`, async () => {
      await assert.rejects(read(asFiles(files)), ({ code, message }) => {
        assert.equal(code, 'missing-model', message);
        return /".+"/.test(message);
      });
    });

  test('is found in zips whose names have backslashes, or are UTF-8 without saying so', async () => {
    const backslashes = zipped({ 'net\\model.json': model(['Fläche.bin']), 'net\\Fläche.bin': bin });
    assert.deepEqual((await read(asFiles({ 'net.zip': backslashes }))).bytes, [...bin]);
    // In the flags of a file's header, bit 11 says that its name is UTF-8.
    const silent = zipped({ 'Bäume/model.json': model(['Fläche.bin']), 'Bäume/Fläche.bin': bin });
    for (let at = 0; at < silent.length - 4; ++at) {
      const [p, k, kind] = [silent[at], silent[at + 1], silent[at + 2] * 256 + silent[at + 3]];
      if (p === 0x50 && k === 0x4b && kind === 0x0304) silent[at + 7] &= ~8;
      if (p === 0x50 && k === 0x4b && kind === 0x0102) silent[at + 9] &= ~8;
    }
    const found = await read(asFiles({ 'net.zip': silent }));
    assert.deepEqual(found, { name: 'Bäume', bytes: [...bin] });
  });

  test('is found in every set of file names as people have them', needsSets, async () => {
    const sets = JSON.parse(readFileSync(path.join(folder, 'sets.json'), 'utf8'));
    const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8'));
    const weights = readFileSync(path.join(folder, 'weights.bin'));
    const contentOf = (text) => {
      if (text === null) return weights;
      return text.startsWith('UTF16') ? Buffer.from(`\ufeff${text.slice(5)}`, 'utf16le') : text;
    };
    const given = Object.entries(sets).map(([name, files]) => [
      name,
      Object.fromEntries(files.map(([place, text]) => [place, contentOf(text)])),
    ]);
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.zip')))
      given.push([name, { [name]: readFileSync(path.join(folder, name)) }]);
    const isListed = (list, name) =>
      list.some((beginning) => name.includes(beginning.replace(' (both)', '')));
    for (const [name, files] of given) {
      const found = await read(asFiles(files)).catch((error) => error);
      if (isListed(expected['should load'], name)) assert.deepEqual(found.bytes, [...weights], name);
      else if (isListed(expected['should be refused in words'], name)) {
        // Without a list of weight files the engine refuses what is found.
        assert.ok(found.code === 'missing-model' || found.bytes.length === 0, `${name}: ${found.message}`);
      } else assert.ok(isListed(expected.either, name), `${name} is not expected`);
    }
    assert.ok(given.length >= 15, `${given.length} sets`);
  });
});

describe('A model at an address', () => {
  let server;
  before(async () => {
    server = await serve();
    globalThis.location = { href: server.url };
  });
  after(() => server.close());

  const homes = ['plain', 'ä é', 'a#b?c'].map((home) => ['tiny.bin', 'tiny.bin', '', home]);
  for (const [file, place, query = '', home = '100%'] of [
    ...homes,
    ['with space.bin', 'with space.bin'],
    ['50% done.bin', '50% done.bin'],
    ['a%20b.bin', 'a b.bin'],
    ['a%20b.bin', 'a%20b.bin'],
    ['what#1.bin', 'what#1.bin'],
    ['what?.bin', 'what?.bin'],
    ['./Fläche.bin', 'Fläche.bin'],
    ['Fläche.bin'.normalize('NFD'), 'Fläche.bin'],
    ['Fläche.bin', 'Fläche.bin'.normalize('NFD')],
    ['tiny.bin?key=1', 'tiny.bin'],
    ['tiny.bin', 'tiny.bin', '?signature=a%2Fb'],
  ])
    test(`is read from the folder "${home}" where "${file}${query}" is "${place}"`, async () => {
      server.answers.clear();
      const answer = (body) => (request) =>
        request.url.endsWith(query) ? { body } : { status: 403, body: 'not signed' };
      server.answers.set(`/${home}/model.json`, answer(model([file])));
      server.answers.set(`/${home}/${place}`, answer(bin));
      const found = await read(`/${encodeURIComponent(home)}/model.json${query}`);
      assert.deepEqual(found, { name: home, bytes: [...bin] });
    });

  test('is read where "%" means nothing in the address', async () => {
    server.answers.set('/100%/50%E4/model.json', { body: model() });
    server.answers.set('/100%/50%E4/tiny.bin', { body: bin });
    assert.deepEqual((await read('/100%/50%E4/model.json')).bytes, [...bin]);
  });

  test('is missing where its file is, under the name that the manifest gives', async () => {
    server.answers.set('/short/model.json', { body: model(['Flä che?.bin']) });
    await assert.rejects(read('/short/model.json'), ({ code, message }) => {
      assert.equal(code, 'missing-shard');
      return message.includes('"Flä che?.bin"') && message.includes('404');
    });
  });
});
