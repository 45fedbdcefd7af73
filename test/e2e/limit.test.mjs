// How much is read for LIMIT, ORDER BY, min, max and count, and that the answer is the one without
// pushdown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { randomPredicate, randomTable } from '../support/random_predicates.mjs';
import { withRecordedServer } from '../support/recorded_server.mjs';
import { makeRandom } from '../support/round_trip/random.mjs';
import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { query } from '../support/round_trip/sumac_client.mjs';
import { fakeDynamodbServer, fast, sumac } from './setting.mjs';

const timeout = 300_000;
const seed = Number(process.env.SUMAC_SEED ?? 20261126);
const queries = Number(process.env.SUMAC_QUERIES ?? (fast ? 200 : 600));
const items = 6_000;
const S = (text) => ({ S: text });
const N = (number) => ({ N: String(number) });

// Of each stream (two thirds are in `long`) the numbers in order; one in ten is of the kind 'rare'.
const events = Array.from({ length: items }, (_, i) => ({
  stream: S(i % 3 === 0 ? `short ${i % 100}` : 'long'),
  number: N(i),
  kind: S(i % 10 === 0 ? 'rare' : 'often'),
  text: S('x'.repeat(i % 7)),
}));

let fake;
before(async () => {
  fake = await startFakeDynamodb(fakeDynamodbServer, {
    signers: [{ accessKeyId: 'test', secretAccessKey: 'test' }],
    check_signatures: false,
    tables: [{
      TableName: 'events',
      KeySchema: [{ AttributeName: 'stream', KeyType: 'HASH' }, { AttributeName: 'number', KeyType: 'RANGE' }],
      AttributeDefinitions: [
        { AttributeName: 'stream', AttributeType: 'S' }, { AttributeName: 'number', AttributeType: 'N' },
      ],
      Items: events,
      page_items_max: 1_000,
    }],
  });
}, { timeout });
after(() => fake?.stop());

const withServer = (endpoint, datasets, use, proxyOptions) =>
  withRecordedServer(sumac, endpoint, datasets, use, proxyOptions);

const describe = ({ operation, body }) =>
  [operation, body.ScanIndexForward === false ? 'backward' : '', body.Limit ?? ''].join(' ').trimEnd();
const scannedOf = (proxy) => proxy.requests.reduce((sum, { scanned }) => sum + (scanned ?? 0), 0);

const long = "stream = 'long'";
// Of a query, the items that may be evaluated for it, its rows, and its requests where they are
// always the same.
const cases = [
  ['SELECT * FROM events LIMIT 5', 5, 5, ['Scan  5']],
  ['SELECT number FROM events LIMIT 5 OFFSET 10', 15, 5, ['Scan  15']],
  ['SELECT * FROM (SELECT number + 1 AS next FROM events LIMIT 7) WHERE next > 0', 7, 7],
  ['SELECT count(*) FROM (SELECT * FROM events LIMIT 17)', 17, 1],
  ['SELECT * FROM events LIMIT 2500', 2_500, 2_500],
  ['SELECT * FROM events LIMIT 0', 0, 0, []],
  ["SELECT * FROM events WHERE kind = 'rare' LIMIT 5", 300, 5],
  ["SELECT * FROM events WHERE length(text) = 3 LIMIT 5", 600, 5],
  ["SELECT * FROM events WHERE length(text) = 3 AND kind = 'rare' LIMIT 5", 2_000, 5],
  ["SELECT * FROM events WHERE kind = 'no such' LIMIT 5", items, 0],
  ['SELECT * FROM events WHERE length(text) = 30 LIMIT 5', items, 0],
  [`SELECT * FROM events WHERE ${long} LIMIT 5`, 5, 5, ['Query  5']],
  [`SELECT * FROM events WHERE ${long} AND kind = 'rare' LIMIT 5`, 300, 5],
  ['(SELECT number FROM events UNION ALL SELECT number FROM events) LIMIT 5', 10, 5],
  ['SELECT * FROM events WHERE number IN (SELECT number FROM events LIMIT 3)', items + 3, 3],
  [`SELECT * FROM events WHERE ${long} ORDER BY number LIMIT 3`, 3, 3, ['Query  3']],
  [`SELECT * FROM events WHERE ${long} ORDER BY number DESC LIMIT 3`, 3, 3, ['Query backward 3']],
  [`SELECT number AS n FROM events WHERE ${long} ORDER BY n DESC LIMIT 3 OFFSET 4`, 7, 3, ['Query backward 7']],
  [`SELECT * FROM events WHERE ${long} ORDER BY number DESC, kind LIMIT 3`, 3, 3, ['Query backward 3']],
  [`SELECT * FROM events WHERE ${long} AND number < 100 ORDER BY number DESC LIMIT 2`, 3, 2],
  [`SELECT * FROM events WHERE ${long} AND kind = 'rare' ORDER BY number LIMIT 3`, 300, 3],
  [`SELECT * FROM events WHERE ${long} AND length(text) = 3 ORDER BY number LIMIT 3`, 300, 3],
  [`SELECT max(number) FROM events WHERE ${long}`, 1, 1, ['Query backward 1']],
  [`SELECT min(number) FROM events WHERE ${long}`, 1, 1, ['Query  1']],
  [`SELECT min(number) FROM events WHERE ${long} AND kind = 'rare'`, 100, 1],
  [`SELECT (SELECT max(number) FROM events WHERE ${long}) + 1`, 1, 1, ['Query backward 1']],
];

