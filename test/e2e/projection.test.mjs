// Of nested maps only the fields that a query reads are asked for; the answer is what it is when
// whole items are read, which is how the accelerated copy of the same table came to be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { query } from '../support/round_trip/sumac_client.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { withRecordedServer } from '../support/recorded_server.mjs';
import { sumac } from './setting.mjs';

const timeout = 120_000;
const S = (text) => ({ S: text });
const N = (number) => ({ N: String(number) });
const M = (fields) => ({ M: fields });

const items = [
  { id: N(1), m: M({ a: N(1), b: M({ c: S('x'), d: N(2) }), 'e.f': S('dotted') }), s: S('one') },
  { id: N(2), m: M({ a: N(2) }), s: S('two'), list: { L: [M({ a: N(7), b: N(8) })] } },
  { id: N(3), m: M({ b: M({}) }) },
  { id: N(4), m: M({ b: { NULL: true }, a: N(4) }) },
  { id: N(5), m: { NULL: true } },
  { id: N(6), s: S('six') },
  { id: N(9), n: M({ a: N(9) }) },
  { id: N(8), m: M({ a: N(8), b: M({ d: N(9), c: { NULL: true } }) }) },
];

// A query, and the paths it asks for; null for whole items.
const cases = [
  ['SELECT id, m.a AS v FROM t ORDER BY id', ['id', 'm/a']],
  ['SELECT id, m.b.c AS v FROM t ORDER BY id', ['id', 'm/b/c']],
  ['SELECT id, m.b.c AS v, m.a AS w FROM t ORDER BY id', ['id', 'm/a', 'm/b/c']],
  ['SELECT id, m.b.c AS v, m.b AS w FROM t ORDER BY id', ['id', 'm/b']],
  ['SELECT id, m.a AS v, m AS w FROM t ORDER BY id', ['id', 'm']],
  ['SELECT id, m.a AS v FROM t WHERE m IS NOT NULL ORDER BY id', ['id', 'm']],
  ['SELECT id, m."e.f" AS v FROM t ORDER BY id', ['id', 'm/e.f']],
  ['SELECT id, s AS v FROM t WHERE m.b.d > 1 ORDER BY id', ['id', 'm/b/d', 's']],
  ['SELECT sum(m.a) AS v, count(m.b.c) AS w FROM t', ['m/a', 'm/b/c']],
  ['SELECT id, list[1].a AS v FROM t ORDER BY id', ['id', 'list']],
  ['SELECT max(m.b.d) AS v FROM t', ['m/b/d']],
];

const pathsOf = ({ ProjectionExpression, ExpressionAttributeNames }) =>
  ProjectionExpression?.split(',')
    .map((path) => path.split('.').map((name) => ExpressionAttributeNames[name]).join('/'))
    .sort() ?? null;

const plain = (rows) => JSON.stringify(rows, (_, value) => (value instanceof Map ? [...value] : value));

let dynalite;
before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  await makeTable(client, 'nested', [['id', 'N']]);
  await writeItems(client, 'nested', items);
  client.destroy();
}, { timeout });
after(() => dynalite?.stop());

const withServer = (params, use, { accelerated = true } = {}) =>
  withRecordedServer(sumac, dynalite.endpoint, [
    ['t', { from: 'dynamodb:nested', params }],
    ['whole', { from: 'dynamodb:nested', params, accelerated }],
  ], use);

async function scansOf(url, proxy, sql) {
  proxy.requests.length = 0;
  const rows = await query(url, sql);
  const scans = proxy.requests.filter(({ operation }) => operation === 'Scan');
  return [rows, scans.map(({ body }) => body)];
}

test('fields that are read are asked for, and answers are those of whole items', { timeout }, async () => {
  await withServer({}, async (url, proxy) => {
    for (const [sql, paths] of cases) {
      const [rows, scans] = await scansOf(url, proxy, sql);
      const [expected, none] = await scansOf(url, proxy, sql.replace('FROM t', 'FROM whole'));
      assert.equal(plain(rows), plain(expected), sql);
      assert.deepEqual(none, [], sql);
      assert.ok(scans.length > 0, sql);
      for (const scan of scans) assert.deepEqual(pathsOf(scan), paths, sql);
    }
  });
});

test('unnested columns ask for their own path', { timeout }, async () => {
  await withServer({ unnest_depth: '1' }, async (url, proxy) => {
    const sql = 'SELECT id, "m.a" AS v FROM t ORDER BY id';
    const [rows, scans] = await scansOf(url, proxy, sql);
    const [expected] = await scansOf(url, proxy, sql.replace('FROM t', 'FROM whole'));
    assert.equal(plain(rows), plain(expected));
    for (const scan of scans) assert.deepEqual(pathsOf(scan), ['id', 'm/a']);
  });
});

test('where a misfit is an error, maps are read whole', { timeout }, async () => {
  const params = { on_type_mismatch: 'error', schema_infer_max_records: 'all' };
  await withServer(params, async (url, proxy) => {
    const [, scans] = await scansOf(url, proxy, 'SELECT id, list[1].a AS v FROM t');
    for (const scan of scans) assert.deepEqual(pathsOf(scan), ['id', 'list']);
    const [, nested] = await scansOf(url, proxy, 'SELECT n.a AS v FROM t');
    for (const scan of nested) assert.deepEqual(pathsOf(scan), ['n']);
  });
});
