// The rows of the bench, each a question with its measurements and what they are held to. A row is
// {id, title, measured, comparisons: [{against, ratio, wanted? or wantedAtMost?}]} or {id, title, skipped: WHY};
// docs/performance.md says what each means.
import * as measurements from './measurements.mjs';
import { measureStatement } from './processes.mjs';
import { startReplayServer, table } from './replay_server.mjs';

const readUnitsPerPage = 128.5; // 1 MB and the rest of its last item, eventually consistent
const chosenAttributes = ['email', 'score', 'active'];
const chosenAggregate =
  'SELECT max(email), sum(score), count(*) FILTER (WHERE active) FROM bench_table';

const comparison = (against, measured, other, wanted) => ({
  against,
  ratio: measured.itemsPerSecond / other.itemsPerSecond,
  otherItemsPerSecond: other.itemsPerSecond,
  wanted,
});

const copyAll = (bench, shape) =>
  measurements.sumacStatement(bench, {
    table: `${shape}_scan`,
    items: bench.itemsOf(shape, bench.scanPages),
    statement: 'CREATE TEMP TABLE copied AS SELECT * FROM bench_table',
  });

async function usersAllColumns(bench) {
  const measured = await copyAll(bench, 'users');
  const received = await measurements.receiveAlone(bench, 'users_scan');
  const decoded = (await bench.decoded())['sumac/users/all'];
  return {
    title: 'users: all columns into a table',
    measured,
    others: { received },
    comparisons: [
      comparison('JavaScript document client', measured, await bench.javascriptWhole('users'), 30),
      comparison('JavaScript plain client', measured, await measurements.javascript(bench, 'plain', 'users')),
      comparison('boto3 client', measured, await measurements.boto3(bench, 'users'), 110),
      comparison('decoding alone, 1 core', measured, decoded[1]),
      comparison('decoding alone, 2 cores', measured, decoded[2], 0.6),
      comparison('receiving alone', measured, received),
    ],
  };
}

async function usersChosenColumns(bench) {
  const measured = await measurements.sumacStatement(bench, {
    table: 'users_scan',
    items: bench.itemsOf('users', bench.scanPages),
    statement: chosenAggregate,
  });
  const projecting = await measurements.javascript(bench, 'document', 'users', chosenAttributes);
  return {
    title: 'users: 3 of 12 columns aggregated, projected by the server',
    measured,
    comparisons: [
      comparison('JavaScript document client, projecting', measured, projecting, 35),
      comparison('JavaScript document client, whole items', measured, await bench.javascriptWhole('users'), 120),
    ],
  };
}

const shapeAllColumns = (shape) => async (bench) => {
  const measured = await copyAll(bench, shape);
  const decoded = (await bench.decoded())[`sumac/${shape}/all`];
  return {
    title: `${shape}: all columns into a table`,
    measured,
    comparisons: [
      comparison('JavaScript document client', measured, await bench.javascriptWhole(shape)),
      comparison('decoding alone, 2 cores', measured, decoded[2]),
    ],
  };
};

const decoding = (name) => async (bench) => {
  const decoded = await bench.decoded();
  const measured = decoded[`sumac/${name}`][1];
  const plain = decoded[`yyjson/${name}`][1];
  return {
    title: `${name}: decoding alone, 1 core`,
    measured,
    others: { twoCores: decoded[`sumac/${name}`][2] },
    comparisons: [comparison('the plain way (yyjson)', measured, plain, 1.3)],
  };
};

async function memoryOfLargeScan(bench) {
  const pages = bench.quick ? 256 : 2048;
  const measured = await measurements.sumacStatement(bench, {
    table: 'users_large',
    items: bench.itemsOf('users', pages),
    statement: 'SELECT count(COLUMNS(*)) FROM bench_table',
    once: true,
  });
  return {
    title: `users: all columns of ${pages / 1024} GB aggregated, peak memory`,
    measured,
    comparisons: [
      {
        against: '300 MB, of which is taken',
        ratio: measured.peakBytes / 300e6,
        wantedAtMost: 1,
      },
    ],
  };
}

async function firstRow(bench) {
  const measured = await measurements.sumacStatement(bench, {
    table: 'users_scan',
    items: 1,
    statement: 'SELECT * FROM bench_table LIMIT 1',
  });
  const { firstRowSeconds, startSeconds, peakBytes } = measured;
  return {
    title: 'users: SELECT * LIMIT 1, time to the first row',
    measured: { peakBytes },
    firstRow: { seconds: firstRowSeconds, startSeconds },
    comparisons: [],
  };
}

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
      once: true,
    });
    const readUnits = measured.statistics.read_units_by_second.reduce((sum, units) => sum + units, 0);
    return { ...measured, readUnitsPerSecond: readUnits / measured.seconds };
  } finally {
    await server.stop();
  }
}

const boundReached = (measured, readUnitsPerSecond, wanted) => ({
  against: `the service's bound of ${readUnitsPerSecond} RCU/s`,
  ratio: measured.readUnitsPerSecond / readUnitsPerSecond,
  wanted,
});

const partitions = 64;
const tableReadUnits = 40_000;

const serviceBound = (what, statement, wanted) => async (bench) => {
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

async function throttled(bench) {
  const limit = 4_000;
  const measured = await atService(bench, {
    service: {
      page_latency_ms: 20,
      partitions: 8,
      partition_read_units: 3_000,
      table_read_units: limit,
      beyond: 'throttle',
      burst_seconds: 1,
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
    comparisons: [boundReached(measured, limit, 0.95)],
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

async function readCapacity(bench) {
  const rate = 500;
  const title = `read_capacity: ${rate}, off it over any 10 s`;
  const params = { read_capacity: String(rate) };
  const probe = await measureStatement(
    bench.sumac,
    measurements.sourceArguments(bench.server.url, 'users_warm_up', params),
    'SELECT 1',
  );
  if (probe.warnings.includes('read_capacity')) {
    return { title, skipped: 'this version does not know read_capacity' };
  }
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

export const rows = {
  users: usersAllColumns,
  users_3_of_12: usersChosenColumns,
  narrow: shapeAllColumns('narrow'),
  wide: shapeAllColumns('wide'),
  deep: shapeAllColumns('deep'),
  numbers: shapeAllColumns('numbers'),
  long_strings: shapeAllColumns('long_strings'),
  decode_users: decoding('users/all'),
  decode_users_3_of_12: decoding('users/3_of_12'),
  decode_narrow: decoding('narrow/all'),
  decode_wide: decoding('wide/all'),
  decode_deep: decoding('deep/all'),
  decode_numbers: decoding('numbers/all'),
  decode_long_strings: decoding('long_strings/all'),
  memory: memoryOfLargeScan,
  first_row: firstRow,
  service_count: serviceBound('count(*)', 'SELECT count(*) FROM bench_table', 0.95),
  service_3_of_12: serviceBound('3 of 12 columns', chosenAggregate, 0.95),
  service_all: serviceBound('all columns', 'SELECT count(COLUMNS(*)) FROM bench_table'),
  throttled,
  read_capacity: readCapacity,
};
