// Arrow Flight SQL, as clients of npm speak it: Spice's SDK, arrow-rs, and a client in TypeScript.
import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { createFlightSqlClient } from '@lakehouse-rs/flight-sql-client';
import lancedb from '@lancedb/arrow-flight-sql-client';
import { SpiceClient } from '@spiceai/spice';
import { tableFromIPC } from 'apache-arrow';

import { makeCertificates } from '../support/aws/certificates.mjs';
import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

const withServer = (use, { settings = '', prepare, ...options } = {}) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users', 'orders']);
    if (settings) await appendFile(join(folder, 'spicepod.yaml'), settings);
    await prepare?.(folder);
    const server = await startServer(sumac, folder, { flight: '127.0.0.1:0', ...options });
    const [, address] = /Sumac Flight listening on (\S+)/.exec(server.stderr());
    try {
      await use({ ...server, flight: address });
    } finally {
      await server.stop();
    }
  });

const spiceClient = (server, more = {}) =>
  new SpiceClient({ httpUrl: server.url, flightUrl: server.flight, flightOnly: true, logging: false, ...more });

// Integers of 64 bits as numbers.
const plain = (value) => (typeof value === 'bigint' ? Number(value) : value);
const rows = (table) =>
  table.toArray().map((row) => Object.fromEntries(Object.entries(row.toJSON()).map(([name, value]) => [name, plain(value)])));

test('the SDK of Spice', async (t) => {
  await withServer(async (server) => {
    const spice = spiceClient(server);

    await t.test('queries', async () => {
      const table = await spice.sql('SELECT id, email FROM users WHERE id <= 2 ORDER BY id');
      assert.deepEqual(rows(table), [
        { id: 1, email: 'ada@example.com' },
        { id: 2, email: 'grace@example.com' },
      ]);
      assert.equal(table.schema.fields.map((field) => `${field.name} ${field.type}`).join(), 'id Int64,email Utf8');
      const none = await spice.sql('SELECT id FROM users WHERE id < 0');
      assert.equal(none.numRows, 0);
      assert.equal(none.schema.fields[0].name, 'id');
    });

    await t.test('streams', async () => {
      let seen = 0;
      const table = await spice.sql('SELECT i, i::VARCHAR AS t FROM range(100000) AS r(i)', (chunk) => {
        seen += chunk.numRows;
      });
      assert.equal(seen, 100000);
      assert.ok(table === undefined || table.numRows === 100000);
    });

    await t.test('takes positional parameters', async () => {
      const table = await spice.sql('SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d', {
        parameters: [7, 'text', 1.5, true],
      });
      const [row] = rows(table);
      assert.deepEqual(row, { a: 7, b: 'text', c: 1.5, d: true });
      const users = await spice.sql('SELECT id FROM users WHERE id > $1 AND id < $2 ORDER BY id', { parameters: [3, 6] });
      assert.deepEqual(rows(users).map((user) => user.id), [4, 5]);
    });

    await t.test('takes named parameters', async () => {
      const table = await spice.sql('SELECT id FROM users WHERE id >= $low AND id <= $high ORDER BY id', {
        parameters: { high: 3, low: 2 },
      });
      assert.deepEqual(rows(table).map((user) => user.id), [2, 3]);
    });

    await t.test('gets JSON with a schema', async () => {
      const answer = await spice.sqlJson("SELECT 1 AS a, 'x' AS b");
      assert.deepEqual(answer.data, [{ a: 1, b: 'x' }]);
      assert.equal(answer.row_count, 1);
    });

    await t.test('fails once, with the message', async () => {
      const started = Date.now();
      await assert.rejects(spice.sql('SELECT * FROM nothing'), /nothing.*does not exist/s);
      await assert.rejects(spice.sql('SELECT id FROM users WHERE id = $1', { parameters: [1, 2] }), /1 parameters, and 2 were given/);
      await assert.rejects(spice.sql('DROP TABLE users'), /SELECT/);
      // Its retries wait for a second each.
      assert.ok(Date.now() - started < 900);
    });

    await t.test('asks over HTTP', async () => {
      assert.equal(await spice.isSpiceReady(), true);
      assert.equal(await spice.isSpiceHealthy(), true);
      assert.deepEqual(await spice.listActiveQueries(), []);
      await assert.rejects(spice.cancelActiveQuery('00000000-0000-4000-8000-000000000000'), /No active query/);
      const http = new SpiceClient({ httpUrl: server.url, httpOnly: true, logging: false });
      const table = await http.sql('SELECT id FROM users WHERE id = $1', { parameters: [1] });
      assert.equal(rows(table)[0].id, 1);
    });
  });
});