test('no more is read than is wanted', { timeout }, async () => {
  await withServer(fake.endpoint, [['events', { from: 'dynamodb:events', params: { scan_segments: 8 } }]],
    async (url, proxy) => {
      for (const [sql, most, rows, requests] of cases) {
        proxy.requests.length = 0;
        assert.equal((await query(url, sql)).length, rows, sql);
        const scanned = scannedOf(proxy);
        assert.ok(scanned <= most, `${scanned} items evaluated for ${sql}: ${proxy.requests.map(describe)}`);
        if (requests) assert.deepEqual(proxy.requests.map(describe), requests, sql);
      }
    });
});

// Of a count, whether DynamoDB does it.
const counts = [
  ['SELECT count(*) AS n FROM events', true],
  [`SELECT count(*) AS n FROM events WHERE ${long}`, true],
  [`SELECT count(*) AS n FROM events WHERE ${long} AND number = 7`, false],
  [`SELECT count(*) AS n FROM events WHERE ${long} AND kind = 'rare'`, true],
  ["SELECT count(*) AS n FROM events WHERE kind = 'rare'", true],
  ["SELECT count(*) AS n FROM (SELECT number + 1 FROM events WHERE kind = 'rare')", true],
  ['SELECT count(*) AS n FROM events WHERE length(text) = 3', false],
  [`SELECT count(*) AS n FROM events WHERE ${long} AND length(text) = 3`, false],
  ["SELECT count(*) + count(kind) AS n FROM events WHERE kind = 'rare'", false],
  ["SELECT count(*) FILTER (number > 7) AS n FROM events WHERE kind = 'rare'", false],
  ["SELECT count(*) AS n FROM events WHERE kind = 'rare' GROUP BY kind", false],
  ["SELECT count(*) AS n FROM events WHERE kind = 'rare' AND random() < 2", false],
];

test('what DynamoDB can judge it counts', { timeout }, async () => {
  await withServer(fake.endpoint, [
    ['events', { from: 'dynamodb:events' }],
    ['plain', { from: 'dynamodb:events', params: { pushdown: 'off' } }],
  ], async (url, proxy) => {
    for (const [sql, byService] of counts) {
      const [{ text: expected }] = (await query(url, sql.replaceAll('events', 'plain'))).map((row) => row.get('n'));
      proxy.requests.length = 0;
      const [{ text: counted }] = (await query(url, sql)).map((row) => row.get('n'));
      assert.equal(counted, expected, sql);
      assert.equal(proxy.requests.every(({ body }) => body.Select === 'COUNT'), byService, sql);
    }
  });
});

