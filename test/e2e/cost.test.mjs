// What a query has cost, where it is said: on the command line, over HTTP, and in what is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { makeClient, makeTable, writeItems } from '../support/round_trip/sdk_client.mjs';
import { startDynalite } from '../support/dynalite/server.mjs';
import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sql, sumac } from './setting.mjs';

const timeout = 120_000;
let dynalite;
before(async () => {
  dynalite = await startDynalite('--seeds', 'none');
  const client = makeClient(dynalite.endpoint);
  await makeTable(client, 'orders', [['customer', 'S'], ['number', 'N']]);
  const items = ['ann', 'bob'].flatMap((customer) =>
    [1, 2, 3].map((number) => ({ customer: { S: customer }, number: { N: String(number) }, total: { N: String(number * 5) } })));
  await writeItems(client, 'orders', items);
  client.destroy();
}, { timeout });
after(() => dynalite?.stop());

const withPod = (params, use) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, [['orders', { params: { scan_segments: 1, ...params } }]]);
    await use(folder);
  });

const requests = (stderr) => stderr.split('\n').filter((line) => line.startsWith('request: '));

test('--explain-requests lists each call, also of what fails', { timeout }, async () => {
  await withPod({}, async (folder) => {
    const ask = async (text) => {
      const { stdout, stderr } = await sql(folder, text, '--explain-requests', '--format', 'csv');
      assert.doesNotMatch(stdout, /request/);
      return requests(stderr).sort();
    };
    assert.deepEqual(await ask("SELECT number FROM orders WHERE customer IN ('ann', 'bob') AND total > 8"), [
      `request: Query of table 'orders': "customer" = {"S":"ann"}; filter "total" > {"N":"8"}: 1 request, 3 items, 2 returned, 0.5 RCU`,
      `request: Query of table 'orders': "customer" = {"S":"bob"}; filter "total" > {"N":"8"}: 1 request, 3 items, 2 returned, 0.5 RCU`,
    ]);
    assert.deepEqual(await ask('SELECT count(*) FROM orders'), [
      "request: Scan (Select=COUNT) of table 'orders': 1 request, 6 items, 6 returned, 0.5 RCU",
    ]);
    assert.deepEqual(await ask('SELECT 1'), ['request: none']);
    assert.deepEqual(await ask("SELECT error(customer) FROM orders WHERE customer = 'ann'"), [
      `request: Query of table 'orders': "customer" = {"S":"ann"}: 1 request, 3 items, 3 returned, 0.5 RCU`,
    ]);
  });
});

test('a header says what was consumed', { timeout }, async () => {
  await withPod({ consistent_read: true }, async (folder) => {
    const server = await startServer(sumac, folder);
    try {
      const ask = (body, accept = 'application/json') =>
        fetch(`${server.url}/v1/sql`, { method: 'POST', body, headers: { Accept: accept } });
      const read = await ask("SELECT * FROM orders WHERE customer = 'ann' AND number = 2");
      assert.equal(read.headers.get('sumac-consumed-rcu'), '1');
      assert.equal((await ask('SELECT 1')).headers.get('sumac-consumed-rcu'), '0');
      const envelope = await (await ask('SELECT * FROM orders', 'application/vnd.spiceai.sql.v1+json')).json();
      assert.equal(envelope.consumed_rcu, 0.5); // dynalite's scans are eventually consistent
    } finally {
      await server.stop();
    }
  });
});

test('what is over a budget is refused, with what to do', { timeout }, async () => {
  await withPod({ allow_full_scan: false }, async (folder) => {
    const refused = await sql(folder, 'SELECT * FROM orders', '--explain-requests');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /dataset 'orders': the query would scan the whole table, .*allow_full_scan is false/);
    assert.deepEqual(requests(refused.stderr), ['request: none']);
    assert.equal((await sql(folder, "SELECT * FROM orders WHERE customer = 'ann'")).code, 0);
    const server = await startServer(sumac, folder);
    try {
      const response = await fetch(`${server.url}/v1/sql`, { method: 'POST', body: 'SELECT * FROM orders' });
      assert.equal(response.status, 400);
      assert.match(await response.text(), /allow_full_scan is false/);
    } finally {
      await server.stop();
    }
  });
});
