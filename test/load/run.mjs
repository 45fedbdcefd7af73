// Load on the servers: many connections for a while, some of them cut at random. Nothing may crash, leak
// or be wrong. See scripts/load.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';

import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { askFlight, connectFlight } from './flight_client.mjs';
import { runHttpClient } from './http_client.mjs';

const { values } = parseArgs({
  options: {
    sumac: { type: 'string', default: 'build/release/sumac' },
    seconds: { type: 'string', default: '60' },
    connections: { type: 'string', default: '500' },
    cut: { type: 'string', default: '0.05' }, // of requests
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'memory-mib': { type: 'string', default: '1500' },
  },
});
const [seconds, connections, cut, seed] = [values.seconds, values.connections, values.cut, values.seed].map(Number);
console.log(`load: ${connections} connections, ${seconds} s, ${cut * 100} % cut, seed ${seed}`);

// mulberry32
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);

// Questions whose answers are known: of the copy of users, of made-up rows that are small or some MiB.
function question() {
  const kind = below(10);
  if (kind < 5) {
    const id = 1 + below(10);
    return { sql: `SELECT id, id * 2 AS two FROM users WHERE id = ${id}`, rows: [[id, id * 2]] };
  }
  const from = below(1000);
  const count = kind < 9 ? 1 + below(50) : 50_000;
  return {
    sql: `SELECT i AS id, i * 2 AS two FROM range(${from}, ${from + count}) AS r(i) ORDER BY i`,
    rows: Array.from({ length: count }, (_, i) => [from + i, (from + i) * 2]),
  };
}

const counts = { http: { answered: 0, cut: 0, refused: 0 }, flight: { answered: 0, cut: 0, refused: 0 } };

async function httpConnection(port, until) {
  while (Date.now() < until) {
    await runHttpClient(port, {
      counts: counts.http,
      cutAfter: () => (random() < cut ? below(3) * below(20_000) : Infinity),
      next: () => {
        if (Date.now() >= until) return null;
        const { sql, rows } = question();
        const expected = `id,two\n${rows.map((row) => row.join(',')).join('\n')}\n`;
        return { body: sql, check: (text) => assert.equal(text, expected, sql) };
      },
    });
  }
}

async function flightConnection(address, until) {
  const client = connectFlight(address);
  while (Date.now() < until) {
    const { sql, rows } = question();
    await askFlight(client, sql, {
      counts: counts.flight,
      messagesMax: random() < cut ? below(3) : Infinity,
      check: (table) => {
        assert.equal(table.numRows, rows.length, sql);
        const [id, two] = [table.getChild('id'), table.getChild('two')];
        for (const row of [0, rows.length - 1]) {
          assert.deepEqual([Number(id.get(row)), Number(two.get(row))], rows[row], sql);
        }
      },
    });
  }
  client.close();
}

const memoryMib = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;

const dynalite = await startDynalite();
try {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users'], { accelerated: true });
    const server = await startServer(values.sumac, folder, { flight: '127.0.0.1:0' });
    const [, flight] = /Sumac Flight listening on (\S+)/.exec(server.stderr());
    const port = Number(new URL(server.url).port);
    const before = { memory: memoryMib(server.pid), descriptors: descriptors(server.pid) };
    let peak = before.memory;
    const watch = setInterval(() => (peak = Math.max(peak, memoryMib(server.pid))), 200);
    const until = Date.now() + seconds * 1000;
    const flights = Math.max(1, Math.floor(connections / 5));
    await Promise.all([
      ...Array.from({ length: connections - flights }, () => httpConnection(port, until)),
      ...Array.from({ length: flights }, () => flightConnection(flight, until)),
    ]);
    clearInterval(watch);

    // What was cut has to end, too.
    const active = async () => (await (await fetch(`${server.url}/v1/sql/active`)).json()).total_count;
    const patience = Date.now() + 20_000;
    while ((await active()) > 0 || descriptors(server.pid) > before.descriptors + 20) {
      assert.ok(Date.now() < patience, `${await active()} queries and ${descriptors(server.pid)} descriptors are left`);
      await delay(100);
    }
    const after = { memory: memoryMib(server.pid), descriptors: descriptors(server.pid) };
    const { code, stderr } = await server.stop();
    assert.equal(code, 0, stderr);
    console.log(JSON.stringify({ counts, memoryMib: { before: before.memory, peak, after: after.memory }, descriptors: [before.descriptors, after.descriptors] }));
    assert.ok(peak < Number(values['memory-mib']), `${peak} MiB at most`);
    for (const kind of ['http', 'flight']) assert.ok(counts[kind].answered > 0 && counts[kind].cut > 0, kind);
  });
} finally {
  await dynalite.stop();
}
