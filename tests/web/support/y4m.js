// Small films for Chromium's file camera, written as a Y4M file of one picture: four colours, a white square in the upper left
// one and a black bar along the right edge, so that no flip, turn, cut or squeeze of it looks like the whole.
import { writeFileSync } from 'node:fs';

/** Y, Cb, Cr of red, green, blue, yellow; white and black. */
const quarters = [
  [82, 90, 240],
  [145, 54, 34],
  [41, 240, 110],
  [210, 16, 146],
];
const white = [235, 128, 128];
const black = [16, 128, 128];

/** The colour at a place of the picture, 0 … 1 from the left and from the top. */
function colourAt(x, y) {
  if (x > 0.94) return black;
  if (x > 0.1 && x < 0.25 && y > 0.1 && y < 0.25) return white;
  return quarters[(x < 0.5 ? 0 : 1) + (y < 0.5 ? 0 : 2)];
}

export function writeFilm(file, width, height) {
  const plane = (w, h, channel) =>
    Buffer.from(
      Array.from(
        { length: w * h },
        (_, i) => colourAt(((i % w) + 0.5) / w, (Math.floor(i / w) + 0.5) / h)[channel],
      ),
    );
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  const frame = Buffer.concat([
    Buffer.from('FRAME\n'),
    plane(width, height, 0),
    plane(halfWidth, halfHeight, 1),
    plane(halfWidth, halfHeight, 2),
  ]);
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(file, Buffer.concat([header, frame, frame]));
}
