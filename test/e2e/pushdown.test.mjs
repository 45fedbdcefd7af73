// What is asked of DynamoDB for a query. That the answer is the one without asking is shown by
// pushdown_equivalence.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { query } from '../support/round_trip/sumac_client.mjs';
import { describe } from '../support/described_requests.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { withRecordedServer } from '../support/recorded_server.mjs';
import { sumac } from './setting.mjs';

const timeout = 300_000;
const S = (text) => ({ S: text });
const N = (number) => ({ N: String(number) });

let dynalite;
before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  await makeTable(client, 'orders', [['customer', 'S'], ['number', 'N']]);
  await writeItems(client, 'orders', [
    { customer: S('ann'), number: N(1), city: S('Oslo'), total: N('9.5'), address: { M: { zip: S('0150'), floor: N(3) } } },
    { customer: S('ann'), number: N(2), city: S('Bergen'), total: N('20'), paid: { BOOL: true } },
    { customer: S('bob'), number: N(1), city: S('Oslo'), total: N('7') },
    { customer: S('eve'), number: N(9), total: N('1'), paid: { BOOL: false } },
  ]);
  client.destroy();
}, { timeout });
after(() => dynalite?.stop());

const withServer = (datasets, use, proxyOptions) =>
  withRecordedServer(sumac, dynalite.endpoint, datasets, use, proxyOptions);

// The types that a column of text shows nothing of.
const notText = (path) =>
  ['NULL', 'M', 'L', 'SS', 'NS', 'BS'].map((type) => `attribute_type(${path}, ${type})`).join(' OR ');

// Of a query, the requests that it makes, and how many rows it has.
const cases = [
  ['SELECT * FROM orders', ['Scan'], 4],
  ["SELECT * FROM orders WHERE customer = 'ann'", ['Query: customer = ann'], 2],
  ["SELECT * FROM orders WHERE customer = 'ann' AND number = 2", ['GetItem: customer = ann AND number = 2'], 1],
  ["SELECT * FROM orders WHERE customer = 'nobody'", ['Query: customer = nobody'], 0],
  ["SELECT * FROM orders WHERE customer = 'ann' AND number > 1", ['Query: customer = ann AND number > 1'], 1],
  ["SELECT * FROM orders WHERE customer = 'ann' AND number BETWEEN 2 AND 7",
    ['Query: customer = ann AND number BETWEEN 2 AND 7'], 1],
  ["SELECT * FROM orders WHERE customer IN ('ann', 'bob') AND number = 1",
    ['BatchGetItem: customer = ann AND number = 1 | customer = bob AND number = 1'], 2],
  ["SELECT * FROM orders WHERE customer = 'ann' OR customer = 'eve'",
    ['Query: customer = ann', 'Query: customer = eve'], 3],
  ["SELECT * FROM orders WHERE customer = 'ann' AND paid", ['Query: customer = ann: paid = true'], 1],
  ["SELECT * FROM orders WHERE customer = 'ann' AND customer = 'bob'", [], 0],
  ["SELECT * FROM orders WHERE customer = 'ann' AND number > 5 AND number < 2", [], 0],
  ['SELECT * FROM orders WHERE total > 8', ['Scan: total > 8'], 2],
  ['SELECT * FROM orders WHERE number = 1', ['Scan: number = 1'], 2],
  ["SELECT * FROM orders WHERE city = 'Bergen' AND total < 30", ['Scan: city = Bergen AND total < 30'], 1],
  // Bytes would be shown as base64, which this may be as well.
  ["SELECT * FROM orders WHERE city = 'Oslo'", ['Scan: city = Oslo OR city = base64 Oslo'], 2],
  ["SELECT * FROM orders WHERE customer LIKE 'b%'", ['Scan: begins_with(customer, b)'], 1],
  ['SELECT * FROM orders WHERE city IS NULL', [`Scan: attribute_not_exists(city) OR ${notText('city')}`], 1],
  ["SELECT * FROM orders WHERE address.zip = '0150'", ['Scan: address.zip = 0150 OR address.zip = base64 0150'], 1],
  ['SELECT * FROM orders WHERE address.floor > 2', ['Scan: address.floor > 2'], 1],
  ["SELECT * FROM orders WHERE reverse(city) = 'olsO'", ['Scan'], 2],
];

test('as few items as can be are asked for', { timeout }, async () => {
  await withServer([['orders', { from: 'dynamodb:orders', params: { scan_segments: 1 } }]], async (url, proxy) => {
    for (const [sql, requests, rows] of cases) {
      proxy.requests.length = 0;
      assert.equal((await query(url, sql)).length, rows, sql);
      assert.deepEqual(proxy.requests.map(describe).sort(), requests, sql);
    }
  });
});

test('EXPLAIN says what is asked for', { timeout }, async () => {
  await withServer([['orders', { from: 'dynamodb:orders' }]], async (url) => {
    const rows = await query(url, "EXPLAIN SELECT * FROM orders WHERE customer = 'ann' AND total > 8");
    const text = rows.map((row) => row.get('explain_value')).join('\n');
    for (const part of [/Operation:\s*Query/, /Key condition:/, /"customer" =/, /Filter:/, /"total" >/]) {
      assert.match(text.replaceAll(/[│\n]+/g, ' ').replaceAll(/ +/g, ' '), part);
    }
  });
});

test('without permission to get items, they are queried, and without that scanned', { timeout }, async () => {
  const sql = "SELECT * FROM orders WHERE customer = 'ann' AND number = 1";
  const query1 = 'Query: customer = ann AND number = 1';
  const scan1 = 'Scan: customer = ann AND number = 1';
  const get1 = 'GetItem: customer = ann AND number = 1';
  for (const [deny, first, then] of [
    [['GetItem'], [get1, query1], [query1]],
    [['GetItem', 'Query'], [get1, query1, scan1], [scan1]],
  ]) {
    await withServer([['orders', { from: 'dynamodb:orders', params: { scan_segments: 1 } }]], async (url, proxy) => {
      for (const requests of [first, then]) {
        proxy.requests.length = 0;
        assert.equal((await query(url, sql)).length, 1);
        assert.deepEqual(proxy.requests.map(describe), requests);
      }
    }, { deny });
  }
});

test('without permission to query, items are found by scanning', { timeout }, async () => {
  const sql = "SELECT * FROM orders WHERE customer = 'ann' AND total > 8";
  await withServer([['orders', { from: 'dynamodb:orders', params: { scan_segments: 1 } }]], async (url, proxy) => {
    for (const requests of [['Query: customer = ann: total > 8', 'Scan: customer = ann AND total > 8'],
      ['Scan: customer = ann AND total > 8']]) {
      proxy.requests.length = 0;
      assert.equal((await query(url, sql)).length, 2);
      assert.deepEqual(proxy.requests.map(describe), requests);
    }
  }, { deny: ['Query'] });
});
