// A web server for the browser tests: the built site, the models to compare with, and answers made up by a test.
import { createServer } from 'node:http';
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
// FRAGNET_DIST names another built site than dist/.
export const dist = path.resolve(process.env.FRAGNET_DIST ?? path.join(root, 'dist'));
export const zoo = path.join(root, '../shared/zoo');
export const cases = path.join(root, '../shared/cases');
export const topologies = path.join(root, '../shared/topologies');
export const tools = path.join(root, '../shared/tools');
export const synthetic = path.join(root, 'build/synthetic');
export const screenshots = path.join(root, 'build/screenshots');

// Which folder answers for which first part of a path. What is in none of them comes from the built site.
const commonFolders = {
  '/zoo/': zoo,
  '/synthetic/': synthetic,
  '/support/': path.join(root, 'tests/web/support'),
  '/tfjs/': path.join(root, 'node_modules/@tensorflow/tfjs/dist'),
};

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.webm': 'video/webm',
  '.mp4': 'video/mp4',
};

/** The file that a request's path means, or null where it leaves its folder or there is no such file. */
function fileIn(folders, pathname) {
  const prefix = Object.keys(folders).find((start) => pathname.startsWith(start)) ?? '/';
  const folder = folders[prefix] ?? dist;
  const file = path.join(folder, pathname.slice(prefix.length) || 'index.html');
  if (file !== folder && !file.startsWith(folder + path.sep)) return null;
  return existsSync(file) && statSync(file).isFile() ? file : null;
}

/** A path as files have it; one that is no UTF-8 stays as it is. */
function decoded(pathname) {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/**
 * Starts a server on a free port of this machine alone.
 * `answers` maps a path to what a test wants answered there: { status, type, body, stall } or a function of the request
 * that returns it; with `stall` only half of the body is ever sent. `requests` lists the paths asked for so far, and
 * `fileFor` says which file a path means.
 * @param {{ folders?: Record<string, string>, headers?: Record<string, string> }} [options] folders beside the common
 *   ones, by the first part of a path; headers of every answer
 * @returns {Promise<{ url: string, answers: Map<string, object>, requests: string[],
 *                     fileFor: (pathname: string) => string | null, close: () => Promise<void> }>}
 */
export async function serve({ folders = {}, headers = {} } = {}) {
  const fileFor = (pathname) => fileIn({ ...commonFolders, ...folders }, pathname);
  const answers = new Map();
  const requests = [];
  const server = createServer((request, response) => {
    const pathname = decoded(new URL(request.url ?? '/', 'http://localhost').pathname);
    requests.push(pathname);
    response.setHeader('Cache-Control', 'no-store');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const made = answers.get(pathname);
    if (made) {
      const {
        status = 200,
        type,
        body = '',
        stall = false,
      } = typeof made === 'function' ? made(request) : made;
      const bytes = ArrayBuffer.isView(body)
        ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
        : Buffer.from(body);
      const kind = type ?? types[path.extname(pathname)] ?? 'application/octet-stream';
      response.writeHead(status, { 'Content-Type': kind, 'Content-Length': bytes.length });
      if (stall) response.write(bytes.subarray(0, bytes.length >> 1));
      else response.end(bytes);
      return;
    }
    const file = fileFor(pathname);
    if (!file) {
      // As many a static host does: a page in HTML, whatever was asked for.
      response.writeHead(404, { 'Content-Type': types['.html'] });
      response.end('<!doctype html><title>404</title><h1>Not found</h1>');
      return;
    }
    const kind = types[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': kind, 'Content-Length': statSync(file).size });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  // A test file that fails before it closes its server ends all the same.
  server.unref();
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${port}`,
    answers,
    requests,
    fileFor,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
