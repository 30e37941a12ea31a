// Where frames come from: the camera, a video file, a picture file. (The demo has a file of its own.)

import { PageError } from './messages.js';

/**
 * @typedef {object} Source
 * @property {'demo' | 'camera' | 'video' | 'image'} kind
 * @property {string} title
 * @property {HTMLVideoElement | HTMLCanvasElement | HTMLImageElement} element what is shown as it is and given to the network
 * @property {boolean} still true where one frame is all there is
 * @property {boolean} ended true when no more frames will come: the camera was unplugged
 * @property {() => void} play
 * @property {() => void} pause
 * @property {((now: number) => void)} [advance] draws the frame for this moment, where the page draws it itself
 * @property {() => Promise<void>} step goes one frame on, while paused
 * @property {() => void} close gives back the device and the memory
 */

const STEP_SECONDS = 1 / 30;

/**
 * @param {string} [deviceId] '' or nothing: the browser's choice
 * @param {() => void} [onEnded] called when the camera goes away
 * @returns {Promise<Source>}
 */
export async function openCamera(deviceId, onEnded = () => {}) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new PageError(
      'Browsers give a camera only to pages that come over https or from this machine.',
      'Open the page over https, or as http://localhost; or choose Demo, Video or Picture.',
    );
  }
  const stream = await askForCamera(deviceId);
  const element = videoElement();
  element.srcObject = stream;
  const [track] = stream.getVideoTracks();
  const source = videoSource('camera', track.label || 'Camera', element, () => {
    for (const each of stream.getTracks()) each.stop();
    element.srcObject = null;
  });
  track.addEventListener('ended', () => {
    source.ended = true;
    onEnded();
  });
  try {
    await firstPicture(element, 'The camera');
  } catch (error) {
    source.close();
    throw error;
  }
  return source;
}

/**
 * A stream at the size nearest to 640×480 that the camera has itself: browsers would else cut and shrink its pictures, and
 * show less of the room.
 * @param {string} [deviceId]
 * @returns {Promise<MediaStream>}
 */
async function askForCamera(deviceId) {
  const whose = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: 'user' };
  const size = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
  const ask = (/** @type {object} */ more) =>
    navigator.mediaDevices.getUserMedia({ video: { ...whose, ...size, ...more }, audio: false });
  try {
    return await ask({ resizeMode: { exact: 'none' } }).catch((error) => {
      if (error.name !== 'OverconstrainedError') throw error;
      return ask({});
    });
  } catch (error) {
    throw cameraError(/** @type {DOMException} */ (error));
  }
}

/**
 * The cameras there are; their names are known once the visitor has allowed one.
 * @returns {Promise<{ id: string, name: string }[]>}
 */
export async function listCameras() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices
    .filter(({ kind }) => kind === 'videoinput')
    .map(({ deviceId, label }, index) => ({ id: deviceId, name: label || `Camera ${index + 1}` }));
}

/**
 * @param {File} file
 * @returns {Promise<Source>}
 */
export async function openVideo(file) {
  const element = videoElement();
  element.loop = true;
  const address = URL.createObjectURL(file);
  element.src = address;
  const source = videoSource('video', file.name, element, () => {
    element.removeAttribute('src');
    element.load();
    URL.revokeObjectURL(address);
  });
  source.step = async () => {
    const next = element.currentTime + STEP_SECONDS;
    element.currentTime = next < element.duration ? next : 0;
    await new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }));
  };
  try {
    await firstPicture(element, `"${file.name}"`);
  } catch (error) {
    source.close();
    throw error;
  }
  return source;
}

/**
 * @param {File} file
 * @returns {Promise<Source>}
 */
export async function openImage(file) {
  const element = new Image();
  const address = URL.createObjectURL(file);
  element.src = address;
  element.alt = file.name;
  try {
    await element.decode();
  } catch {
    URL.revokeObjectURL(address);
    throw new PageError(
      `"${file.name}" is not a picture that this browser can show.`,
      'Choose a JPEG, PNG, WebP or GIF file.',
    );
  }
  return {
    kind: 'image',
    title: file.name,
    element,
    still: true,
    ended: false,
    play() {},
    pause() {},
    async step() {},
    close: () => URL.revokeObjectURL(address),
  };
}

function videoElement() {
  const element = document.createElement('video');
  element.muted = true;
  element.playsInline = true;
  return element;
}

/**
 * @param {'camera' | 'video'} kind
 * @param {string} title
 * @param {HTMLVideoElement} element
 * @param {() => void} close
 * @returns {Source}
 */
function videoSource(kind, title, element, close) {
  return {
    kind,
    title,
    element,
    still: false,
    ended: false,
    play() {
      // play() rejects when pause() follows at once: that is no failure.
      element.play().catch(() => {});
    },
    pause: () => element.pause(),
    // A paused camera lets one frame through.
    async step() {
      const shown = nextPicture(element);
      await element.play();
      await shown;
      element.pause();
    },
    close,
  };
}

/** @param {HTMLVideoElement} element */
function nextPicture(element) {
  return new Promise((resolve) => {
    if ('requestVideoFrameCallback' in element) element.requestVideoFrameCallback(resolve);
    else setTimeout(resolve, 1000 * STEP_SECONDS);
  });
}

/**
 * Waits until the element has something to show.
 * @param {HTMLVideoElement} element
 * @param {string} name for the error
 * @returns {Promise<void>}
 */
function firstPicture(element, name) {
  return new Promise((resolve, reject) => {
    const failed = () => {
      reject(
        new PageError(
          `${name} gives no picture that this browser can show.`,
          'Choose another one; MP4 (H.264) and WebM videos work in most browsers.',
        ),
      );
    };
    element.addEventListener('loadeddata', () => (element.videoWidth > 0 ? resolve() : failed()), {
      once: true,
    });
    element.addEventListener('error', failed, { once: true });
    element.play().catch(() => {});
  });
}

/** @param {DOMException} error */
function cameraError(error) {
  const other = 'or choose Demo, Video or Picture.';
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new PageError(
        'The browser was not allowed to use the camera.',
        `Allow it at the camera sign in the address bar, then choose Camera again; ${other}`,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new PageError(
        'There is no camera on this machine, or it is not the one that was asked for.',
        `Connect one and choose Camera again; ${other}`,
      );
    case 'NotReadableError':
    case 'AbortError':
      return new PageError(
        'The camera is there but gives no pictures: another program may be using it.',
        `Close that program and choose Camera again; ${other}`,
      );
    default:
      return new PageError(`The camera could not be opened: ${error.message}`, `Try again; ${other}`);
  }
}
