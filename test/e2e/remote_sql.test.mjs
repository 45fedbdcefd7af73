// `sumac sql --endpoint`: a running server answers.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { run, spicepodText, startServer, withTemporaryFolder } from '../support/program.mjs';
import { sharedDynalite, sql, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

// Runs use({url, folder, remote(text, ...more)}) over a server; `runtime` is YAML.
const withServer = (use, { runtime = '', env } = {}) =>
  withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'spicepod.yaml'), spicepodText(dynalite.endpoint, ['users']) + runtime);
    const server = await startServer(sumac, folder, { env });
    const remote = (text, ...more) => run(sumac, ['sql', '--endpoint', server.url, '-c', text, ...more]);
    try {
      await use({ url: server.url, folder, remote });
    } finally {
      await server.stop();
    }
  });

test('a server answers as this process does', async () => {
  await withServer(async ({ url, folder, remote }) => {
    const query = 'SELECT id, email FROM users ORDER BY id LIMIT 3';
    for (const format of ['table', 'csv', 'json', 'jsonl']) {
      const here = await sql(folder, query, '--format', format);
      const there = await remote(query, '--format', format);
      assert.equal(there.stdout, here.stdout);
      assert.equal(there.stderr, '');
      assert.equal(there.code, 0);
    }
    const file = join(folder, 'two.sql');
    await writeFile(file, 'SELECT 1 AS a; -- ;\nSELECT 2 AS b');
    const two = await run(sumac, ['sql', '--http-endpoint', url, '--format', 'csv', '-f', file]);
    assert.equal(two.stdout, 'a\n1\nb\n2\n', two.stderr);
    const piped = await run(sumac, ['sql', '--endpoint', url, '--format', 'csv'], { input: 'SELECT 3 AS c;' });
    assert.equal(piped.stdout, 'c\n3\n', piped.stderr);

    const wrong = await remote('SELECT emial FROM users');
    const wrongHere = await sql(folder, 'SELECT emial FROM users');
    assert.equal(wrong.stderr, wrongHere.stderr);
    assert.equal(wrong.code, 1);
    const late = await remote('SELECT count(*) FROM range(1000000000) a, range(1000) b', '--timeout', '50ms');
    assert.match(late.stderr, /^error: the query did not end within 50ms/);
    assert.equal(late.code, 1);
    // As a plan, not as a table of one cell.
    assert.match((await remote('EXPLAIN SELECT id FROM users')).stdout, /\n.*\n.*\n/);
    assert.ok(!(await remote('EXPLAIN SELECT id FROM users')).stdout.includes('\\n'));
  });
});

test('a long table is cut, and a long answer streams', async () => {
  await withServer(async ({ remote }) => {
    const cut = await remote('SELECT range AS n FROM range(600)');
    assert.equal(cut.stdout.split('\n').length, 500 + 5);
    assert.match(cut.stderr, /warning: only the first 500 of 600 rows are shown/);
    const long = await remote('SELECT range AS n FROM range(1000000)', '--format', 'csv');
    assert.equal(long.stdout.split('\n').length, 1_000_002);
    assert.equal(long.code, 0);
  });
});

test('an endpoint that cannot answer says so in a line', async () => {
  const ask = (...more) => run(sumac, ['sql', '-c', 'SELECT 1', ...more]);
  const cases = [
    [['--endpoint', 'grpc://127.0.0.1:50051'], /over HTTP, not over Flight.*http:\/\/127\.0\.0\.1:8090/, 2],
    [['--endpoint', 'grpc+tls://h:1'], /over HTTP, not over Flight/, 2],
    [['--endpoint', 'ftp://h'], /is no address of a server/, 2],
    [['--endpoint', ''], /--endpoint takes an address/, 2],
    [['--endpoint', '127.0.0.1:1'], /no Sumac answers at http:\/\/127\.0\.0\.1:1/, 1],
    [['--endpoint', 'h:1', '--spicepod', '.'], /excludes/, 2],
  ];
  for (const [options, message, code] of cases) {
    const answer = await ask(...options);
    assert.match(answer.stderr, message);
    assert.equal(answer.stderr.trim().split('\n').length, 1, answer.stderr);
    assert.equal(answer.stdout, '');
    assert.equal(answer.code, code, answer.stderr);
  }
});

test('the API key is shown to the server', async () => {
  const runtime = 'runtime:\n  auth:\n    api-key:\n      enabled: true\n      keys: ["${secrets:KEY}"]\n';
  await withServer(
    async ({ url, remote }) => {
      assert.match((await remote('SELECT 1')).stderr, /asks for an API key; give it in SPICE_API_KEY/);
      assert.match((await remote('SELECT 1', '--api-key', 'no')).stderr, /does not know this API key/);
      assert.match((await remote('SELECT 1 AS a', '--api-key', 'yes')).stdout, /\| a \|/);
      const env = { SPICE_API_KEY: 'yes' };
      const answer = await run(sumac, ['sql', '--endpoint', url, '--format', 'csv', '-c', 'SELECT 1 AS a'], { env });
      assert.equal(answer.stdout, 'a\n1\n', answer.stderr);
    },
    { runtime, env: { KEY: 'yes' } },
  );
});

test('an answer that breaks off is an error', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/csv' });
    response.write('a\n1\n', () => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const endpoint = `127.0.0.1:${server.address().port}`;
    const answer = await run(sumac, ['sql', '--endpoint', endpoint, '--format', 'csv', '-c', 'SELECT 1']);
    assert.equal(answer.stdout, 'a\n1\n');
    assert.match(answer.stderr, /^error: the answer is incomplete/);
    assert.equal(answer.code, 1);
  } finally {
    server.close();
  }
});
