// `sumac schema`: what a person reads of a table, and views that have exactly the items of their kind.
import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parseCsv } from '../sql/case_file.mjs';
import { createTable, loadItems } from '../support/dynalite/load.mjs';
import { run, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sql, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const withPod = (datasets, use) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, datasets);
    await use(folder);
  });
const schema = (folder, ...more) => run(sumac, ['schema', '--spicepod', folder, ...more]);

// [{name, sql}] of the YAML that --views prints.
function viewsOf(yaml) {
  const views = [];
  for (const line of yaml.split('\n').slice(1)) {
    if (line.startsWith('  - name: ')) views.push({ name: line.slice('  - name: '.length), sql: '' });
    else if (line.startsWith('      ')) views.at(-1).sql += `${line.slice(6)}\n`;
  }
  return views;
}

// The command's output as docs/single_table.md shows it.
async function documented(command) {
  const text = await readFile(join(root, 'docs/single_table.md'), 'utf8');
  const start = text.indexOf(`$ ${command}\n`);
  assert.notEqual(start, -1, `docs/single_table.md does not have '${command}'`);
  const from = start + command.length + 3;
  const ends = ['\n```', '\n$ '].map((end) => text.indexOf(end, from)).filter((at) => at !== -1);
  return `${text.slice(from, Math.min(...ends))}\n`;
}

test('the report of a single table is that of the documentation', async () => {
  await withPod(['app'], async (folder) => {
    const { code, stdout, stderr } = await schema(folder, 'app');
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.equal(stdout, await documented('sumac schema app'));
  });
});

test('each view has exactly the items of its kind, and only their columns', async () => {
  const seed = JSON.parse(await readFile(join(root, 'test/support/seeds/app.json'), 'utf8'));
  const kinds = { app_user: 'User', app_order: 'Order', app_order_item: 'OrderItem' };
  await withPod(['app'], async (folder) => {
    const { code, stdout, stderr } = await schema(folder, 'app', '--views');
    assert.equal(code, 0, stderr);
    assert.equal(stderr, '');
    assert.equal(stdout, await documented('sumac schema app --views'));
    const views = viewsOf(stdout);
    assert.deepEqual(views.map((view) => view.name).sort(), Object.keys(kinds).sort());
    for (const view of views) {
      const items = seed.Items.filter((item) => item.entityType.S === kinds[view.name]);
      const answer = await sql(folder, view.sql, '--format', 'csv');
      assert.equal(answer.code, 0, answer.stderr);
      const [header, ...rows] = parseCsv(answer.stdout).map((row) => row.map((cell) => cell.text));
      const attributes = new Set(items.flatMap((item) => Object.keys(item)));
      assert.deepEqual([...header].sort(), [...attributes].sort());
      assert.deepEqual(header.slice(0, 2), ['pk', 'sk']);
      const keys = (pairs) => pairs.map(([pk, sk]) => `${pk} ${sk}`).sort();
      assert.deepEqual(keys(rows), keys(items.map(({ pk, sk }) => [pk.S, sk.S])));
    }
  });
});

test('the views of a table work in its Spicepod', async () => {
  await withPod(['app'], async (folder) => {
    // The Spicepod ends with a line `views:` already.
    const list = (await schema(folder, 'app', '--views')).stdout.replace(/^views:\n/, '');
    await appendFile(join(folder, 'spicepod.yaml'), list);
    const answer = await sql(
      folder,
      'SELECT u.name, count(*) AS orders FROM app_user u JOIN app_order o USING (pk) GROUP BY ALL ORDER BY ALL',
      ...['--format', 'csv'],
    );
    assert.equal(answer.stdout, 'name,orders\nAda Lovelace,2\nAlan Turing,1\nGrace Hopper,2\n', answer.stderr);
    // Their names are taken now.
    assert.match((await schema(folder, 'app', '--views')).stdout, /name: app_user_2\n/);
  });
});

