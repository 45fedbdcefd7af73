// Items that change under a running `sumac run`: noticed, counted, and taken up without a restart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { call, createTable } from '../support/dynalite/load.mjs';
import { run, startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

const put = (TableName, Item) => call(dynalite.endpoint, 'PutItem', { TableName, Item });

async function makeTable(TableName, ...items) {
  await createTable(dynalite.endpoint, {
    TableName,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });
  for (const item of items) await put(TableName, item);
}

const withServer = (datasets, use) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, datasets);
    const server = await startServer(sumac, folder, { more: ['--metrics', '127.0.0.1:0'] });
    const metrics = /Sumac metrics listening on (\S+)/.exec(server.stderr())[1];
    try {
      await use({ ...server, metrics: `http://${metrics}` });
    } finally {
      await server.stop();
    }
  });

// Each question is to read the items, though it was asked just before.
async function ask(server, sql, accept = 'application/vnd.spiceai.sql.v1+json') {
  const response = await fetch(`${server.url}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', Accept: accept, 'Cache-Control': 'no-cache' },
    body: sql,
  });
  const text = await response.text();
  const answer = response.ok ? JSON.parse(text) : text;
  return { status: response.status, answer, warnings: response.headers.get('sumac-warnings') };
}

const datasets = (server, ...more) => run(sumac, ['datasets', '--http', server.url, ...more]);
const metricsOf = async (server) => (await fetch(`${server.metrics}/metrics`)).text();
const occurrences = (text, part) => text.split(part).length - 1;

test('new attributes and wider numbers are noticed, and taken up by a refresh', async () => {
  await makeTable('things', { id: { S: 'a' }, size: { N: '1' } });
  await withServer(['things'], async (server) => {
    const first = await ask(server, 'SELECT * FROM things');
    assert.deepEqual(first.answer.data, [{ id: 'a', size: 1 }]);
    assert.ok(!('warnings' in first.answer));
    assert.equal(first.warnings, null);

    await put('things', { id: { S: 'b' }, size: { N: '1.5' }, nickname: { S: 'bee' } });
    for (let i = 0; i < 3; ++i) {
      const noticed = await ask(server, 'SELECT * FROM things ORDER BY id');
      // What clients of Spice read is as it was.
      assert.deepEqual(noticed.answer.data, [{ id: 'a', size: 1 }, { id: 'b' }]);
      assert.equal(noticed.answer.row_count, 2);
      assert.deepEqual(
        noticed.answer.schema.fields.map((field) => field.name),
        ['id', 'size'],
      );
      assert.equal(noticed.warnings, '2');
      assert.equal(noticed.answer.warnings.length, 2);
      assert.match(noticed.answer.warnings[0], /'things', column 'size': 1 value/);
      assert.match(noticed.answer.warnings[1], /'things': items have attributes without a column \('nickname'\)/);
    }
    assert.equal((await ask(server, 'SELECT nickname FROM things')).status, 400);
    // Once, not once per query.
    assert.equal(occurrences(server.stderr(), "'nickname' (string) has no column"), 1, server.stderr());
    assert.equal(occurrences(server.stderr(), "'size' has values (number)"), 1, server.stderr());
    assert.match(server.stderr(), /sumac datasets refresh-schema things/);
    const before = await metricsOf(server);
    assert.match(before, /^dataset_type_mismatches_total\{column="size",dataset="things"\} 3$/m);
    assert.match(before, /^dataset_unknown_attributes_total\{dataset="things"\} 1$/m);
    assert.match(before, /^dataset_schema_columns\{dataset="things"\} 2$/m);
    assert.match(before, /^dataset_dynamodb_pages_total\{name="things"\} \d+$/m);

    const refreshed = await datasets(server, 'refresh-schema', 'things');
    assert.equal(refreshed.code, 0, refreshed.stderr);
    assert.match(refreshed.stdout, /1 column added, 1 column of another type/);
    assert.match(refreshed.stdout, /^ {2}\+ nickname$/m);
    assert.match(refreshed.stdout, /^ {2}size: BIGINT -> DOUBLE$/m);

    const after = await ask(server, 'SELECT * FROM things ORDER BY id');
    assert.deepEqual(after.answer.data, [
      { id: 'a', size: 1.0 },
      { id: 'b', nickname: 'bee', size: 1.5 },
    ]);
    assert.ok(!('warnings' in after.answer));
    const metrics = await metricsOf(server);
    assert.match(metrics, /^dataset_schema_refreshes_total\{dataset="things",result="changed"\} 1$/m);
    assert.match(metrics, /^dataset_schema_columns\{dataset="things"\} 3$/m);
  });
});

test('a column keeps its name when an attribute comes that differs by case', async () => {
  await makeTable('mails', { id: { S: 'a' }, email: { S: 'a@example.com' } });
  await withServer(['mails'], async (server) => {
    await put('mails', { id: { S: 'b' }, EMAIL: { S: 'other' } });
    const refreshed = await datasets(server, 'refresh-schema', 'MAILS');
    assert.equal(refreshed.code, 0, refreshed.stderr);
    assert.match(refreshed.stdout, /^ {2}\+ EMAIL_2$/m);
    const { answer } = await ask(server, 'SELECT id, email, EMAIL_2 AS other FROM mails ORDER BY id');
    assert.deepEqual(answer.data, [{ id: 'a', email: 'a@example.com' }, { id: 'b', other: 'other' }]);
  });
});

test('a rare attribute that a query met is taken up though the sample misses it', async () => {
  await makeTable('rare_things', { id: { S: 'a' } }, { id: { S: 'b' } });
  const params = { schema_infer_max_records: 1, scan_segments: 1 };
  await withServer([['rare_things', { params }]], async (server) => {
    const [sampled] = (await ask(server, 'SELECT id FROM rare_things LIMIT 1')).answer.data;
    await put('rare_things', { id: { S: sampled.id === 'a' ? 'b' : 'a' }, rare: { BOOL: true } });
    const refresh = async () => {
      const url = `${server.url}/v1/datasets/rare_things/schema/refresh`;
      return (await fetch(url, { method: 'POST' })).json();
    };
    assert.equal((await refresh()).changed, false);
    await ask(server, 'SELECT * FROM rare_things');
    const reply = await refresh();
    assert.equal(reply.changed, true);
    assert.deepEqual(reply.added, ['rare']);
    assert.deepEqual(reply.changed_types, []);
    assert.match(reply.message, /1 column added/);
    const found = await ask(server, 'SELECT id FROM rare_things WHERE rare');
    assert.equal(found.answer.row_count, 1);
  });
});

test('an accelerated dataset is loaded anew', async () => {
  await makeTable('copied_things', { id: { S: 'a' }, size: { N: '1' } });
  await withServer([['copied_things', { accelerated: true }]], async (server) => {
    await put('copied_things', { id: { S: 'b' }, size: { N: '2' }, nickname: { S: 'bee' } });
    assert.equal((await ask(server, 'SELECT * FROM copied_things')).answer.row_count, 1);
    const refreshed = await datasets(server, 'refresh-schema', 'copied_things');
    assert.equal(refreshed.code, 0, refreshed.stderr);
    const after = await ask(server, 'SELECT nickname FROM copied_things WHERE size = 2');
    assert.deepEqual(after.answer.data, [{ nickname: 'bee' }]);
  });
});

test('lists datasets, and says what is wrong', async () => {
  await withServer(['users'], async (server) => {
    const listed = await datasets(server);
    assert.equal(listed.code, 0, listed.stderr);
    assert.equal(listed.stdout, 'name   from            state\nusers  dynamodb:users  Ready\n');
    const unknown = await datasets(server, 'refresh-schema', 'user');
    assert.equal(unknown.code, 1);
    assert.equal(unknown.stderr, 'error: There is no dataset "user". Did you mean "users"?\n');
    const missing = await fetch(`${server.url}/v1/datasets/user/schema/refresh`, { method: 'POST' });
    assert.equal(missing.status, 404);
    assert.equal((await fetch(`${server.metrics}/v1/datasets`)).status, 404);
    assert.equal((await fetch(`${server.metrics}/health`)).status, 200);
  });
  const nobody = await run(sumac, ['datasets', '--http', '127.0.0.1:1']);
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /^error: no Sumac answers at http:\/\/127\.0\.0\.1:1 .*sumac run.*--http\n$/);
});
