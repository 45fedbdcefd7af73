// Files and DuckDB databases as datasets: over HTTP, where SQL is shut in, and on the command line.
import assert from 'node:assert/strict';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { run, startServer, withTemporaryFolder } from '../support/program.mjs';
import { sql, sumac } from './setting.mjs';

const pod = (folder) => `version: v1
kind: Spicepod
name: connectors
datasets:
  - from: file:rates.csv
    name: rates
  - from: file:${folder}/events
    name: events
    params:
      file_format: jsonl
  - from: file:p.parquet
    name: p
  - from: duckdb:sales.customers
    name: customers
    params:
      duckdb_open: crm.duckdb
  - from: duckdb:secrets
    name: copied
    params:
      duckdb_open: crm.duckdb
    acceleration:
      enabled: true
  - from: file:gone.csv
    name: gone
views:
  - name: passwords
    sql: SELECT * FROM read_text('/etc/passwd')
  - name: own_file
    sql: SELECT * FROM '${folder}/p.parquet'
`;

// The files are written by `sumac sql`, which may.
async function writeFiles(folder) {
  await writeFile(join(folder, 'rates.csv'), 'currency,rate\nEUR,1\nUSD,1.08\n');
  await mkdir(join(folder, 'events'));
  await writeFile(join(folder, 'events/1.jsonl'), '{"id":1,"currency":"EUR"}\n');
  await writeFile(join(folder, 'spicepod.yaml'), 'version: v1\nkind: Spicepod\nname: none\n');
  for (const text of [
    `COPY (SELECT 7 AS id) TO '${folder}/p.parquet'`,
    `ATTACH '${folder}/crm.duckdb' AS crm;
     CREATE SCHEMA crm.sales;
     CREATE TABLE crm.sales.customers AS SELECT 1 AS id, 'Ada' AS name;
     CREATE TABLE crm.secrets AS SELECT 's' AS text;
     CREATE TABLE crm.others AS SELECT 'hidden' AS text`,
  ]) {
    const made = await sql(folder, text);
    assert.equal(made.code, 0, made.stderr);
  }
  await writeFile(join(folder, 'spicepod.yaml'), pod(folder));
}

async function ask(server, body, headers = { 'Content-Type': 'text/plain' }) {
  const response = await fetch(`${server.url}/v1/sql`, {
    method: 'POST',
    headers: { Accept: 'text/csv', ...headers },
    body,
  });
  return { status: response.status, cache: response.headers.get('results-cache-status'), text: await response.text() };
}

// Every state is final; views come last.
async function untilLoaded(server) {
  while (/still loading/.test((await ask(server, 'SELECT * FROM own_file')).text));
}

const withServer = (use) =>
  withTemporaryFolder(async (folder) => {
    await writeFiles(folder);
    const server = await startServer(sumac, folder, { ready: false });
    try {
      await untilLoaded(server);
      await use(server, folder);
    } finally {
      await server.stop();
    }
  });

test('files and databases answer together, and files as they are now', async () => {
  await withServer(async (server, folder) => {
    const joined = `SELECT e.id, name, rate FROM events e JOIN rates USING (currency)
      JOIN customers c ON c.id = e.id ORDER BY 1`;
    assert.equal((await ask(server, joined)).text, 'id,name,rate\n1,Ada,1.0\n');
    const count = 'SELECT count(*) AS n FROM events';
    assert.equal((await ask(server, count)).text, 'n\n1\n');
    await writeFile(join(folder, 'events/2.jsonl'), '{"id":2,"currency":"USD"}\n');
    const again = await ask(server, count);
    assert.equal(again.text, 'n\n2\n');
    assert.notEqual(again.cache, 'HIT');
    assert.equal((await ask(server, 'SELECT text FROM copied')).text, 'text\ns\n');

    await writeFile(join(folder, 'rates.csv'), 'currency,rate,day\nEUR,1,2024-01-31\n');
    const changed = await ask(server, 'SELECT rate FROM rates');
    assert.equal(changed.status, 400);
    assert.match(changed.text, /^dataset 'rates': the files have other columns .*'day' is new/);
    assert.equal(changed.text.trim().split('\n').length, 1);
    const refreshed = await run(sumac, ['datasets', 'refresh-schema', 'rates', '--http', server.url]);
    assert.equal(refreshed.code, 0, refreshed.stderr);
    assert.equal((await ask(server, 'SELECT day FROM rates')).text, 'day\n2024-01-31\n');

    const gone = await ask(server, 'SELECT * FROM gone');
    assert.match(gone.text, /^dataset 'gone': there is no file or folder '.*gone\.csv'/);
  });
});

