// scripts/serve.mjs, with which scripts/run shows the site: the right headers, and nothing outside its folder.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { dist, root } from './support/serve.js';

describe('The local server', { concurrency: false }, () => {
  let server, url;
  before(async () => {
    server = spawn(process.execPath, [path.join(root, 'scripts/serve.mjs'), dist, '0']);
    url = await new Promise((resolve, reject) => {
      server.stdout.on('data', (words) => resolve(/http:\/\/\S+/.exec(String(words))?.[0]));
      server.stderr.on('data', (words) => reject(new Error(String(words))));
      server.once('exit', (status) => reject(new Error(`it ended with status ${status}`)));
    });
  });
  after(() => server?.kill());

  for (const [file, type] of Object.entries({
    '': /^text\/html/,
    'fragnet.js': /^text\/javascript/,
    'fragnet.wasm': /^application\/wasm$/,
    'models/index.json': /^application\/json/,
  }))
    test(`sends ${file || 'the page'} as what it is`, async () => {
      const response = await fetch(url + file);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', type);
      assert.ok((await response.arrayBuffer()).byteLength > 0, 'it is empty');
    });

  test('says 404 for what is not there', async () => {
    assert.equal((await fetch(`${url}nothing.json`)).status, 404);
  });

  test('sends nothing from outside its folder', async () => {
    for (const secret of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/models/../../package.json',
    ]) {
      const status = await new Promise((resolve, reject) => {
        // Not fetch(), which would resolve the dots itself.
        const asked = request({ host: 'localhost', port: new URL(url).port, path: secret }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        asked.on('error', reject).end();
      });
      assert.ok(status >= 400, `${secret}: ${status}`);
    }
  });
});
