// Answers as a stream of Arrow's IPC format, read by apache-arrow.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { tableFromIPC } from 'apache-arrow';

import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

async function ask(server, sql, accept) {
  const response = await fetch(`${server.url}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', Accept: accept },
    body: sql,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(response.status, 200, new TextDecoder().decode(bytes));
  assert.ok(response.headers.get('content-type').startsWith(accept));
  return bytes;
}

const arrow = async (server, sql) => tableFromIPC(await ask(server, sql, 'application/vnd.apache.arrow.stream'));
const json = async (server, sql) => JSON.parse(new TextDecoder().decode(await ask(server, sql, 'application/json')));

// What JSON has of a value of Arrow: exact numbers as they are, no NULL members.
function plain(value) {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object') return value;
  const content = value.toJSON();
  if (Array.isArray(content)) return content.map(plain);
  const members = Object.entries(content).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

test('has the rows and types of the JSON answer', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users', 'orders']);
    const server = await startServer(sumac, folder);
    try {
      for (const sql of [
        'SELECT * FROM users ORDER BY id',
        'SELECT order_id, customer_id, note FROM orders ORDER BY order_id',
        'SELECT count(*) AS n FROM orders',
        'SELECT 1 AS a WHERE false',
        "SELECT i, i::VARCHAR AS t, CASE WHEN i % 3 = 0 THEN NULL ELSE [i, NULL] END AS l, {'a': i, 'b': ['x']} AS s, " +
          'i % 2 = 0 AS b, i / 4 AS d FROM range(50000) AS t(i) ORDER BY i',
      ]) {
        const table = await arrow(server, sql);
        assert.deepEqual(table.toArray().map(plain), await json(server, sql), sql);
      }
      const types = await arrow(
        server,
        "SELECT 1::TINYINT AS a, 1::UBIGINT AS b, 1.5::FLOAT AS c, 1.25::DECIMAL(5, 2) AS d, 'x' AS e, " +
          "'x'::BLOB AS f, DATE '2024-02-29' AS g, TIMESTAMP '2024-02-29 12:00:00' AS h, " +
          "TIMESTAMPTZ '2024-02-29 12:00:00+00' AS i, TIME '12:00:00' AS j, INTERVAL 1 month AS k, " +
          "'a'::ENUM('a', 'b') AS l, UUID '00112233-4455-6677-8899-aabbccddeeff' AS m, MAP {'k': 1} AS n, " +
          'union_value(p := 1) AS o, [1.5, 2.5]::DOUBLE[2] AS p, NULL AS q',
      );
      assert.deepEqual(
        types.schema.fields.map((field) => `${field.name} ${field.type}`),
        [
          'a Int8', 'b Uint64', 'c Float32', 'd Decimal[5e+2]', 'e Utf8', 'f Binary', 'g Date32<DAY>',
          'h Timestamp<MICROSECOND>', 'i Timestamp<MICROSECOND, +00:00>', 'j Time64<MICROSECOND>',
          'k Interval<MONTH_DAY_NANO>', 'l Utf8', 'm Utf8', 'n Map<{key:Utf8, value:Int32}>',
          'o Union<Int32>', 'p FixedSizeList[2]<Float64>', 'q Int32',
        ],
      );
      const row = types.get(0);
      assert.equal(row.l, 'a');
      assert.equal(row.m, '00112233-4455-6677-8899-aabbccddeeff');
      assert.equal(row.o, 1);
      assert.equal(row.q, null);
    } finally {
      await server.stop();
    }
  });
});
