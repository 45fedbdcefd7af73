// Rows of items that are found by their keys.
import { join } from 'node:path';

import * as measurements from './measurements.mjs';
import { outputJson } from './processes.mjs';
import { prepareItems, startReplayServer, wholeTable } from './replay_server.mjs';

const tableName = 'narrow_whole';

// `use(server, items)` with a table of about `pages` MB that is read in every way.
async function withWholeTable(bench, pages, latencyMs, use) {
  const prepared = await prepareItems(bench.build, bench.folder, 'narrow', pages);
  const service = latencyMs > 0 && {
    page_latency_ms: latencyMs, partitions: 1, partition_read_units: 0, table_read_units: 0, beyond: 'pace',
  };
  const options = { tables: [wholeTable(prepared, tableName)], ...(service ? { service } : {}) };
  const server = await startReplayServer(bench.build, bench.folder, options);
  try {
    return await use(server, prepared.items);
  } finally {
    await server.stop();
  }
}

// Look-ups one after the other, against the signed request alone.
export const pointLookUp = (latencyMs) => (bench) =>
  withWholeTable(bench, 16, latencyMs, async (server) => {
    const count = bench.quick ? 200 : 1000;
    const statement = Array.from({ length: count }, (_, i) => `SELECT * FROM bench_table WHERE id = ${i}`).join(';');
    const measured = await measurements.sumacStatement(bench, { server, table: tableName, items: count, statement });
    const bare = await measurements.median(bench, async () => {
      const program = join(bench.build, 'bench/get_alone');
      const result = await outputJson(program, [server.url, tableName, '0', String(count)]);
      return { ...result, itemsPerSecond: result.items / result.seconds };
    });
    const { requests, readUnits } = perLookUp(measured.statistics, count);
    return {
      title: `look-up by key, ${latencyMs} ms a request: ${requests} request, ${readUnits} RCU each`,
      measured,
      comparisons: [{
        against: 'time of the bare signed request',
        ratio: measured.seconds / count / (bare.seconds / bare.items),
        // A server that answers at once is none that anybody has: there it is for comparing alone.
        ...(latencyMs > 0 ? { wantedAtMost: 1.5 } : {}),
      }],
    };
  });

const perLookUp = (statistics, count) => ({
  requests: (statistics.requests.GetItem ?? 0) / count,
  readUnits: statistics.read_units_by_second.reduce((sum, units) => sum + units, 0) / count,
});

// 1,000 keys that the other side of a join has.
export const joinOfKeys = (bench) =>
  withWholeTable(bench, bench.quick ? 16 : 64, 0, async (server, items) => {
    const keys = 1000;
    const measured = await measurements.sumacStatement(bench, {
      server,
      table: tableName,
      items: keys,
      statement: `SELECT count(*), max(t.id) FROM bench_table t
        JOIN (SELECT i * ${Math.floor(items / keys)} AS id FROM range(${keys}) r(i)) k ON t.id = k.id`,
    });
    const { requests } = measured.statistics;
    return {
      title: `join of ${keys} keys with ${items.toLocaleString('en-US')} items`,
      measured,
      comparisons: [
        { against: 'BatchGetItem requests', ratio: requests.BatchGetItem ?? 0, wantedAtMost: 10 },
        { against: 'Scan requests', ratio: requests.Scan ?? 0, wantedAtMost: 0 },
      ],
    };
  });
