// A table of 100,000 items gives the sums that its generator computed on the way, from DynamoDB and
// from an accelerated copy.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { parseCsv } from '../sql/case_file.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { fast, sumac } from './setting.mjs';

const table = 'users_large';
const items = fast ? 2_000 : 100_000;
const timeout = 300_000;

let dynalite;
let expected;

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sumac-large-'));
  const expectedFile = join(folder, 'expected.json');
  try {
    dynalite = await startDynalite(
      ...['--seeds', 'none', '--generate', `${table}=${items}`, '--expected', expectedFile],
    );
    expected = JSON.parse(await readFile(expectedFile, 'utf8'))[table];
  } finally {
    await rm(folder, { recursive: true });
  }
}, { timeout });
after(() => dynalite?.stop());

// Cents as the decimal text of a DECIMAL(18, 2).
function dollars(cents) {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function checks() {
  const byName = (object, columns) =>
    Object.keys(object).sort().map((name) => [name, ...columns.map((column) => column(object[name]))]);
  return [
    ['SELECT count(*) FROM users_large', [[String(expected.count)]]],
    [
      `SELECT count(*), sum(id), sum(balance::DECIMAL(18, 2)), count(login_count), sum(login_count),
         sum(len(addresses)) FROM users_large`,
      [[
        String(expected.count), String(expected.id_sum), dollars(expected.balance_cents_sum),
        String(expected.login_count_count), String(expected.login_count_sum),
        String(expected.address_count),
      ]],
    ],
    [
      `SELECT plan, count(*), sum(balance::DECIMAL(18, 2)) FROM users_large GROUP BY plan ORDER BY plan`,
      byName(expected.by_plan, [(sums) => String(sums.users), (sums) => dollars(sums.balance_cents)]),
    ],
    [
      `SELECT address.city, count(*) FROM (SELECT unnest(addresses) AS address FROM users_large)
       GROUP BY 1 ORDER BY 1`,
      byName(expected.by_city, [(sums) => String(sums.addresses)]),
    ],
    [
      `SELECT count(*) FROM (SELECT unnest(addresses) AS address FROM users_large)
       WHERE address.city = 'San Francisco'`,
      [[String(expected.by_city['San Francisco'].addresses)]],
    ],
    ['SELECT count(DISTINCT metadata.user_agent) FROM users_large', [['1']]],
    ['SELECT count(*) FROM (SELECT * FROM users_large LIMIT 17)', [['17']]],
  ];
}

for (const accelerated of [false, true]) {
  test(`sums over ${items} items, ${accelerated ? 'accelerated' : 'from DynamoDB'}`, { timeout }, () =>
    withTemporaryFolder(async (folder) => {
      await writeSpicepod(folder, dynalite.endpoint, [table], { accelerated });
      const server = await startServer(sumac, folder);
      try {
        for (const [query, rows] of checks()) {
          const response = await fetch(`${server.url}/v1/sql`, {
            method: 'POST',
            headers: { 'Content-Type': 'text/plain', Accept: 'text/csv' },
            body: query,
          });
          const text = await response.text();
          assert.equal(response.status, 200, text);
          const actual = parseCsv(text).slice(1).map((row) => row.map((cell) => cell.text));
          assert.deepEqual(actual, rows, query);
        }
      } finally {
        await server.stop();
      }
    }),
  );
}

test('an interrupted query ends at once', { timeout }, () =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, [table]);
    // Twelve reads of the whole table: far longer than the test waits.
    const query = Array(12).fill('SELECT sum(len(email)) FROM users_large').join(' UNION ALL ');
    const child = spawn(sumac, ['sql', '--spicepod', folder, '-c', query], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const interrupted = Date.now();
    child.kill('SIGINT');
    const { code } = await ended;
    assert.ok(Date.now() - interrupted < 5_000);
    if (!fast) assert.notEqual(code, 0);
  }),
);
