// The rows of the bench, each a question with its measurements and what they are held to. A row is
// {title, measured, comparisons: [{against, ratio, wanted? or wantedAtMost?}]}; docs/performance.md
// says what each means.
import * as measurements from './measurements.mjs';
import { copyQueries, copyRefresh } from './copy_rows.mjs';
import { allColumns, chosenAggregate, chosenAttributes } from './statements.mjs';
import { joinOfKeys, pointLookUp } from './key_rows.mjs';
import { flightStream, jsonAnswer, smallQueries } from './server_rows.mjs';
import { readCapacity, serviceBound, throttled } from './service_rows.mjs';

const comparison = (against, measured, other, wanted) => ({
  against,
  ratio: measured.itemsPerSecond / other.itemsPerSecond,
  // How much more CPU time the other takes for an item; says the same on a busy machine.
  cpuRatio: other.cpuSecondsPerMillionItems / measured.cpuSecondsPerMillionItems,
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
  const plain = await measurements.javascript(bench, 'plain', 'users');
  const received = await measurements.receiveAlone(bench, 'users_scan');
  const decoded = (await bench.decoded())['sumac/users/all'];
  return {
    title: 'users: all columns into a table',
    measured,
    others: { received },
    comparisons: [
      comparison('JavaScript document client', measured, await bench.javascriptWhole('users'), 30),
      comparison('JavaScript plain client', measured, plain),
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
  const whole = await bench.javascriptWhole('users');
  return {
    title: 'users: 3 of 12 columns aggregated, projected by the server',
    measured,
    comparisons: [
      comparison('JavaScript document client, projecting', measured, projecting, 35),
      comparison('JavaScript document client, whole items', measured, whole, 120),
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
    statement: allColumns,
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
  copy_queries: copyQueries,
  copy_refresh: copyRefresh('memory'),
  copy_refresh_file: copyRefresh('file'),
  point_look_up: pointLookUp(0),
  point_look_up_4_ms: pointLookUp(4),
  join_1000_keys: joinOfKeys,
  service_count: serviceBound('count(*)', 'SELECT count(*) FROM bench_table', 0.95),
  service_3_of_12: serviceBound('3 of 12 columns', chosenAggregate, 0.95),
  service_all: serviceBound('all columns', allColumns),
  throttled,
  read_capacity: readCapacity,
  http_small: smallQueries,
  http_json: jsonAnswer,
  flight_stream: flightStream,
};
