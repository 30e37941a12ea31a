// The list of networks: those that come with the page, and those that the visitor brought.

import { megabytes } from './progress.js';

/**
 * @typedef {object} ModelChoice
 * @property {string} id
 * @property {string} title
 * @property {string} about one line
 * @property {import('../lib/fragnet.js').Model} model
 * @property {string} [thumbnail] its URL
 * @property {'auto' | [number, number]} range what the network wants its input in
 */

/**
 * The models that come with the page.
 * @returns {Promise<ModelChoice[]>}
 */
export async function fetchShippedModels() {
  const index = new URL('models/index.json', document.baseURI);
  const response = await fetch(index);
  if (!response.ok) throw new Error(`The host answered ${response.status} for ${index.href}.`);
  /** @type {{ name: string, title: string, path: string, bytes: number, thumbnail?: string, about?: string,
   *           range?: 'auto' | [number, number] }[]} */
  const entries = await response.json();
  return entries.map(({ name, title, path, bytes, thumbnail, about, range }) => ({
    id: name,
    title,
    about: [about, bytes ? megabytes(bytes) : ''].filter(Boolean).join(' · '),
    model: new URL(path, index).href,
    thumbnail: thumbnail && new URL(thumbnail, index).href,
    range: range ?? 'auto',
  }));
}

/**
 * @param {HTMLElement} list
 * @param {(choice: ModelChoice) => void} onChoose
 */
export function createModelPicker(list, onChoose) {
  /** @type {Map<string, { choice: ModelChoice, input: HTMLInputElement }>} */
  const items = new Map();

  return {
    /** @param {ModelChoice} choice a choice of the same id gives way to it */
    add(choice) {
      items.get(choice.id)?.input.parentElement?.remove();
      const input = document.createElement('input');
      input.type = 'radio';
      input.name = 'model';
      input.value = choice.id;
      input.addEventListener('change', () => onChoose(choice));
      const title = document.createElement('b');
      title.textContent = choice.title;
      const about = document.createElement('small');
      about.textContent = choice.about;
      const label = document.createElement('label');
      label.className = 'model';
      label.append(input, picture(choice), title, about);
      list.append(label);
      items.set(choice.id, { choice, input });
    },

    /**
     * Shows which one runs, without choosing it.
     * @param {string | null} id null: none of them
     */
    mark(id) {
      for (const [each, { input }] of items) input.checked = each === id;
      const label = id === null ? null : items.get(id)?.input.parentElement;
      if (!label) return;
      // Only the list: scrollIntoView() would take the page along, and the picture out of a phone's window.
      const { top, bottom } = label.getBoundingClientRect();
      const frame = list.getBoundingClientRect();
      list.scrollTop += Math.min(0, top - frame.top) + Math.max(0, bottom - frame.bottom);
    },

    /** @param {string} id */
    find(id) {
      return items.get(id)?.choice ?? null;
    },

    first() {
      return items.values().next().value?.choice ?? null;
    },
  };
}

/** @param {ModelChoice} choice */
function picture({ title, thumbnail }) {
  if (thumbnail) {
    const image = new Image();
    image.alt = '';
    image.loading = 'lazy';
    image.src = thumbnail;
    return image;
  }
  const blank = document.createElement('span');
  blank.className = 'blank';
  blank.ariaHidden = 'true';
  blank.textContent = title.slice(0, 1);
  return blank;
}
