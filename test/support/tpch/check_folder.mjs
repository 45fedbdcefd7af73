// Runs the 22 queries over a folder of dbgen's data and compares with the answers in it. See
// scripts/tpch and docs/tpch.md.
import { access, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { startDynalite } from '../dynalite/server.mjs';
import { withTemporaryFolder } from '../program.mjs';
import { compareAnswers } from './answers.mjs';
import { readTbl, writeTables } from './csv.mjs';
import { queries } from './queries.mjs';
import {
  accelerations, answerOf, dynamodbDatasets, fileDatasets, loadIntoDynamodb, withDatasets,
} from './sumac.mjs';
import { tables } from './tables.mjs';

const usage = `usage: scripts/tpch FOLDER [--mode files|federated|memory|file]... [--only qNN]...
  FOLDER   has NAME.tbl, NAME.parquet or NAME.csv of the eight tables, and answers/q01.csv to q22.csv
  --mode   how the tables are read: from files, or from DynamoDB, kept in memory or in a file; all
           four unless given
  --only   only these queries
The program is build/release/sumac, or what SUMAC names.`;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const sumac = resolve(process.env.SUMAC ?? join(root, 'build/release/sumac'));
const modes = ['files', ...Object.keys(accelerations)];
const seconds = (start) => `${((performance.now() - start) / 1_000).toFixed(1)} s`;
const exists = (path) => access(path).then(() => true, () => false);

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mode: { type: 'string', multiple: true, default: modes },
      only: { type: 'string', multiple: true, default: queries.map(({ name }) => name) },
    },
  });
  if (positionals.length !== 1) throw new Error('wanted one folder');
  const unknown = [
    ...values.mode.filter((mode) => !modes.includes(mode)),
    ...values.only.filter((name) => !queries.some((query) => query.name === name)),
  ];
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}`);
  return { folder: resolve(positionals[0]), modes: values.mode, only: values.only };
}

async function pathOf(folder, name) {
  for (const format of ['tbl', 'parquet', 'csv']) {
    const path = join(folder, `${name}.${format}`);
    if (await exists(path)) return path;
  }
  throw new Error(`${folder} has no ${name}.tbl, ${name}.parquet or ${name}.csv`);
}

// The rows of all tables, and [[name, path]] of those that the program can read as files. What is in .tbl
// is read here, everything else by the program.
async function readFolder(folder) {
  const rows = {};
  const files = [];
  for (const table of tables) {
    const path = await pathOf(folder, table.name);
    if (path.endsWith('.tbl')) rows[table.name] = await readTbl(path, table);
    else files.push([table.name, path]);
  }
  if (files.length === 0) return { rows, files };
  await withTemporaryFolder((pod) => withDatasets(sumac, pod, fileDatasets(files), async (ask) => {
    for (const { name, columns } of tables.filter((table) => !(table.name in rows))) {
      const names = columns.map((column) => column.name);
      const answer = await ask(`SELECT ${names.join(', ')} FROM ${name}`);
      rows[name] = answer.rows.map((row) => Object.fromEntries(names.map((column, index) => [column, row[index] ?? ''])));
    }
  }));
  return { rows, files };
}

// The files as they are, and CSV of what was in .tbl.
async function allAsFiles(folder, { rows, files }) {
  const others = tables.filter(({ name }) => !files.some(([fileName]) => fileName === name));
  return [...files, ...(await writeTables(folder, others, rows, 'csv'))];
}

// A header, then fields between bars without quotes; an empty one is NULL.
async function readAnswer(folder, name) {
  const text = await readFile(join(folder, 'answers', `${name}.csv`), 'utf8');
  const lines = text.replace(/\n$/, '').split('\n').slice(1);
  return lines.map((line) => line.split('|').map((field) => (field === '' ? null : field)));
}

// The answers have one way of writing an empty text and NULL.
const withoutEmpty = (rows) => rows.map((row) => row.map((cell) => (cell === '' ? null : cell)));

// Asks all of `asked`, says how each went, and resolves to how many failed.
async function checkAll(ask, folder, asked) {
  let failed = 0;
  for (const query of asked) {
    const start = performance.now();
    try {
      const rows = await answerOf(ask, query);
      const time = seconds(start);
      compareAnswers(query, withoutEmpty(rows), await readAnswer(folder, query.name));
      console.log(`  ${query.name} ok, ${rows.length} rows, ${time}`);
    } catch (error) {
      failed += 1;
      console.log(`  ${query.name} FAILED: ${error.message}`);
    }
  }
  return failed;
}

async function main() {
  let options;
  try {
    options = readArguments();
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
  if (!(await exists(sumac))) throw new Error(`there is no ${sumac}; build it with scripts/build`);
  const asked = queries.filter(({ name }) => options.only.includes(name));
  let start = performance.now();
  const data = await readFolder(options.folder);
  const rowCount = Object.values(data.rows).reduce((sum, list) => sum + list.length, 0);
  console.log(`read ${options.folder}: ${rowCount} rows, ${seconds(start)}`);

  let dynalite = null;
  let failed = 0;
  try {
    if (options.modes.some((mode) => mode !== 'files')) {
      start = performance.now();
      dynalite = await startDynalite('--seeds', 'none');
      await loadIntoDynamodb(dynalite.endpoint, data.rows);
      console.log(`loaded into DynamoDB: ${seconds(start)}`);
    }
    for (const mode of options.modes) {
      await withTemporaryFolder(async (pod) => {
        start = performance.now();
        const datasets = mode === 'files'
          ? fileDatasets(await allAsFiles(pod, data))
          : dynamodbDatasets(dynalite.endpoint, accelerations[mode](pod));
        await withDatasets(sumac, pod, datasets, async (ask) => {
          console.log(`${mode}: ready after ${seconds(start)}`);
          failed += await checkAll(ask, options.folder, asked);
        });
      });
    }
  } finally {
    await dynalite?.stop();
  }
  console.log(failed === 0 ? 'All answers are right.' : `${failed} answers are wrong.`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error) => {
  console.error(`tpch: ${error.message}`);
  process.exit(1);
});
