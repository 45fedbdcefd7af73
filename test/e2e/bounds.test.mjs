// Items and tables at the bounds of DynamoDB, and a little beyond what fits one request.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { nest } from '../support/round_trip/attribute_values.mjs';
import { parseExactJson } from '../support/round_trip/json_text.mjs';
import { itemDifference } from '../support/round_trip/oracle.mjs';
import { itemFromJson, makeClient, makeTable, putItems, readItems } from '../support/round_trip/sdk_client.mjs';
import { columnsOf, query, quoted } from '../support/round_trip/sumac_client.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { startRecordingProxy } from '../support/recording_proxy.mjs';
import { sumac } from './setting.mjs';

const timeout = 300_000;
const itemBytesMax = 400 * 1024;
const expressionBytesMax = 4_096;
const levelsMax = 32;

const id = (number) => ({ id: { N: String(number) } });
const sequence = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const wideName = (i) => `attribute_${i}`;
const oneOfEach = {
  S: { S: 'text' }, N: { N: '1.5' }, B: { B: Uint8Array.of(0, 255) }, BOOL: { BOOL: true }, NULL: { NULL: true },
  L: { L: [{ N: '1' }, { S: 'x' }] }, M: { M: { k: { S: 'v' } } }, SS: { SS: ['a', 'b'] }, NS: { NS: ['1', '2'] },
  BS: { BS: [Uint8Array.of(1)] },
};

const tables = {
  // The id and its name count as well: 2 bytes of name and 2 of number.
  largest: [
    { ...id(1), text: { S: '\u0001'.repeat(itemBytesMax - 8) } },
    { ...id(2), blob: { B: new Uint8Array(itemBytesMax - 8).fill(0xa5) } },
    { ...id(3), list: { L: sequence(60_000, (i) => ({ N: String(i % 10) })) } },
  ],
  deepest: [{ ...id(1), value: nest(levelsMax) }],
  wide: sequence(3, (row) => ({
    ...id(row), ...Object.fromEntries(sequence(1_500, (i) => [wideName(i), { N: String(row * 10_000 + i) }])),
  })),
  dictionary: [{ ...id(1), map: { M: Object.fromEntries(sequence(1_200, (i) => [`key ${i}`, { N: String(i) }])) } }],
  every_type: Object.values(oneOfEach).map((value, i) => ({ ...id(i), value })),
};

let dynalite;
const stored = {};
let proxy;

before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  for (const [name, items] of Object.entries(tables)) {
    await makeTable(client, name, [['id', 'N']]);
    await putItems(client, name, items);
    stored[name] = await readItems(client, name);
  }
  client.destroy();
  proxy = await startRecordingProxy(dynalite.endpoint);
}, { timeout });
after(async () => {
  await proxy?.stop();
  await dynalite?.stop();
});

const textOf = (rows, name) => rows.map((row) => row.get(name)?.text ?? row.get(name));

async function checkLargest(url) {
  const rows = await query(
    url,
    `SELECT id, length(text) AS characters, text = repeat(chr(1), ${itemBytesMax - 8}) AS same_text,
       hex(blob) = repeat('A5', ${itemBytesMax - 8}) AS same_blob, list_sum(list) AS total, len(list) AS elements
     FROM largest ORDER BY id`,
  );
  assert.equal(rows[0].get('characters').text, String(itemBytesMax - 8));
  assert.equal(rows[0].get('same_text'), true);
  assert.equal(rows[1].get('same_blob'), true);
  assert.equal(rows[2].get('elements').text, '60000');
  assert.equal(rows[2].get('total').text, String(6_000 * 45));
}

async function checkDeepest(url) {
  // From the outside: lists and maps in turn, the innermost a map.
  const path = sequence(levelsMax, (i) => (i % 2 === 0 ? '[1]' : '.n')).join('');
  const [row] = await query(url, `SELECT value${path} AS innermost, value FROM deepest`);
  assert.equal(row.get('innermost'), 'innermost');
  let value = row.get('value');
  for (let level = 0; level < levelsMax; ++level) value = level % 2 === 0 ? value[0] : value.get('n');
  assert.equal(value, 'innermost');
}

async function checkWide(url, accelerated) {
  const all = await query(url, 'SELECT * FROM wide ORDER BY id');
  all.forEach((row, number) => {
    assert.equal(row.size, 1_501);
    for (let i = 0; i < 1_500; ++i) assert.equal(row.get(wideName(i)).text, String(number * 10_000 + i));
  });
  // About where a ProjectionExpression of 4 KB ends.
  for (const count of [1, 100, 690, 700, 710, 1_499]) {
    proxy.requests.length = 0;
    const columns = sequence(count, (i) => quoted(wideName(i + 1))).join(', ');
    const rows = await query(url, `SELECT ${columns} FROM wide`);
    assert.equal(rows.length, 3);
    const base = Number(rows[0].get(wideName(1)).text) - 1;
    for (let i = 1; i <= count; ++i) assert.equal(rows[0].get(wideName(i)).text, String(base + i), `${count} columns`);
    if (accelerated) continue;
    for (const { body } of proxy.requests) {
      const bytes = body.ProjectionExpression?.length ?? 0;
      assert.ok(bytes <= expressionBytesMax, `${bytes} bytes of expression for ${count} columns`);
      assert.equal(bytes > 0, count <= 700, `${count} columns`);
    }
  }
}

async function checkDictionary(url) {
  const [row] = await query(
    url,
    `SELECT to_json(map)->>'key 1199' AS last, len(json_keys(to_json(map))) AS keys FROM dictionary`,
  );
  assert.equal(row.get('last'), '1199');
  assert.equal(row.get('keys').text, '1200');
}

async function checkEveryType(url) {
  const [{ type }] = (await columnsOf(url, 'every_type')).filter(({ name }) => name === 'value');
  assert.equal(type.name, 'JSON');
  const rows = await query(url, 'SELECT value::VARCHAR AS text FROM every_type ORDER BY id');
  assert.deepEqual(textOf(rows, 'text'), [
    '"text"', '1.5', '"AP8="', 'true', undefined, '[1,"x"]', '{"k":"v"}', '["a","b"]', '[1,2]', '["AQ=="]',
  ]);
}

async function checkWholeItems(url, name) {
  const rows = await query(url, `SELECT id, _item, _overflow FROM ${name}`);
  assert.equal(rows.length, stored[name].length);
  for (const row of rows) {
    const item = stored[name].find((one) => one.get('id').value === row.get('id').text);
    assert.equal(itemDifference(item, itemFromJson(parseExactJson(row.get('_item')))), null);
    assert.equal(row.get('_overflow'), undefined);
  }
}

for (const accelerated of [false, true]) {
  test(`bounds, ${accelerated ? 'accelerated' : 'from DynamoDB'}`, { timeout }, (t) =>
    withTemporaryFolder(async (folder) => {
      await writeSpicepod(folder, proxy.url, Object.keys(tables), { accelerated });
      const server = await startServer(sumac, folder);
      try {
        await t.test('items of 400 KB', () => checkLargest(server.url));
        await t.test('32 levels', () => checkDeepest(server.url));
        await t.test('1,500 attributes', () => checkWide(server.url, accelerated));
        await t.test('a map with 1,200 keys', () => checkDictionary(server.url));
        await t.test('one attribute of every type', () => checkEveryType(server.url));
        if (accelerated) return;
        for (const name of Object.keys(tables)) {
          await t.test(`whole items of ${name}`, () => checkWholeItems(server.url, name));
        }
      } finally {
        await server.stop();
      }
    }),
  );
}
