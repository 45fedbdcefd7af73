// The format of *.test files: a list of cases, separated by blank lines.
//
//   # comment
//   statement ok            the SQL must run
//   statement error         the SQL must fail, with each line below ---- in the message
//   query                   the answer must be the table below ----, in that order
//   query rowsort           ... in any order
//   skipif accelerated      before a case: not on accelerated datasets
//   onlyif accelerated      before a case: only on those
//
// The table's first line has the column names. Cells are separated by tabs. NULL is NULL, an empty
// string is (empty), and a backslash escapes: \t \n \r \\ and \xNN for other control characters.

const kinds = new Map([
  ['statement ok', { fails: false, table: false }],
  ['statement error', { fails: true, table: false }],
  ['query', { fails: false, table: true, sorted: false }],
  ['query rowsort', { fails: false, table: true, sorted: true }],
]);

class CaseError extends Error {}

// Returns [{kind, line, sql, expected: [line], modes}]; throws an error that names file and line.
export function parseCases(text, fileName) {
  const cases = [];
  let modes = null;
  for (const { line, lines } of blocks(text)) {
    const fail = (why) => {
      throw new CaseError(`${fileName}:${line}: ${why}`);
    };
    while (lines.length > 0 && /^(skipif|onlyif) /.test(lines[0])) {
      const [directive, mode] = lines.shift().split(' ');
      if (mode !== 'accelerated') fail(`unknown mode ${mode}`);
      modes = directive === 'skipif' ? ['remote'] : ['accelerated'];
    }
    if (lines.length === 0) continue;
    const name = lines.shift();
    const kind = kinds.get(name);
    if (!kind) fail(`unknown kind of case: ${name}`);
    const separator = lines.indexOf('----');
    const needsExpected = kind.table || kind.fails;
    if (needsExpected !== separator >= 0) {
      fail(needsExpected ? 'no ---- with what is expected' : 'unexpected ----');
    }
    const sql = (needsExpected ? lines.slice(0, separator) : lines).join('\n');
    const expected = needsExpected ? lines.slice(separator + 1) : [];
    if (sql.trim() === '') fail('no SQL');
    if (needsExpected && expected.length === 0) fail('nothing expected below ----');
    cases.push({ ...kind, line, sql, expected, modes: modes ?? ['remote', 'accelerated'] });
    modes = null;
  }
  return cases;
}

// Runs of lines that are neither blank nor comments, with the number of their first line.
function blocks(text) {
  const found = [];
  let block = null;
  text.split('\n').forEach((content, index) => {
    if (content.trim() === '') {
      block = null;
    } else if (!content.startsWith('#')) {
      if (!block) found.push((block = { line: index + 1, lines: [] }));
      block.lines.push(content);
    }
  });
  return found;
}

function cellText({ text, quoted }) {
  if (text === '') return quoted ? '(empty)' : 'NULL';
  const short = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\\\u0000-\u001f]/g,
    (c) => short[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

// Reads CSV in which NULL is an empty field and an empty string is "". Returns rows of
// {text, quoted}.
export function parseCsv(csv) {
  const rows = [];
  let row = [];
  let position = 0;
  while (position < csv.length) {
    let text = '';
    const quoted = csv[position] === '"';
    if (quoted) {
      for (position += 1; csv[position] !== '"' || csv[position + 1] === '"'; ++position) {
        if (position >= csv.length) throw new CaseError('CSV ends inside quotes');
        if (csv[position] === '"') ++position;
        text += csv[position];
      }
      position += 1;
    } else {
      while (position < csv.length && csv[position] !== ',' && csv[position] !== '\n') {
        text += csv[position++];
      }
    }
    row.push({ text, quoted });
    const separator = csv[position++];
    if (separator === ',') {
      if (position === csv.length) row.push({ text: '', quoted: false });
    } else if (separator === '\n' || separator === undefined) {
      rows.push(row);
      row = [];
    } else {
      throw new CaseError(`CSV has ${JSON.stringify(separator)} after a closing quote`);
    }
  }
  return rows;
}

// The answer as lines in the notation of case files.
export const tableLines = (csv) => parseCsv(csv).map((row) => row.map(cellText).join('\t'));

function difference(expected, actual) {
  const lines = [];
  for (let i = 0; i < Math.max(expected.length, actual.length); ++i) {
    if (expected[i] === actual[i]) {
      lines.push(`      ${expected[i]}`);
    } else {
      if (expected[i] !== undefined) lines.push(`    - ${expected[i]}`);
      if (actual[i] !== undefined) lines.push(`    + ${actual[i]}`);
    }
  }
  return lines.join('\n');
}

// Compares an answer ({csv} or {error}) with a case. Returns null, or what differs as text.
export function judge(one, answer) {
  if (one.fails) {
    if (answer.error === undefined) return 'expected an error, but it ran';
    const missing = one.expected.filter((part) => !answer.error.includes(part));
    return missing.length === 0
      ? null
      : `the message lacks: ${missing.join(' | ')}\n    message: ${answer.error.trim()}`;
  }
  if (answer.error !== undefined) return `failed: ${answer.error.trim()}`;
  if (!one.table) return null;
  let expected = one.expected;
  let actual = tableLines(answer.csv);
  if (one.sorted) {
    const sortRows = ([header, ...rows]) => [header, ...rows.sort()];
    expected = sortRows(expected);
    actual = sortRows(actual);
  }
  return expected.join('\n') === actual.join('\n')
    ? null
    : `the answer differs (- expected, + actual):\n${difference(expected, actual)}`;
}
