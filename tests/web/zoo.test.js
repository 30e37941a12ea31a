// The fifteen published models of the zoo give what TensorFlow.js gives, on both WebGL2 devices, with fp32 targets: the
// worst difference of each output is at most a thousandth of its largest value.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deviceNames } from './support/browsers.js';
import { onEachDevice } from './support/fixture.js';
import { needsZoo, zooModels } from './support/material.js';
import { printTable } from './support/table.js';

const tolerance = 1e-3;
const models = zooModels();
/** @type {Map<string, Record<string, string>>} */
const results = new Map([...models.keys()].map((name) => [name, {}]));

test('The zoo is there, all fifteen models of it', needsZoo, () => {
  assert.equal(models.size, 15, [...models.keys()].join(', '));
});

onEachDevice(
  'The zoo',
  (world) => {
    for (const [name, facts] of models)
      test(`${name} gives what TensorFlow.js gives`, async () => {
        results.get(name)[world.device] = 'failed';
        // A page of its own: what one model leaves behind cannot help or hurt the next.
        const page = await world.chromium.newPage(`${world.server.url}/support/blank.html`);
        try {
          const found = await page.evaluate(
            (model) => window.test.compareWithZoo(model, { precision: 'fp32', tune: 'off' }),
            name,
          );
          const worst = Math.max(...found.errors);
          const times = `${found.loadMs.toFixed(0)} + ${found.predictMs.toFixed(0)} ms`;
          results.get(name)[world.device] = `${worst.toExponential(1)} (${times})`;
          assert.equal(found.stats.precision, 'fp32');
          checkPorts(found, facts);
          for (const [i, error] of found.errors.entries())
            assert.ok(error <= tolerance, `output ${found.outputs[i].name}: relative error ${error}`);
          assert.deepEqual(page.problems, [], 'the page reported problems');
        } finally {
          await page.close();
        }
      });
  },
  needsZoo,
);

after(() => {
  const rows = [...results].map(([name, row]) => [name, ...deviceNames.map((device) => row[device] ?? '-')]);
  if (rows.length > 0) printTable('Relative error (load + first predict)', ['model', ...deviceNames], rows);
});

/** Names and shapes are those of TensorFlow.js, in its order. */
function checkPorts({ outputs, info }, facts) {
  const shapes = (ports) => ports.map(({ shape }) => shape);
  assert.deepEqual(shapes(outputs), shapes(facts.result), 'shapes of the outputs');
  assert.deepEqual(shapes(info.outputs), shapes(facts.result), 'shapes of info.outputs');
  assert.deepEqual(
    Object.fromEntries(info.inputs.map(({ name, shape }) => [name, shape])),
    Object.fromEntries(facts.fed.map(({ name, shape }) => [name, shape])),
    'info.inputs',
  );
  // TensorFlow.js writes a layers-model's output "layer/layer"; the layer's name alone says the same.
  const short = (name) => name.split('/').at(-1);
  for (const [i, { name }] of outputs.entries())
    assert.equal(short(name), short(facts.outputs[i].name), `the name of output ${i}`);
}
