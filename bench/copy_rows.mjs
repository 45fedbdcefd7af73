// What accelerated copies do: how fast they are loaded, refreshed and read.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { median, sumacStatement } from './measurements.mjs';
import { measureStatement, start } from './processes.mjs';

const waitMostMs = 600_000;
const queryRepeats = 20;

// Calls use(folder) with a Spicepod of the one table, accelerated as `lines` of YAML say.
async function withSpicepod(bench, table, lines, use) {
  const folder = await mkdtemp(join(tmpdir(), 'sumac-bench-'));
  const text = [
    'version: v1',
    'kind: Spicepod',
    'name: bench',
    'datasets:',
    `  - from: dynamodb:${table}`,
    '    name: bench_table',
    '    params:',
    `      endpoint_url: ${bench.server.url}`,
    '      dynamodb_aws_region: us-west-2',
    '    acceleration:',
    ...lines.map((line) => `      ${line}`),
  ];
  try {
    await writeFile(join(folder, 'spicepod.yaml'), text.join('\n') + '\n');
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// The next time that `pattern` matches what the process has logged from `from` on.
export async function logged(child, pattern, from = 0) {
  const end = performance.now() + waitMostMs;
  while (performance.now() < end) {
    const found = pattern.exec(child.errors.slice(from));
    if (found) return found;
    await delay(20);
  }
  throw new Error(`sumac run does not say ${pattern}: ${child.errors}`);
}

const loadedLine = /Loaded (\d+) rows \([^)]+\) for dataset bench_table in (\d+)ms/;

// The first load and a refresh of a serving process: {load, refresh}, each {items, seconds}.
async function loadAndRefresh(bench, table, lines) {
  return withSpicepod(bench, table, lines, async (folder) => {
    const child = start(bench.sumac, ['run', folder, '--http', '127.0.0.1:0', '--flight', 'off'], { timeoutMs: waitMostMs });
    child.stdin.end();
    try {
      const [, address] = await logged(child, /Sumac HTTP listening on (\S+)/);
      const of = ([, items, milliseconds]) => ({ items: Number(items), seconds: Number(milliseconds) / 1000 });
      const load = of(await logged(child, loadedLine));
      await logged(child, /All components are loaded/);
      const from = child.errors.length;
      const asked = await fetch(`http://${address}/v1/datasets/bench_table/acceleration/refresh`, { method: 'POST' });
      if (asked.status !== 201) throw new Error(await asked.text());
      return { load, refresh: of(await logged(child, loadedLine, from)) };
    } finally {
      child.kill('SIGKILL');
      await child.exited;
    }
  });
}

const withSpeed = (one) => ({ ...one, itemsPerSecond: one.items / one.seconds });

const table = 'users_large';

// The speed of the scan alone, into a table of DuckDB's: in memory, or in a file, which it compresses.
async function scanInto(bench, place) {
  const scan = { table, items: bench.itemsOf('users', bench.quick ? 256 : 2048) };
  if (place === 'memory') {
    return sumacStatement(bench, { ...scan, statement: 'CREATE TEMP TABLE copied AS SELECT * FROM bench_table' });
  }
  const folder = await mkdtemp(join(tmpdir(), 'sumac-bench-'));
  try {
    return await sumacStatement(bench, {
      ...scan,
      setUp: `ATTACH '${join(folder, 'plain.db')}' AS plain_file`,
      statement:
        'CREATE OR REPLACE TABLE plain_file.main.copied AS SELECT * FROM bench_table; CHECKPOINT plain_file',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const copyRefresh = (place) => async (bench) => {
  const lines = place === 'file' ? ['engine: duckdb', 'mode: file'] : ['enabled: true'];
  const scanned = await scanInto(bench, place);
  const loads = [];
  const measured = await median(bench, async () => {
    const { load, refresh } = await loadAndRefresh(bench, table, lines);
    loads.push(withSpeed(load).itemsPerSecond);
    return withSpeed(refresh);
  });
  loads.sort((a, b) => a - b);
  const load = loads[Math.floor(loads.length / 2)];
  return {
    title: `users: refresh of a copy in ${place === 'file' ? 'a file' : 'memory'}`,
    measured,
    comparisons: [
      { against: `the same table scanned into a table in ${place === 'file' ? 'a file' : 'memory'}`, ratio: measured.itemsPerSecond / scanned.itemsPerSecond, wanted: 0.8 },
      { against: 'its first load, which looks for types', ratio: measured.itemsPerSecond / load },
    ],
  };
};

const queries = [
  'SELECT count(*) FROM TABLE_NAME WHERE id % 7 = 3',
  'SELECT id % 100 AS bucket, count(*), max(email) FROM TABLE_NAME GROUP BY ALL ORDER BY ALL LIMIT 5',
  'SELECT * FROM TABLE_NAME WHERE id = 4711',
];

export async function copyQueries(bench) {
  const items = bench.itemsOf('users', bench.scanPages);
  return withSpicepod(bench, 'users_scan', ['enabled: true'], async (folder) => {
    const measure = (name) => () => {
      const all = Array.from({ length: queryRepeats }, () => queries).flat();
      const statement = all.map((query) => query.replace('TABLE_NAME', name)).join('; ');
      return measureStatement(bench.sumac, ['--spicepod', folder], statement, {
        setUp: 'CREATE TEMP TABLE plain AS SELECT * FROM bench_table',
      }).then((result) => ({ ...result, items: items * all.length, itemsPerSecond: (items * all.length) / result.seconds }));
    };
    const plain = await median(bench, measure('plain'));
    const measured = await median(bench, measure('bench_table'));
    return {
      title: `users: ${queries.length * queryRepeats} queries on a copy in memory`,
      measured,
      comparisons: [
        { against: "DuckDB's own table, time", ratio: measured.seconds / plain.seconds, wantedAtMost: 1.1 },
      ],
    };
  });
}
