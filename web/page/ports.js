// What goes into the network and what comes out of it: one control for each fact that was found out or guessed, and one for
// each input that takes no frame. Built anew for each network from `info.inputs` and `info.outputs`.

import { createVectorControl } from './vector_control.js';

/**
 * @typedef {import('../lib/fragnet.js').ModelInfo} ModelInfo
 * @typedef {import('../lib/fragnet.js').Port} Port
 * @typedef {'auto' | [number, number]} RangeChoice
 *
 * What the controls write, and the loop hands to `draw`.
 * @typedef {{ inputRange: RangeChoice, outputRange: RangeChoice, output: number, channel: number,
 *             show: import('../lib/fragnet.js').Show, invert: boolean }} PortSettings
 */

/** @type {[number, number][]} what networks are trained in */
const RANGES = [
  [-1, 1],
  [0, 1],
  [0, 255],
  [-0.5, 0.5],
  [-128, 127],
  [-2.1, 2.6],
];

/**
 * Ways to show an output, by its kind; the first is what "auto" takes.
 * @type {Record<import('../lib/fragnet.js').PortPicture['kind'], import('../lib/fragnet.js').Show[]>}
 */
const WAYS = {
  colour: ['picture', 'channel'],
  grey: ['picture'],
  lines: ['picture'],
  residual: ['picture', 'channel'],
  subpixel: ['subpixel', 'channel'],
  mask: ['overlay', 'cutout', 'mask', 'channel'],
  classes: ['overlay', 'classes', 'cutout', 'channel'],
  features: ['channel', 'classes'],
  vector: ['picture'],
  map: ['channel'],
};

/** @type {Record<string, string>} */
const WORDS_OF_WAYS = {
  picture: 'Picture',
  subpixel: 'Picture',
  mask: 'Mask',
  overlay: 'Coloured over the frame',
  cutout: 'Cut out of the frame',
  classes: 'Colours of its classes',
  channel: 'One channel',
};

/** @param {number} value */
const number = (value) => String(Math.round(value * 100) / 100).replace('-', '\u2212');

/** @param {[number, number]} range */
export const rangeWords = ([low, high]) => `${number(low)} … ${number(high)}`;

/**
 * @param {HTMLElement} place where the controls go
 * @param {PortSettings} settings changed in place
 * @param {object} hooks
 * @param {() => void} hooks.onChange
 * @param {(name: string, value: import('../lib/fragnet.js').InputValue) => void} hooks.setInput
 * @param {(use: (frame: ImageBitmap) => void) => void} hooks.pickPicture asks the visitor for a picture file
 */
