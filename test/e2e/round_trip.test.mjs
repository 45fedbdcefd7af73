// Whatever the AWS SDK says an item holds, SQL says too: in `_item` exactly, and in typed columns and
// `_overflow` together, from DynamoDB and from an accelerated copy.
//
//   SUMAC_ROUND_TRIP_SEED    a number, or `random`; printed on each run
//   SUMAC_ROUND_TRIP_SCALE   how many times as many items (11,000 unless set)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { canonicalDecimal } from '../support/round_trip/decimal.mjs';
import { JsonNumber, parseExactJson } from '../support/round_trip/json_text.mjs';
import {
  addItemNames, itemDifference, judge, makeNames, overflowTrouble, pairNames,
} from '../support/round_trip/oracle.mjs';
import { makeRandom } from '../support/round_trip/random.mjs';
import { itemFromJson, makeClient, makeTable, readItems, writeItems } from '../support/round_trip/sdk_client.mjs';
import { columnsOf, query } from '../support/round_trip/sumac_client.mjs';
import { makeItems, tables } from '../support/round_trip/tables.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sumac } from './setting.mjs';

const seedText = process.env.SUMAC_ROUND_TRIP_SEED ?? '20260101';
const seed = seedText === 'random' ? Date.now() % 2 ** 32 : Number(seedText);
const scale = Number(process.env.SUMAC_ROUND_TRIP_SCALE ?? 1);
const timeout = 600_000;

// How the tables are datasets, and which of these have `_item` and `_overflow`.
const kinds = [
  { kind: 'from DynamoDB', accelerated: false, virtualColumns: true },
  { kind: 'accelerated', accelerated: true, virtualColumns: false },
  { kind: 'accelerated, with whole items', accelerated: true, virtualColumns: true, accelerationParams: { keep_item: true } },
];

let dynalite;
const stored = new Map(); // by table, the items as the SDK reads them

before(async () => {
  console.log(`round trip: SUMAC_ROUND_TRIP_SEED=${seed}`);
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  const random = makeRandom(seed);
  for (const table of tables) {
    await makeTable(client, table.name, table.keys);
    const items = makeItems(table, random, scale);
    await writeItems(client, table.name, items);
    stored.set(table.name, await readItems(client, table.name));
    assert.equal(stored.get(table.name).length, items.length, table.name);
  }
  client.destroy();
}, { timeout });
after(() => dynalite?.stop());

const datasets = tables.map(({ name, sample }) => [name, { params: { schema_infer_max_records: sample ?? 'all' } }]);

const keyText = {
  S: String,
  N: (number) => canonicalDecimal(number instanceof JsonNumber ? number.text : number),
  B: (base64) => Buffer.from(base64, 'base64').toString('hex'),
};
// The primary key as one text, from the item and from the row.
const keyOfItem = ({ keys }, item) =>
  JSON.stringify(keys.map(([name, tag]) => keyText[tag](item.get(name).value)));
const keyOfRow = ({ keys }, row) =>
  JSON.stringify(keys.map(([name, tag]) => (tag === 'B' ? row.get(name) : keyText[tag](row.get(name)))));

function printable(value) {
  const text = JSON.stringify(value, (_, part) => {
    if (part instanceof Map) return Object.fromEntries(part);
    return part instanceof JsonNumber ? `number ${part.text}` : part;
  });
  return text && text.length > 1_000 ? `${text.slice(0, 1_000)}... (${text.length} characters)` : text;
}

// Everything that is wrong with a row, smallest first when printed.
function troublesOf(table, columns, attributes, names, item, row, virtual) {
  const troubles = [];
  const add = (where, trouble) => trouble && troubles.push({ where, key: keyOfItem(table, item), ...trouble });
  const lostNames = [...item.keys()].filter((name) => !names.fields.has(name));
  columns.forEach(({ name, type }, i) => {
    const context = { names: names.fields.get(attributes[i]), parse: parseExactJson };
    const verdict = judge(item.get(attributes[i]), type, row.get(name), context);
    add(`column ${JSON.stringify(name)}`, verdict.trouble);
    if (!verdict.trouble && !verdict.whole) lostNames.push(attributes[i]);
  });
  if (table.sample === undefined && lostNames.length > 0) {
    add('a sampled value does not fit', { attribute: item.get(lostNames[0]), name: lostNames[0] });
  }
  if (virtual) {
    add('_item', itemDifference(item, itemFromJson(parseExactJson(row.get(virtual.item)))));
    const overflow = row.get(virtual.overflow);
    add('_overflow', overflowTrouble(item, lostNames, overflow === undefined ? null : parseExactJson(overflow)));
  }
  return troubles;
}

function freeName(name, columns) {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  let free = name;
  for (let suffix = 2; taken.has(free); ++suffix) free = `${name}_${suffix}`;
  return free;
}

async function checkTable(url, table, virtualColumns) {
  const items = stored.get(table.name);
  const names = makeNames();
  for (const [name] of table.keys) names.fields.set(name, makeNames());
  for (const item of items.slice(0, table.sample)) addItemNames(names, item);
  const columns = await columnsOf(url, table.name);
  const sqlNames = columns.map(({ name }) => name);
  const attributes = pairNames(sqlNames, names.fields.keys(), table.keys.map(([name]) => name));
  const virtual = virtualColumns && { item: freeName('_item', columns), overflow: freeName('_overflow', columns) };
  const more = virtual ? `, ${virtual.item}, ${virtual.overflow}` : '';
  const rows = await query(url, `SELECT *${more} FROM ${table.name}`);
  const rowsByKey = new Map(rows.map((row) => [keyOfRow(table, row), row]));
  assert.equal(rows.length, items.length);
  assert.equal(rowsByKey.size, items.length);

  const troubles = items.flatMap((item) => {
    const row = rowsByKey.get(keyOfItem(table, item));
    if (!row) return [{ where: 'no row', key: keyOfItem(table, item) }];
    return troublesOf(table, columns, attributes, names, item, row, virtual);
  });
  troubles.sort((a, b) => (printable(a.attribute) ?? '').length - (printable(b.attribute) ?? '').length);
  const shown = troubles.slice(0, 3).map((trouble) => `\n  ${printable(trouble)}`).join('');
  const summary = `seed ${seed}, table ${table.name}: ${troubles.length} values differ, the smallest:${shown}`;
  assert.equal(troubles.length, 0, summary);
}

// An accelerated dataset takes its schema from all of the table.
const asLoaded = (table, accelerated) => (accelerated ? { ...table, sample: undefined } : table);

for (const { kind, virtualColumns, ...options } of kinds) {
  test(`every value comes back, ${kind}`, { timeout }, async (t) =>
    withTemporaryFolder(async (folder) => {
      await writeSpicepod(folder, dynalite.endpoint, datasets, options);
      const server = await startServer(sumac, folder);
      try {
        for (const table of tables) {
          const name = `${table.name} (${stored.get(table.name).length} items)`;
          await t.test(name, () => checkTable(server.url, asLoaded(table, options.accelerated), virtualColumns));
        }
      } finally {
        await server.stop();
      }
    }),
  );
}
