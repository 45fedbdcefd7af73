// A Spicepod that changes while it is served, and a server that is told to end.
import assert from 'node:assert/strict';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { startServer, withTemporaryFolder } from '../support/program.mjs';
import { sumac } from './setting.mjs';

const timeout = 120_000;

const dataset = (name, more = '') => `  - {from: "file:${name}.csv", name: ${name}${more}}\n`;
const pod = (datasets, more = '') =>
  `version: v1\nkind: Spicepod\nname: test\n${more}datasets:${datasets === '' ? ' []' : ''}\n${datasets}`;

const csvOf = (rows) => `id,note\n${Array.from({ length: rows }, (_, i) => `${i},${'x'.repeat(100)}\n`).join('')}`;

// As editors do: another file that gets the name.
async function replaceFile(path, text) {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

// Calls use() with what startServer gives, and {folder, ask, edit, answers, logs}.
const withServer = (text, files, use, options = {}) =>
  withTemporaryFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'spicepod.yaml'), text);
    const server = await startServer(sumac, folder, options);
    const ask = async (sql) => {
      const response = await fetch(`${server.url}/v1/sql`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain', Accept: 'text/csv' },
        body: sql,
      });
      return `${response.ok ? '' : `${response.status} `}${await response.text()}`;
    };
    const until = async (what, condition) => {
      for (const end = Date.now() + 60_000; !(await condition()); ) {
        assert.ok(Date.now() < end, `${what}\n${server.stderr()}`);
        await delay(10);
      }
    };
    try {
      await use({
        ...server,
        folder,
        ask,
        until,
        edit: (content) => replaceFile(join(folder, 'spicepod.yaml'), content),
        answers: (sql, answer) => until(`${sql}: ${answer}`, async () => (await ask(sql)) === answer),
        logs: (line) => until(`no '${line}' in the log`, () => server.stderr().includes(line)),
      });
    } finally {
      await server.stop();
    }
  });

// Sends a query, and resolves when the answer has begun: read() resolves to all of it. HTTP/1.0, so that it comes
// without the marks of chunks.
function askSlowly(url, sql) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), highWaterMark: 1024 });
    socket.once('error', reject);
    socket.write(
      `POST /v1/sql HTTP/1.0\r\nHost: ${hostname}\r\nAccept: text/csv\r\nContent-Length: ${sql.length}\r\n\r\n${sql}`,
    );
    socket.once('data', (first) => {
      socket.pause();
      resolve({
        read: () =>
          new Promise((done) => {
            const chunks = [first];
            socket.on('data', (chunk) => chunks.push(chunk));
            socket.once('close', () => done(Buffer.concat(chunks).toString('latin1')));
            socket.resume();
          }),
      });
    });
  });
}

const count = (name) => `SELECT count(*) AS n FROM ${name}`;

test('--pods-watcher takes a changed Spicepod over while queries run', { timeout }, async () => {
  const files = { 'a.csv': csvOf(200_000), 'b.csv': csvOf(3) };
  await withServer(
    pod(dataset('a', ', acceleration: {enabled: true}') + dataset('b')),
    files,
    async (server) => {
      const slow = await askSlowly(server.url, 'SELECT * FROM a');
      // `a` goes, `b` stays, `c` comes with a file of its own.
      await writeFile(join(server.folder, 'c.csv'), csvOf(4));
      await mkdir(join(server.folder, 'datasets/c'), { recursive: true });
      await writeFile(join(server.folder, 'datasets/c/dataset.yaml'), 'from: file:c.csv\nname: c\n');
      await server.edit(pod(dataset('b') + '  - ref: datasets/c\n'));
      await server.answers(count('c'), 'n\n4\n');
      assert.match(await server.ask(count('a')), /^400 Table with name a does not exist/);
      assert.equal(await server.ask(count('b')), 'n\n3\n');
      await server.logs('The Spicepod was read again: 1 dataset added (c), 1 dataset removed (a), 1 unchanged');
      // The query that had begun has all its rows.
      const rows = (await slow.read()).split('\n').filter((line) => /^\d+,x{100}$/.test(line));
      assert.equal(new Set(rows).size, 200_000);

      // A Spicepod with a fault changes nothing.
      await server.edit('version: v1\nkind: Spicepod\nname: test\ndatesets: []\n');
      await server.logs(`error ${join(server.folder, 'spicepod.yaml')}:4:1: unknown key 'datesets'`);
      assert.equal(await server.ask(count('c')), 'n\n4\n');
      assert.equal((await fetch(`${server.url}/v1/ready`)).status, 200);

      // The file that a reference leads to is a part of it.
      await server.edit(pod(dataset('b') + '  - ref: datasets/c\n'));
      await server.logs('nothing has changed');
      await writeFile(join(server.folder, 'datasets/c/dataset.yaml'), 'from: file:b.csv\nname: c\n');
      await server.answers(count('c'), 'n\n3\n');
      const spicepods = await (await fetch(`${server.url}/v1/spicepods`)).json();
      assert.equal(spicepods[0].datasets_count, 2);
    },
    { more: ['--pods-watcher'] },
  );
});

