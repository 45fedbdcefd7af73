// The views of a Spicepod over HTTP, where SQL is shut in, and on the command line.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { run, spicepodText, startServer, withTemporaryFolder } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

async function writePod(folder, views, more = '') {
  const text = spicepodText(dynalite.endpoint, ['users', ['gone', { from: 'dynamodb:no_such_table' }]], { views });
  await writeFile(join(folder, 'spicepod.yaml'), text + more);
}

async function ask(server, body, headers = { 'Content-Type': 'text/plain' }) {
  const response = await fetch(`${server.url}/v1/sql`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

// Every state is final; views come last.
async function untilLoaded(server) {
  while (/still loading/.test((await ask(server, 'SELECT * FROM last_view')).text));
}

test('views answer, and can do no more than a query', async () => {
  await withTemporaryFolder(async (folder) => {
    const views = {
      emails: 'SELECT id, email FROM users',
      passwords: "SELECT * FROM read_csv('/etc/passwd', header = false)",
      texts: "SELECT * FROM read_text('/etc/passwd')",
      file: "SELECT * FROM '/etc/passwd.csv'",
      written: `COPY users TO '${join(folder, 'stolen.csv')}'`,
      over_gone: 'SELECT * FROM gone',
      a: 'SELECT * FROM b',
      b: 'SELECT * FROM a',
      last_view: 'SELECT count(*) AS n FROM emails',
    };
    const accelerated =
      '  - name: fast\n    sql_ref: sql/fast.sql\n    acceleration:\n      enabled: true\n      engine: duckdb\n';
    await writePod(folder, views, accelerated);
    await mkdir(join(folder, 'sql'));
    await writeFile(join(folder, 'sql/fast.sql'), '\nSELECT max(id) AS top FROM users;\n');
    const server = await startServer(sumac, folder, { ready: false });
    try {
      await untilLoaded(server);
      assert.equal((await ask(server, 'SELECT * FROM last_view')).text, '[{"n":10}]');
      assert.equal((await ask(server, 'SELECT * FROM fast')).text, '[{"top":10}]');
      const body = { sql: 'SELECT email FROM emails WHERE id = $1', parameters: [2] };
      const prepared = await ask(server, JSON.stringify(body), { 'Content-Type': 'application/json' });
      assert.equal(prepared.text, '[{"email":"grace@example.com"}]');
      for (const [view, reason] of [
        ['passwords', /view 'passwords': .*read_csv/],
        ['texts', /view 'texts': .*read_text/],
        ['file', /view 'file': .*does not exist/],
        ['written', /view 'written': its SQL must be a query/],
        ['over_gone', /view 'over_gone': dataset 'gone': .*no_such_table/],
        ['a', /view 'a': it is made of itself: a -> b -> a/],
        ['b', /view 'b': it is made of itself: b -> a -> b/],
      ]) {
        const answer = await ask(server, `SELECT * FROM ${view}`);
        assert.equal(answer.status, 400, view);
        assert.match(answer.text, reason);
        assert.doesNotMatch(answer.text, /root:/);
      }
      const ready = await fetch(`${server.url}/v1/ready`);
      assert.equal(ready.status, 503);
      const datasets = await (await fetch(`${server.url}/v1/datasets`)).json();
      assert.deepEqual(datasets.map((dataset) => dataset.name), ['users', 'gone']);
    } finally {
      const { stderr } = await server.stop();
      const lines = stderr.split('\n');
      assert.equal(lines.filter((line) => line.includes("view 'fast' is served without acceleration")).length, 1);
      assert.equal(lines.filter((line) => line.includes('views.acceleration')).length, 0);
      for (const view of ['emails', 'last_view', 'fast']) {
        assert.equal(lines.filter((line) => line.endsWith(`View ${view} registered`)).length, 1, stderr);
      }
      assert.equal(lines.filter((line) => line.includes("view 'passwords': ")).length, 1, stderr);
    }
  });
});

test('the command line serves views, and says where a file of SQL is missing', async () => {
  await withTemporaryFolder(async (folder) => {
    await writePod(folder, { 'my view': 'SELECT id FROM users WHERE id < 3' });
    const options = ['sql', '--spicepod', folder, '--format', 'csv', '-c'];
    const answer = await run(sumac, [...options, 'SELECT count(*) AS n FROM "my view"']);
    assert.equal(answer.stdout, 'n\n2\n', answer.stderr);
    await writePod(folder, {}, '  - name: v\n    sql_ref: no.sql\n');
    const missing = await run(sumac, [...options, 'SELECT 1']);
    assert.equal(missing.code, 2, missing.stderr);
    assert.match(missing.stderr, /spicepod\.yaml:\d+:14: 'sql_ref' of view 'v': the file .*no\.sql cannot be read/);
  });
});
