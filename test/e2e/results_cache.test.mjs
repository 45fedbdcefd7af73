// The results cache of `sumac run`: what is answered again without reading, and what is not.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { call, createTable } from '../support/dynalite/load.mjs';
import { spicepodText, startServer, withTemporaryFolder } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

const put = (TableName, Item) => call(dynalite.endpoint, 'PutItem', { TableName, Item });

async function makeTable(TableName) {
  await createTable(dynalite.endpoint, {
    TableName,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  });
  await put(TableName, { id: { S: 'a' } });
}

// `cache` is the map `sql_results` in YAML; nothing leaves it out.
const withServer = (datasets, cache, use) =>
  withTemporaryFolder(async (folder) => {
    const views = { recent: 'SELECT id, now() AS seen FROM users LIMIT 1' };
    const runtime = cache === undefined ? '' : `runtime:\n  caching:\n    sql_results: ${cache}\n`;
    await writeFile(join(folder, 'spicepod.yaml'), spicepodText(dynalite.endpoint, datasets, { views }) + runtime);
    const server = await startServer(sumac, folder, { more: ['--metrics', '127.0.0.1:0'] });
    const [, metrics] = /Sumac metrics listening on (\S+)/.exec(server.stderr());
    const ask = async (body, headers = {}) => {
      const response = await fetch(`${server.url}/v1/sql`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain', Accept: 'text/csv', ...headers },
        body,
      });
      const header = (name) => response.headers.get(name);
      const [status, units] = [header('results-cache-status'), header('sumac-consumed-rcu')];
      return { code: response.status, status, units, legacy: header('x-cache'), text: await response.text() };
    };
    const metric = async (name) => {
      const text = await (await fetch(`http://${metrics}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.split(' ').at(-1));
    };
    try {
      await use({ ...server, ask, metric });
    } finally {
      await server.stop();
    }
  });

test('an answer comes again without reading', async () => {
  await withServer(['users'], '{item_ttl: 1h}', async ({ ask, metric, stderr }) => {
    assert.match(stderr(), /Initialized results cache; max size: 128\.00 MiB, item ttl: 1h\n/);
    const query = 'SELECT id, email FROM users ORDER BY id LIMIT 2';
    const miss = await ask(query);
    assert.deepEqual([miss.code, miss.status, miss.legacy], [200, 'MISS', 'Miss from spiceai']);
    assert.ok(Number(miss.units) > 0, miss.units);
    const hit = await ask(query);
    assert.deepEqual(hit, { ...miss, status: 'HIT', units: '0', legacy: 'Hit from spiceai' });
    const fresh = await ask(query, { 'Cache-Control': 'no-cache' });
    assert.deepEqual([fresh.status, fresh.units, fresh.text], ['BYPASS', miss.units, miss.text]);
    assert.equal((await ask(query, { 'Cache-Control': 'only-if-cached' })).status, 'HIT');
    const absent = await ask('SELECT max(id) FROM users', { 'Cache-Control': 'only-if-cached' });
    assert.deepEqual([absent.code, absent.text], [504, 'The answer is not in the results cache.']);
    assert.equal(await metric('results_cache_hits'), 2);
    assert.equal(await metric('results_cache_misses'), 2);
    assert.equal(await metric('results_cache_requests'), 4);
    assert.equal(await metric('results_cache_items_count'), 1);
    assert.equal(await metric('results_cache_max_size_bytes'), 128 * 1024 * 1024);
  });
});

test('what changes by itself is not kept', async () => {
  await withServer(['users'], '{item_ttl: 1h}', async ({ ask, metric }) => {
    for (const query of [
      'SELECT now()',
      'SELECT random()',
      'SELECT count(*) FROM users WHERE now() > current_date',
      'SELECT * FROM recent',
      'EXPLAIN SELECT id FROM users',
      'EXPLAIN ANALYZE SELECT id FROM users',
      'SELECT table_name FROM information_schema.tables',
      'SHOW TABLES',
    ]) {
      for (let i = 0; i < 2; ++i) {
        const answer = await ask(query);
        assert.deepEqual([answer.code, answer.status], [200, 'BYPASS'], `${query}: ${answer.text}`);
      }
    }
    assert.equal(await metric('results_cache_items_count'), 0);
  });
});

test('a refresh empties it', async () => {
  await makeTable('kept_things');
  await withServer(['users', ['kept_things', { accelerated: true }]], '{item_ttl: 1h}', async ({ url, ask }) => {
    const query = 'SELECT id FROM kept_things ORDER BY id';
    assert.equal((await ask(query)).text, 'id\na\n');
    await put('kept_things', { id: { S: 'b' } });
    assert.equal((await ask(query)).status, 'HIT');
    const refreshed = await fetch(`${url}/v1/datasets/kept_things/schema/refresh`, { method: 'POST' });
    assert.equal(refreshed.status, 200);
    const after = await ask(query);
    assert.deepEqual([after.status, after.text], ['MISS', 'id\na\nb\n']);
  });
});

test('it can be turned off', async () => {
  await withServer(['users'], '{enabled: false}', async ({ ask, metric, stderr }) => {
    assert.doesNotMatch(stderr(), /results cache/);
    for (let i = 0; i < 2; ++i) {
      const answer = await ask('SELECT id FROM users');
      assert.deepEqual([answer.status, answer.legacy], [null, null]);
      assert.ok(Number(answer.units) > 0, answer.units);
    }
    assert.equal(await metric('results_cache_requests'), undefined);
  });
});

test('it is on without being asked for, and says what it does not do', async () => {
  await withServer(['users'], undefined, async ({ stderr }) => {
    assert.match(stderr(), /Initialized results cache; max size: 128\.00 MiB, item ttl: 1s\n/);
  });
  await withServer(['users'], '{caching_policy: tiny_lfu, max_size: 1GiB}', async ({ stderr }) => {
    assert.match(stderr(), /'runtime\.caching\.sql_results\.caching_policy: tiny_lfu' is not acted on/);
    assert.match(stderr(), /max size: 1\.00 GiB/);
  });
});