test('counts without permission to query', { timeout }, async () => {
  await withServer(fake.endpoint, [['events', { from: 'dynamodb:events' }]], async (url) => {
    for (const time of ['first', 'second']) {
      const [row] = await query(url, `SELECT count(*) AS n FROM events WHERE ${long} AND kind = 'rare'`);
      assert.equal(row.get('n').text, '400', time);
    }
  }, { deny: ['Query'] });
});

// What looks like the above and is not.
const exceptions = [
  'SELECT number FROM events ORDER BY number LIMIT 3',
  "SELECT number FROM events WHERE stream IN ('long', 'short 0') ORDER BY number DESC LIMIT 3",
  `SELECT number FROM events WHERE ${long} ORDER BY -number LIMIT 3`,
  `SELECT number FROM events WHERE ${long} ORDER BY kind, number LIMIT 3`,
  `SELECT number FROM events WHERE ${long} ORDER BY number DESC NULLS FIRST LIMIT 3`,
  `SELECT DISTINCT kind FROM events WHERE ${long} LIMIT 2`,
  `SELECT kind, max(number) FROM events WHERE ${long} GROUP BY kind ORDER BY kind`,
  `SELECT max(number), count(*) FROM events WHERE ${long}`,
  `SELECT max(number) FILTER (number < 50) FROM events WHERE ${long}`,
  `SELECT max(number % 10) FROM events WHERE ${long}`,
  'SELECT max(number) FROM events',
  'SELECT e.number FROM events e JOIN events f USING (stream, number) ORDER BY number DESC LIMIT 3',
  `SELECT number, row_number() OVER (ORDER BY number) AS r FROM events WHERE ${long} ORDER BY number DESC LIMIT 3`,
];

test('rows that are not read are not missing', { timeout }, async () => {
  await withServer(fake.endpoint, [
    ['events', { from: 'dynamodb:events' }],
    ['plain', { from: 'dynamodb:events', params: { pushdown: 'off' } }],
  ], async (url, proxy) => {
    for (const sql of [...exceptions, ...cases.map(([text]) => text).filter((text) => /ORDER|min|max/.test(text))]) {
      const rows = await query(url, sql);
      const plain = await query(url, sql.replaceAll('events', 'plain'));
      assert.deepEqual(rows.map((row) => [...row.values()]), plain.map((row) => [...row.values()]), sql);
    }
    proxy.requests.length = 0;
    await query(url, `SELECT * FROM plain WHERE ${long} ORDER BY number LIMIT 3`);
    assert.ok(proxy.requests.every(({ body }) => !body.Limit && !body.KeyConditionExpression));
  });
});