test('the client of arrow-rs', async () => {
  await withServer(async (server) => {
    const [host, port] = server.flight.split(':');
    const client = await createFlightSqlClient({ host, port: Number(port), tls: false, headers: [], username: 'u', password: 'p' });
    const ask = async (bytes) => rows(tableFromIPC(await bytes));

    const users = await ask(client.query("SELECT id, 'a'::ENUM('a', 'b') AS e FROM users ORDER BY id LIMIT 2"));
    assert.deepEqual(users.map((row) => [row.id, row.e]), [[1, 'a'], [2, 'a']]);
    assert.deepEqual(await ask(client.getCatalogs()), [{ catalog_name: 'spice' }]);
    const schemas = await ask(client.getDbSchemas({}));
    assert.ok(schemas.some((row) => row.catalog_name === 'spice' && row.db_schema_name === 'public'));
    assert.deepEqual(await ask(client.getDbSchemas({ dbSchemaFilterPattern: 'pub%' })), [
      { catalog_name: 'spice', db_schema_name: 'public' },
    ]);
    const table = (name) => ({ catalog_name: 'spice', db_schema_name: 'public', table_name: name, table_type: 'BASE TABLE' });
    assert.deepEqual(await ask(client.getTables({ dbSchemaFilterPattern: 'public' })), [table('orders'), table('users')]);
    assert.deepEqual(await ask(client.getTables({ tableNameFilterPattern: 'u_ers', tableTypes: ['TABLE'] })), [table('users')]);
    assert.deepEqual(await ask(client.getTables({ tableTypes: ['SYSTEM TABLE'] })), []);
    const [withSchema] = await ask(client.getTables({ tableNameFilterPattern: 'users', includeSchema: true }));
    const schema = tableFromIPC(withSchema.table_schema).schema;
    assert.ok(schema.fields.some((field) => field.name === 'id' && String(field.type) === 'Int64'));
    await assert.rejects(client.query('SELECT * FROM nothing'), /failed to prepare/);
  });
});

test('the client of LanceDB', async () => {
  await withServer(async (server) => {
    const client = await lancedb.Client.connect({ host: server.flight, username: 'u', password: 'p', insecure: true });
    const result = await client.query('SELECT id FROM users ORDER BY id LIMIT 3');
    assert.deepEqual((await result.collectToObjects()).map((row) => plain(row.id)), [1, 2, 3]);
  });
});

test('keys and certificates', async () => {
  const certificateFolder = await mkdtemp(join(tmpdir(), 'sumac-test-'));
  try {
    const certificates = await makeCertificates(certificateFolder);
    const settings =
      'runtime:\n  tls: {enabled: true, certificate_file: cert.pem, key_file: key.pem}\n' +
      '  auth: {api-key: {enabled: true, keys: [reader]}}\n';
    const prepare = async (folder) => {
      await copyFile(certificates.good.certificatePath, join(folder, 'cert.pem'));
      await copyFile(certificates.good.keyPath, join(folder, 'key.pem'));
    };
    const ca = await readFile(certificates.authorityPath);
    await withServer(
      async (server) => {
        assert.match(server.stderr(), /Sumac Flight listening on \S+ with TLS/);
        const tls = { flightTlsEnabled: true, tlsRootCertFile: certificates.authorityPath };
        const table = await spiceClient(server, { ...tls, apiKey: 'reader' }).sql('SELECT count(*) AS n FROM users');
        assert.equal(rows(table)[0].n, 10);
        await assert.rejects(spiceClient(server, { ...tls, apiKey: 'wrong' }).sql('SELECT 1'), /Invalid credentials/);
        await assert.rejects(spiceClient(server, { flightTlsEnabled: false }).sql('SELECT 1'));
      },
      { settings, prepare, ca },
    );
  } finally {
    await rm(certificateFolder, { recursive: true, force: true });
  }
});

test('a query over Flight is listed and cancelled over HTTP', async () => {
  await withServer(async (server) => {
    const spice = spiceClient(server);
    const query = assert.rejects(spice.sql('SELECT max(a.i * b.i) FROM range(1000000) AS a(i), range(1000000) AS b(i)'), /cancelled/i);
    let active = [];
    while (active.length === 0) active = await spice.listActiveQueries();
    assert.equal(active[0].protocol, 'flight');
    assert.match(active[0].sql_preview, /^SELECT max/);
    assert.deepEqual(await spice.cancelActiveQuery(active[0].query_id), { query_id: active[0].query_id, status: 'cancelled' });
    await query;
    assert.deepEqual(await spice.listActiveQueries(), []);
  });
});

test('/v1/status says where it listens', async () => {
  await withServer(async (server) => {
    const status = await (await fetch(`${server.url}/v1/status`)).json();
    assert.deepEqual(
      status.find((part) => part.name === 'flight'),
      { name: 'flight', endpoint: server.flight, status: 'Ready' },
    );
  });
});

test('a query has no more time and rows than the Spicepod gives, and is kept in the history', async () => {
  const settings = 'runtime: {query: {timeout: 300ms, max_result_rows: 5}}\n';
  await withServer(
    async (server) => {
      const spice = spiceClient(server);
      await assert.rejects(spice.sql('SELECT * FROM users'), /The result has more than 5 rows/);
      assert.equal((await spice.sql('SELECT * FROM users LIMIT 5')).numRows, 5);
      const endless = 'SELECT count(*) FROM range(100000000000) a, range(100000000000) b WHERE a.range * b.range = 7';
      await assert.rejects(spice.sql(endless), /did not end within 300ms/);
      const history = await spice.sql(
        "SELECT input, rows, consumed_rcu > 0 AS paid, labels['protocol'] AS protocol, labels['error_code'] AS code" +
          ' FROM spice.runtime.task_history ORDER BY start_time',
      );
      assert.deepEqual(rows(history), [
        { input: 'SELECT * FROM users', rows: 10, paid: true, protocol: 'flight', code: 'resource_exhausted' },
        { input: 'SELECT * FROM users LIMIT 5', rows: 5, paid: true, protocol: 'flight', code: null },
        { input: endless, rows: null, paid: false, protocol: 'flight', code: 'deadline_exceeded' },
      ]);
    },
    { settings },
  );
});
