// Every attribute name, however strange, is a column that can be described, read, filtered by and
// projected alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { allNames, caseVariants, distinctNames } from '../support/round_trip/attribute_names.mjs';
import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { literal, query, quoted } from '../support/round_trip/sumac_client.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { startRecordingProxy } from '../support/recording_proxy.mjs';
import { sumac } from './setting.mjs';

const timeout = 300_000;
const table = 'attribute_names';
const key = 'primary key';
const shown = (name) => JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name);

// SQL text ends at a NUL, so a column of such a name can be reached by SELECT * and COLUMNS only.
const unspeakableNames = ['nul\u0000inside', '\u0000'];
const names = [...allNames, ...unspeakableNames];

// The item `i` has the attribute `i` alone; the item -1 has all of them.
const valueOf = (i, where) => ({ S: `${where} ${i}` });
const items = [
  ...names.map((name, i) => ({ [key]: { N: String(i) }, [name]: valueOf(i, 'alone') })),
  { [key]: { N: '-1' }, ...Object.fromEntries(names.map((name, i) => [name, valueOf(i, 'among all')])) },
];

let dynalite;
before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  await makeTable(client, table, [[key, 'N']]);
  await writeItems(client, table, items);
  client.destroy();
}, { timeout });
after(() => dynalite?.stop());

// The columns of the case variants: the first by bytes keeps its name.
const sqlNames = new Map([
  ...distinctNames.map((name) => [name, name]),
  // MIXED, Mixed, mIXED, mixed, by bytes; two of the suffixed names are taken by attributes.
  ...[['MIXED', 'MIXED'], ['Mixed', 'Mixed_4'], ['Mixed_3', 'Mixed_3']],
  ...[['mIXED', 'mIXED_5'], ['mixed', 'mixed_6'], ['mixed_2', 'mixed_2']],
]);

async function checkName(url, proxy, name, i) {
  const column = quoted(sqlNames.get(name));
  const filter = `${column} = 'alone ${i}'`;
  const found = await query(url, `SELECT "${key}" AS id, ${column} AS value FROM ${table} WHERE ${filter}`);
  assert.deepEqual(found.map((row) => [row.get('id').text, row.get('value')]), [[String(i), `alone ${i}`]]);

  proxy.requests.length = 0;
  const alone = await query(url, `SELECT ${column} FROM ${table}`);
  const values = alone.map((row) => row.get(sqlNames.get(name))).filter((value) => value !== undefined).sort();
  assert.deepEqual(values, [`alone ${i}`, `among all ${i}`]);
  assert.equal(alone.length, items.length);
  return proxy.requests.filter(({ operation }) => operation === 'Scan').map(({ body }) => body);
}

function checkRequests(scans, name) {
  assert.ok(scans.length > 0);
  for (const { ProjectionExpression, ExpressionAttributeNames } of scans) {
    assert.match(ProjectionExpression, /^#[a-z0-9]+$/);
    assert.deepEqual(ExpressionAttributeNames, { [ProjectionExpression]: name });
  }
}

async function checkDescribe(url) {
  const described = (await query(url, `DESCRIBE ${table}`)).map((row) => row.get('column_name'));
  for (const name of distinctNames) assert.ok(described.includes(name), shown(name));
  for (const name of caseVariants) assert.ok(described.includes(sqlNames.get(name)), shown(name));
  assert.equal(described.length, names.length + 1);
  const catalog = await query(
    url,
    `SELECT column_name FROM information_schema.columns WHERE table_name = ${literal(table)}`,
  );
  assert.deepEqual(catalog.map((row) => row.get('column_name')).sort(), described.sort());
}

async function checkAll(url) {
  const [row] = await query(url, `SELECT * FROM ${table} WHERE "${key}" = -1`);
  names.forEach((name, i) => assert.equal(row.get(sqlNames.get(name) ?? name), `among all ${i}`, shown(name)));
  const alone = await query(url, `SELECT COLUMNS('^nul.inside$') FROM ${table}`);
  assert.equal(alone.filter((one) => one.get(unspeakableNames[0]) !== undefined).length, 2);
}

for (const accelerated of [false, true]) {
  test(`names, ${accelerated ? 'accelerated' : 'from DynamoDB'}`, { timeout }, (t) =>
    withTemporaryFolder(async (folder) => {
      const proxy = await startRecordingProxy(dynalite.endpoint);
      await writeSpicepod(folder, proxy.url, [table], { accelerated });
      const server = await startServer(sumac, folder);
      try {
        await t.test('DESCRIBE has them', () => checkDescribe(server.url));
        await t.test('SELECT * has them', () => checkAll(server.url));
        for (const [i, name] of allNames.entries()) {
          await t.test(shown(name), async () => {
            const scans = await checkName(server.url, proxy, name, i);
            if (!accelerated) checkRequests(scans, name);
          });
        }
      } finally {
        await server.stop();
        await proxy.stop();
      }
    }),
  );
}
