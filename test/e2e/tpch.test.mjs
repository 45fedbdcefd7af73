// The 22 queries of TPC-H over generated tables: from DynamoDB, from copies in memory and in a file, and
// from plain files all give what DuckDB itself answered (test/support/tpch/answers.json).
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { startDynalite } from '../support/dynalite/server.mjs';
import { withTemporaryFolder } from '../support/program.mjs';
import { compareAnswers } from '../support/tpch/answers.mjs';
import { writeTables } from '../support/tpch/csv.mjs';
import { defaultSeed, digest, generateTables } from '../support/tpch/generate.mjs';
import { numberText } from '../support/tpch/items.mjs';
import { queries } from '../support/tpch/queries.mjs';
import {
  acceleratedFile, accelerations, answerOf, dynamodbDatasets, fileDatasets, loadIntoDynamodb, withDatasets,
} from '../support/tpch/sumac.mjs';
import { tables } from '../support/tpch/tables.mjs';
import { sumac } from './setting.mjs';

const timeout = 300_000;
const rows = generateTables();
const answers = JSON.parse(await readFile(new URL('../support/tpch/answers.json', import.meta.url), 'utf8'));

let dynalite;
before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  await loadIntoDynamodb(dynalite.endpoint, rows);
}, { timeout });
after(() => dynalite?.stop());

// Asks all queries, each in a test of its own below `context`.
const checkQueries = (context, folder, datasets) =>
  withDatasets(sumac, folder, datasets, async (ask) => {
    for (const query of queries) {
      await context.test(`${query.name}, ${query.title}`, async () => {
        compareAnswers(query, await answerOf(ask, query), answers[query.name]);
      });
    }
  });

test('the tables are those that the answers were made from', () => {
  assert.equal(digest(rows), answers.digest, 'write answers.json again with test/support/tpch/make_answers.mjs');
  assert.equal(digest(generateTables({ seed: defaultSeed })), answers.digest);
  assert.notEqual(digest(generateTables({ seed: defaultSeed + 1 })), answers.digest);
  assert.deepEqual(
    ['17.00', '0.10', '-0.50', '100', '0.00', '-0.00', '1200.05'].map(numberText),
    ['17', '0.1', '-0.5', '100', '0', '0', '1200.05'],
  );
});

test('an answer that is wrong is told from one that is right', () => {
  const query = queries.find(({ name }) => name === 'q10');
  const right = answers.q10;
  const revenue = query.columns.findIndex(([column]) => column === 'revenue');
  // One cell of the fourth row is another.
  const changed = (column, cell) =>
    right.map((row, index) => (index === 3 ? row.map((old, at) => (at === column ? cell : old)) : row));
  const withRevenue = (factor) => changed(revenue, String(Number(right[3][revenue]) * factor));
  compareAnswers(query, right, right);
  compareAnswers(query, withRevenue(1 + 1e-12), right);
  assert.throws(() => compareAnswers(query, withRevenue(1 + 1e-8), right), /revenue is/);
  assert.throws(() => compareAnswers(query, changed(revenue, null), right), /revenue is null/);
  assert.throws(() => compareAnswers(query, changed(1, 'Nobody'), right), /1 are unexpected .*Nobody/);
  assert.throws(() => compareAnswers(query, right.slice(1), right), /1 are missing/);
  assert.throws(() => compareAnswers(query, [...right, right[0]], right), /1 are unexpected/);
  assert.throws(() => compareAnswers(query, [...right].reverse(), right), /not in order/);
});

for (const [mode, acceleration] of Object.entries(accelerations)) {
  test(`from DynamoDB, ${mode}`, { timeout }, (context) =>
    withTemporaryFolder(async (folder) => {
      const datasets = dynamodbDatasets(dynalite.endpoint, acceleration(folder));
      await checkQueries(context, folder, datasets);
      if (mode !== 'file') return;
      assert.ok((await stat(acceleratedFile(folder))).size > 0);
      // Started again where the file is there already.
      await checkQueries(context, folder, datasets);
    }),
  );
}

for (const format of ['csv', 'jsonl']) {
  test(`from files, ${format}`, { timeout }, (context) =>
    withTemporaryFolder(async (folder) => {
      await checkQueries(context, folder, fileDatasets(await writeTables(folder, tables, rows, format)));
    }),
  );
}
