// Rows whose server keeps to a model of the real service, so that what counts is how near a scan
// comes to what the service allows.
import * as measurements from './measurements.mjs';
import { startReplayServer, table } from './replay_server.mjs';
import { chosenAggregate } from './statements.mjs';

const readUnitsPerPage = 128.5; // 1 MB and the rest of its last item, eventually consistent

// Reads a table from a server of its own that keeps to `service`; the speed that counts is in read
// units as the server counted them.
async function atService(bench, { service, pages, statement, params, throughput }) {
  const tables = [table(bench.shapes.users, 'users_service', pages, throughput)];
  const server = await startReplayServer(bench.build, bench.folder, { tables, service });
  try {
    const measured = await measurements.sumacStatement(bench, {
      server,
      table: 'users_service',
      items: bench.itemsOf('users', pages),
      statement,
      params,
    });
    const readUnits = measured.statistics.read_units_by_second.reduce((sum, units) => sum + units, 0);
    return { ...measured, readUnitsPerSecond: readUnits / measured.seconds };
  } finally {
    await server.stop();
  }
}

const boundReached = (measured, readUnitsPerSecond, wanted) => ({
  against: `the service's bound of ${Math.round(readUnitsPerSecond)} RCU/s`,
  ratio: measured.readUnitsPerSecond / readUnitsPerSecond,
  wanted,
});

const partitions = 64;
const tableReadUnits = 40_000;

export const serviceBound = (what, statement, wanted) => async (bench) => {
  const seconds = bench.quick ? 6 : 15;
  const measured = await atService(bench, {
    service: {
      page_latency_ms: 150,
      partitions,
      partition_read_units: 3_000,
      table_read_units: tableReadUnits,
      beyond: 'pace',
    },
    throughput: { warm_read_units: tableReadUnits },
    pages: Math.round((seconds * tableReadUnits) / readUnitsPerPage),
    statement,
  });
  return {
    title: `service of ${partitions} partitions, 150 ms a page: ${what}`,
    measured,
    comparisons: [boundReached(measured, tableReadUnits, wanted)],
  };
};

export async function throttled(bench) {
  const limit = 4_000;
  const burstSeconds = 1;
  const measured = await atService(bench, {
    service: {
      page_latency_ms: 20,
      partitions: 8,
      partition_read_units: 3_000,
      table_read_units: limit,
      beyond: 'throttle',
      burst_seconds: burstSeconds,
      table_throttling_reason: 'TableReadProvisionedThroughputExceeded',
    },
    throughput: { provisioned: true, read_units: limit },
    pages: Math.round(((bench.quick ? 6 : 20) * limit) / readUnitsPerPage),
    statement: chosenAggregate,
  });
  const refused = Object.values(measured.statistics.throttles).reduce((sum, count) => sum + count, 0);
  return {
    title: `service that throttles at ${limit} RCU/s (${refused} requests refused)`,
    measured,
    // The burst comes on top.
    comparisons: [boundReached(measured, limit * (1 + burstSeconds / measured.seconds), 0.95)],
  };
}

// The largest part by which any 10 seconds in a row were off `rate`.
function worstWindow(readUnitsBySecond, rate) {
  const windowSeconds = 10;
  let worst = 0;
  // The last second is not a whole one.
  for (let begin = 0; begin + windowSeconds < readUnitsBySecond.length; ++begin) {
    const units = readUnitsBySecond.slice(begin, begin + windowSeconds);
    const mean = units.reduce((sum, one) => sum + one, 0) / windowSeconds;
    worst = Math.max(worst, Math.abs(mean - rate) / rate);
  }
  return worst;
}

export async function readCapacity(bench) {
  const rate = 500;
  const title = `read_capacity: ${rate}, off it over any 10 s`;
  const params = { read_capacity: String(rate) };
  const measured = await atService(bench, {
    service: { page_latency_ms: 20, partitions: 8, table_read_units: 0, beyond: 'pace' },
    throughput: { provisioned: true, read_units: 4 * rate },
    pages: Math.round(((bench.quick ? 16 : 40) * rate) / readUnitsPerPage),
    statement: chosenAggregate,
    params,
  });
  const ratio = worstWindow(measured.statistics.read_units_by_second, rate);
  return { title, measured, comparisons: [{ against: 'the rate set', ratio, wantedAtMost: 0.05 }] };
}
