// Joins of a table with fewer rows than it: only the items that can match are read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { describe } from '../support/described_requests.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { withRecordedServer } from '../support/recorded_server.mjs';
import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { query } from '../support/round_trip/sumac_client.mjs';
import { sumac } from './setting.mjs';

const timeout = 300_000;
const S = (text) => ({ S: text });
const N = (number) => ({ N: String(number) });
const range = (count, make) => Array.from({ length: count }, (_, i) => make(i));

let dynalite;
before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  await makeTable(client, 'people', [['id', 'S']]);
  await writeItems(client, 'people', range(600, (i) => ({ id: S(`p${i}`), team: N(i % 7), age: N(i) })));
  await makeTable(client, 'events', [['id', 'N']]);
  await writeItems(client, 'events', range(300, (i) => ({ id: N(i), what: S(`e${i % 5}`) })));
  await makeTable(client, 'visits', [['person', 'S'], ['day', 'N']]);
  await writeItems(client, 'visits', range(400, (i) => ({ person: S(`p${i % 40}`), day: N(i), cost: N(i) })));
  client.destroy();
}, { timeout });
after(() => dynalite?.stop());

const tables = ['people', 'events', 'visits'];

// 250 rows that are in no DynamoDB table.
const wanted = "(SELECT 'p' || (i * 2) AS id, i * 3 AS day, i * 2 AS number FROM range(250) r(i))";

// The datasets people, events and visits, and the same without pushdown (plain_people, ...).
const withServer = (use, proxyOptions) =>
  withRecordedServer(sumac, dynalite.endpoint, [
    ...tables.map((name) => [name, { from: `dynamodb:${name}`, params: { scan_segments: 1 } }]),
    ...tables.map((name) => [`plain_${name}`, { from: `dynamodb:${name}`, params: { scan_segments: 1, pushdown: 'off' } }]),
  ], use, proxyOptions);

// The operations, each with how many requests it made, and with how many keys.
function summary(requests) {
  const counts = {};
  for (const { operation, body } of requests) {
    counts[operation] ??= { requests: 0, keys: 0 };
    counts[operation].requests += 1;
    if (body.RequestItems) counts[operation].keys += Object.values(body.RequestItems)[0].Keys.length;
  }
  return counts;
}

