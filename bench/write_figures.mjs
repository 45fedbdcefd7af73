// Puts the figures of a run into docs/performance.md, between its two marks.
//
//   node bench/write_figures.mjs [build/bench/results.json]
import { readFileSync, writeFileSync } from 'node:fs';

import { markdownTable } from './report.mjs';

const page = new URL('../docs/performance.md', import.meta.url);
const begin = '<!-- figures: written by bench/write_figures.mjs -->';
const end = '<!-- end of figures -->';

const results = JSON.parse(readFileSync(process.argv[2] ?? 'build/bench/results.json', 'utf8'));
const { machine } = results;
const about = [
  `Commit ${results.commit}, ${results.date.slice(0, 10)}. ${machine.processor}, ${machine.cores} cores, `,
  `${Math.round(machine.memoryBytes / 2 ** 30)} GB, ${machine.system}; `,
  `load ${machine.loadAtStart.toFixed(1)} when it began. `,
  results.repeat > 1 ? `Medians of ${results.repeat}.` : 'Each thing once.',
  results.quick ? ' The short form, with smaller tables.' : '',
].join('');
const text = readFileSync(page, 'utf8');
const [before, rest] = text.split(begin);
const after = rest?.split(end)[1];
if (after === undefined) throw new Error('docs/performance.md has lost the marks around its figures');
writeFileSync(page, `${before}${begin}\n${about}\n\n${markdownTable(results.rows)}\n${end}${after}`);
