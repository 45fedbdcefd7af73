// Queries that are to end in time: against a table that throttles, and where nothing is scanned.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { run, startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { fakeDynamodbServer, sql, sumac } from './setting.mjs';

const itemBytes = 4_000;
const items = Array.from({ length: 800 }, (_, id) => ({
  id: { N: String(id) },
  text: { S: 'x'.repeat(itemBytes) },
}));
const table = (TableName) => ({
  TableName,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
  Items: items,
});
const alwaysThrottled = { fault: 'Throttle', operation: 'Scan', count: 1_000_000 };
// Would take years.
const endless = 'SELECT count(*) FROM range(1000000000000) a, range(1000000000000) b';
// Far from the timeouts of the test, and from what the endless takes.
const soonEnoughMs = 30_000;

const started = [];
async function startTable(configuration) {
  const fake = await startFakeDynamodb(fakeDynamodbServer, {
    signers: [{ accessKeyId: 'test', secretAccessKey: 'test' }],
    tables: [table('users')],
    ...configuration,
  });
  started.push(fake);
  return fake;
}
after(() => Promise.all(started.map((fake) => fake.stop())));

// The sample fits what the table has saved up; all of it does not: 800 items are about 400 units.
const slow = {
  service: { partition_read_units: 10, beyond: 'throttle', burst_seconds: 15 },
};
let slowTable;
before(async () => (slowTable = await startTable(slow)));

const withPod = (endpoint, use) =>
  withTemporaryFolder(async (folder) => {
    const params = { schema_infer_max_records: 10, scan_segments: 8 };
    await writeSpicepod(folder, endpoint, [['users', { params }]]);
    await use(folder);
  });

async function timed(work) {
  const begun = performance.now();
  const answer = await work();
  assert.ok(performance.now() - begun < soonEnoughMs);
  return answer;
}

test('the command line waits throttles out for as long as it was told', async () => {
  await withPod(slowTable.endpoint, async (folder) => {
    const answer = await timed(() =>
      sql(folder, 'SELECT count(text) FROM users', '--timeout', '2s', '--format', 'csv'),
    );
    assert.equal(answer.code, 1);
    assert.equal(answer.stdout, '');
    assert.match(
      answer.stderr,
      /^error: the query did not end within 2s; read by then: dataset 'users': [\d,]+ items, [\d.]+ [kM]?B, \d+ RCU, [\d,]+ throttles.*; give it more time, or have it read less\n$/,
    );
  });
});

test('a query that scans nothing ends as well', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, 'http://127.0.0.1:1', []);
    const answer = await timed(() => sql(folder, endless, '--timeout', '500ms'));
    assert.equal(answer.code, 1);
    assert.equal(
      answer.stderr,
      'error: the query did not end within 500ms; read by then: nothing from DynamoDB; give it more time, or have it read less\n',
    );
  });
});

test('a timeout that is not reached changes nothing', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, 'http://127.0.0.1:1', []);
    const answer = await sql(folder, 'SELECT 1 AS a; SELECT 2 AS b', '--timeout', '1h', '--format', 'csv');
    assert.deepEqual(answer, { code: 0, stdout: 'a\n1\nb\n2\n', stderr: '' });
  });
});

test('loading ends in time too', async () => {
  const fake = await startTable({ faults: [alwaysThrottled] });
  await withPod(fake.endpoint, async (folder) => {
    const answer = await timed(() => sql(folder, 'SELECT 1', '--timeout', '1s'));
    assert.equal(answer.code, 1);
    assert.match(
      answer.stderr,
      /error: loading the datasets did not end within 1s; give it more time with --timeout\n$/,
    );
  });
});

test('a timeout that is none is refused in one line', async () => {
  const answer = await run(sumac, ['sql', '-c', 'SELECT 1', '--timeout', 'soon']);
  assert.equal(answer.code, 2);
  assert.equal(
    answer.stderr,
    "error: --timeout takes a duration from 1ms to 365d, such as 30s, not 'soon'; see sumac sql --help\n",
  );
});

test('over HTTP a query ends with 504 and says what was read', async () => {
  const fake = await startTable({});
  await withPod(fake.endpoint, async (folder) => {
    const server = await startServer(sumac, folder);
    const ask = (body, timeout) =>
      fetch(`${server.url}/v1/sql`, {
        method: 'POST',
        body,
        headers: { Accept: 'text/csv', 'Sumac-Query-Timeout': timeout },
      });
    try {
      const answered = await ask('SELECT count(*) AS n FROM users', '1m');
      assert.equal(await answered.text(), `n\n${items.length}\n`);
      await fake.fault(alwaysThrottled);
      const throttled = await timed(() => ask('SELECT count(text) FROM users', '1s'));
      assert.equal(throttled.status, 504);
      assert.match(
        await throttled.text(),
        /^the query did not end within 1s; read by then: dataset 'users': 0 items, 0 B, 0 RCU, [\d,]+ throttles.*; give it more time, or have it read less$/,
      );
      const joined = await timed(() => ask(endless, '500ms'));
      assert.equal(joined.status, 504);
      const refused = await ask('SELECT 1', 'soon');
      assert.equal(refused.status, 400);
      assert.equal(
        await refused.text(),
        "Sumac-Query-Timeout takes a duration from 1ms to 365d, such as 30s, not 'soon'.",
      );
    } finally {
      await server.stop();
    }
  });
});
