// The two stand-ins that a machine's own credentials come from: container and instance metadata.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startContainer } from './container.mjs';
import { startImds } from './imds.mjs';

const credentials = { accessKeyId: 'ASIAROLE', secretAccessKey: 'role/secret', sessionToken: 'role/token' };

async function using(standIn, use) {
  try {
    await use(standIn);
  } finally {
    await standIn.stop();
  }
}

test('a container gives credentials for a token that changes', async () => {
  let token = 'one';
  const options = { path: '/v2/x', authorization: () => token, credentials, expires: '2030-01-01T00:00:00Z' };
  await using(await startContainer(options), async ({ url, problems, requests }) => {
    const get = (authorization, path = '/v2/x', method = 'GET') =>
      fetch(url + path, { method, headers: authorization ? { authorization } : {} });
    assert.deepEqual(await (await get('one')).json(), {
      AccessKeyId: 'ASIAROLE', SecretAccessKey: 'role/secret', Token: 'role/token',
      Expiration: '2030-01-01T00:00:00Z', RoleArn: 'arn:aws:iam::123456789012:role/task', AccountId: '123456789012',
    });
    assert.deepEqual(problems, []);
    token = 'two';
    const refused = await get('one');
    assert.equal(refused.status, 401);
    assert.deepEqual(Object.keys(await refused.json()), ['code', 'message']);
    assert.equal((await get('two')).status, 200);
    assert.equal((await get()).status, 401);
    assert.equal((await get('two', '/')).status, 404);
    assert.equal((await get('two', '/v2/x', 'POST')).status, 405);
    assert.equal(problems.length, 4);
    assert.equal(requests.length, 6);
  });
});

test('a container that wants no token minds one', async () => {
  await using(await startContainer({ credentials }), async ({ url, problems }) => {
    assert.equal((await fetch(`${url}/credentials`)).status, 200);
    assert.deepEqual(problems, []);
    await fetch(`${url}/credentials`, { headers: { authorization: 'x' } });
    assert.match(problems[0], /another Authorization/);
  });
});

const ttl = 'x-aws-ec2-metadata-token-ttl-seconds';
const rolesPath = '/latest/meta-data/iam/security-credentials/';
async function imdsToken(url, seconds = '21600') {
  const response = await fetch(`${url}/latest/api/token`, { method: 'PUT', headers: seconds ? { [ttl]: seconds } : {} });
  return { status: response.status, token: await response.text(), ttl: response.headers.get(ttl) };
}
const imdsGet = (url, path, token) =>
  fetch(url + path, { headers: token ? { 'x-aws-ec2-metadata-token': token } : {} });

for (const host of ['127.0.0.1', '::1']) {
  test(`instance metadata at ${host}: token, role, credentials and region`, async () => {
    await using(await startImds({ host, credentials, expires: -60 }), async ({ url, problems, dropTokens }) => {
      const { token, ttl: granted } = await imdsToken(url);
      assert.equal(granted, '21600');
      const role = await (await imdsGet(url, rolesPath, token)).text();
      assert.equal(role, 'instance-role');
      const document = await (await imdsGet(url, rolesPath + role, token)).json();
      assert.equal(document.Code, 'Success');
      assert.equal(document.Token, 'role/token');
      assert.ok(new Date(document.Expiration) < new Date());
      const region = await imdsGet(url, '/latest/meta-data/placement/region', token);
      assert.equal(await region.text(), 'us-west-2');
      dropTokens();
      assert.equal((await imdsGet(url, rolesPath, token)).status, 401);
      assert.deepEqual(problems, []);
    });
  });
}

test('instance metadata refuses what the service refuses', async () => {
  await using(await startImds({ credentials }), async ({ url, problems }) => {
    assert.equal((await imdsGet(url, rolesPath)).status, 401);
    assert.equal((await imdsGet(url, rolesPath, 'made-up')).status, 401);
    for (const seconds of [undefined, '0', '21601', 'x']) {
      assert.equal((await imdsToken(url, seconds ?? '')).status, 400);
    }
    assert.equal((await fetch(`${url}/latest/api/token`)).status, 405);
    const { token } = await imdsToken(url);
    assert.equal((await imdsGet(url, `${rolesPath}other`, token)).status, 404);
    assert.equal(problems.length, 8);
  });
});

test('instance metadata can be off, without a role, or without an answer', async () => {
  await using(await startImds({ credentials, disabled: true }), async ({ url, problems }) => {
    assert.equal((await imdsToken(url)).status, 403);
    assert.deepEqual(problems, []);
  });
  await using(await startImds({ role: null, region: null }), async ({ url, problems }) => {
    const { token } = await imdsToken(url);
    assert.equal((await imdsGet(url, rolesPath, token)).status, 404);
    assert.equal((await imdsGet(url, '/latest/meta-data/placement/region', token)).status, 404);
    assert.deepEqual(problems, []);
  });
  const slow = await startImds({ credentials, faults: [{ slow: true, method: 'PUT' }] });
  const answer = imdsToken(slow.url).then(() => 'answered', () => 'cut');
  while (slow.requests.length === 0) await new Promise(setImmediate);
  await slow.stop();
  assert.equal(await answer, 'cut');
});
