// The measurements that the rows of the bench are made of. Each is taken several times; the median
// by speed counts. All take `bench`: {build, sumac, server, shapes, repeat, quick, log}.
import { join } from 'node:path';

import { measureStatement, output, outputJson } from './processes.mjs';

// Segments that a peer reads at the same time: more did not make them faster.
const peerConcurrency = 4;
const receiveConcurrency = 16;
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

export async function median(bench, measure) {
  const results = [];
  for (let i = 0; i < bench.repeat; ++i) results.push(await measure());
  results.sort((a, b) => a.itemsPerSecond - b.itemsPerSecond);
  return { ...results[Math.floor(results.length / 2)], all: results.map((one) => one.itemsPerSecond) };
}

// Adds the speeds to {items, seconds, cpuSeconds}. `jsonBytes` is of all items together.
function withSpeeds(result, jsonBytes) {
  return {
    ...result,
    itemsPerSecond: result.items / result.seconds,
    megabytesPerSecond: jsonBytes === undefined ? undefined : jsonBytes / 1e6 / result.seconds,
    cpuSecondsPerMillionItems: (result.cpuSeconds / result.items) * 1e6,
  };
}

export const sourceArguments = (url, table, params = {}) => [
  '--from',
  `dynamodb:${table}`,
  '--name',
  'bench_table',
  ...Object.entries({ endpoint_url: url, ...params }).flatMap(([key, value]) => [
    '--param',
    `${key}=${value}`,
  ]),
];

// One statement over a table of `items` items, of which `server` tells what it sent.
export function sumacStatement(bench, what) {
  const { server = bench.server, table, items, statement, setUp, params } = what;
  const measure = async () => {
    let emptied;
    const result = await measureStatement(
      bench.sumac,
      sourceArguments(server.url, table, params),
      statement,
      // Forgets what loading has read.
      { onBegin: () => (emptied = server.statistics()), setUp },
    );
    await emptied;
    const statistics = await server.statistics();
    return { ...withSpeeds({ items, ...result }, statistics.bytes), statistics };
  };
  return median(bench, measure);
}

function peerOptions(bench, shape, attributes) {
  return JSON.stringify({
    endpoint: bench.server.url,
    table: `${shape}_peers`,
    warmUpTable: `${shape}_warm_up`,
    concurrency: peerConcurrency,
    attributes,
    wrapNumbers: shape === 'numbers',
  });
}

const jsonBytesOf = (bench, shape, items) => bench.shapes[shape].jsonBytesPerItem * items;

export const javascript = (bench, kind, shape, attributes) =>
  median(bench, async () => {
    const script = join(here, 'peers/scan_javascript.mjs');
    const options = peerOptions(bench, shape, attributes);
    const result = await outputJson(process.execPath, [script, kind, options]);
    return withSpeeds(result, attributes ? undefined : jsonBytesOf(bench, shape, result.items));
  });

export const boto3 = (bench, shape) =>
  median(bench, async () => {
    const script = join(here, 'peers/scan_boto3.py');
    const result = await outputJson('/usr/bin/python3', [script, peerOptions(bench, shape)]);
    return withSpeeds(result, jsonBytesOf(bench, shape, result.items));
  });

export const receiveAlone = (bench, table) =>
  median(bench, async () => {
    const program = join(bench.build, 'bench/receive_alone');
    const result = await outputJson(program, [bench.server.url, table, String(receiveConcurrency)]);
    return withSpeeds({ ...result, cpuSeconds: result.cpu_seconds }, result.bytes);
  });

// Every benchmark of decoding from memory: {"sumac/users/all": {1: RESULT, 2: RESULT}, ...} by
// threads. Their repetitions take turns, so that what the machine's host does meets all alike.
export async function decodeAlone(bench) {
  const text = await output(join(bench.build, 'bench/decode_benchmark'), [
    '--benchmark_format=json',
    `--benchmark_min_time=${bench.quick ? 0.1 : 0.25}`,
    `--benchmark_repetitions=${bench.repeat > 1 ? bench.repeat * 3 : 1}`,
    '--benchmark_enable_random_interleaving=true',
  ]);
  const found = {};
  for (const one of JSON.parse(text).benchmarks) {
    if (one.aggregate_name ? one.aggregate_name !== 'median' : bench.repeat > 1) continue;
    const name = one.run_name.split('/').slice(0, 3).join('/');
    found[name] ??= {};
    found[name][one.threads] = {
      itemsPerSecond: one.items_per_second,
      megabytesPerSecond: one.bytes_per_second / 1e6,
    };
  }
  return found;
}