test('SIGHUP takes the Spicepod and its secrets over', { timeout }, async () => {
  const secret = dataset('b', ', params: {file_format: "${secrets:FORMAT}"}');
  await withServer(
    pod(secret + dataset('c')),
    { 'b.csv': csvOf(3), 'c.csv': csvOf(4), '.env': 'FORMAT=parquet\n' },
    async (server) => {
      assert.doesNotMatch(await server.ask(count('b')), /^n\n/);
      await writeFile(join(server.folder, '.env'), 'FORMAT=csv\n');
      server.signal('SIGHUP');
      await server.answers(count('b'), 'n\n3\n');
      await server.logs('1 dataset changed (b), 1 unchanged');
      // Without --pods-watcher, nothing but SIGHUP does.
      await server.edit(pod(dataset('c'), 'runtime: {query: {memory_limit: 1GB}}\n'));
      await delay(500);
      assert.equal(await server.ask(count('b')), 'n\n3\n');
      server.signal('SIGHUP');
      await server.logs('Changes of runtime.query.memory_limit count after a restart only');
      assert.match(await server.ask(count('b')), /^400 Table with name b does not exist/);
    },
    // `b` cannot be read yet.
    { ready: false },
  );
});

// 20,000 x 20,000 rows take a second, and times 1,000 no test waits for.
const seconds = 'SELECT sum(a.id * b.id) AS s FROM a, a AS b';
const forEver = 'SELECT sum(a.id * b.id * c.id) AS s FROM a, a AS b, a AS c';

test('SIGTERM lets queries end', { timeout }, async () => {
  await withServer(pod(dataset('a')), { 'a.csv': csvOf(20_000) }, async (server) => {
    let ended = false;
    const answer = server.ask(seconds).finally(() => (ended = true));
    await delay(200);
    server.signal('SIGTERM');
    await server.logs('Stopping: waiting up to 30s for the queries that run.');
    assert.ok(!ended, 'the query was over before');
    assert.match(await answer, /^s\n\d+\.?0?\n$/);
    assert.equal(await server.exited, 0);
  });
});

test('SIGTERM interrupts queries after runtime.shutdown_timeout', { timeout }, async () => {
  const text = pod(dataset('a'), 'runtime: {shutdown_timeout: 300ms}\n');
  await withServer(text, { 'a.csv': csvOf(20_000) }, async (server) => {
    const answer = server.ask(forEver).catch((error) => `closed: ${error.message}`);
    await delay(200);
    server.signal('SIGTERM');
    assert.doesNotMatch(await answer, /^s\n/);
    assert.equal(await server.exited, 0);
  });
});

test('a second SIGTERM ends at once', { timeout }, async () => {
  await withServer(pod(dataset('a')), { 'a.csv': csvOf(20_000) }, async (server) => {
    const answer = server.ask(forEver).catch(() => 'closed');
    await delay(200);
    server.signal('SIGTERM');
    await server.logs('Stopping');
    server.signal('SIGTERM');
    assert.equal(await server.exited, 1);
    await answer;
  });
});

test('a query that looks at nothing is left behind', { timeout }, async () => {
  const stuck = "SELECT count(*) FROM a WHERE repeat('a', 60 + id::INTEGER) LIKE repeat('%_a', 28) || 'b'";
  await withServer(
    pod(dataset('a'), 'runtime: {shutdown_timeout: 100ms}\n'),
    { 'a.csv': csvOf(5) },
    async (server) => {
      const answer = server.ask(stuck).catch(() => 'cut off');
      await server.until('it runs', async () => (await (await fetch(`${server.url}/v1/sql/active`)).json()).total_count === 1);
      server.signal('SIGTERM');
      assert.equal(await server.exited, 1);
      assert.match(server.stderr(), /Some queries do not stop; ended without them/);
      assert.equal(await answer, 'cut off');
    },
  );
});
