// What a contender sends to a visitor before the network's own files: its scripts and its WebAssembly.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const ours = /^\/tests\/(bench\/page|web)\//;

/**
 * @param {string[]} requests the paths that a visit asked the server for
 * @param {(pathname: string) => string | null} fileFor
 * @returns {import('./report.js').Sent}
 */
export function sentFiles(requests, fileFor) {
  const files = [...new Set(requests)]
    .filter((request) => /\.(m?js|wasm)$/.test(request) && !ours.test(request))
    .sort()
    .map((request) => measure(request, fileFor(request)));
  const sum = (kind) => files.reduce((all, file) => all + file[kind], 0);
  return { files, raw: sum('raw'), gzip: sum('gzip') };
}

const measured = new Map(); // compressing 14 MB takes a while, and every visit asks for them

function measure(request, file) {
  if (!measured.has(request)) {
    const bytes = file ? readFileSync(file) : new Uint8Array();
    measured.set(request, {
      path: path.posix.basename(request),
      raw: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
    });
  }
  return measured.get(request);
}
