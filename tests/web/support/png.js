// Reads the pixels of a screenshot: PNG, 8 bits a channel, not interlaced, as browsers write them.
import { inflateSync } from 'node:zlib';

const channelsOf = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** @returns {{ width: number, height: number, channels: number, data: Uint8Array }} rows from the top */
export function readPng(bytes) {
  const file = Buffer.from(bytes);
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const [depth, kind, , , interlaced] = file.subarray(24, 29);
  const channels = channelsOf[kind];
  if (depth !== 8 || !channels || interlaced) throw new Error(`a PNG of depth ${depth}, kind ${kind}`);
  const pieces = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at))
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      pieces.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  const packed = inflateSync(Buffer.concat(pieces));

  const stride = width * channels;
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? data[y * stride + x - channels] : 0;
      const up = y > 0 ? data[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? data[(y - 1) * stride + x - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      data[y * stride + x] = packed[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return { width, height, channels, data };
}

function paeth(left, up, corner) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** How a picture looks in two numbers: its mean brightness and the spread around it, both 0 to 255. */
export function brightness({ data, channels }) {
  const colours = Math.min(channels, 3);
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < data.length; i += channels)
    for (let c = 0; c < colours; c++) {
      count++;
      sum += data[i + c];
      squares += data[i + c] ** 2;
    }
  const mean = sum / count;
  return { mean, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** The mean absolute difference of two pictures of one size, 0 to 255. */
export function meanDifference(a, b) {
  if (a.data.length !== b.data.length) return Infinity;
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i] - b.data[i]);
  return sum / a.data.length;
}
