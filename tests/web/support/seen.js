// What draw() shows of a frame, beside what the browser itself shows of it: a 2-D canvas over black is the judge.

/** Functions that paint or make pictures of which no flip, turn, cut or squeeze looks like the whole. */
export function scene(width, height, alpha = 1) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.globalAlpha = alpha;
  ['#e02020', '#20c020', '#2040e0', '#e0e020'].forEach((colour, i) => {
    context.fillStyle = colour;
    context.fillRect((i % 2) * (width / 2), (i >> 1) * (height / 2), width / 2, height / 2);
  });
  context.fillStyle = 'white';
  context.fillRect(width * 0.1, height * 0.1, width * 0.15, height * 0.15);
  context.fillStyle = 'black';
  context.fillRect(width * 0.94, 0, width, height);
  return canvas;
}

/** The frame's middle on a 2-D canvas over black, as RGBA bytes from the first row. */
function shown(frame, width, height) {
  const own = frame.videoWidth ?? frame.naturalWidth ?? frame.displayWidth ?? frame.width;
  const high = frame.videoHeight ?? frame.naturalHeight ?? frame.displayHeight ?? frame.height;
  let drawable = frame;
  if (frame instanceof ImageData) {
    drawable = new OffscreenCanvas(own, high);
    drawable.getContext('2d').putImageData(frame, 0, 0);
  }
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  const scale = Math.max(width / own, height / high);
  context.drawImage(
    drawable,
    (width - own * scale) / 2,
    (height - high * scale) / 2,
    own * scale,
    high * scale,
  );
  return context.getImageData(0, 0, width, height).data;
}

/** What is on a WebGL canvas that was drawn on in this task, as RGBA bytes from the first row. */
function drawn(canvas) {
  const { width, height } = canvas;
  const gl = canvas.getContext('webgl2');
  const bytes = new Uint8Array(width * height * 4);
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  const rows = Array.from({ length: height }, (_, y) => bytes.subarray(y * width * 4, (y + 1) * width * 4));
  return Uint8Array.from(rows.reverse().flatMap((row) => [...row]));
}

/**
 * Draws the frame and says how far the canvas is from what the browser shows, 0 to 255: the mean over all colours, how much
 * there is to see, and the colours near the four corners.
 */
export function look(net, canvas, frame, options = {}) {
  const isDrawn = net.draw(frame, { skip: 'never', ...options });
  const { width, height } = canvas;
  const got = drawn(canvas);
  const want = shown(frame, width, height);
  let sum = 0;
  let spread = 0;
  for (let i = 0; i < got.length; i += 4)
    for (let c = 0; c < 3; c++) {
      sum += Math.abs(got[i + c] - want[i + c]);
      spread = Math.max(spread, Math.abs(got[i + c] - got[c]));
    }
  const colourAt = (x, y) => got.slice(4 * (y * width + x), 4 * (y * width + x) + 3).join();
  const [left, right, top, bottom] = [2, width - 3, 2, height - 3];
  return {
    isDrawn,
    difference: sum / (width * height * 3),
    spread,
    corners: [colourAt(left, top), colourAt(right, top), colourAt(left, bottom), colourAt(right, bottom)],
  };
}

/** Resolves when the video has shown another picture. */
export const nextPicture = (video) => new Promise((resolve) => video.requestVideoFrameCallback(resolve));

/** A video that plays what a test sends it, { video, send(make) }: frames that say how they are to be shown, until two of them
 * were. */
export function playedVideo() {
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  void video.play();
  return {
    video,
    async send(make) {
      const timer = setInterval(() => void writer.write(make()), 30);
      await nextPicture(video);
      await nextPicture(video);
      clearInterval(timer);
    },
  };
}

/** A VideoFrame of a canvas' pixels, which its options may have shown in another size, or turned. */
export function videoFrame(canvas, options = {}) {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  return new VideoFrame(data, {
    timestamp: performance.now() * 1000,
    format: 'RGBX',
    codedWidth: width,
    codedHeight: height,
    ...options,
  });
}

/** A JPEG of the canvas that says it is to be turned: EXIF's orientation, 1 to 8. */
export async function turnedPhoto(canvas, orientation) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.95));
  const tiff = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    1,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const segment = new Uint8Array([0xff, 0xe1, 0, exif.length + 2, ...exif]);
  return new Blob([blob.slice(0, 2), segment, blob.slice(2)], { type: 'image/jpeg' });
}

/** An image element that has loaded. */
export async function imageOf(source, set = (image, address) => (image.src = address)) {
  const image = new Image();
  set(image, typeof source === 'string' ? source : URL.createObjectURL(source));
  await image.decode();
  return image;
}
