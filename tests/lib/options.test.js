// Options are checked where they come in: what is not known is refused in a sentence that names what is, and what has a
// wrong value in one that says which it may have. Without a browser: the tables that create(), load() and draw() hold up to what
// comes; that they do, api.test.js sees.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openModelSource } from '../../web/lib/model_source.js';
import {
  areSame,
  CREATE_OPTIONS,
  DRAW_OPTIONS,
  LOAD_OPTIONS,
  requireOptions,
} from '../../web/lib/options.js';

globalThis.location = { href: 'http://localhost/' };

// [entry, options as they are written, words of the message]
const refused = [
  ['create', 'null', 'create\\(\\).*object.*null'],
  ['create', '"fp32"', 'create\\(\\).*object'],
  ['create', '{ precison: "fp16" }', '"precison".*precision, tune'],
  ['create', '{ precision: null }', 'precision.*"fp16".*null'],
  ['create', '{ tune: true }', 'tune.*"full".*true'],
  ['load', 'null', 'load\\(\\).*object.*null'],
  ['load', '7', 'load\\(\\).*object.*7'],
  ['load', '[]', 'load\\(\\).*object'],
  ['load', '() => {}', 'load\\(\\).*object.*function'],
  ['load', '{ inputShape: {} }', '"inputShape".*inputShapes'],
  ['load', '{ inputShapes: [1, 8, 8, 1] }', 'inputShapes.*by its name.*\\[1,8,8,1\\]'],
  ['load', '{ inputShapes: "8x8" }', 'inputShapes.*"8x8"'],
  ['load', '{ inputShapes: 8 }', 'inputShapes.*8'],
  ['load', '{ inputShapes: null }', 'inputShapes.*null'],
  ['load', '{ inputShapes: { picture: 8 } }', 'inputShapes'],
  ['load', '{ inputShapes: { picture: ["8"] } }', 'inputShapes'],
  ['load', '{ inputShapes: { picture: [1, NaN, 8, 1] } }', 'inputShapes'],
  ['load', '{ inputShapes: { picture: [1, 8.5, 8, 1] } }', 'inputShapes'],
  ['load', '{ inputShapes: { picture: [1, -8, 8, 1] } }', 'inputShapes'],
  ['load', '{ inputShapes: { picture: [1, 1e400, 8, 1] } }', 'inputShapes'],
  ['load', '{ inputShapes: { picture: [1n] } }', 'inputShapes'],
  ['load', '{ onProgress: "loud" }', 'onProgress.*function.*"loud"'],
  ['load', '{ signal: {} }', 'signal.*AbortSignal'],
  ['load', '{ signal: new AbortController() }', 'signal.*AbortSignal'],
  ['draw', 'null', 'draw\\(\\).*object.*null'],
  ['draw', '"paper"', 'draw\\(\\).*object'],
  ['draw', '{ augmentaton: "paper" }', '"augmentaton".*augmentation.*mirror.*view'],
  ['draw', '{ augmentation: "papier" }', 'augmentation.*"paper".*"papier"'],
  ['draw', '{ augmentation: null }', 'augmentation.*null'],
  ['draw', '{ augmentation: { type: "papier" } }', 'type.*"paper".*"papier"'],
  ['draw', '{ augmentation: { kind: "paper" } }', '"kind".*type, brightness, contrast, grain, range'],
  ['draw', '{ augmentation: { brightness: "1" } }', 'brightness.*finite.*"1"'],
  ['draw', '{ augmentation: { brightness: NaN } }', 'brightness.*finite.*NaN'],
  ['draw', '{ augmentation: { contrast: Infinity } }', 'contrast.*finite.*Infinity'],
  ['draw', '{ augmentation: { grain: "0.1" } }', 'grain.*finite.*"0.1"'],
  ['draw', '{ augmentation: { range: ["0", "1"] } }', 'range.*two.*finite numbers'],
  ['draw', '{ augmentation: { range: [0] } }', 'range.*two.*finite numbers'],
  ['draw', '{ augmentation: { range: [0, NaN] } }', 'range.*two.*finite numbers'],
  ['draw', '{ augmentation: { range: null } }', 'range.*null'],
  ['draw', '{ augmentation: { range: "full" } }', 'range.*"full"'],
  ['draw', '{ view: "all" }', 'view.*"both".*"all"'],
  ['draw', '{ view: 2 }', 'view.*2'],
  ['draw', '{ mirror: "false" }', 'mirror.*true or false.*"false"'],
  ['draw', '{ toString: 1 }', '"toString"'],
  ['model', '{ topology: undefined, weights: () => {} }', 'topology'],
  ['model', '{ topology: {}, weights: "tiny.bin" }', 'weights.*function'],
  ['model', '(() => { const it = { weights: () => {} }; it.topology = it; return it; })()', 'topology'],
  ['model', '"http://["', 'not a URL'],
  ['model', '[{}]', 'URL of a model.json'],
];

const entries = {
  create: (options) => requireOptions('create()', options, CREATE_OPTIONS),
  load: (options) => requireOptions('load()', options, LOAD_OPTIONS),
  draw: (options) => requireOptions('draw()', options, DRAW_OPTIONS),
  model: async (model) => (await openModelSource(model)).readTopology(new AbortController().signal),
};

for (const [entry, options, words] of refused)
  test(`${entry}(): ${options} is refused in words`, async () => {
    const value = new Function(`return (${options})`)();
    const failure = await Promise.resolve()
      .then(() => entries[entry](value))
      .then(
        () => null,
        (error) => error,
      );
    assert.equal(failure?.code, 'bad-input', failure?.message);
    assert.match(failure.message, new RegExp(words, 's'));
  });

for (const [entry, options] of [
  ['create', '{}'],
  ['create', '{ precision: "rgba8", tune: "full" }'],
  ['load', '{ inputShapes: undefined, signal: undefined, onProgress: undefined }'],
  ['load', '{ inputShapes: { picture: [1, 8, 8, 1] }, signal: AbortSignal.abort(), onProgress() {} }'],
  ['draw', '{ augmentation: undefined, mirror: undefined, view: undefined }'],
  ['draw', '{ augmentation: "classic", mirror: true, view: "both" }'],
  ['draw', '{ augmentation: { type: "paper", brightness: -0.5, contrast: 2, grain: 0.1, range: [0, 1] } }'],
  ['draw', '{ augmentation: { range: "auto" } }'],
])
  test(`${entry}(): ${options} is taken`, () => {
    entries[entry](new Function(`return (${options})`)());
  });

test('options are the same where all that they hold is, whatever object holds it', () => {
  const options = {
    augmentation: { type: 'paper', brightness: 0, range: [0, 1] },
    mirror: true,
    view: 'both',
  };
  const kept = structuredClone(options);
  assert.ok(areSame(options, kept));
  assert.ok(areSame({ ...options, view: 'both', show: undefined }, kept));
  for (const change of [
    { view: 'input' },
    { mirror: undefined },
    { augmentaton: 'paper' },
    { augmentation: 'paper' },
    { augmentation: null },
    { augmentation: { ...options.augmentation, brightness: NaN } },
    { augmentation: { ...options.augmentation, brightnes: 1 } },
    { augmentation: { ...options.augmentation, range: [0, 2] } },
    { augmentation: { ...options.augmentation, range: [0] } },
    { augmentation: { ...options.augmentation, range: 'auto' } },
  ])
    assert.equal(areSame({ ...options, ...change }, kept), false, JSON.stringify(change));
  assert.equal(areSame(null, kept), false);
  assert.equal(areSame({}, kept), false);
  assert.ok(areSame({}, {}));
});