// Prefixes with everything that LIKE, SQL and YAML mind, keys without a prefix, items without a type.
test('views divide a wild table: every item is in exactly one', async () => {
  const prefixes = ["it's#", 'a_b#', '50%off#', 'back\\slash#', '😀#', 'two words#', ''];
  const items = [];
  for (const [i, pk] of prefixes.entries()) {
    for (const [j, sk] of ['PROFILE', 'ORDER#', 'ORDER_#', '2024-'].entries()) {
      const item = { pk: { S: `${pk}${i}` }, sk: { S: sk === 'PROFILE' ? sk : `${sk}${j}` } };
      item['select "x"'] = { N: String(i) };
      if (i % 2 === 0) item.größe = { S: 'L' };
      items.push(item);
    }
  }
  await createTable(dynalite.endpoint, {
    TableName: 'wild',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  });
  await loadItems(dynalite.endpoint, 'wild', items);
  await withPod(['wild'], async (folder) => {
    const { code, stdout, stderr } = await schema(folder, 'wild', '--views');
    assert.equal(code, 0, stderr);
    const views = viewsOf(stdout);
    assert.equal(views.length, items.length, stdout);
    assert.equal(new Set(views.map((view) => view.name)).size, views.length);
    const seen = [];
    for (const view of views) {
      const answer = await sql(folder, view.sql, '--format', 'json');
      assert.equal(answer.code, 0, `${view.sql}${answer.stderr}`);
      seen.push(...JSON.parse(answer.stdout).map(({ pk, sk }) => `${pk} ${sk}`));
    }
    assert.deepEqual(seen.sort(), items.map(({ pk, sk }) => `${pk.S} ${sk.S}`).sort());
  });
});

test('a plain table is one kind, without a view', async () => {
  await withPod(['orders'], async (folder) => {
    const { code, stdout, stderr } = await schema(folder, 'orders');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^keys {5}customer_id \(N, partition key\), order_id \(S, sort key\)$/m);
    assert.match(stdout, /^read {5}20 items, all there are, 2 requests, [0-9.]+ RCU$/m);
    assert.match(stdout, /^note +Utf8 +S +20% {2}'leave at the door'$/m);
    assert.match(stdout, /^One kind of entity: /m);
    assert.doesNotMatch(stdout, /Conflicts/);
    const views = await schema(folder, 'orders', '--views');
    assert.equal(views.stdout, 'views: []\n');
    assert.match(views.stderr, /^note: no view for the kind 'item'/);
  });
});

test('names of every kind keep their columns', async () => {
  await withPod(['names', 'types', 'empty'], async (folder) => {
    const names = (await schema(folder, 'names')).stdout;
    assert.match(names, /^Name \(SQL: \w+\) +Utf8 +S +50% {2}'upper'$/m);
    assert.match(names, /^größe {6,}Utf8 +S +50% {2}'unicode'$/m);
    const types = (await schema(folder, 'types')).stdout;
    assert.match(types, /mixed_nested is S in 1 value, L in 1, M in 1; its SQL type is Utf8: JSON text\./);
    for (const line of `${names}${types}`.split('\n')) assert.ok([...line].length <= 100, line);
    assert.match((await schema(folder, 'empty')).stdout, /^read {5}0 items, all there are/m);
  });
});

test('--records says how many items are read', async () => {
  await withPod([['app', { params: { schema_infer_max_records: 4 } }]], async (folder) => {
    const read = async (...more) => /^read {5}(.*?), \d/m.exec((await schema(folder, 'app', ...more)).stdout)[1];
    assert.equal(await read(), '4 items of more');
    assert.equal(await read('--records', '6'), '6 items of more');
    assert.equal(await read('--records', 'all'), '14 items, all there are');
    const views = await schema(folder, 'app', '--views', '--records', 'all');
    assert.match(views.stderr, /^note: dataset 'app' learns its columns from 4 items/m);
  });
});

test('mistakes are one line', async () => {
  await withPod(['app'], async (folder) => {
    const unknown = await schema(folder, 'aap');
    assert.equal(unknown.stderr, "error: there is no dataset 'aap'; did you mean 'app'?\n");
    assert.equal(unknown.code, 1);
    assert.equal(unknown.stdout, '');
    const missing = await withTemporaryFolder((empty) => schema(empty, 'app'));
    assert.equal(missing.code, 2);
    assert.equal(missing.stderr.trim().split('\n').length, 1);
  });
});

test('--from needs no Spicepod', async () => {
  const parameters = [
    `endpoint_url=${dynalite.endpoint}`,
    'dynamodb_aws_region=us-west-2',
    'dynamodb_aws_access_key_id=test',
    'dynamodb_aws_secret_access_key=test',
  ].flatMap((parameter) => ['--param', parameter]);
  const answer = await run(sumac, ['schema', '--from', 'dynamodb:app', ...parameters]);
  assert.equal(answer.code, 0, answer.stderr);
  assert.equal(answer.stdout, await documented('sumac schema app'));
});
