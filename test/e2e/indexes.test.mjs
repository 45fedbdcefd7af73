// Items that are found by a secondary index, where it is sure to hold them all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { describe } from '../support/described_requests.mjs';
import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { withRecordedServer } from '../support/recorded_server.mjs';
import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { query } from '../support/round_trip/sumac_client.mjs';
import { fakeDynamodbServer, sumac } from './setting.mjs';

const timeout = 300_000;
const S = (text) => ({ S: text });
const N = (number) => ({ N: String(number) });
const range = (count, make) => Array.from({ length: count }, (_, i) => make(i));

let dynalite;
before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  await makeTable(client, 'orders', [['id', 'S'], ['line', 'N']], {
    indexes: [
      { name: 'by_status', keys: [['status', 'S'], ['created', 'S']] },
      { name: 'by_owner', keys: [['owner', 'S']], projection: 'KEYS_ONLY' },
      { name: 'by_score', keys: [['score', 'N'], ['total', 'N']], projection: ['city'] },
    ],
    localIndexes: [{ name: 'by_day', keys: [['id', 'S'], ['day', 'N']], projection: 'KEYS_ONLY' }],
  });
  await writeItems(client, 'orders', range(200, (i) => ({
    id: S(`o${i % 20}`),
    line: N(i),
    city: S(`city${i % 3}`),
    note: S(`note ${i}`),
    // Sparse: not every item has the keys of the indexes.
    ...(i % 4 > 0 && { status: S(['open', 'paid', 'sent'][i % 3]) }),
    ...(i % 5 > 0 && { created: S(`2026-01-${String(1 + (i % 28)).padStart(2, '0')}`) }),
    ...(i % 3 > 0 && { owner: S(`w${i % 11}`) }),
    ...(i % 2 > 0 && { score: N(i % 7) }),
    ...(i % 9 > 0 && { total: N(i) }),
    ...(i % 6 > 0 && { day: N(i % 30) }),
  })));
  client.destroy();
}, { timeout });
after(() => dynalite?.stop());

const params = { scan_segments: 1 };
const withServer = (use, proxyOptions) =>
  withRecordedServer(sumac, dynalite.endpoint, [
    ['orders', { from: 'dynamodb:orders', params }],
    ['strong', { from: 'dynamodb:orders', params: { ...params, consistent_read: 'true' } }],
    ['plain', { from: 'dynamodb:orders', params: { ...params, pushdown: 'off' } }],
  ], use, proxyOptions);

// A condition, what reads `orders` for it (null: whatever does), and columns other than all.
const cases = [
  ["status = 'open' AND created > '2026-01-10'", /^Query by_status: status = open AND created > 2026-01-10$/],
  ["status = 'open' AND created LIKE '2026-01-1%'", /^Query by_status: status = open AND begins_with\(created, 2026-01-1\)$/],
  ["status IN ('open', 'sent') AND created = '2026-01-02'", /^Query by_status: .*\n/],
  ["status = 'paid' AND created IS NOT NULL", /^Query by_status: status = paid$/],
  // Items without `created` are not in the index.
  ["status = 'paid'", /^Scan: status = paid$/],
  ["created > '2026-01-10'", /^Scan/],
  ["status = 'open' AND (created > '2026-01-10' OR city = 'city1')", /^Scan/],
  ["status <> 'open' AND created > '2026-01-10'", /^Scan/],
  // By two steps, because the index has not all that is wanted.
  ["owner = 'w5'", /^Query by_owner: owner = w5\nBatchGetItem: /],
  ["owner = 'w5' AND city = 'city1'", /^Query by_owner: owner = w5\nBatchGetItem: /],
  ["owner = 'nobody'", /^Query by_owner: owner = nobody$/],
  ["owner = 'w5'", /^Query by_owner: owner = w5$/, 'id, line'],
  ["owner = 'w5'", /^Query by_owner: owner = w5$/, 'owner, count(*)', 'GROUP BY owner'],
  ['score = 3 AND total > 20', /^Query by_score: score = 3 AND total > 20$/, 'city, total'],
  ['score BETWEEN 2 AND 3 AND total > 20', /^Query by_score: .*\nQuery by_score: /, 'city, total'],
  ["score = 3 AND total > 20 AND city = 'city1'", /^Query by_score: score = 3 AND total > 20: city = city1/, 'city'],
  ["score = 3 AND total > 20 AND note = 'note 45'", /^Query by_score: score = 3 AND total > 20\nBatchGetItem: /],
  ['score = 3', /^Scan/],
  // The local index knows more of the key than the table.
  ["id = 'o7' AND day > 10", /^Query by_day: id = o7 AND day > 10$/, 'id, line, day'],
  // ... and the service adds what it does not hold.
  ["id = 'o7' AND line > 100 AND day = 7", /^Query by_day: id = o7 AND day = 7: line > 100$/],
  ["id = 'o7' AND line > 100 AND day = 7", /^Query by_day: id = o7 AND day = 7: line > 100$/, 'line, note'],
  ["id = 'o7' AND line = 27 AND status = 'open'", /^GetItem: /],
  ["id = 'o7'", /^Query: id = o7$/],
];

