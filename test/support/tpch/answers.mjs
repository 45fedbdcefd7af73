// Compares answers of the 22 queries. An answer is its rows, lists of texts or null in the order of the
// query's columns.
import assert from 'node:assert/strict';

// Sums and averages of doubles depend on the order of adding; they agree to this part of their value.
const tolerance = 1e-9;

const isNear = (left, right) => Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));

function compareCells(kind, left, right) {
  if (left === null || right === null) return (left === null) - (right === null);
  if (kind === 'text' || kind === 'date') return left < right ? -1 : Number(left > right);
  const [leftNumber, rightNumber] = [Number(left), Number(right)];
  return kind === 'number' && isNear(leftNumber, rightNumber) ? 0 : leftNumber - rightNumber;
}

// `kind` is `number` for what is compared by value.
function isSame(kind, left, right) {
  if (kind !== 'number' || left === null || right === null) return left === right;
  return isNear(Number(left), Number(right));
}

// Throws unless each row may follow the one before it in the query's ORDER BY.
export function checkOrder({ name, columns, order }, rows) {
  const compare = (left, right) => {
    for (const [orderColumn, descending] of order) {
      const index = columns.findIndex(([column]) => column === orderColumn);
      const compared = compareCells(columns[index][1], left[index], right[index]);
      if (compared !== 0) return descending ? -compared : compared;
    }
    return 0;
  };
  rows.slice(1).forEach((row, index) => {
    assert.ok(compare(rows[index], row) <= 0, `${name}: not in order: ${rows[index].join('|')} before ${row.join('|')}`);
  });
}

// What tells a row from others whatever the last digits of its sums are.
const identity = ({ columns }, row) => JSON.stringify(row.filter((_, index) => columns[index][1] !== 'number'));

// Says which keys are in one list and not in the other; a key may be there more than once.
function difference(keys, others) {
  const left = [...others];
  return keys.filter((key) => {
    const index = left.indexOf(key);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

export function compareAnswers(query, actual, expected) {
  const { name, columns } = query;
  const byIdentity = (rows) =>
    rows.map((row) => [identity(query, row), row]).sort(([left], [right]) => (left < right ? -1 : Number(left > right)));
  const [actualRows, expectedRows] = [byIdentity(actual), byIdentity(expected)];
  const [actualKeys, expectedKeys] = [actualRows, expectedRows].map((rows) => rows.map(([key]) => key));
  const more = difference(actualKeys, expectedKeys);
  const missing = difference(expectedKeys, actualKeys);
  assert.ok(
    more.length === 0 && missing.length === 0,
    `${name}: of ${actual.length} rows ${more.length} are unexpected ${more.slice(0, 3).join(' ')}, ` +
      `of ${expected.length} expected ones ${missing.length} are missing ${missing.slice(0, 3).join(' ')}`,
  );
  actualRows.forEach(([, row], rowIndex) => {
    const [, expectedRow] = expectedRows[rowIndex];
    columns.forEach(([column, kind], index) => {
      assert.ok(
        isSame(kind, row[index], expectedRow[index]),
        `${name}: ${column} is ${row[index]}, not ${expectedRow[index]}, in ${row.join('|')}`,
      );
    });
  });
  checkOrder(query, actual);
}
