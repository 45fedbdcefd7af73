// What `sumac run` asks of its clients before it answers.
import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { run, startServer, withTemporaryFolder, writeSpicepod } from '../support/program.mjs';
import { sharedDynalite, sumac } from './setting.mjs';

const dynalite = sharedDynalite(before, after);

// Serves the dataset users, accelerated, with `runtime` at the end of the Spicepod.
const withServer = (runtime, use, options) =>
  withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users'], { accelerated: true });
    await appendFile(join(folder, 'spicepod.yaml'), runtime);
    const server = await startServer(sumac, folder, options);
    try {
      await use(server, folder);
    } finally {
      await server.stop();
    }
  });

async function status(server, path, options) {
  const response = await fetch(server.url + path, options);
  await response.text();
  return response.status;
}

const someKeys = `runtime:
  auth:
    api-key:
      enabled: true
      keys: ['\${secrets:reader}', '\${secrets:writer}:rw']
`;
const keyEnvironment = { SPICE_READER: 'reader-key', SPICE_WRITER: 'writer-key' };

test('API keys decide who may ask what, and the log has none of them', async () => {
  await withServer(
    someKeys,
    async (server) => {
      const query = (headers) =>
        status(server, '/v1/sql', { method: 'POST', body: 'SELECT count(*) FROM users', headers });
      assert.equal(await query({}), 401);
      assert.equal(await query({ 'X-API-Key': 'reader-ke' }), 401);
      assert.equal(await query({ 'X-API-Key': 'reader-key' }), 200);
      assert.equal(await query({ Authorization: 'Bearer writer-key' }), 200);
      assert.equal(await status(server, '/health'), 200);
      assert.equal(await status(server, '/v1/datasets'), 401);
      const refresh = (key) =>
        status(server, '/v1/datasets/users/acceleration/refresh', {
          method: 'POST',
          headers: { 'X-API-Key': key },
        });
      assert.equal(await refresh('reader-key'), 403);
      assert.equal(await refresh('writer-key'), 201);
      assert.doesNotMatch(server.stderr(), /reader-key|writer-key/);
    },
    { env: keyEnvironment },
  );
});

test('the command line shows its key', async () => {
  await withServer(
    someKeys,
    async (server) => {
      const sumacAsks = (words, env) => run(sumac, [...words, '--http', server.url], { env });
      const without = await sumacAsks(['datasets']);
      assert.equal(without.code, 1);
      assert.match(without.stderr, /asks for an API key; give it in SPICE_API_KEY or with --api-key/);
      const listed = await sumacAsks(['datasets'], { SPICE_API_KEY: 'reader-key' });
      assert.equal(listed.code, 0, listed.stderr);
      assert.match(listed.stdout, /users/);
      const refused = await sumacAsks(['refresh', 'users'], { SPICE_API_KEY: 'reader-key' });
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /may only read/);
      const wrong = await sumacAsks(['refresh', 'users', '--api-key', 'nobody']);
      assert.match(wrong.stderr, /does not know this API key/);
      const done = await sumacAsks(['refresh', 'users', '--wait', '--api-key', 'writer-key']);
      assert.equal(done.code, 0, done.stderr);
    },
    { env: keyEnvironment },
  );
});

test('a key that cannot be found keeps the server from starting', async () => {
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users']);
    await appendFile(join(folder, 'spicepod.yaml'), someKeys);
    const { code, stderr } = await run(sumac, ['run', folder, '--http', '127.0.0.1:0']);
    assert.equal(code, 2);
    assert.match(stderr, /spicepod\.yaml:\d+:\d+: runtime\.auth\.api-key: key 1: secret 'reader' was not found/);
  });
});

test('pages of origins that are named may read answers', async () => {
  await withServer("runtime: {cors: {enabled: true, allowed_origins: ['https://app.example.com']}}\n", async (server) => {
    const preflight = await fetch(`${server.url}/v1/sql`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'POST' },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://app.example.com');
    const answer = await fetch(`${server.url}/v1/datasets`, { headers: { Origin: 'https://evil.example' } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    assert.equal(answer.headers.get('vary'), 'Origin');
  });
});

test('a query has no more time and rows than the Spicepod gives', async () => {
  await withServer('runtime: {query: {timeout: 300ms, max_result_rows: 5}}\n', async (server) => {
    const query = async (body, headers) => {
      const response = await fetch(`${server.url}/v1/sql`, { method: 'POST', body, headers });
      return { status: response.status, text: await response.text() };
    };
    const many = await query('SELECT * FROM users');
    assert.equal(many.status, 400);
    assert.match(many.text, /^The result has more than 5 rows/);
    assert.equal((await query('SELECT * FROM users LIMIT 5')).status, 200);
    const endless = 'SELECT count(*) FROM range(100000000000) a, range(100000000000) b WHERE a.range * b.range = 7';
    const late = await query(endless, { 'Sumac-Query-Timeout': '1h' });
    assert.equal(late.status, 504);
    assert.match(late.text, /did not end within 300ms/);
  });
});

test('keys that change are taken over at SIGHUP, and no edit opens the server', async () => {
  const settings = "runtime: {auth: {api-key: {enabled: true, keys: ['${secrets:reader}']}}}\n";
  await withTemporaryFolder(async (folder) => {
    await writeSpicepod(folder, dynalite.endpoint, ['users'], { accelerated: true });
    const pod = join(folder, 'spicepod.yaml');
    const open = await readFile(pod, 'utf8');
    await writeFile(pod, open + settings);
    await writeFile(join(folder, '.env'), 'SPICE_READER=first-key\n');
    const server = await startServer(sumac, folder, { flight: '127.0.0.1:0' });
    const ask = (key) => status(server, '/v1/datasets', { headers: { 'X-API-Key': key } });
    const logs = async (text) => {
      while (!server.stderr().includes(text)) await delay(20);
    };
    try {
      assert.deepEqual([await ask('first-key'), await ask('second-key')], [200, 401]);
      await writeFile(join(folder, '.env'), 'SPICE_READER=second-key\n');
      server.signal('SIGHUP');
      while ((await ask('second-key')) !== 200) await delay(20);
      assert.equal(await ask('first-key'), 401);

      // Nothing is taken of a Spicepod whose keys cannot be found.
      await writeFile(pod, open + settings.replace('reader', 'nobody'));
      server.signal('SIGHUP');
      await logs('the Spicepod before it is served as it was');
      assert.equal(await ask('second-key'), 200);
      await writeFile(pod, open);
      server.signal('SIGHUP');
      await logs('Changes of runtime.auth count after a restart only');
      assert.deepEqual([await ask('second-key'), await ask('')], [200, 401]);
    } finally {
      await server.stop();
    }
  });
});
