import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startSsoOidc } from './sso_oidc.mjs';
import { startSsoPortal } from './sso_portal.mjs';

const credentials = { accessKeyId: 'ASIASSO', secretAccessKey: 'sso/secret', sessionToken: 'sso/token' };
const portalOptions = { tokens: ['good'], accountId: '123456789012', roleName: 'Reader', credentials };

async function using(standIn, use) {
  try {
    await use(standIn);
  } finally {
    await standIn.stop();
  }
}

const get = async (portal, query, headers = { 'x-amz-sso_bearer_token': 'good' }) => {
  const response = await fetch(`${portal.url}/federation/credentials?${query}`, { headers });
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), body: await response.json() };
};
const wanted = 'role_name=Reader&account_id=123456789012';

test('the portal gives credentials for a token', async () => {
  const expires = new Date('2030-01-01T00:00:00Z');
  await using(await startSsoPortal({ ...portalOptions, expires }), async (portal) => {
    const { body } = await get(portal, wanted);
    assert.deepEqual(body, { roleCredentials: { ...credentials, expiration: expires.getTime() } });
    assert.deepEqual(portal.problems, []);
  });
});

const portalRefusals = [
  ['no token', wanted, {}, 401, 'UnauthorizedException'],
  ['another token', wanted, { 'x-amz-sso_bearer_token': 'old' }, 401, 'UnauthorizedException'],
  ['another role', 'role_name=Admin&account_id=123456789012', undefined, 403, 'ForbiddenException'],
  ['no account', 'role_name=Reader', undefined, 400, 'InvalidRequestException'],
];
for (const [name, query, headers, status, type] of portalRefusals) {
  test(`the portal refuses ${name}`, async () => {
    await using(await startSsoPortal(portalOptions), async (portal) => {
      const answer = await get(portal, query, headers);
      assert.equal(answer.status, status);
      assert.equal(answer.type, type);
      assert.equal(answer.body.__type, `com.amazonaws.switchboard.portal#${type}`);
      assert.equal(portal.problems.length, 1);
    });
  });
}

const oidcOptions = {
  clientId: 'client', clientSecret: 'client/secret', refreshToken: 'refresh-1',
  next: { accessToken: 'new', refreshToken: 'refresh-2' },
};
const renewal = {
  clientId: 'client', clientSecret: 'client/secret', grantType: 'refresh_token', refreshToken: 'refresh-1',
};
const post = async (oidc, document, path = '/token') => {
  const response = await fetch(oidc.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: typeof document === 'string' ? document : JSON.stringify(document),
  });
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), body: await response.json() };
};

test('OIDC renews a token once; then the refresh token is another one', async () => {
  const tokens = [];
  const options = { ...oidcOptions, onToken: (token) => tokens.push(token) };
  await using(await startSsoOidc(options), async (oidc) => {
    const { body } = await post(oidc, renewal);
    assert.deepEqual(body, { tokenType: 'Bearer', expiresIn: 28_800, accessToken: 'new', refreshToken: 'refresh-2' });
    assert.deepEqual(tokens, ['new']);
    assert.deepEqual(oidc.problems, []);
    assert.equal((await post(oidc, renewal)).type, 'InvalidGrantException');
    assert.equal((await post(oidc, { ...renewal, refreshToken: 'refresh-2' })).status, 200);
  });
});

const oidcRefusals = [
  ['another client', { ...renewal, clientSecret: 'x' }, 401, 'InvalidClientException', 'invalid_client'],
  ['another grant', { ...renewal, grantType: 'password' }, 400, 'UnsupportedGrantTypeException', 'unsupported_grant_type'],
  ['no client', { ...renewal, clientId: undefined }, 400, 'InvalidRequestException', 'invalid_request'],
  ['what is not JSON', 'grantType=refresh_token', 400, 'InvalidRequestException', 'invalid_request'],
];
for (const [name, document, status, type, error] of oidcRefusals) {
  test(`OIDC refuses ${name}`, async () => {
    await using(await startSsoOidc(oidcOptions), async (oidc) => {
      const answer = await post(oidc, document);
      assert.deepEqual([answer.status, answer.type, answer.body.error], [status, type, error]);
      assert.equal(oidc.problems.length, 1);
    });
  });
}
