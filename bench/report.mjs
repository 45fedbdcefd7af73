// Results as a table: for a terminal, and in Markdown for docs/performance.md.
const number = (value, digits) =>
  value === undefined || !Number.isFinite(value)
    ? ''
    : value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });

export function passes({ ratio, wanted, wantedAtMost }) {
  // What could not be measured is NaN, and null once it was written down.
  if (wanted !== undefined) return Number.isFinite(ratio) && ratio >= wanted;
  if (wantedAtMost !== undefined) return Number.isFinite(ratio) && ratio <= wantedAtMost;
  return undefined;
}

const wantedText = ({ wanted, wantedAtMost }) =>
  wanted !== undefined ? `>= ${wanted}` : wantedAtMost !== undefined ? `<= ${wantedAtMost}` : '';

const verdict = (one) => ({ true: 'pass', false: 'FAIL' })[passes(one)] ?? '';

export const headings = [
  'work', 'items/s', 'MB/s', 'CPU s/M items', 'peak MB', 'first row s',
  'against', 'CPU ratio', 'ratio', 'wanted', '',
];

// One line for each comparison; the measurement stands in the first.
export function cells(row) {
  if (row.failed) return [[row.title, '', '', '', '', '', `failed: ${row.failed}`, '', '', '', 'FAIL']];
  const one = row.measured;
  const first = row.firstRow
    ? `${number(row.firstRow.seconds, 3)} (+${number(row.firstRow.startSeconds, 3)} start)`
    : '';
  const measured = [
    row.title,
    number(one.itemsPerSecond, 0),
    number(one.megabytesPerSecond, 0),
    number(one.cpuSecondsPerMillionItems, 2),
    one.peakBytes ? number(one.peakBytes / 1e6, 0) : '',
    first,
  ];
  const empty = measured.map(() => '');
  const lines = row.comparisons.map((comparison, i) => [
    ...(i === 0 ? measured : empty),
    comparison.against,
    number(comparison.cpuRatio, 2),
    number(comparison.ratio, 2),
    wantedText(comparison),
    verdict(comparison),
  ]);
  return lines.length > 0 ? lines : [[...measured, '', '', '', '', '']];
}

export function terminalTable(rows) {
  const lines = [headings, ...rows.flatMap(cells)];
  const widths = headings.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines
    .map((line) => line.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd())
    .join('\n');
}

export function markdownTable(rows) {
  const line = (texts) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [headings, headings.map(() => '---'), ...rows.flatMap(cells)].map(line).join('\n');
}
