// What the servers do: small queries over HTTP, and long answers over HTTP and Flight.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { logged } from './copy_rows.mjs';
import { median } from './measurements.mjs';
import { outputJson, start } from './processes.mjs';

// Calls use({http, flight}) with the addresses of a serving process without datasets.
async function withServer(bench, use) {
  const folder = await mkdtemp(join(tmpdir(), 'sumac-bench-'));
  await writeFile(join(folder, 'spicepod.yaml'), 'version: v1\nkind: Spicepod\nname: bench\n');
  const child = start(bench.sumac, ['run', folder, '--http', '127.0.0.1:0', '--flight', '127.0.0.1:0'], { timeoutMs: 600_000 });
  child.stdin.end();
  try {
    const [, http] = await logged(child, /Sumac HTTP listening on (\S+)/);
    const [, flight] = await logged(child, /Sumac Flight listening on (\S+)/);
    await logged(child, /ready!/);
    return await use({ http, flight });
  } finally {
    child.kill('SIGKILL');
    await child.exited;
    await rm(folder, { recursive: true, force: true });
  }
}

// The rows of the bench are compared by items per second; here these are requests, or bytes.
const perSecond = (items, seconds) => ({ items, seconds, itemsPerSecond: items / seconds });

export async function smallQueries(bench) {
  return withServer(bench, async ({ http }) => {
    const [host, port] = http.split(':');
    const seconds = bench.quick ? 2 : 5;
    const load = (...request) =>
      median(bench, async () => {
        const done = await outputJson(join(bench.build, 'bench/http_load'), [host, port, '16', String(seconds), ...request]);
        if (done.failed > 0) throw new Error(`${done.failed} requests failed`);
        return perSecond(done.requests, done.seconds);
      });
    const health = await load('GET', '/health');
    const repeated = await load('POST', '/v1/sql', 'SELECT 42 AS answer');
    const anew = await load('POST', '/v1/sql', 'SELECT # AS answer');
    return {
      title: 'HTTP: small queries, requests',
      measured: repeated,
      comparisons: [
        { against: '/health of the same server', ratio: repeated.itemsPerSecond / health.itemsPerSecond, otherItemsPerSecond: health.itemsPerSecond, wanted: 0.5 },
        { against: 'each query another one, so none is in the results cache', ratio: repeated.itemsPerSecond / anew.itemsPerSecond, otherItemsPerSecond: anew.itemsPerSecond },
      ],
    };
  });
}

const wideRows = (count) =>
  `SELECT i AS id, i / 3 AS ratio, 'name of ' || i AS name, i % 2 = 0 AS even, CASE WHEN i % 10 = 0 THEN NULL ELSE TIMESTAMP '2024-01-01' + to_seconds(i) END AS at FROM range(${count}) AS r(i)`;

export async function flightStream(bench) {
  return withServer(bench, async ({ http, flight }) => {
    const count = bench.quick ? 2_000_000 : 10_000_000;
    const sql = `SELECT * FROM (${wideRows(count)})`;
    const small = wideRows(1_000_000);
    const raw = (text) => outputJson(join(bench.build, 'bench/flight_receive'), [flight, text]);
    const measured = await median(bench, async () => {
      const done = await raw(sql);
      return perSecond(done.bytes, done.seconds);
    });
    const { bytes } = await raw(small);
    const peer = (kind) =>
      median(bench, async () => {
        const done = await outputJson(process.execPath, [join(import.meta.dirname, 'peers/receive_flight.mjs'), kind, flight, small]);
        return perSecond(bytes, done.seconds);
      });
    const overHttp = await median(bench, () => receive(http, small, 'application/vnd.apache.arrow.stream'));
    const spice = await peer('spice');
    const lancedb = await peer('lancedb');
    const against = (name, other, more = {}) => ({
      against: name,
      ratio: measured.itemsPerSecond / other.itemsPerSecond,
      otherItemsPerSecond: other.itemsPerSecond,
      ...more,
    });
    return {
      title: 'Flight: bytes to a raw client on one stream',
      measured: { ...measured, megabytesPerSecond: measured.itemsPerSecond / 1e6 },
      comparisons: [
        against('500 MB/s', { itemsPerSecond: 500e6 }, { wanted: 1 }),
        against("Spice's SDK as the client, 1 M rows", spice),
        against('the client of LanceDB, 1 M rows', lancedb),
        against('the same over HTTP as an Arrow stream, 1 M rows', overHttp),
      ],
    };
  });
}

async function receive(address, sql, accept) {
  const started = performance.now();
  const response = await fetch(`http://${address}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', Accept: accept, 'Cache-Control': 'no-cache' },
    body: sql,
  });
  let bytes = 0;
  for await (const piece of response.body) bytes += piece.length;
  if (response.status !== 200) throw new Error(`${response.status}`);
  return perSecond(bytes, (performance.now() - started) / 1000);
}

export async function jsonAnswer(bench) {
  return withServer(bench, async ({ http }) => {
    const sql = wideRows(1_000_000);
    const measured = await median(bench, () => receive(http, sql, 'application/json'));
    const csv = await median(bench, () => receive(http, sql, 'text/csv'));
    return {
      title: 'HTTP: bytes of a million rows as JSON',
      measured: { ...measured, megabytesPerSecond: measured.itemsPerSecond / 1e6 },
      comparisons: [
        { against: '150 MB/s', ratio: measured.itemsPerSecond / 150e6, wanted: 1 },
        { against: 'the same as CSV', ratio: measured.itemsPerSecond / csv.itemsPerSecond, otherItemsPerSecond: csv.itemsPerSecond },
      ],
    };
  });
}
