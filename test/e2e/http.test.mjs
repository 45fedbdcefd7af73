// `sumac run` over HTTP, as Spice's clients use it.
import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

const withServer = (datasets, use, options) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, datasets);
    const server = await startServer(sumac, folder, options);
    try {
      await use(server, folder);
    } finally {
      await server.stop();
    }
  });

async function ask(server, body, headers = {}) {
  const response = await fetch(`${server.url}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', ...headers },
    body,
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function get(server, path) {
  const response = await fetch(server.url + path);
  return { status: response.status, text: await response.text() };
}

test('answers SQL in the formats of Spice', async () => {
  await withServer(['users', 'orders'], async (server) => {
    const query = 'SELECT order_id, note FROM orders WHERE customer_id = 1 ORDER BY order_id LIMIT 2';
    const json = await ask(server, query);
    assert.equal(json.status, 200, json.text);
    assert.match(json.type, /^application\/json/);
    // A NULL field is left out.
    assert.deepEqual(JSON.parse(json.text), [
      { order_id: 'A-1001', note: 'leave at the door' },
      { order_id: 'A-1002' },
    ]);
    const csv = await ask(server, query, { Accept: 'text/csv' });
    assert.match(csv.type, /^text\/csv/);
    assert.equal(csv.text, 'order_id,note\nA-1001,leave at the door\nA-1002,\n');
    const plain = await ask(server, query, { Accept: 'text/plain' });
    assert.match(plain.type, /^text\/plain/);
    assert.match(plain.text, /\| order_id \| note +\|/);
    const unknown = await ask(server, query, { Accept: 'application/x-unknown' });
    assert.match(unknown.type, /^application\/json/);
    assert.equal((await ask(server, 'SELECT id FROM users WHERE id < 0')).text, '[]');
  });
});

test('takes parameters in a JSON body', async () => {
  await withServer(['users'], async (server) => {
    const askJson = (body) => ask(server, JSON.stringify(body), { 'Content-Type': 'application/json' });
    const positional = await askJson({
      sql: 'SELECT email FROM users WHERE id = $1 OR email = $2 ORDER BY id',
      parameters: [2, 'ada@example.com'],
    });
    assert.deepEqual(
      JSON.parse(positional.text).map((row) => row.email),
      ['ada@example.com', 'grace@example.com'],
    );
    const named = await askJson({ sql: 'SELECT email FROM users WHERE id = $id', parameters: { id: 3 } });
    assert.deepEqual(JSON.parse(named.text), [{ email: 'edsger@example.org' }]);
    const broken = await ask(server, '{', { 'Content-Type': 'application/json' });
    assert.equal(broken.status, 400);
    assert.match(broken.text, /JSON/);
  });
});

test('a failed query is 400 with its message', async () => {
  await withServer(['users'], async (server) => {
    for (const [query, message] of [
      ['SELECT * FROM userz', /userz/],
      ['SELEC 1', /syntax error/],
      ['', /./],
    ]) {
      const answer = await ask(server, query);
      assert.equal(answer.status, 400, query);
      assert.match(answer.text, message);
    }
    assert.equal((await ask(server, 'SELECT 1 AS one')).text, '[{"one":1}]');
  });
});

test('served SQL is shut in', async () => {
  await withServer(['users'], async (server, folder) => {
    const target = join(folder, 'stolen.csv');
    for (const query of [
      `COPY users TO '${target}'`,
      "SELECT * FROM read_csv('/etc/passwd')",
      "SELECT * FROM '/etc/passwd'",
      "SELECT * FROM read_text('/etc/passwd')",
      `ATTACH '${target}' AS stolen`,
      'INSTALL httpfs',
      'LOAD httpfs',
      'SET threads = 1',
      'PRAGMA enable_profiling',
      'CREATE TABLE t AS SELECT 1',
      'DROP TABLE users',
      "INSERT INTO users (id) VALUES (11)",
      `EXPORT DATABASE '${folder}'`,
      `SELECT 1; COPY (SELECT 1) TO '${target}'`,
    ]) {
      const answer = await ask(server, query);
      assert.equal(answer.status, 400, `${query}: ${answer.text}`);
    }
    await assert.rejects(access(target));
    assert.equal((await ask(server, 'SELECT count(*) AS n FROM users')).text, '[{"n":10}]');
  });
});

test('what is served, and where', async () => {
  await withServer(['users'], async (server) => {
    const http = new URL(server.url).host;
    assert.deepEqual(JSON.parse((await get(server, '/v1/status')).text), [
      { name: 'http', endpoint: http, status: 'Ready' },
      { name: 'flight', endpoint: 'N/A', status: 'Disabled' },
      { name: 'metrics', endpoint: 'N/A', status: 'Disabled' },
      { name: 'opentelemetry', endpoint: 'N/A', status: 'Disabled' },
    ]);
    assert.match((await get(server, '/v1/status?format=csv')).text, /^name,endpoint,status\nhttp,127\.0\.0\.1:\d+,Ready\n/);
    const [pod, ...others] = JSON.parse((await get(server, '/v1/spicepods')).text);
    assert.deepEqual([pod.version, pod.datasets_count, pod.models_count, others], ['v1', 1, 0, []]);
    assert.deepEqual(await get(server, '/v1/catalogs'), { status: 200, text: '[]' });
    assert.equal((await get(server, '/v1/status?format=xml')).status, 400);
  });
});

test('health, readiness and the state of datasets', async () => {
  await withServer(['users', ['fast_orders', { from: 'dynamodb:orders', accelerated: true }]], async (server) => {
    assert.deepEqual(await get(server, '/health'), { status: 200, text: 'ok\n' });
    const ready = await get(server, '/v1/ready');
    assert.equal(ready.status, 200);
    assert.equal(ready.text.trim(), 'ready');
    const datasets = JSON.parse((await get(server, '/v1/datasets?status=true')).text);
    assert.deepEqual(
      datasets.map(({ name, from, acceleration_enabled, status }) => [name, from, acceleration_enabled, status]),
      [
        ['users', 'dynamodb:users', false, 'Ready'],
        ['fast_orders', 'dynamodb:orders', true, 'Ready'],
      ],
    );
    assert.equal((await get(server, '/no/such/path')).status, 404);
    assert.ok([404, 405].includes((await get(server, '/v1/sql')).status));
  });
});

test('a bad dataset shows, and the others answer', async () => {
  const datasets = ['users', ['gone', { from: 'dynamodb:no_such_table' }]];
  await withServer(
    datasets,
    async (server) => {
      // It answers before everything is loaded; wait until the bad one is known to be bad.
      let states;
      do {
        states = JSON.parse((await get(server, '/v1/datasets?status=true')).text).map((d) => d.status);
      } while (states.includes('Initializing'));
      assert.deepEqual(states, ['Ready', 'Error']);
      assert.equal((await get(server, '/v1/ready')).status, 503);
      assert.equal((await ask(server, 'SELECT count(*) AS n FROM users')).text, '[{"n":10}]');
      const bad = await ask(server, 'SELECT * FROM gone');
      assert.equal(bad.status, 400);
      assert.match(bad.text, /no_such_table/);
    },
    { ready: false },
  );
});

test('idle connections do not keep others waiting', async () => {
  await withServer(['users'], async (server) => {
    const { hostname, port } = new URL(server.url);
    const idle = Array.from({ length: 64 }, () => connect(Number(port), hostname));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const queries = Array.from({ length: 16 }, (_, i) => ask(server, `SELECT ${i} AS i, count(*) AS n FROM users`));
    (await Promise.all(queries)).forEach((answer, i) => assert.equal(answer.text, `[{"i":${i},"n":10}]`));
    idle.forEach((socket) => socket.destroy());
  });
});

test('SIGTERM ends it cleanly', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    const server = await startServer(sumac, folder);
    const ended = await server.stop();
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(ended.stdout, '');
  });
});
