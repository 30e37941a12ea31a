// Models, pictures and videos from the visitor's own disk: through file pickers, or dropped on the window.

import { PageError } from './messages.js';

const MOST_FILES = 2000;

/**
 * @param {object} hooks
 * @param {(files: File[]) => void} hooks.onModel
 * @param {(file: File) => void} hooks.onVideo
 * @param {(file: File) => void} hooks.onImage
 * @param {(error: unknown) => void} hooks.onError
 */
export function createUpload({ onModel, onVideo, onImage, onError }) {
  const pick = (/** @type {string} */ button, /** @type {string} */ input) => {
    byId(button).addEventListener('click', () => byId(input).click());
    onFiles(input, onModel);
  };
  pick('upload-folder', 'folder-input');
  pick('upload-files', 'files-input');
  onFiles('video-input', ([file]) => onVideo(file));
  onFiles('image-input', ([file]) => onImage(file));

  const veil = byId('drop');
  addEventListener('dragenter', (event) => {
    if (event.dataTransfer?.types.includes('Files')) veil.hidden = false;
  });
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    veil.hidden = true;
    if (event.dataTransfer) droppedFiles(event.dataTransfer).then(use, onError);
  });

  /** @param {File[]} files */
  function use(files) {
    if (files.length === 0) return;
    if (files.length === 1 && files[0].type.startsWith('video/')) onVideo(files[0]);
    else if (files.length === 1 && files[0].type.startsWith('image/')) onImage(files[0]);
    else onModel(files);
  }
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {string} id of a file input
 * @param {(files: File[]) => void} use
 */
function onFiles(id, use) {
  const input = /** @type {HTMLInputElement} */ (byId(id));
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // So that picking the same file again counts as a change.
    input.value = '';
    if (files.length > 0) use(files);
  });
}

/**
 * What was dropped, folders and all. Each file knows its path, as one from a folder picker does.
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
async function droppedFiles(transfer) {
  // The list is only there until the event is over: entries are taken out of it before the first wait.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return [...transfer.files];
  /** @type {File[]} */
  const files = [];
  for (const entry of entries) if (entry) await collect(entry, files);
  return files;
}

/**
 * @param {FileSystemEntry} entry
 * @param {File[]} files where they go
 */
async function collect(entry, files) {
  if (files.length > MOST_FILES) {
    throw new PageError(`There are more than ${MOST_FILES} files in it.`, 'Drop the folder of one model.');
  }
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => {
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
    });
    Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.replace(/^\//, '') });
    files.push(file);
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // A reader gives a hundred entries at a time, and none when it is done.
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await collect(each, files);
  }
}
