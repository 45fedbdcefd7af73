// Writes answers.json: what DuckDB itself answers over the generated tables, with money as DECIMAL. It
// has to be written again when the tables or the queries change. DuckDB's package for Node.js is no
// part of the project; run this in a folder that has it:
//   npm install @duckdb/node-api@1.4.4-r.1 && node PROJECT/test/support/tpch/make_answers.mjs
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { withTemporaryFolder } from '../program.mjs';
import { checkOrder, compareAnswers } from './answers.mjs';
import { writeTables } from './csv.mjs';
import { digest, generateTables } from './generate.mjs';
import { queries } from './queries.mjs';
import { tables } from './tables.mjs';

const { DuckDBInstance } = createRequire(join(process.cwd(), 'package.json'))('@duckdb/node-api');

const exactTypes = { integer: 'BIGINT', money: 'DECIMAL(15,2)', date: 'DATE', text: 'VARCHAR' };
// As the numbers of DynamoDB come.
const inexactTypes = { ...exactTypes, money: 'DOUBLE' };

async function connect(rows, types) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await withTemporaryFolder(async (folder) => {
    for (const [name, path] of await writeTables(folder, tables, rows, 'csv')) {
      const { columns } = tables.find((table) => table.name === name);
      const list = columns.map((column) => `'${column.name}': '${types[column.kind]}'`).join(', ');
      await connection.run(`CREATE TABLE ${name} AS SELECT * FROM read_csv('${path}', header = true, columns = {${list}})`);
    }
  });
  return connection;
}

const texts = (rows) => rows.map((row) => row.map((value) => (value === null ? null : String(value))));

async function answer(connection, { columns, sql }) {
  const reader = await connection.runAndReadAll(sql);
  assert.deepEqual(reader.columnNames(), columns.map(([name]) => name));
  return texts(reader.getRowsJson());
}

// An answer is only good to compare with when it cannot be another: it has rows, and where rows are cut
// off the first that is missing stands clearly behind the last that is there.
async function check(connection, query, rows) {
  assert.ok(rows.length > 0 && rows.every((row) => !row.includes(null)), `${query.name} has no row, or NULL`);
  checkOrder(query, rows);
  if (query.limit === null || rows.length < query.limit) return;
  const more = await answer(connection, { ...query, sql: query.sql.replace(/LIMIT \d+$/, `LIMIT ${query.limit + 1}`) });
  if (more.length === rows.length) return;
  assert.throws(() => checkOrder(query, more.slice(-2).reverse()), `${query.name}: a tie where rows are cut off`);
}

const rows = generateTables();
const connection = await connect(rows, exactTypes);
const inexact = await connect(rows, inexactTypes);
const answers = [];
for (const query of queries) {
  const answerRows = await answer(connection, query);
  await check(connection, query, answerRows);
  // No comparison in a query may be so close that rounding decides it.
  compareAnswers(query, await answer(inexact, query), answerRows);
  const lines = answerRows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  answers.push(`  ${JSON.stringify(query.name)}: [\n${lines}\n  ]`);
  console.log(`${query.name}: ${answerRows.length} rows`);
}
const text = `{\n  "digest": ${JSON.stringify(digest(rows))},\n${answers.join(',\n')}\n}\n`;
await writeFile(new URL('answers.json', import.meta.url), text);
