// There is one list of codes of errors: a type in web/lib/errors.js. What C++ throws is on it, and what JavaScript throws is
// for the type checker.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { asFragnetError, FragnetError } from '../../web/lib/errors.js';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('every code of the engine is on the list', () => {
  const [, list] = /@typedef \{([^}]*)\} ErrorCode/.exec(read('web/lib/errors.js'));
  const known = [...list.matchAll(/'([a-z0-9-]+)'/g)].map(([, code]) => code);
  const thrown = [...read('src/base/error.hpp').matchAll(/string_view \w+ =\s*"([a-z0-9-]+)"/g)];
  assert.ok(thrown.length >= 15, `${thrown.length} codes were found in C++`);
  for (const [, code] of thrown) assert.ok(known.includes(code), `"${code}" is not on the list`);
  assert.equal(new Set(known).size, known.length, 'a code is on the list twice');
});

test('whatever is thrown becomes a FragnetError that says so', () => {
  const own = new FragnetError('bad-shape', 'It does not fit.');
  assert.equal(asFragnetError(own), own);
  const cause = new TypeError('x is not a function');
  const other = asFragnetError(cause);
  assert.deepEqual([other.code, other.cause], ['internal', cause]);
  assert.match(other.message, /x is not a function/);
  assert.equal(asFragnetError(new RangeError('Array buffer allocation failed')).code, 'out-of-memory');
  assert.match(asFragnetError('a word').message, /a word/);
});