test('parameters, views and repeated plans', { timeout }, async () => {
  await withServer(fake.endpoint, [['events', { from: 'dynamodb:events' }]], async (url, proxy) => {
    const ask = async (sql, parameters) => {
      proxy.requests.length = 0;
      const response = await fetch(`${url}/v1/sql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify({ sql, parameters }),
      });
      assert.equal(response.status, 200, sql);
      return response.json();
    };
    assert.equal((await ask('SELECT * FROM events LIMIT $1', [5])).length, 5);
    assert.ok(scannedOf(proxy) <= 55);
    const last = 'SELECT number FROM events WHERE stream = $1 ORDER BY number DESC LIMIT 1';
    assert.deepEqual(await ask(last, ['long']), [{ number: 5_999 }]);
    assert.equal(scannedOf(proxy), 1);
    assert.deepEqual(await ask(last, ['short 0']), [{ number: 5_700 }]);
    assert.equal(scannedOf(proxy), 1);
  });
});

test('without permission to query the order does not hold', { timeout }, async () => {
  await withServer(fake.endpoint, [['events', { from: 'dynamodb:events' }]], async (url, proxy) => {
    // The first finds out, the second knows.
    for (const time of ['first', 'second']) {
      const numbers = (await query(url, `SELECT number FROM events WHERE ${long} ORDER BY number DESC LIMIT 3`))
        .map((row) => row.get('number').text);
      assert.deepEqual(numbers, ['5999', '5998', '5996'], time);
      const [row] = await query(url, `SELECT max(number) AS n FROM events WHERE ${long}`);
      assert.equal(row.get('n').text, '5999', time);
    }
    proxy.requests.length = 0;
    assert.equal((await query(url, `SELECT * FROM events WHERE ${long} LIMIT 5`)).length, 5);
    // Whole partitions stand together, and the first may be others.
    assert.ok(scannedOf(proxy) < items);
  }, { deny: ['Query'] });
});

test('EXPLAIN says what is wanted', { timeout }, async () => {
  await withServer(fake.endpoint, [['events', { from: 'dynamodb:events' }]], async (url) => {
    const explain = async (sql) => {
      const rows = await query(url, `EXPLAIN ${sql}`);
      return rows.map((row) => row.get('explain_value')).join('\n').replaceAll(/[│\n]+/g, ' ').replaceAll(/ +/g, ' ');
    };
    assert.match(await explain('SELECT * FROM events LIMIT 5'), /Rows wanted: 5/);
    const ordered = await explain(`SELECT * FROM events WHERE ${long} ORDER BY number DESC LIMIT 3`);
    assert.match(ordered, /Order: "number", descending/);
    assert.match(ordered, /Rows wanted: 3/);
    assert.doesNotMatch(await explain('SELECT * FROM events ORDER BY number LIMIT 3'), /Rows wanted|Order:/);
  });
});

const words = ['a', 'A', 'ab', 'abc', 'b', 'Z', 'z', 'ä', 'é', '\u{10000}', '\uffee', '~', '1', '10', '2', '"', '\\', '\n'];

// Sort keys of the three types; of numbers a few that a small sample does not have, and that its
// column does not hold.
function keyedItems(random, makeKey) {
  const byKey = new Map();
  for (let i = 0; i < 300; ++i) {
    const item = { id: S(random.pick(['a', 'b', 'c'])), sort: makeKey(), whole: N(random.between(0, 9)) };
    if (random.chance(0.1)) delete item.whole;
    byKey.set(JSON.stringify([item.id, item.sort]), item);
  }
  return [...byKey.values()];
}

const word = (random) => Array.from({ length: random.between(1, 3) }, () => random.pick(words)).join('');
const number = (random) => random.pick([
  () => String(random.between(-1_000, 1_000)), () => String(random.between(-30, 30)),
  () => (random.chance(0.2) ? String(random.between(-300, 300) / 10) : String(random.between(0, 9))),
  () => (random.chance(0.2) ? random.pick(['1e30', '-1e30', '9223372036854775808', '0.1']) : '5'),
])();
const bytes = (random) =>
  Buffer.from(Array.from({ length: random.between(1, 3) }, () => random.pick([0, 1, 127, 128, 255]))).toString('base64');

const keyed = {
  by_number: (random) => keyedItems(random, () => N(number(random))),
  by_text: (random) => keyedItems(random, () => S(word(random))),
  by_bytes: (random) => keyedItems(random, () => ({ B: bytes(random) })),
};

function orderedQuery(random) {
  const table = random.pick(Object.keys(keyed));
  const where = [`id = '${random.pick(['a', 'b', 'c', 'd'])}'`];
  if (random.chance(0.4)) where.push(random.pick(['whole > 4', 'whole IS NULL', 'whole % 3 = 0', 'hash(whole) % 2 = 0']));
  if (table === 'by_number' && random.chance(0.3)) where.push(`sort ${random.pick(['<', '<=', '>', '>='])} ${random.between(-30, 30)}`);
  if (table === 'by_text' && random.chance(0.3)) where.push(random.pick(["sort LIKE 'a%'", "sort > 'b'", "sort < 'Z'"]));
  const from = `FROM ${table} WHERE ${where.join(' AND ')}`;
  if (random.chance(0.3)) return [table, `SELECT ${random.pick(['min', 'max'])}(sort) AS sort ${from}`];
  const order = ['sort', random.pick(['', 'ASC', 'DESC']), random.pick(['', 'NULLS FIRST', 'NULLS LAST'])].join(' ');
  const more = random.pick(['', ', whole', ', whole DESC']);
  const offset = random.chance(0.3) ? ` OFFSET ${random.between(0, 20)}` : '';
  return [table, `SELECT sort ${from} ORDER BY ${order}${more} LIMIT ${random.between(1, 60)}${offset}`];
}

const plainName = (name) => `plain_${name}`;

// As the SDK takes it.
const withBytes = (item) => JSON.parse(JSON.stringify(item), (key, value) =>
  (key === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value));

// With a sort key.
function mixedTable(random) {
  while (true) {
    const table = randomTable(random, 500);
    if (table.keys.length === 2) return table;
  }
}

async function withDynalite(use) {
  const dynalite = await startDynalite('--seeds', 'none');
  try {
    const random = makeRandom(seed);
    const client = makeClient(dynalite.endpoint);
    for (const [name, make] of Object.entries(keyed)) {
      await makeTable(client, name, [['id', 'S'], ['sort', { by_number: 'N', by_text: 'S', by_bytes: 'B' }[name]]]);
      await writeItems(client, name, make(random));
    }
    const mixed = mixedTable(random);
    await makeTable(client, 'mixed', mixed.keys, { indexes: mixed.indexes });
    await writeItems(client, 'mixed', mixed.items.map(withBytes));
    client.destroy();
    const params = {
      schema_infer_max_records: 25, scan_segments: 2, time_format: '"2006-01-02T15:04:05Z07:00"',
    };
    const datasets = [...Object.keys(keyed), 'mixed'].flatMap((name) => [
      [name, { from: `dynamodb:${name}`, params }],
      [plainName(name), { from: `dynamodb:${name}`, params: { ...params, pushdown: 'off' } }],
    ]);
    await withServer(dynalite.endpoint, datasets, (url, proxy) => use(url, proxy, mixed));
  } finally {
    await dynalite.stop();
  }
}

const text = (rows) => rows.map((row) => JSON.stringify([...row], (_, value) => (value instanceof Map ? [...value] : value)));

// Whether `some` are all among `all`, as often at most.
function areAmong(some, all) {
  const left = new Map();
  for (const row of all) left.set(row, (left.get(row) ?? 0) + 1);
  return some.every((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count > 0;
  });
}

test('answers are those without pushdown', { timeout }, async (context) => {
  context.diagnostic(`SUMAC_SEED=${seed} SUMAC_QUERIES=${queries}`);
  const random = makeRandom(seed + 1);
  const seen = { ordered: 0, stopped: 0, limited: 0, refused: 0 };
  await withDynalite(async (url, proxy, mixed) => {
    for (let i = 0; i < queries; ++i) {
      if (random.chance(0.6)) {
        const [table, sql] = orderedQuery(random);
        proxy.requests.length = 0;
        const rows = text(await query(url, sql));
        ++seen.ordered;
        if (proxy.requests.some(({ operation, body }) => operation === 'Query' && body.Limit)) ++seen.stopped;
        assert.deepEqual(rows, text(await query(url, sql.replace(table, plainName(table)))), sql);
        continue;
      }
      const where = randomPredicate(random, mixed, 2);
      const limit = random.between(0, 40);
      const offset = random.chance(0.3) ? random.between(0, 20) : 0;
      let all;
      try {
        all = text(await query(url, `SELECT id, sort, whole FROM plain_mixed WHERE ${where}`));
      } catch {
        ++seen.refused;
        continue;
      }
      const rows = text(
        await query(url, `SELECT id, sort, whole FROM mixed WHERE ${where} LIMIT ${limit} OFFSET ${offset}`));
      assert.equal(rows.length, Math.min(limit, Math.max(0, all.length - offset)), where);
      assert.ok(areAmong(rows, all), where);
      const [count] = await query(url, `SELECT count(*) AS n FROM mixed WHERE ${where}`);
      assert.equal(count.get('n').text, String(all.length), where);
      ++seen.limited;
    }
  });
  context.diagnostic(JSON.stringify(seen));
  assert.ok(seen.stopped > seen.ordered / 4, 'reading stops early');
  assert.ok(seen.limited > seen.refused, 'most predicates can be asked');
});
