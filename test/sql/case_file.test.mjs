// The judge of the SQL cases must itself be able to say no.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { judge, parseCases, parseCsv, tableLines } from './case_file.mjs';

const parse = (text) => parseCases(text, 'x.test');

test('reads every kind of case', () => {
  const cases = parse(
    '# comment\n\nstatement ok\nSELECT 1\n\nstatement error\nSELECT\n  x\n----\nno x\nline two\n\n' +
      'skipif accelerated\nquery rowsort\nSELECT a, b\n----\na\tb\n1\tNULL\n',
  );
  assert.deepEqual(
    cases.map(({ line, sql, expected, modes }) => ({ line, sql, expected, modes })),
    [
      { line: 3, sql: 'SELECT 1', expected: [], modes: ['remote', 'accelerated'] },
      { line: 6, sql: 'SELECT\n  x', expected: ['no x', 'line two'], modes: ['remote', 'accelerated'] },
      { line: 13, sql: 'SELECT a, b', expected: ['a\tb', '1\tNULL'], modes: ['remote'] },
    ],
  );
});

for (const [text, message] of [
  ['query\nSELECT 1\n', /x\.test:1: no ----/],
  ['query\nSELECT 1\n----\n', /nothing expected/],
  ['statement ok\nSELECT 1\n----\n1\n', /unexpected ----/],
  ['statement error\n----\nx\n', /no SQL/],
  ['\n\nqueri\nSELECT 1\n', /x\.test:3: unknown kind of case: queri/],
  ['skipif someday\nstatement ok\nSELECT 1', /unknown mode someday/],
]) {
  test(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parse(text), message));
}

test('tells NULL from an empty string, and escapes what would break a line', () => {
  assert.deepEqual(tableLines('a,b\n,""\n"x\ty","1\n2"\n"\\","\u0007"\n'), [
    'a\tb',
    'NULL\t(empty)',
    'x\\ty\t1\\n2',
    '\\\\\t\\x07',
  ]);
  assert.deepEqual(
    parseCsv('"say ""hi""",\n').map((row) => row.map((cell) => cell.text)),
    [['say "hi"', '']],
  );
  assert.throws(() => parseCsv('"open'), /inside quotes/);
});

test('judges answers', () => {
  const [ordered, sorted, fails, runs] = parse(
    'query\nq\n----\na\n1\n2\n\nquery rowsort\nq\n----\na\n1\n2\n\n' +
      'statement error\nq\n----\nno such\ntable\n\nstatement ok\nq\n',
  );
  assert.equal(judge(ordered, { csv: 'a\n1\n2\n' }), null);
  assert.match(judge(ordered, { csv: 'a\n2\n1\n' }), /- 1\n {4}\+ 2/);
  assert.match(judge(ordered, { csv: 'b\n1\n2\n' }), /- a\n {4}\+ b/);
  assert.match(judge(ordered, { csv: 'a\n1\n2\n3\n' }), /\+ 3/);
  assert.match(judge(ordered, { csv: 'a\n1\n' }), /- 2/);
  assert.match(judge(ordered, { error: 'broken' }), /failed: broken/);
  assert.equal(judge(sorted, { csv: 'a\n2\n1\n' }), null);
  assert.match(judge(sorted, { csv: 'a\n2\n2\n' }), /differs/);
  assert.equal(judge(fails, { error: 'there is no such thing as table t' }), null);
  assert.match(judge(fails, { error: 'no such thing' }), /lacks: table/);
  assert.match(judge(fails, { csv: 'a\n' }), /but it ran/);
  assert.equal(judge(runs, { csv: '' }), null);
  assert.match(judge(runs, { error: 'e' }), /failed: e/);
});
