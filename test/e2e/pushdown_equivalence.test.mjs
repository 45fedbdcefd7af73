// Predicates by chance on tables by chance: the answer with pushdown is the one without.
//   SUMAC_SEED         another choice of tables and predicates
//   SUMAC_PREDICATES   how many predicates each server is asked, for a longer run by hand
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { makeRandom } from '../support/round_trip/random.mjs';
import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { query } from '../support/round_trip/sumac_client.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { randomPredicate, randomTable } from '../support/random_predicates.mjs';
import { withRecordedServer } from '../support/recorded_server.mjs';
import { fakeDynamodbServer, fast, sumac } from './setting.mjs';

const timeout = 3_600_000;
const seed = Number(process.env.SUMAC_SEED ?? 20261125);
const predicates = Number(process.env.SUMAC_PREDICATES ?? (fast ? 150 : 500));
const tablesOfServer = 6;
const itemsOfTable = 120;

const keySchema = (keys) =>
  keys.map(([AttributeName], i) => ({ AttributeName, KeyType: i === 0 ? 'HASH' : 'RANGE' }));

const definition = (name, { keys, indexes }) => ({
  TableName: name,
  KeySchema: keySchema(keys),
  AttributeDefinitions: [...new Map([...keys, ...indexes.flatMap((index) => index.keys)])]
    .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
  ...(indexes.length === 0 ? {} : {
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name, KeySchema: keySchema(index.keys), Projection: { ProjectionType: index.projection },
    })),
  }),
});

async function startFake(tables) {
  return startFakeDynamodb(fakeDynamodbServer, {
    signers: [{ accessKeyId: 'test', secretAccessKey: 'test' }],
    // The proxy is another host than the one that was signed for.
    check_signatures: false,
    log_requests: false,
    tables: tables.map((table, i) => ({ ...definition(`table${i}`, table), Items: table.items })),
  });
}

async function startThird(tables) {
  const dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  for (const [i, table] of tables.entries()) {
    await makeTable(client, `table${i}`, table.keys, { indexes: table.indexes });
    await writeItems(client, `table${i}`, table.items.map(withBytes));
  }
  client.destroy();
  return dynalite;
}

// The SDK takes bytes where the service takes base64.
const withBytes = (item) => JSON.parse(JSON.stringify(item), (key, value) =>
  (key === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value));

const sorted = (rows) =>
  rows.map((row) => JSON.stringify([...row], (_, value) => (value instanceof Map ? [...value] : value))).sort();

async function compare(context, start, random) {
  const tables = Array.from({ length: tablesOfServer }, () => randomTable(random, itemsOfTable));
  const service = await start(tables);
  const pushed = { Query: 0, filter: 0, count: 0 };
  let refused = 0;
  const params = {
    schema_infer_max_records: 25, scan_segments: 2, time_format: '"2006-01-02T15:04:05Z07:00"',
  };
  const datasets = tables.flatMap((_, i) => [
    [`pushed${i}`, { from: `dynamodb:table${i}`, params }],
    [`plain${i}`, { from: `dynamodb:table${i}`, params: { ...params, pushdown: 'off' } }],
  ]);
  try {
    await withRecordedServer(sumac, service.endpoint, datasets, async (url, proxy) => {
      for (let i = 0; i < predicates; ++i) {
        const number = i % tables.length;
        const where = randomPredicate(random, tables[number]);
        const ask = (dataset) => query(url, `SELECT *, _overflow FROM ${dataset}${number} WHERE ${where}`);
        let expected;
        try {
          expected = sorted(await ask('plain'));
        } catch (error) {
          // What a column's type has no comparison with; whether it is met may depend on what is read.
          assert.match(error.message, /cast|Conversion|convert|Malformed JSON|Binder|No function|template type/i);
          ++refused;
          continue;
        }
        proxy.requests.length = 0;
        assert.deepEqual(sorted(await ask('pushed')), expected, `table ${number}: ${where}`);
        if (proxy.requests.some(({ operation }) => operation !== 'Scan')) ++pushed.Query;
        if (proxy.requests.some(({ body }) => body.FilterExpression)) ++pushed.filter;
        // Here nobody but DynamoDB may judge what a row is.
        const [counted] = await query(url, `SELECT count(*) AS n FROM pushed${number} WHERE ${where}`);
        assert.equal(counted.get('n').text, String(expected.length), `count of table ${number}: ${where}`);
        if (proxy.requests.some(({ body }) => body.Select === 'COUNT')) ++pushed.count;
      }
    });
  } finally {
    await service.stop();
  }
  context.diagnostic(JSON.stringify({ ...pushed, refused }));
  assert.ok(refused < predicates / 2, 'most predicates can be asked');
  assert.ok(pushed.filter > predicates / 4, 'filters are pushed');
  assert.ok(pushed.Query > predicates / 100, 'keys are pushed');
  assert.ok(pushed.count > predicates / 20, 'counts are pushed');
}

for (const [name, start, more] of [['dynalite', startThird, 1], ['the fake', startFake, 2]]) {
  test(`answers of ${name} are those without pushdown`, { timeout }, async (context) => {
    context.diagnostic(`SUMAC_SEED=${seed} SUMAC_PREDICATES=${predicates}`);
    await compare(context, start, makeRandom(seed + more));
  });
}
