// What a Spicepod says of types and columns: number_type, time_format, unnest_depth, declared types,
// json_object, on_type_mismatch; and what a mistake in one of them looks like.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { withTemporaryFolder } from '../support/program.mjs';
import { sharedDynalite, sql } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

// Runs `use(ask)` with a dataset `t` of `table`; `ask(text, format = 'csv')` runs SQL. `settings` is
// YAML under the dataset, `parameters` a map under its `params`.
async function withDataset({ table, parameters = {}, settings = '' }, use) {
  const lines = Object.entries(parameters).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}\n`);
  const pod = `version: v1
kind: Spicepod
name: columns
datasets:
  - from: dynamodb:${table}
    name: t
    params:
      dynamodb_aws_region: us-west-2
      dynamodb_aws_access_key_id: test
      dynamodb_aws_secret_access_key: test
      endpoint_url: ${dynalite.endpoint}
${lines.join('')}${settings}`;
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'spicepod.yaml'), pod);
    await use((text, format = 'csv') => sql(folder, text, '--format', format));
  });
}

async function assertRows(dataset, cases) {
  await withDataset(dataset, async (ask) => {
    for (const [text, expected] of cases) {
      const { code, stdout, stderr } = await ask(text);
      assert.equal(code, 0, `${text}\n${stderr}`);
      assert.equal(stdout, expected.join('\n') + '\n', text);
    }
  });
}

const accelerated = '    acceleration:\n      enabled: true\n';

for (const [mode, more] of [
  ['from DynamoDB', ''],
  ['accelerated', accelerated],
]) {
  test(`number_type forces one type, ${mode}`, async () => {
    const amount = "SELECT amount, typeof(amount) AS type FROM t WHERE order_id = 'A-1001'";
    const quantities = "SELECT typeof(quantities) AS type FROM t WHERE order_id = 'A-1001'";
    for (const [parameter, value, type, listType] of [
      ['auto', '59.9', 'DOUBLE', 'BIGINT[]'],
      ['double', '59.9', 'DOUBLE', 'DOUBLE[]'],
      ['decimal', '59.90', '"DECIMAL(38,2)"', '"DECIMAL(38,0)[]"'],
      ['string', '59.9', 'VARCHAR', 'VARCHAR[]'],
    ]) {
      await assertRows({ table: 'orders', parameters: { number_type: parameter }, settings: more }, [
        [amount, ['amount,type', `${value},${type}`]],
        [quantities, ['type', listType]],
      ]);
    }
  });

  test(`time_format reads strings as times, ${mode}`, async () => {
    const dataset = { table: 'orders', parameters: { time_format: '2006-01-02T15:04:05Z07:00' }, settings: more };
    await assertRows(dataset, [
      [
        "SELECT order_id, ordered_at FROM t WHERE ordered_at < TIMESTAMPTZ '2024-10-02 00:00:00Z'",
        ['order_id,ordered_at', 'A-1001,2024-10-01T12:00:00Z'],
      ],
      ['SELECT typeof(max(ordered_at)) AS type, typeof(max(status)) AS text FROM t', ['type,text', 'TIMESTAMP WITH TIME ZONE,VARCHAR']],
    ]);
  });

  test(`unnest_depth takes maps apart, ${mode}`, async () => {
    const dataset = { table: 'users', parameters: { unnest_depth: 1 }, settings: more };
    await assertRows(dataset, [
      [
        'SELECT id, "metadata.registration_ip" FROM t WHERE "preferences.theme" = \'dark\' AND id = 1',
        ['id,metadata.registration_ip', '1,203.0.113.7'],
      ],
      ['SELECT count(*) AS maps FROM (DESCRIBE t) WHERE column_name IN (\'metadata\', \'preferences\')', ['maps', '0']],
      ['SELECT addresses[1].city AS city FROM t WHERE id = 1', ['city', 'San Francisco']],
    ]);
  });

  test(`declared types win, and the rest is one JSON column, ${mode}`, async () => {
    const settings = `    columns:
      - name: amount
        type: DECIMAL(10,2)
      - name: ordered_at
        type: timestamptz
      - name: never_seen
        type: BIGINT
      - name: rest
        metadata:
          json_object: "*"
${more}`;
    await assertRows({ table: 'orders', settings }, [
      [
        'SELECT column_name FROM (DESCRIBE t)',
        ['column_name', 'customer_id', 'order_id', 'amount', 'never_seen', 'ordered_at', 'rest'],
      ],
      [
        "SELECT amount, ordered_at, never_seen, rest FROM t WHERE order_id = 'A-1002'",
        [
          'amount,ordered_at,never_seen,rest',
          '12.25,2024-10-02T12:00:00Z,,"{""gift"":false,""quantities"":[1],""status"":""shipped"",""tags"":[""books""]}"',
        ],
      ],
      ["SELECT count(*) AS paid FROM t WHERE rest->>'status' = 'paid' AND amount > 50", ['paid', '6']],
    ]);
  });
}

test('on_type_mismatch: error fails a query that reads such a value, and no other', async () => {
  const settings = '    columns:\n      - name: note\n        type: BIGINT\n';
  const parameters = { on_type_mismatch: 'error' };
  await withDataset({ table: 'orders', parameters, settings }, async (ask) => {
    const { code, stdout, stderr } = await ask('SELECT note FROM t');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /dataset 't': column 'note' holds BIGINT, and an item has \{"S":"leave at the door"\} there/);
    assert.equal((await ask('SELECT count(order_id) AS orders FROM t')).code, 0);
  });
  await withDataset({ table: 'orders', settings }, async (ask) => {
    const { code, stdout, stderr } = await ask(
      "SELECT note, _overflow FROM t WHERE order_id = 'A-1001'",
    );
    assert.equal(code, 0);
    assert.equal(stdout, 'note,_overflow\n,"{""note"":""leave at the door""}"\n');
    assert.match(stderr, /dataset 't', column 'note': [0-9]+ values? did not fit/);
  });
});

test('a mistake is one clear line', async () => {
  for (const [dataset, message] of [
    [{ table: 'users', parameters: { time_format: 'yyyy-MM-dd' } }, /dataset 't': parameter 'time_format': .*yyyy-MM-dd/],
    [{ table: 'users', parameters: { unnest_depth: 'deep' } }, /parameter 'unnest_depth' takes an integer from 0 to 32, not 'deep'/],
    [{ table: 'users', parameters: { number_type: 'float' } }, /parameter 'number_type' takes auto, double, decimal or string, not 'float'/],
    [{ table: 'users', settings: '    columns:\n      - name: id\n        type: numbr\n' }, /dataset 't': column 'id': .*numbr/],
    [
      { table: 'users', settings: '    columns:\n      - name: nme\n      - name: rest\n        metadata: {json_object: "*"}\n' },
      /dataset 't': Columns not found in table schema: nme\. Ensure configuration is correct, or increase schema_infer_max_records/,
    ],
    [
      { table: 'users', settings: '    columns:\n      - name: rest\n        metadata: {json_object: "all"}\n' },
      /Column 'rest' has invalid 'json_object' value: 'all'\. Only '\*' is supported\./,
    ],
  ]) {
    await withDataset(dataset, async (ask) => {
      const { code, stdout, stderr } = await ask('SELECT * FROM t');
      assert.notEqual(code, 0);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.ok(stderr.trim().split('\n').length <= 3, stderr);
    });
  }
});
