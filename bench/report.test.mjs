// What is measured is judged and shown as it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cells, markdownTable, passes, terminalTable } from './report.mjs';

const judged = [
  [{ ratio: 30, wanted: 30 }, true],
  [{ ratio: 29.9, wanted: 30 }, false],
  [{ ratio: NaN, wanted: 30 }, false],
  [{ ratio: 0.04, wantedAtMost: 0.05 }, true],
  [{ ratio: 0.06, wantedAtMost: 0.05 }, false],
  [{ ratio: NaN, wantedAtMost: 0.05 }, false],
  [{ ratio: null, wantedAtMost: 0.05 }, false],
  [{ ratio: 7 }, undefined],
];

test('a ratio passes when it is as wanted, and only then', () => {
  for (const [comparison, expected] of judged) assert.equal(passes(comparison), expected);
});

const measured = {
  itemsPerSecond: 1234567.8,
  megabytesPerSecond: 617.3,
  cpuSecondsPerMillionItems: 1.5,
  peakBytes: 250e6,
};
const row = {
  title: 'users',
  measured,
  comparisons: [
    { against: 'a | b', ratio: 31.25, cpuRatio: 40, wanted: 30 },
    { against: 'limit', ratio: 0.5, wanted: 0.6 },
  ],
};

test('each comparison has a line, and the measurement stands in the first', () => {
  assert.deepEqual(cells(row), [
    ['users', '1,234,568', '617', '1.50', '250', '', 'a | b', '40.00', '31.25', '>= 30', 'pass'],
    ['', '', '', '', '', '', 'limit', '', '0.50', '>= 0.6', 'FAIL'],
  ]);
});

test('what broke says so', () => {
  assert.match(cells({ title: 'x', failed: 'it broke' })[0].join(' '), /failed: it broke .*FAIL$/);
});

test('both tables have every line', () => {
  assert.equal(terminalTable([row]).split('\n').length, 3);
  assert.match(markdownTable([row]), /\| a \\\| b \| 40\.00 \| 31\.25 \| >= 30 \| pass \|/);
});