const threeBatches = { BatchGetItem: { requests: 3, keys: 250 } };
const scan = { Scan: { requests: 1, keys: 0 } };
const cases = [
  ['of text keys', 'SELECT p.*, w.number FROM people p JOIN wanted w ON p.id = w.id', threeBatches],
  ['by IN', 'SELECT * FROM people WHERE id IN (SELECT id FROM wanted)', threeBatches],
  ['by EXISTS', 'SELECT * FROM people p WHERE EXISTS (SELECT 1 FROM wanted w WHERE w.id = p.id)', null],
  ['of one row', "SELECT * FROM people p JOIN wanted w ON p.id = w.id WHERE w.day = 3", { GetItem: { requests: 1, keys: 0 } }],
  ['of numbers without gaps, which come as bounds',
    'SELECT * FROM events e JOIN (SELECT unnest(range(40, 160)) AS id) w ON e.id = w.id',
    { BatchGetItem: { requests: 2, keys: 120 } }],
  ['of numbers with gaps', 'SELECT * FROM events e JOIN wanted w ON e.id = w.number',
    { BatchGetItem: { requests: 3, keys: 250 } }],
  ['with a filter on the table', 'SELECT * FROM people p JOIN wanted w ON p.id = w.id WHERE p.team = 3', threeBatches],
  ['aggregated', 'SELECT p.team, count(*) AS n, sum(w.number) AS s FROM people p JOIN wanted w ON p.id = w.id GROUP BY 1',
    threeBatches],
  ['by the partition key of two', "SELECT * FROM visits v JOIN wanted w ON v.person = w.id WHERE w.number < 20",
    { Query: { requests: 10, keys: 0 } }],
  ['by both keys', "SELECT * FROM visits v JOIN wanted w ON v.person = w.id AND v.day = w.number WHERE w.number < 6",
    { BatchGetItem: { requests: 1, keys: 9 } }],
  ['with nothing', 'SELECT * FROM people p JOIN wanted w ON p.id = w.id WHERE w.number < 0', {}],
  ['with NULL alone', "SELECT * FROM people p JOIN (VALUES (NULL::VARCHAR)) w(id) ON p.id = w.id", {}],
  ['below an aggregate', `SELECT * FROM (SELECT p.team, max(p.age) AS a FROM people p JOIN wanted w ON p.id = w.id
    GROUP BY p.team) t JOIN range(3) r(team) ON t.team = r.team`, threeBatches],
  // What the join knows may come too late for the scan, so it is never relied upon.
  ['above an aggregate', `SELECT * FROM (SELECT id, max(age) AS a FROM people GROUP BY id) p JOIN wanted w ON p.id = w.id`, scan],
  // Below a LIMIT no scan may know what a join above it knows, whatever else is between.
  ...['SELECT id, max(age) AS a FROM ? GROUP BY id', 'SELECT * FROM ? ORDER BY 1', "SELECT id FROM ? EXCEPT SELECT 'x'",
    "SELECT id FROM ? INTERSECT SELECT 'p' || i FROM range(600) r(i)"].flatMap((above) =>
    ['ORDER BY age LIMIT 20', 'ORDER BY age OFFSET 3', '', 'DISTINCT ON (team)'].map((rows) => {
      const on = rows.startsWith('DISTINCT') ? rows : '';
      const below = `(SELECT ${on} p.id, p.age, p.team FROM people p JOIN wanted w ON p.id = w.id ${on ? 'ORDER BY team, age' : rows}) x`;
      return [`${above}: ${rows}`, `SELECT a.id FROM (${above.replace('?', below)}) a JOIN (VALUES ('p2'), ('p400')) s(id) ON a.id = s.id`, null];
    })),
  // None of these may read less: all rows are looked at.
  ['outer', 'SELECT * FROM people p LEFT JOIN wanted w ON p.id = w.id', scan],
  ['by what is no key', 'SELECT * FROM people p JOIN wanted w ON p.age = w.number', null],
  ['above a LIMIT', `SELECT * FROM (SELECT * FROM people ORDER BY age LIMIT 5) p JOIN wanted w ON p.id = w.id`, scan],
  ['above DISTINCT ON', `SELECT * FROM (SELECT DISTINCT ON (team) * FROM people ORDER BY team, age) p
    JOIN wanted w ON p.id = w.id`, scan],
  ['above a window', `SELECT * FROM (SELECT *, row_number() OVER (ORDER BY age) AS r FROM people) p
    JOIN wanted w ON p.id = w.id WHERE r < 9`, scan],
  ['without', 'SELECT * FROM people p WHERE id NOT IN (SELECT id FROM wanted)', scan],
];

const sorted = (rows) => rows.map((row) => JSON.stringify([...row])).sort();

test('a join reads what can match', { timeout }, async () => {
  await withServer(async (url, proxy) => {
    for (const [what, text, requests] of cases) {
      const sql = text.replace(/\bwanted\b/, wanted);
      const plain = sorted(await query(url, sql.replace(/\b(people|events|visits)\b/, 'plain_$1')));
      proxy.requests.length = 0;
      const rows = sorted(await query(url, sql));
      assert.deepEqual(rows, plain, what);
      if (requests) assert.deepEqual(summary(proxy.requests), requests, `${what}: ${proxy.requests.map(describe).slice(0, 3)}`);
    }
  });
});

test('a join whose other side has no rows is not refused', { timeout }, async () => {
  const params = { scan_segments: 1, allow_full_scan: false };
  await withRecordedServer(sumac, dynalite.endpoint, [['people', { from: 'dynamodb:people', params }]], async (url, proxy) => {
    const sql = (id) => `SELECT * FROM people p JOIN (SELECT ${id}::VARCHAR AS id WHERE ${id} <> 'p3') w ON p.id = w.id`;
    assert.equal((await query(url, sql("'p4'"))).length, 1);
    proxy.requests.length = 0;
    assert.deepEqual(await query(url, sql("'p3'")), []);
    assert.deepEqual(proxy.requests, []);
    await assert.rejects(query(url, 'SELECT * FROM people p JOIN range(3) r(age) ON p.age = r.age'), /allow_full_scan is false/);
  });
});

test('joins are answered without permission to get items', { timeout }, async () => {
  await withServer(async (url) => {
    const sql = "SELECT * FROM people p JOIN (VALUES ('p1'), ('p2'), ('nobody')) w(id) ON p.id = w.id";
    assert.equal((await query(url, sql)).length, 2);
  }, { deny: ['GetItem', 'BatchGetItem', 'Query'] });
});
