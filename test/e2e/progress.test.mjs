// What a terminal sees of a query that takes a while.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { run, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { fakeDynamodbServer, sql, sumac } from './setting.mjs';

const columns = 60;
const query = 'SELECT count(text) AS n FROM users';
const eraseRest = '\x1b[J';

// About 400 read units at 200 a second.
let fake;
before(async () => {
  fake = await startFakeDynamodb(fakeDynamodbServer, {
    signers: [{ accessKeyId: 'test', secretAccessKey: 'test' }],
    tables: [{
      TableName: 'users',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
      Items: Array.from({ length: 800 }, (_, id) => ({
        id: { N: String(id) },
        text: { S: 'x'.repeat(4_000) },
      })),
    }],
    service: { partition_read_units: 200 },
  });
});
after(() => fake.stop());

const withPod = (use) =>
  withTemporaryFolder(async (folder) => {
    const params = { schema_infer_max_records: 10, scan_segments: 8 };
    await writeSpicepod(folder, fake.endpoint, [['users', { params }]]);
    await use(folder);
  });

// Runs `sumac sql` on a terminal of its own; resolves to all that is written there.
async function onTerminal(folder, term, ...more) {
  const command = [sumac, 'sql', '--spicepod', folder, '-c', query, ...more]
    .map((word) => `'${word}'`)
    .join(' ');
  const line = `stty cols ${columns}; ${command}`;
  const { code, stdout } = await run('script', ['-qec', line, '/dev/null'], {
    env: { TERM: term, SHELL: '/bin/sh' },
  });
  assert.equal(code, 0, stdout);
  return stdout;
}

test('a terminal shows one line, which is gone before the answer', async () => {
  await withPod(async (folder) => {
    const shown = await onTerminal(folder, 'xterm');
    const answerAt = shown.indexOf('+-');
    assert.ok(answerAt > 0, shown);
    const drawn = shown.slice(0, answerAt).split(eraseRest);
    // The last one takes the line away.
    assert.ok(drawn.length >= 3, JSON.stringify(drawn));
    assert.match(drawn[0], /users/);
    assert.equal(drawn.at(-2), '\r\r');
    assert.equal(drawn.at(-1), '');
    for (const line of drawn.slice(0, -2)) {
      // Between the last page and the answer nothing is read.
      assert.match(line, /^\r{0,2}(users|working)( \d+%)?  /);
      assert.ok(line.replaceAll('\r', '').length < columns, line);
    }
    assert.ok(!shown.slice(answerAt).includes('\x1b'), shown);
  });
});

test('nothing is drawn where it cannot be, or is not wanted', async () => {
  await withPod(async (folder) => {
    assert.ok(!(await onTerminal(folder, 'dumb')).includes('\x1b'));
    assert.ok(!(await onTerminal(folder, 'xterm', '--no-progress')).includes('\x1b'));
    const piped = await sql(folder, query, '--format', 'csv');
    assert.deepEqual(piped, { code: 0, stdout: 'n\n800\n', stderr: '' });
  });
});
