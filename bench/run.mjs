// Runs the bench; see scripts/bench. Writes FOLDER/results.json after each row, so that what was
// measured is there even when the rest is not waited for.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import * as measurements from './measurements.mjs';
import { distinctPages, prepareItems, startReplayServer, table } from './replay_server.mjs';
import { passes, terminalTable } from './report.mjs';
import { rows } from './rows.mjs';

const usage = `usage: scripts/bench [--quick] [--repeat N] [--only ROW]... [--list]`;
const { values: options } = parseArgs({
  options: {
    build: { type: 'string', default: 'build/bench' },
    sumac: { type: 'string' }, // another build of the program
    quick: { type: 'boolean', default: false },
    repeat: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(usage);
  process.exit(0);
}
if (options.list) {
  console.log(Object.keys(rows).join('\n'));
  process.exit(0);
}
const unknown = options.only.filter((id) => !(id in rows));
const repeat = Number(options.repeat ?? (options.quick ? 1 : 3));
if (unknown.length > 0 || !Number.isInteger(repeat) || repeat < 1) {
  console.error(unknown.length > 0 ? `no row '${unknown[0]}'; --list names them` : usage);
  process.exit(2);
}

const shapeNames = ['users', 'narrow', 'wide', 'deep', 'numbers', 'long_strings'];
const build = resolve(options.build);
const folder = join(build, 'data');

const once = (make) => {
  let made;
  return () => (made ??= make());
};

async function prepare() {
  const shapes = {};
  for (const name of shapeNames) shapes[name] = await prepareItems(build, folder, name);
  const scanPages = options.quick ? 96 : 256;
  const peerPages = options.quick ? 8 : 16;
  const tables = shapeNames.flatMap((name) => [
    table(shapes[name], `${name}_scan`, scanPages),
    table(shapes[name], `${name}_peers`, peerPages),
    table(shapes[name], `${name}_warm_up`, peerPages),
  ]);
  tables.push(table(shapes.users, 'users_large', options.quick ? 256 : 2048));
  const server = await startReplayServer(build, folder, { tables });
  const bench = {
    build,
    folder,
    sumac: resolve(options.sumac ?? join(build, 'sumac')),
    server,
    shapes,
    scanPages,
    repeat,
    quick: options.quick,
    // Close enough where the pages are no multiple of the distinct ones.
    itemsOf: (shape, pages) => Math.round((shapes[shape].items * pages) / distinctPages),
  };
  bench.decoded = once(() => measurements.decodeAlone(bench));
  const whole = {};
  bench.javascriptWhole = (shape) =>
    (whole[shape] ??= measurements.javascript(bench, 'document', shape));
  return bench;
}

function git(...gitArguments) {
  return execFileSync('git', gitArguments, { encoding: 'utf8' }).trim();
}

const machine = () => ({
  processor: os.cpus()[0].model,
  cores: os.cpus().length,
  memoryBytes: os.totalmem(),
  system: `${os.type()} ${os.release()}`,
  loadAtStart: os.loadavg()[0],
});

const results = {
  commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') ? ' with changes' : ''),
  date: new Date().toISOString(),
  machine: machine(),
  repeat,
  quick: options.quick,
  rows: [],
};

const bench = await prepare();
for (const [id, measure] of Object.entries(rows)) {
  if (options.only.length > 0 && !options.only.includes(id)) continue;
  process.stderr.write(`${id} ...`);
  const started = performance.now();
  const row = await measure(bench).catch((error) => ({
    title: id,
    failed: error.message.split('\n')[0],
  }));
  process.stderr.write(` ${Math.round((performance.now() - started) / 1000)} s\n`);
  results.rows.push({ id, ...row });
  writeFileSync(join(build, 'results.json'), JSON.stringify(results, null, 1) + '\n');
}
await bench.server.stop();
console.log(terminalTable(results.rows));
const missed = results.rows.filter(
  (row) => row.failed || row.comparisons?.some((one) => passes(one) === false),
);
console.log(`\n${results.rows.length} rows, ${missed.length} short of what is wanted.`);
console.log(join(build, 'results.json'));
process.exit(missed.length > 0 ? 1 : 0);