const sorted = (rows) => rows.map((row) => JSON.stringify([...row])).sort();

test('an index answers where it holds all items', { timeout }, async () => {
  await withServer(async (url, proxy) => {
    for (const [condition, requests, columns = '*', end = ''] of cases) {
      const sql = (table) => `SELECT ${columns} FROM ${table} WHERE ${condition} ${end}`;
      const plain = sorted(await query(url, sql('plain')));
      proxy.requests.length = 0;
      assert.deepEqual(sorted(await query(url, sql('orders'))), plain, condition);
      if (requests) assert.match(proxy.requests.map(describe).join('\n'), requests, condition);
      assert.deepEqual(sorted(await query(url, sql('strong'))), plain, condition);
    }
  });
});

test('what is read consistently is not read by a global index', { timeout }, async () => {
  await withServer(async (url, proxy) => {
    proxy.requests.length = 0;
    await query(url, "SELECT * FROM strong WHERE owner = 'w5'");
    assert.match(proxy.requests.map(describe).join('\n'), /^Scan: owner = w5$/);
    proxy.requests.length = 0;
    await query(url, "SELECT id FROM strong WHERE id = 'o7' AND day > 10");
    assert.match(proxy.requests.map(describe).join('\n'), /^Query by_day: /);
    assert.equal(proxy.requests[0].body.ConsistentRead, true);
  });
});

test('without permission the table is scanned', { timeout }, async () => {
  for (const deny of [['Query'], ['BatchGetItem', 'GetItem']]) {
    await withServer(async (url, proxy) => {
      for (const request of [/\nScan: owner = w5$/, /^Scan: owner = w5$/]) {
        proxy.requests.length = 0;
        assert.equal((await query(url, "SELECT * FROM orders WHERE owner = 'w5'")).length, 12);
        assert.match(proxy.requests.map(describe).join('\n'), request, String(deny));
      }
    }, { deny });
  }
});

test('an index that is gone is done without', { timeout }, async () => {
  await withServer(async (url, proxy) => {
    for (const request of [/^Query by_owner: owner = w5\nScan: owner = w5$/, /^Scan: owner = w5$/]) {
      proxy.requests.length = 0;
      assert.equal((await query(url, "SELECT * FROM orders WHERE owner = 'w5'")).length, 12);
      assert.match(proxy.requests.map(describe).join('\n'), request);
    }
  }, { gone: ['by_owner'] });
});

test('without permission for an index the key of the table does', { timeout }, async () => {
  await withServer(async (url, proxy) => {
    const sql = "SELECT id FROM orders WHERE id = 'o7' AND day > 10";
    await query(url, sql);
    proxy.requests.length = 0;
    await query(url, sql);
    assert.match(proxy.requests.map(describe).join('\n'), /^Query: id = o7: day > 10$/);
  }, { deny: ['Query by_day'] });
});

test('EXPLAIN names the index', { timeout }, async () => {
  await withServer(async (url) => {
    const rows = await query(url, "EXPLAIN SELECT * FROM orders WHERE owner = 'w5'");
    const text = rows.map((row) => row.get('explain_value')).join('\n').replaceAll(/[│\n ]+/g, ' ');
    for (const part of [/Operation: Query/, /Index: by_owner/, /Items: by BatchGetItem/]) assert.match(text, part);
  });
});

test('what cannot be a key of an index is not counted', { timeout }, async () => {
  // The items were there before the index.
  const values = ['open', 'x'.repeat(2_049), ''];
  const fake = await startFakeDynamodb(fakeDynamodbServer, {
    signers: [{ accessKeyId: 'test', secretAccessKey: 'test' }],
    check_signatures: false,
    tables: [{
      TableName: 'orders',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: ['id', 'status'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [{
        IndexName: 'by_status', KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' },
      }],
      Items: values.map((status, i) => ({ id: S(`o${i}`), status: S(status) })),
    }],
  });
  const count = { "status > 'a'": 1, "status < 'z'": 1, "starts_with(status, 'x')": 0, "contains(status, 'x')": 0,
    "status NOT BETWEEN 'null' AND '0'": 1, "status <> 'x'": 1, "status = 'open'": 1, "status = ''": 0,
    [`status = '${values[1]}'`]: 0, "length(status) > 3": 1, "status IS NOT NULL": 1 };
  try {
    await withRecordedServer(sumac, fake.endpoint, [['orders', { from: 'dynamodb:orders' }]], async (url) => {
      for (const [where, rows] of Object.entries(count)) {
        const [counted] = await query(url, `SELECT count(*) AS n FROM orders WHERE ${where}`);
        assert.equal(counted.get('n').text, String(rows), where.slice(0, 60));
      }
    });
  } finally {
    await fake.stop();
  }
});
