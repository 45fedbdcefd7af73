// What goes over the wire: connections and TLS sessions are kept, pages may come compressed.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { makeCertificates } from '../support/aws/certificates.mjs';
import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { startTlsProxy } from '../support/aws/tls_proxy.mjs';
import { run } from '../support/program.mjs';
import { withRunning } from './running.mjs';
import { fakeDynamodbServer, sumac } from './setting.mjs';

const timeout = 120_000;
const events = 4_000;
// Less than what `auto` wants to have seen before it tries anything, so that it does not depend on
// how fast the machine is.
const eventsTable = {
  TableName: 'events',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
  Items: Array.from({ length: events }, (_, id) => ({
    id: { N: String(id) },
    kind: { S: ['opened', 'closed', 'reopened'][id % 3] },
    agent: { S: 'a text that is the same in every item, '.repeat(1 + (id % 3)) },
  })),
};
const counted = (name) => `SELECT count(*) AS n, sum(id) AS ids, sum(len(agent)) AS agents FROM ${name}`;

let folder, certificates;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sumac-test-'));
  certificates = await makeCertificates(folder);
});
after(() => rm(folder, { recursive: true, force: true }));

async function withFake(use, configuration = {}) {
  const fake = await startFakeDynamodb(fakeDynamodbServer, {
    signers: [{ accessKeyId: 'test', secretAccessKey: 'test' }], tables: [eventsTable], ...configuration,
  });
  try {
    return await use(fake);
  } finally {
    await fake.stop();
  }
}

// The program over TLS, with `streams` requests under way at a time.
const streams = 4;
const overTls = (use) =>
  withFake(
    async (fake) => {
      const tls = await startTlsProxy({ certificate: certificates.good, target: fake.endpoint });
      const params = { scan_segments: 32, scan_concurrency: streams };
      try {
        await withRunning(tls.url, [['events', { params }]], (running) => use({ ...running, tls }), {
          env: { AWS_CA_BUNDLE: certificates.authorityPath },
        });
      } finally {
        await tls.stop();
      }
    },
    // So that requests overlap.
    { service: { page_latency_ms: 5 } },
  );

test('connections are kept, and further ones go on with a TLS session', { timeout }, () =>
  overTls(async ({ csv, tls }) => {
    const first = await csv(counted('events'));
    const { opened } = tls;
    assert.ok(opened >= streams, `${opened} connections`);
    assert.equal(tls.connections, opened);
    // Not all but the first: a ticket of TLS 1.3 is for one connection, and who comes before the next
    // ticket goes without. Without sessions in common it is none.
    assert.ok(tls.resumed > 0, `all ${opened} handshakes were full ones`);
    assert.equal(await csv(counted('events')), first);
    assert.equal(tls.opened, opened, 'a second query opens no connection');
  }));

test('connections that the server has closed cost no page', { timeout }, () =>
  overTls(async ({ csv, metric, tls }) => {
    const first = await csv(counted('events'));
    for (let round = 1; round <= 3; ++round) {
      const { opened } = tls;
      assert.ok((await tls.closeConnections()) >= streams);
      assert.equal(await csv(counted('events')), first);
      assert.ok(tls.opened > opened);
    }
    assert.ok((await metric('dataset_dynamodb_pages_total', 'events')) >= 4 * 32);
    assert.equal(await metric('dataset_dynamodb_failures_total', 'events'), 0);
  }));

test('compressed pages have the same items and take fewer bytes on the wire', { timeout }, () =>
  withFake(
    async (fake) => {
      const dataset = (name, compression, accelerated = false) =>
        [name, { from: 'dynamodb:events', params: { compression }, accelerated }];
      const datasets = [
        dataset('always', 'on'),
        dataset('never', 'off'),
        dataset('automatic', 'auto'),
        dataset('copied', 'on', true),
      ];
      await withRunning(fake.endpoint, datasets, async ({ csv, metric }) => {
        const read = {};
        for (const [name] of datasets) {
          read[name] = {
            rows: await csv(`SELECT * FROM ${name} ORDER BY id`),
            bytes: await metric('dataset_dynamodb_response_bytes_total', name),
            onWire: await metric('dataset_dynamodb_wire_bytes_total', name),
          };
        }
        const { always, never, automatic, copied } = read;
        assert.equal(never.rows.split('\n').length, 1 + events + 1);
        for (const one of [always, automatic, copied]) {
          assert.equal(one.rows, never.rows);
          assert.equal(one.bytes, never.bytes);
        }
        assert.equal(never.onWire, never.bytes);
        assert.equal(automatic.onWire, automatic.bytes, 'the loopback interface is no slow line');
        for (const one of [always, copied]) {
          assert.ok(one.onWire > 0 && one.onWire < one.bytes / 3, `${one.onWire} of ${one.bytes}`);
        }
        const plan = (name) => csv(`EXPLAIN ANALYZE SELECT sum(id) FROM ${name}`);
        assert.match(await plan('always'), /Bytes on the wire/);
        assert.doesNotMatch(await plan('never'), /Bytes on the wire/);
      });
    },
    { gzip: true },
  ));

test('compression that is none of the three is refused in one line', async () => {
  const query = ['sql', '--from', 'dynamodb:events', '--param', 'compression=gzip', '-c', 'FROM events'];
  const answer = await run(sumac, query, { env: { AWS_REGION: 'us-west-2' } });
  assert.equal(answer.stdout, '');
  assert.equal(answer.code, 1);
  const errors = answer.stderr.split('\n').filter((line) => line.startsWith('error:'));
  assert.deepEqual(errors, ["error: dataset 'events': parameter 'compression' takes auto, on or off, not 'gzip'"]);
});