export function createPorts(place, settings, { onChange, setInput, pickPicture }) {
  /** @type {ModelInfo | null} */
  let info = null;

  /**
   * @param {string} words
   * @param {HTMLElement} control
   * @param {string} [why] what is known of it
   */
  function row(words, control, why = '') {
    const paragraph = document.createElement('p');
    paragraph.className = 'row';
    const label = document.createElement('label');
    label.textContent = words;
    label.htmlFor = control.id;
    paragraph.append(label, control);
    place.append(paragraph);
    if (why) note(why);
    return paragraph;
  }

  /** @param {string} words */
  function note(words) {
    const fine = document.createElement('p');
    fine.className = 'fine tight';
    fine.textContent = words;
    place.append(fine);
  }

  /**
   * @param {string} id
   * @param {[string, string][]} options value and words
   * @param {string} chosen
   * @param {(value: string) => void} use
   */
  function select(id, options, chosen, use) {
    const control = document.createElement('select');
    control.id = id;
    control.append(...options.map(([value, words]) => new Option(words, value, false, value === chosen)));
    control.addEventListener('change', () => {
      use(control.value);
      onChange();
    });
    return control;
  }

  /**
   * @param {string} id
   * @param {Port} port
   * @param {'inputRange' | 'outputRange'} which
   */
  function rangeSelect(id, port, which) {
    const found = /** @type {[number, number]} */ (port.picture?.range ?? [0, 1]);
    const words = /** @type {[string, string][]} */ ([['auto', `${rangeWords(found)} (found)`]]);
    for (const range of RANGES) words.push([range.join(), rangeWords(range)]);
    const chosen = settings[which];
    return select(id, words, chosen === 'auto' ? 'auto' : chosen.join(), (value) => {
      settings[which] =
        value === 'auto' ? 'auto' : /** @type {[number, number]} */ (value.split(',').map(Number));
    });
  }

  /** @param {ModelInfo} model */
  function showInputs(model) {
    model.inputs.forEach((port, index) => {
      const { picture } = port;
      const name = model.inputs.length > 1 ? `“${port.name}”` : '';
      if (index === model.frameInput) {
        row(
          `${name ? `${name} takes` : 'Takes'} the frame as`,
          rangeSelect('input-range', port, 'inputRange'),
          picture?.why,
        );
        return;
      }
      const id = `input-${index}`;
      if (picture?.kind === 'vector') {
        place.append(
          ...createVectorControl(id, port, (value) => {
            setInput(port.name, value);
            onChange();
          }),
        );
      } else if (picture?.kind === 'colour' || picture?.kind === 'grey') {
        row(
          name,
          select(
            id,
            [
              ['frame', 'The same frame'],
              ['file', 'A picture…'],
              ['grey', 'Plain grey'],
            ],
            'frame',
            (value) => {
              if (value === 'file') pickPicture((canvas) => (setInput(port.name, canvas), onChange()));
              else setInput(port.name, value === 'frame' ? null : (picture.range[0] + picture.range[1]) / 2);
            },
          ),
        );
      } else {
        row(
          name,
          select(
            id,
            [
              ['default', 'As found'],
              ['zero', 'Zeros'],
              ['noise', 'Noise'],
            ],
            'default',
            (value) => {
              setInput(port.name, value === 'default' ? null : value === 'zero' ? 0 : { seed: 1 });
            },
          ),
        );
      }
      if (port.fill) note(port.fill);
    });
  }

  /** @param {ModelInfo} model */
  function showOutputs(model) {
    if (model.outputs.length > 1) {
      row(
        'Output',
        select(
          'output',
          model.outputs.map(({ name, shape, picture }, index) => [
            String(index),
            `${name} · ${shape.slice(1).join(' × ') || shape.join(' × ')}${picture ? ` · ${picture.kind}` : ''}`,
          ]),
          String(settings.output),
          (value) => {
            settings.output = Number(value);
            settings.outputRange = 'auto';
            settings.show = 'auto';
            settings.channel = -1;
            show(model);
          },
        ),
      );
    }
    const port = model.outputs[settings.output];
    const { picture } = port;
    if (!picture) return note('This output has nothing that could be shown as a picture.');
    const ways = WAYS[picture.kind];
    if (ways.length > 1) {
      const words = /** @type {[string, string][]} */ (ways.map((way) => [way, WORDS_OF_WAYS[way]]));
      words[0] = ['auto', words[0][1]];
      row(
        'Shown as',
        select('show', words, settings.show, (value) => {
          settings.show = /** @type {PortSettings['show']} */ (value);
          settings.channel = value === 'channel' ? 0 : -1;
          show(model);
        }),
        picture.why,
      );
    }
    const way = settings.show === 'auto' ? ways[0] : settings.show;
    if (way === 'picture' || way === 'subpixel' || way === 'channel')
      row(
        'Comes out as',
        rangeSelect('output-range', port, 'outputRange'),
        ways.length > 1 ? '' : picture.why,
      );
    if (way === 'channel' && picture.channels > 1) {
      const slider = document.createElement('input');
      const shown = document.createElement('output');
      slider.type = 'range';
      slider.id = 'channel';
      slider.min = '0';
      slider.max = String(picture.channels - 1);
      slider.value = String(Math.max(settings.channel, 0));
      shown.htmlFor.add('channel');
      const say = () => (shown.textContent = `${Number(slider.value) + 1}/${picture.channels}`);
      slider.addEventListener('input', () => {
        settings.channel = Number(slider.value);
        say();
        onChange();
      });
      say();
      row('Channel', slider).append(shown);
    }
    const invert = document.createElement('input');
    invert.type = 'checkbox';
    invert.id = 'invert';
    invert.className = 'switch';
    invert.setAttribute('role', 'switch');
    invert.checked = settings.invert;
    invert.addEventListener('change', () => {
      settings.invert = invert.checked;
      onChange();
    });
    row('Invert', invert);
  }

  /** @param {ModelInfo} model */
  function show(model) {
    info = model;
    place.replaceChildren();
    showInputs(model);
    showOutputs(model);
  }

  return {
    /**
     * A network has come: its own facts hold until the visitor says otherwise.
     * @param {ModelInfo} model
     * @param {RangeChoice} range of its input and its output
     */
    open(model, range) {
      Object.assign(settings, {
        inputRange: range,
        outputRange: range,
        output: model.shownOutput,
        channel: -1,
        show: 'auto',
        invert: false,
      });
      show(model);
    },
    /** The settings were changed from elsewhere. */
    refresh() {
      if (info) show(info);
    },
  };
}
