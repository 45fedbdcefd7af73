// What `sumac run` tells of its queries: names of requests, the history, metrics, the log.
import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

const withServer = (use, { runtime = '', more = [] } = {}) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    await appendFile(join(folder, 'spicepod.yaml'), runtime);
    const server = await startServer(sumac, folder, { more });
    try {
      await use(server);
    } finally {
      await server.stop();
    }
  });

async function ask(server, body, headers = {}) {
  const response = await fetch(`${server.url}/v1/sql`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const trace = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${trace}-b7ad6b7169203331-01`;

test('the history has queries with their cost, and names of requests go through', async () => {
  await withServer(
    async (server) => {
      const traced = await ask(server, 'SELECT count(email) AS n FROM users', { traceparent, 'X-Request-Id': 'job-7' });
      assert.equal(traced.headers.get('x-request-id'), 'job-7');
      const [, spanId] = new RegExp(`^00-${trace}-([0-9a-f]{16})-01$`).exec(traced.headers.get('traceparent'));
      assert.equal((await ask(server, 'SELECT count(email) AS n FROM users')).headers.get('results-cache-status'), 'HIT');
      const failed = await ask(server, 'SELECT * FROM gone');
      assert.equal(failed.status, 400);
      assert.match(failed.headers.get('x-request-id'), /^[0-9a-f]{32}$/);
      assert.equal(failed.headers.get('traceparent'), null);

      const history = await ask(server, 'SELECT * FROM runtime.task_history ORDER BY start_time');
      const [first, cached, last] = JSON.parse(history.text);
      assert.equal(first.trace_id, trace);
      assert.equal(first.span_id, spanId);
      assert.equal(first.parent_span_id, 'b7ad6b7169203331');
      assert.equal(first.task, 'sql_query');
      assert.equal(first.input, 'SELECT count(email) AS n FROM users');
      assert.equal(first.captured_output, '[{"n":10}]');
      assert.equal(first.rows, 1);
      assert.equal(first.bytes, 10);
      assert.ok(first.consumed_rcu > 0 && first.execution_duration_ms > 0);
      assert.ok(first.start_time <= first.end_time);
      assert.deepEqual(first.labels, { protocol: 'http', request_id: 'job-7', results_cache: 'none' });
      assert.equal(cached.labels.results_cache, 'hit');
      assert.equal(cached.consumed_rcu, 0);
      assert.ok(!('rows' in cached));
      assert.match(last.error_message, /gone/);
      assert.equal(last.labels.error_code, 'invalid_argument');
      // It is asked anew each time.
      assert.equal(JSON.parse((await ask(server, 'SELECT count(*) AS n FROM runtime.task_history')).text)[0].n, 4);
    },
    { runtime: 'runtime: {task_history: {captured_output: truncated}, caching: {sql_results: {item_ttl: 1h}}}\n' },
  );
});

test('the history can be off', async () => {
  await withServer(
    async (server) => {
      assert.equal((await ask(server, 'SELECT * FROM runtime.task_history')).status, 400);
    },
    { runtime: 'runtime: {task_history: {enabled: false}}\n' },
  );
});

test('what was refused before it ran says why', async () => {
  await withServer(async (server) => {
    const missed = await ask(server, 'SELECT 77', { 'Cache-Control': 'only-if-cached' });
    assert.equal(missed.status, 504);
    const history = await ask(server, "SELECT labels['error_code'] AS code, error_message FROM runtime.task_history");
    assert.deepEqual(JSON.parse(history.text), [{ code: 'not_found', error_message: 'It is not in the results cache.' }]);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1').end('nonsense\r\n\r\n');
    const chunks = [];
    for await (const chunk of socket) chunks.push(chunk);
    assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1.1 400 [^]*\r\nX-Request-Id: [0-9a-f]{32}\r\n/);
    const metrics = await ask(
      server,
      "SELECT value FROM runtime.metrics WHERE name = 'http_requests' AND labels['method'] = 'other'",
    );
    assert.deepEqual(JSON.parse(metrics.text), [{ value: 1 }]);
  });
});

test('the history keeps plans when it is told to, and reads nothing for them', async () => {
  await withServer(
    async (server) => {
      const query = { sql: 'SELECT email FROM users WHERE id = $1', parameters: [3] };
      const answer = await ask(server, JSON.stringify(query), { 'Content-Type': 'application/json' });
      assert.equal(answer.status, 200);
      // Of several statements none is run again.
      await ask(server, 'SELECT 1; SELECT count(email) FROM users');
      await ask(server, 'SELECT count(email) FROM users WHERE email::INTEGER > 1');
      const history = await ask(server, 'SELECT plan, consumed_rcu FROM runtime.task_history ORDER BY start_time');
      const [one, two, failed] = JSON.parse(history.text);
      assert.match(one.plan, /users/);
      assert.match(one.plan, /Query|GetItem/);
      assert.equal(one.consumed_rcu, Number(answer.headers.get('sumac-consumed-rcu')));
      assert.equal(two.plan, undefined);
      assert.match(failed.plan, /users/);
      const metrics = await ask(
        server,
        "SELECT labels['protocol'] AS protocol, value FROM spice.runtime.metrics WHERE name = 'query_executions'",
      );
      assert.deepEqual(JSON.parse(metrics.text), [{ protocol: 'http', value: 4 }]);
    },
    { runtime: 'runtime: {task_history: {captured_plan: explain}}\n' },
  );
});

test('requests and queries are counted by route and outcome', async () => {
  await withServer(
    async (server) => {
      const [, metrics] = /Sumac metrics listening on (\S+)/.exec(server.stderr());
      await ask(server, 'SELECT count(email) AS n FROM users');
      await ask(server, 'SELEC');
      await (await fetch(`${server.url}/v1/nothing/at/${'x'.repeat(50)}`)).text();
      await (await fetch(`${server.url}/v1/datasets/users/schema/refresh`, { method: 'POST' })).text();
      const lines = [
        'http_requests{method="POST",path="/v1/sql",status="200"} 1',
        'http_requests{method="POST",path="/v1/sql",status="400"} 1',
        'http_requests{method="GET",path="other",status="404"} 1',
        'http_requests{method="POST",path="/v1/datasets/{name}/schema/refresh",status="200"} 1',
        'http_requests_total{method="POST",path="/v1/sql",status="200"} 1',
        'http_requests_duration_ms_count{method="POST",path="/v1/sql",status="200"} 1',
        'query_executions{protocol="http"} 2',
        'query_failures{code="invalid_argument",protocol="http"} 1',
        'query_returned_rows{protocol="http"} 1',
        'query_active_count 0',
        'runtime_http_server_started 1',
      ];
      // A request counts when its response is written, which its client may know first.
      const deadline = Date.now() + 30_000;
      let text, missing;
      do {
        text = await (await fetch(`http://${metrics}/metrics`)).text();
        missing = lines.filter((line) => !text.split('\n').includes(line));
      } while (missing.length > 0 && Date.now() < deadline);
      assert.deepEqual(missing, [], text);
    },
    { more: ['--metrics', '127.0.0.1:0'] },
  );
});

test('the log can be objects, with what belongs to a query in it', async () => {
  await withServer(
    async (server) => {
      await ask(server, 'SELECT "no such \\"\ncolumn" FROM users', { 'X-Request-Id': 'job-8', traceparent });
      const entries = server.stderr().trim().split('\n').map((line) => JSON.parse(line));
      for (const entry of entries) {
        assert.match(entry.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.equal(typeof entry.message, 'string');
      }
      const failure = entries.find((entry) => entry.request_id === 'job-8' && entry.sql);
      assert.match(failure.message, /^A query has failed: /);
      assert.equal(failure.level, 'debug');
      assert.equal(failure.trace_id, trace);
      assert.equal(failure.code, 'invalid_argument');
      assert.equal(typeof failure.duration_ms, 'number');
    },
    { more: ['--log-format', 'json', '--log-level', 'debug'] },
  );
});
