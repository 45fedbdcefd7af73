// A client that asks for a large answer and does not take it, while the copies that it reads change.
import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { startServer, withTemporaryFolder } from '../support/program.mjs';
import { sumac } from './setting.mjs';

const rows = 300_000;
const timeout = 120_000;

// More than the sockets between them and the server's buffers hold.
async function writeEvents(path) {
  const file = await open(path, 'w');
  await file.write('id,note,at\n');
  for (let begin = 0; begin < rows; begin += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => `${begin + i},${'x'.repeat(100)},2026-01-01T00:00:00Z\n`);
    await file.write(lines.join(''));
  }
  await file.close();
}

const spicepod = (place) => `version: v1
kind: Spicepod
name: slow
datasets:
  - from: file:events.csv
    name: events
    time_column: at
    acceleration: {${place}, refresh_mode: append, primary_key: id, on_conflict: {id: upsert}}
  - from: file:few.csv
    name: few
    acceleration: {${place}}
`;

// Sends a query and reads the beginning of the answer.
function askSlowly(url, sql) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), highWaterMark: 1024 });
    socket.once('error', reject);
    socket.write(
      `POST /v1/sql HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/csv\r\nContent-Length: ${sql.length}\r\n\r\n${sql}`,
    );
    socket.once('data', (bytes) => {
      socket.pause();
      resolve({ socket, bytes });
    });
  });
}

async function ask(url, sql) {
  const response = await fetch(`${url}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', Accept: 'text/csv', 'Cache-Control': 'no-cache' },
    body: sql,
    signal: AbortSignal.timeout(60_000),
  });
  return response.text();
}

const statusOf = async (url, name) =>
  (await (await fetch(`${url}/v1/datasets?status=true`)).json()).find((one) => one.name === name);

async function refresh(url, name) {
  const before = (await statusOf(url, name)).last_attempt;
  const asked = await fetch(`${url}/v1/datasets/${name}/acceleration/refresh`, { method: 'POST' });
  assert.equal(asked.status, 201, await asked.text());
  while (true) {
    const now = await statusOf(url, name);
    if (now.status === 'Ready' && now.last_attempt !== before) return now;
    await delay(20);
  }
}

for (const [title, place] of [['memory', 'enabled: true'], ['a file', 'engine: duckdb, mode: file']]) {
  test(`a slow client of copies in ${title} holds nobody up`, { timeout }, () =>
    withTemporaryFolder(async (folder) => {
      await writeEvents(join(folder, 'events.csv'));
      await writeFile(join(folder, 'few.csv'), 'id\n1\n2\n');
      await writeFile(join(folder, 'spicepod.yaml'), spicepod(place));
      const server = await startServer(sumac, folder);
      try {
        const slow = await askSlowly(server.url, 'SELECT * FROM events');
        assert.match(slow.bytes.toString('latin1'), /^HTTP\/1\.1 200 /);
        for (let round = 0; round < 3; ++round) {
          const status = await refresh(server.url, 'events');
          assert.deepEqual([status.rows, status.error_message], [rows, undefined]);
          assert.equal(await ask(server.url, 'SELECT count(*) AS n, sum(id) AS s FROM events'), `n,s\n${rows},44999850000\n`);
          await writeFile(join(folder, 'few.csv'), `id\n${round}\n`);
          await refresh(server.url, 'few');
          assert.equal(await ask(server.url, 'SELECT id FROM few'), `id\n${round}\n`);
        }
        // What it began to read is there to its end.
        let text = slow.bytes.toString('latin1');
        slow.socket.on('data', (bytes) => (text += bytes.toString('latin1')));
        slow.socket.resume();
        while (!text.endsWith('\r\n0\r\n\r\n')) await delay(20);
        slow.socket.destroy();
        // The headers of chunks stand within some lines.
        assert.equal((text.match(/,x{100},/g) ?? []).length >= rows * 0.99, true);
      } finally {
        await server.stop();
      }
    }));
}
