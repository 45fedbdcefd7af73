// Runs the SQL cases (*.test in this folder, format in case_file.mjs) through the built program
// against dynalite with the seeds: once reading DynamoDB, once from accelerated copies.
import { appendFile, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { startDynalite } from '../support/dynalite/server.mjs';
import { run, startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { judge, parseCases } from './case_file.mjs';

const usage = `usage: node run.mjs --sumac PROGRAM [--through http|cli] [FILE.test]...
  --sumac PROGRAM  the built program, for example build/dev/sumac
  --through        http (default): one server for all cases; cli: one \`sumac sql\` for each case`;

const datasets = ['users', 'orders', 'types', 'empty', 'names'];
// Of views.test. The one before uses the one behind.
const views = {
  top_customers: 'SELECT email, total FROM customers WHERE orders > 1 AND total > 1000;',
  customers: `-- A join of datasets.
    SELECT u.*, count(order_id) AS orders, sum(amount::DECIMAL(18, 2)) AS total
    FROM users u LEFT JOIN orders ON customer_id = u.id GROUP BY ALL`,
  'sales.Order Notes': 'WITH orders AS (SELECT * FROM orders WHERE note IS NOT NULL) SELECT order_id, note FROM orders',
  numbers: "VALUES (1, 'one'), (2, 'two')",
};
const folder = dirname(fileURLToPath(import.meta.url));

// Both return {query(sql) -> {csv} or {error}, stop()}.
const interfaces = {
  async http(sumac, pod) {
    const server = await startServer(sumac, pod);
    const query = async (sql) => {
      const response = await fetch(`${server.url}/v1/sql`, {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain', Accept: 'text/csv' },
        body: sql,
      });
      const text = await response.text();
      return response.ok ? { csv: text } : { error: text };
    };
    return { query, stop: server.stop };
  },
  async cli(sumac, pod) {
    const query = async (sql) => {
      const options = ['sql', '--spicepod', pod, '--format', 'csv', '-c', sql];
      const { code, stdout, stderr } = await run(sumac, options);
      return code === 0 ? { csv: stdout } : { error: stderr };
    };
    return { query, stop: async () => {} };
  },
};

async function readCaseFiles(paths) {
  const names = paths.length > 0 ? paths : (await readdir(folder)).filter((n) => n.endsWith('.test'));
  const files = [];
  for (const name of names.sort()) {
    const path = paths.length > 0 ? name : join(folder, name);
    files.push({ name: basename(path), cases: parseCases(await readFile(path, 'utf8'), path) });
  }
  return files;
}

// Returns how many cases failed.
async function runFile(file, mode, query) {
  const started = Date.now();
  const cases = file.cases.filter((one) => one.modes.includes(mode));
  let failures = 0;
  for (const one of cases) {
    const trouble = judge(one, await query(one.sql));
    if (trouble === null) continue;
    failures += 1;
    console.log(`FAILED ${file.name}:${one.line} (${mode})\n  ${one.sql.replaceAll('\n', '\n  ')}\n  ${trouble}`);
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const verdict = failures === 0 ? 'ok    ' : 'FAILED';
  console.log(`${verdict} ${file.name} (${mode}): ${cases.length - failures} of ${cases.length} cases, ${seconds} s`);
  return failures;
}

async function runMode(mode, files, options, endpoint) {
  return withTemporaryFolder(async (pod) => {
    await writeSpicepod(pod, endpoint, datasets, { accelerated: mode === 'accelerated', views });
    // A table that only a server has, and SHOW TABLES is asked of both.
    await appendFile(join(pod, 'spicepod.yaml'), 'runtime: {task_history: {enabled: false}}\n');
    const { query, stop } = await interfaces[options.through](options.sumac, pod);
    let failures = 0;
    try {
      for (const file of files) failures += await runFile(file, mode, query);
    } finally {
      await stop();
    }
    return failures;
  });
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sumac: { type: 'string' }, through: { type: 'string', default: 'http' } },
  });
  if (!values.sumac || !(values.through in interfaces)) {
    console.error(usage);
    return 2;
  }
  const files = await readCaseFiles(positionals);
  const dynalite = await startDynalite();
  let failures = 0;
  try {
    for (const mode of ['remote', 'accelerated']) {
      failures += await runMode(mode, files, values, dynalite.endpoint);
    }
  } finally {
    await dynalite.stop();
  }
  if (failures > 0) console.log(`${failures} SQL cases failed`);
  return failures > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error.message);
    process.exit(2);
  },
);
