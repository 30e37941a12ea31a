// The controls around the pictures: how a frame is prepared, what is shown, and the keys.

/** @type {Record<string, string>} */
const WORDS = {
  none: 'The frame goes in as it is, at the network’s size.',
  classic:
    'Shrunk to 16 × 16 grey points, blurred three times and enlarged again: only light and dark remain.',
  paper: 'Grey, shrunk 24 times and enlarged smoothly: shapes remain, details do not.',
};

/**
 * How frames are drawn; the controls write it, the loop hands it to `draw`.
 * @typedef {{ augmentation: { type: 'none' | 'classic' | 'paper', brightness: number, contrast: number, grain: number },
 *             mirror: boolean, view: 'output' | 'both' }} Settings
 */

/**
 * @param {Settings} settings changed in place
 * @param {() => void} onChange
 */
export function createControls(settings, onChange) {
  const mirror = input('mirror');
  const words = element('augmentation-words');
  const sliders = [
    slider('brightness', (value) => (settings.augmentation.brightness = value)),
    slider('contrast', (value) => (settings.augmentation.contrast = value)),
    slider('grain', (value) => (settings.augmentation.grain = value)),
  ];
  let augmentationChosen = false;
  let mirrorChosen = false;

  /**
   * @param {string} id
   * @param {(value: number) => void} write
   */
  function slider(id, write) {
    const range = input(id);
    const shown = element(`${id}-value`);
    const show = () => {
      shown.textContent = Number(range.value).toFixed(2).replace('-', '\u2212');
      write(Number(range.value));
    };
    range.addEventListener('input', () => {
      show();
      onChange();
    });
    // A double click brings a slider back to where it does nothing.
    range.addEventListener('dblclick', () => {
      range.value = range.defaultValue;
      show();
      onChange();
    });
    show();
    return range;
  }

  /** @param {string} type */
  function setAugmentation(type) {
    settings.augmentation.type = /** @type {Settings['augmentation']['type']} */ (type);
    for (const radio of radios('augmentation')) radio.checked = radio.value === type;
    for (const range of sliders) range.disabled = type === 'none';
    words.textContent = WORDS[type];
    onChange();
  }

  /** @param {boolean} value */
  function setMirror(value) {
    mirror.checked = value;
    settings.mirror = value;
    onChange();
  }

  for (const radio of radios('augmentation')) {
    radio.addEventListener('change', () => {
      augmentationChosen = true;
      setAugmentation(radio.value);
    });
  }
  for (const radio of radios('view')) {
    radio.addEventListener('change', () => {
      settings.view = radio.value === 'output' ? 'output' : 'both';
      onChange();
    });
  }
  mirror.addEventListener('change', () => {
    mirrorChosen = true;
    setMirror(mirror.checked);
  });
  setAugmentation(settings.augmentation.type);

  return {
    /**
     * The visitor's (or the address') choice, which suggestions do not overrule.
     * @param {string} type
     */
    chooseAugmentation(type) {
      if (!(type in WORDS)) return;
      augmentationChosen = true;
      setAugmentation(type);
    },
    /** @param {string} type what suits the network */
    suggestAugmentation(type) {
      if (!augmentationChosen) setAugmentation(type);
    },
    /** @param {number} value what the network was trained with */
    suggestGrain(value) {
      const grain = input('grain');
      if (grain.value !== grain.defaultValue) return;
      grain.defaultValue = grain.value = String(value);
      grain.dispatchEvent(new Event('input'));
    },
    /** @param {boolean} value what suits the source */
    suggestMirror(value) {
      if (!mirrorChosen) setMirror(value);
    },
  };
}

/**
 * Single keys for the commonest actions, except where a key already means something.
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 */
export function createKeys(actions) {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest('select, input:not([type=radio], [type=range], [type=checkbox])')) return;
    if (event.key === ' ' && target.closest('button, input')) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {string} id */
function input(id) {
  return /** @type {HTMLInputElement} */ (document.getElementById(id));
}

/** @param {string} name */
function radios(name) {
  return /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(`input[name="${name}"]`));
}
