// Serves a folder on localhost: node scripts/serve.mjs FOLDER [PORT]. For looking at dist/ on one's own machine.
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

const [folder, port = '8000'] = process.argv.slice(2);
if (!folder) {
  console.error('Usage: node scripts/serve.mjs FOLDER [PORT]');
  process.exit(2);
}
const root = await realpath(folder);

/** The file that an address means, or null: nothing outside the folder, not even through a link. */
async function findFile(address) {
  try {
    const wanted = path.join(root, decodeURIComponent(new URL(address, 'http://localhost').pathname));
    let file = await realpath(wanted);
    if ((await stat(file)).isDirectory()) file = await realpath(path.join(file, 'index.html'));
    return file.startsWith(root + path.sep) ? file : null;
  } catch {
    return null;
  }
}

/** The first and last byte of a single range, or null where the whole file is to be sent. */
function askedRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') return [Math.max(0, size - Number(match[2])), size - 1];
  return [Number(match[1]), match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)];
}

async function answer(request, response) {
  const common = {
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    'Accept-Ranges': 'bytes',
  };
  const refuse = (status, words) => {
    response.writeHead(status, { ...common, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${words}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(405, 'Only GET and HEAD are answered here.');
  const file = await findFile(request.url);
  if (!file) return refuse(404, `There is nothing at ${request.url}.`);
  const { size, mtime } = await stat(file);
  const headers = {
    ...common,
    'Content-Type': TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    'Last-Modified': mtime.toUTCString(),
  };
  if (request.headers['if-modified-since'] === headers['Last-Modified'])
    return response.writeHead(304, headers).end();
  const range = askedRange(request.headers.range, size);
  if (range && range[0] > range[1]) {
    return response.writeHead(416, { ...headers, 'Content-Range': `bytes */${size}` }).end();
  }
  const [start, end] = range ?? [0, size - 1];
  headers['Content-Length'] = end - start + 1;
  if (range) headers['Content-Range'] = `bytes ${start}-${end}/${size}`;
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === 'HEAD' || size === 0) return response.end();
  createReadStream(file, { start, end })
    .on('error', () => response.destroy())
    .pipe(response);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.on('error', (error) => {
  const why =
    error.code === 'EADDRINUSE' ? 'another program uses it: choose another with --port N' : error.message;
  console.error(`fragnet: port ${port} on localhost cannot be used; ${why}.`);
  process.exit(1);
});
server.listen(Number(port), 'localhost', () => {
  console.log(`Fragnet is at http://localhost:${server.address().port}/ (Ctrl+C ends it)`);
});
