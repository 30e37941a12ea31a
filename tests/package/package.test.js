// What npm packs, as other projects get it: a fresh Vite project and a fresh webpack project with the README's examples,
// built and run in a browser under a strict Content-Security-Policy, and TypeScript.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startChromium } from '../web/support/browsers.js';
import { readPng } from '../web/support/png.js';
import { dist, root, serve } from '../web/support/serve.js';

const run = promisify(execFile);
const here = path.join(root, 'tests/package');
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self'; media-src 'self'";

/** The README's examples by the names in their first lines, and the HTML of the element. */
function examples() {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```(js|html)\n([^]*?)```/g)].map(([, , text]) => text);
  const named = blocks.map((text) => [/^\/\/ (\w+\.js)\n/.exec(text)?.[1] ?? 'element.html', text]);
  return Object.fromEntries(named);
}

const withVideo = (script) =>
  `<video muted playsinline></video><canvas></canvas><script type="module" src="${script}"></script>`;

/** Writes a project that installs the packed file, and whose pages are the README's examples. */
async function makeProject(folder, packed) {
  cpSync(path.join(here, 'package.json'), path.join(folder, 'package.json'));
  cpSync(path.join(here, 'package-lock.json'), path.join(folder, 'package-lock.json'));
  // What is installed already is copied; only the packed file is new.
  await run('cp', ['-a', path.join(here, 'node_modules'), path.join(folder, 'node_modules')]);
  // Vite's build says to the whole process that it is production, in which npm takes away what is for development.
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', packed], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'development' },
  });
  const found = examples();
  const write = (name, text) => writeFileSync(path.join(folder, name), text);
  write('loop.js', found['loop.js'].replace("'./fragnet.js'", "'fragnet'"));
  for (const name of ['element.js', 'page.js', 'painter.js', 'three.js']) write(name, found[name]);
  const page = (body) => `<!doctype html><html lang="en"><title>Fragnet</title><body>${body}</body></html>`;
  write('loop.html', page(withVideo('./loop.js')));
  write('worker.html', page(withVideo('./page.js')));
  write('three.html', page(withVideo('./three.js')));
  write('element.html', page(found['element.html'].replace('"element.js"', '"./element.js"')));
  mkdirSync(path.join(folder, 'public/models'), { recursive: true });
  cpSync(path.join(dist, 'models/aurora'), path.join(folder, 'public/models/aurora'), { recursive: true });
}

const pages = ['loop', 'worker', 'three', 'element'];

const builders = {
  async Vite(folder) {
    const { build } = await import(modulePath(folder, 'vite'));
    const input = Object.fromEntries(pages.map((name) => [name, path.join(folder, `${name}.html`)]));
    await build({
      root: folder,
      logLevel: 'warn',
      build: { target: 'es2022', rollupOptions: { input } },
      worker: { format: 'es' },
    });
    return path.join(folder, 'dist');
  },
  async webpack(folder) {
    const { default: webpack } = await import(modulePath(folder, 'webpack'));
    const scripts = { loop: './loop.js', worker: './page.js', three: './three.js', element: './element.js' };
    const output = path.join(folder, 'packed');
    const stats = await promisify(webpack)({
      mode: 'production',
      context: folder,
      entry: scripts,
      experiments: { outputModule: true },
      output: { path: output, module: true, filename: '[name].entry.js' },
      performance: { hints: false },
    });
    assert.equal(stats.hasErrors(), false, stats.toString('errors-only'));
    for (const name of pages) {
      const html = readFileSync(path.join(folder, `${name}.html`), 'utf8');
      const script = scripts[name];
      writeFileSync(path.join(output, `${name}.html`), html.replace(`"${script}"`, `"./${name}.entry.js"`));
    }
    cpSync(path.join(folder, 'public'), output, { recursive: true });
    return output;
  },
};

const modulePath = (folder, name) =>
  pathToFileURL(createRequire(path.join(folder, 'package.json')).resolve(name)).href;

/** How many colours of some there are in what is seen of the element: a canvas that nothing is drawn on has one. */
async function coloursOf(element) {
  const { data, channels } = readPng(await element.screenshot());
  const colours = new Set();
  for (let i = 0; i < data.length; i += channels)
    colours.add((data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4));
  return colours.size;
}

describe('The packed file', { concurrency: false }, () => {
  let folder, packed, chromium;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'fragnet-package-'));
    // npm/ is there already: scripts/test has called scripts/package.
    const { stdout } = await run(
      'npm',
      ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
      { cwd: root },
    );
    packed = path.join(folder, JSON.parse(stdout)[0].filename);
    chromium = await startChromium();
  });
  after(async () => {
    await chromium?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, build] of Object.entries(builders))
    describe(`in a fresh ${name} project`, { concurrency: false }, () => {
      let server;
      before(async () => {
        const project = path.join(folder, name);
        mkdirSync(project);
        await makeProject(project, packed);
        const site = await build(project);
        server = await serve({ folders: { '/': site }, headers: { 'Content-Security-Policy': policy } });
        server.answers.set('/favicon.ico', {});
      });
      after(() => server?.close());

      for (const name of pages)
        test(`the README's example "${name}" paints under a strict Content-Security-Policy`, async () => {
          const page = await chromium.newPage(`${server.url}/${name}.html`);
          const canvas = await page.waitForSelector(name === 'element' ? 'fragnet-view' : 'canvas');
          let colours = 0;
          for (const end = Date.now() + 60_000; colours < 20 && Date.now() < end;) {
            colours = await coloursOf(canvas);
            assert.deepEqual(page.problems, []);
          }
          assert.ok(colours >= 20, `${colours} colours are seen`);
          await page.close();
        });
    });

  test('has types that TypeScript takes under --strict, of bundlers and of Node', async () => {
    const project = path.join(folder, 'typed');
    mkdirSync(path.join(project, 'node_modules/fragnet'), { recursive: true });
    await run('tar', [
      '-xzf',
      packed,
      '--strip-components=1',
      '-C',
      path.join(project, 'node_modules/fragnet'),
    ]);
    cpSync(path.join(here, 'typed.ts'), path.join(project, 'typed.ts'));
    writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }');
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    for (const [module, resolution] of [
      ['ES2022', 'bundler'],
      ['NodeNext', 'nodenext'],
    ]) {
      const flags = ['--strict', '--noEmit', '--target', 'ES2022', '--lib', 'ES2022,DOM,DOM.Iterable'];
      const { stdout } = await run(
        process.execPath,
        [tsc, ...flags, '--module', module, '--moduleResolution', resolution, 'typed.ts'],
        { cwd: project },
      ).catch((error) => error);
      assert.equal(stdout, '', `${module}, ${resolution}`);
    }
  });
});