// A path is tried as it is and in the form in which datasets hand it to the readers.
test('served SQL reads no file by itself, also none of a dataset', async () => {
  await withServer(async (server, folder) => {
    const json = { 'Content-Type': 'application/json' };
    const files = ['/etc/passwd', 'p.parquet', 'rates.csv', 'events/1.jsonl', 'crm.duckdb'];
    for (const file of files.map((name) => (name.startsWith('/') ? name : join(folder, name)))) {
      for (const path of [file, `dataset:/70${file}`, `file://${file}`]) {
        const statements = [
          `SELECT * FROM '${path}'`,
          `SELECT * FROM "${path}"`,
          ...['read_csv', 'read_text', 'read_blob', 'read_json', 'read_parquet', 'read_csv_auto', 'glob', 'sniff_csv',
            'parquet_schema', 'query_table', 'query'].map((name) => `SELECT * FROM ${name}('${path}')`),
          `SELECT * FROM read_text(getvariable('x'))`,
          `SELECT * FROM query('FROM read_text(''${path}'')')`,
          `WITH p AS (SELECT * FROM read_text('${path}')) SELECT * FROM p`,
          `SELECT * FROM p, LATERAL (SELECT * FROM read_text('${path}'))`,
          `SET VARIABLE x = '${path}'`,
          `PREPARE q AS SELECT * FROM read_text('${path}')`,
          `CREATE TEMP VIEW v AS SELECT * FROM read_text('${path}')`,
          `CREATE MACRO m() AS TABLE SELECT * FROM read_text('${path}')`,
          `ATTACH '${path}' AS stolen (READ_ONLY)`,
          `COPY p TO '${path}.copy'`,
          `COPY p FROM '${path}'`,
          `EXPORT DATABASE '${path}.copy'`,
          `IMPORT DATABASE '${path}'`,
          `LOAD '${path}'`,
          `SUMMARIZE '${path}'`,
          `DESCRIBE '${path}'`,
        ];
        for (const statement of statements) {
          const answer = await ask(server, statement);
          assert.equal(answer.status, 400, `${statement}: ${answer.text}`);
          assert.doesNotMatch(answer.text, /root:|hidden/);
        }
        const parameters = JSON.stringify({ sql: 'SELECT * FROM read_text($1)', parameters: [path] });
        assert.equal((await ask(server, parameters, json)).status, 400);
      }
      await assert.rejects(access(`${file}.copy`));
    }
    for (const view of ['passwords', 'own_file']) {
      assert.match((await ask(server, `SELECT * FROM ${view}`)).text, new RegExp(`^view '${view}': `));
    }
    for (const name of ['others', 'main.others', 'crm.others', '"crm.duckdb".main.others']) {
      assert.equal((await ask(server, `SELECT * FROM ${name}`)).status, 400);
    }
    assert.equal((await ask(server, 'SELECT id FROM p')).text, 'id\n7\n');
  });
});

test('a file needs no Spicepod on the command line', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "it's a b.csv"), 'id\n5\n');
    const answer = await run(sumac, ['sql', '--from', "file:it's a b.csv", '--name', 'odd', '--format', 'csv', '-c', 'FROM odd'], {
      cwd: folder,
    });
    assert.deepEqual([answer.code, answer.stdout], [0, 'id\n5\n'], answer.stderr);
    await rm(join(folder, "it's a b.csv"));
  });
});
