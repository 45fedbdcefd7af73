// The examples work as they stand, but for the port of the server.
import assert from 'node:assert/strict';
import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { withTemporaryFolder } from '../support/program.mjs';
import { sharedDynalite, sql } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

// Calls use(folder) with a copy of the example.
const withExample = (name, use) =>
  withTemporaryFolder(async (folder) => {
    await cp(new URL(`../../examples/${name}`, import.meta.url), folder, { recursive: true });
    const file = join(folder, 'spicepod.yaml');
    const text = await readFile(file, 'utf8');
    assert.ok(text.includes('http://127.0.0.1:8000'));
    await writeFile(file, text.replaceAll('http://127.0.0.1:8000', dynalite.endpoint));
    await use(folder);
  });

test('federation: a DynamoDB table, a Parquet file and a copy in a file', async () => {
  await withExample('federation', async (folder) => {
    const query = 'SELECT * FROM sales ORDER BY total DESC';
    const first = await sql(folder, query);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /\| region +\| orders \| total +\|\n/);
    assert.match(first.stdout, /\| West +\| 10 /);
    assert.ok((await stat(join(folder, '.sumac/data/accelerated_duckdb.db'))).size > 0);
    const second = await sql(folder, 'SELECT count(*) FROM orders', '--format', 'csv');
    assert.deepEqual([second.code, second.stdout], [0, 'count_star()\n20\n']);
    const again = await sql(folder, query);
    assert.deepEqual([again.code, again.stdout], [0, first.stdout]);
  });
});
