// Kills `sumac run` at random moments of loads, refreshes, appends and retention, and checks after
// each restart that every answer is one complete state of the past.
//
// Two datasets share a file. `versions` is refreshed whole: all its items have the same number `v`,
// so an answer with two numbers was never the table. `events` is appended to: its items are numbered,
// and an answer with a gap lost a row. Items are written only while no refresh runs, and that is only
// when one was asked for.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { createTable, loadItems } from '../dynalite/load.mjs';
import { startServer, withTemporaryFolder } from '../program.mjs';

const versionItems = 150;
const eventsAtOnce = 20;
// A refresh of these tables takes about this long.
const killWithinMs = 400;

// Mulberry32: a test has to say which numbers it drew.
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const spicepod = (endpoint) => {
  const dataset = (name, keys, acceleration) => [
    `  - from: dynamodb:${name}`,
    `    name: ${name}`,
    ...keys,
    '    params:',
    `      endpoint_url: ${endpoint}`,
    '      dynamodb_aws_region: us-west-2',
    '      dynamodb_aws_access_key_id: test',
    '      dynamodb_aws_secret_access_key: test',
    '    acceleration:',
    '      engine: duckdb',
    '      mode: file',
    ...acceleration.map((line) => `      ${line}`),
    '      params: {duckdb_file: copies.db}',
  ];
  return [
    'version: v1',
    'kind: Spicepod',
    'name: crash',
    'datasets:',
    ...dataset('versions', [], ['indexes: {id: enabled}']),
    ...dataset('events', ['    time_column: at', '    time_format: unix_seconds'], [
      'refresh_mode: append',
      'retention_check_enabled: true',
      'retention_check_interval: 1s',
      'retention_sql: DELETE FROM events WHERE n < 10',
    ]),
    'runtime: {caching: {sql_results: {enabled: false}}}',
  ].join('\n');
};

async function makeTables(endpoint) {
  for (const TableName of ['versions', 'events']) {
    await createTable(endpoint, {
      TableName,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    });
  }
}

const writeVersion = (endpoint, version) =>
  loadItems(
    endpoint,
    'versions',
    Array.from({ length: versionItems }, (_, i) => ({
      id: { S: `i${i}` },
      v: { N: `${version}` },
      // Large enough for several pages and blocks.
      filling: { S: `${version}-`.repeat(300) },
    })),
  );

const writeEvents = (endpoint, from) =>
  loadItems(
    endpoint,
    'events',
    Array.from({ length: eventsAtOnce }, (_, i) => ({
      id: { S: `e${from + i}` },
      at: { N: `${1_700_000_000 + from + i}` },
      n: { N: `${from + i}` },
    })),
  );

async function ask(url, sql) {
  const response = await fetch(`${url}/v1/sql`, { method: 'POST', body: sql });
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json())[0];
}

// Throws when an answer is no state of the past, or one before those that were `seen`.
async function check(url, newest, seen) {
  const versions = await ask(
    url,
    'SELECT count(*) AS items, min(v) AS low, max(v) AS high, count(DISTINCT filling) AS fillings FROM versions',
  );
  const shape = [versions.items, versions.low, versions.fillings];
  assert.deepEqual(shape, [versionItems, versions.high, 1], JSON.stringify(versions));
  assert.ok(versions.high <= newest && versions.high >= seen.version, JSON.stringify({ versions, newest, seen }));
  const events = await ask(
    url,
    'SELECT count(*) AS items, min(n) AS low, max(n) AS high, count(DISTINCT n) AS numbers FROM events',
  );
  assert.equal(events.items, events.numbers, JSON.stringify(events));
  assert.equal(events.items, events.high - events.low + 1, JSON.stringify(events));
  assert.equal((events.high + 1) % eventsAtOnce, 0, JSON.stringify(events));
  assert.ok(events.high >= seen.event && (events.low === 0 || events.low === 10), JSON.stringify({ events, seen }));
  seen.version = versions.high;
  seen.event = events.high;
}

// Resolves to what happened: {rounds, kept, renewed}.
export async function crash({ program, endpoint, rounds, seed, say = () => {} }) {
  const random = randomNumbers(seed);
  const counts = { rounds, kept: 0, renewed: 0 };
  const seen = { version: 0, event: 0 };
  await makeTables(endpoint);
  await writeVersion(endpoint, 0);
  await writeEvents(endpoint, 0);
  await withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'spicepod.yaml'), spicepod(endpoint));
    // The first load is killed until one gets through.
    for (const patience of [50, 200, 500]) {
      const first = await startServer(program, folder, { ready: false });
      await delay(random() * patience);
      await first.kill();
    }
    for (let round = 1; round <= rounds; ++round) {
      const server = await startServer(program, folder);
      try {
        await check(server.url, round - 1, seen);
        await writeVersion(endpoint, round);
        await writeEvents(endpoint, round * eventsAtOnce);
        for (const name of ['versions', 'events']) {
          const asked = await fetch(`${server.url}/v1/datasets/${name}/acceleration/refresh`, { method: 'POST' });
          assert.equal(asked.status, 201, await asked.text());
        }
        await delay(random() * killWithinMs);
        await check(server.url, round, seen);
        seen.version === round ? ++counts.renewed : ++counts.kept;
      } catch (error) {
        error.message += `\nround ${round}, seed ${seed}\n${server.stderr()}`;
        throw error;
      } finally {
        await server.kill();
      }
      if (round % 25 === 0) say(`${round} rounds: ${counts.renewed} ended after the refresh, ${counts.kept} before`);
    }
    const last = await startServer(program, folder);
    await check(last.url, rounds, seen);
    await last.stop();
  });
  return counts;
}
