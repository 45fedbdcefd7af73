// Attribute names that break programs which put names into text without care.

const sqlWords = [
  'select', 'from', 'where', 'order', 'table', 'null', 'true', 'default', 'user', 'current_date', 'values', 'end',
];
const dynamodbWords = ['status', 'name', 'size', 'data', 'count', 'timestamp', 'ttl', 'comment', 'zone', 'year'];

// None of these differs from another by case only.
export const distinctNames = [
  ...sqlWords,
  ...dynamodbWords,
  '_item', '_overflow', '_item_2', 'rowid', 'row_number', 'rownum', 'ctid', '__', 'constructor', 'toString',
  'with space', ' leading space', 'trailing space ', ' ', 'a.b', 'a', '.', '..', 'a..b', 'a[0]', '$.a', '$', '*', '?',
  'with-dash', '-', '--comment', '/* comment */', ';', "it's", "'", '"', '""', 'say "hi"', '`tick`',
  '\\', 'a\\', 'a"b', 'a\\n', 'a\nb', 'a\\nb', 'a\n', 'a\\"b', '\\"', '\\u0041', 'a":{"S', '":', '{}', '{"S":"x"}',
  '#', '#n0', '#0', ':', ':v0', '%s', '%', '&amp;', '1', '0', '00', '1st', '123', '-1', '1e5', 'NaN',
  '\t', 'tab\there', '\r\n', '\u0001', '\u001f', '\u007f', '\u0085', '\u2028', '\u2029', '\u00a0', '\ufeff',
  'größe', 'naïve', 'nai\u0308ve', 'e\u0301', 'é', 'É', 'ß', 'ẞ', 'İ', 'ı', '東京', '🗼', '👨‍👩‍👧', '\u202ertl', '\u{1f600}\u{10ffff}',
  'x'.repeat(255), `${'y'.repeat(299)}z`, `${'long '.repeat(1_000)}`.slice(0, 4_999) + 'l', 'é'.repeat(127),
  'aws:rep:deleting', 'a/b', 'a,b', 'a=b', 'a|b', '(a)', '<a>', '@a', '!', '~', '^', '+',
];

// Names whose spellings in JSON begin alike or end in one another's escapes.
export const confusableNames = distinctNames.filter((name) => /^[a\\"]/.test(name) && name.length < 20);

// Names of one attribute that SQL, which compares without regard to case, cannot tell apart.
export const caseVariants = ['Mixed', 'mixed', 'MIXED', 'mIXED', 'mixed_2', 'Mixed_3'];

export const allNames = [...distinctNames, ...caseVariants];
