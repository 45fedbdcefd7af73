// TLS and proxies: an authority of one's own, certificates that must be refused, HTTPS_PROXY.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { makeCertificates } from '../support/aws/certificates.mjs';
import { startFakeDynamodb } from '../support/aws/fake_dynamodb.mjs';
import { startProxy } from '../support/aws/proxy.mjs';
import { startTlsProxy } from '../support/aws/tls_proxy.mjs';
import { run } from '../support/program.mjs';
import { unlessLanded } from './awaited.mjs';
import { asEnvironment, countUsers, identities, usersTable } from './credential_case.mjs';
import { fakeDynamodbServer, sumac } from './setting.mjs';

const { environment } = identities;
const service = 'dynamodb.us-west-2.amazonaws.com';

let folder, certificates, serviceCertificate;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sumac-test-'));
  certificates = await makeCertificates(folder);
  serviceCertificate = await certificates.issue('service', `DNS:${service}`);
});
after(() => rm(folder, { recursive: true, force: true }));

// Starts DynamoDB behind TLS, and a proxy that leads to it; runs the program once.
async function ask({ certificate, endpoint, env = {}, routes, proxyCredentials }) {
  const fake = await startFakeDynamodb(fakeDynamodbServer, { signers: [environment], tables: [usersTable] });
  const tls = await startTlsProxy({ certificate, target: fake.endpoint });
  const proxy = await startProxy({ routes: routes?.(tls), credentials: proxyCredentials });
  try {
    const answer = await run(sumac, countUsers(endpoint ? { endpoint_url: endpoint(tls, fake) } : {}), {
      cwd: folder,
      env: {
        AWS_REGION: 'us-west-2',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...asEnvironment(environment),
        ...(typeof env === 'function' ? env({ tls, proxy }) : env),
      },
    });
    await fake.stop();
    return { ...answer, fake, tls, proxy };
  } finally {
    await fake.stop();
    await proxy.stop();
    await tls.stop();
  }
}

function assertAnswered({ code, stdout, stderr, fake, proxy }) {
  assert.equal(stdout, 'n\n3\n', stderr);
  assert.equal(code, 0);
  assert.ok(fake.requests.every((request) => request.signature_right && request.status === 200));
  assert.deepEqual(proxy.problems, []);
}

function assertRefused({ code, stdout, stderr, fake }, ...patterns) {
  assert.equal(stdout, '');
  assert.equal(code, 1, stderr);
  for (const pattern of patterns) assert.match(stderr, pattern);
  assert.deepEqual(fake.requests, []);
}

const trusting = () => ({ AWS_CA_BUNDLE: certificates.authorityPath });
const loopback = (tls) => tls.url;

test('an authority of AWS_CA_BUNDLE is trusted', { skip: unlessLanded('AWS_CA_BUNDLE') }, async () => {
  const answer = await ask({ certificate: certificates.good, endpoint: loopback, env: trusting() });
  assertAnswered(answer);
  assert.ok(answer.tls.connections > 0);
});

// [name, feature, certificate, environment, what the error says]
const refused = [
  ['an authority that nobody named', 'keys', 'good', () => ({}), [/certificate/i]],
  ['a certificate that signs itself', 'keys', 'selfSigned', () => ({}), [/certificate/i]],
  ['a certificate of another name', 'AWS_CA_BUNDLE', 'wrongName', trusting, [/certificate|127\.0\.0\.1/i, /name|match/i]],
  ['a certificate that has expired', 'AWS_CA_BUNDLE', 'expired', trusting, [/certificate/i, /expired/]],
  ['a bundle that is not there', 'AWS_CA_BUNDLE', 'good', () => ({ AWS_CA_BUNDLE: '/nonexistent/bundle.pem' }), [/AWS_CA_BUNDLE|\/nonexistent\/bundle\.pem/]],
];
for (const [name, feature, certificate, env, patterns] of refused) {
  test(`${name} is refused, at once`, { skip: unlessLanded(feature) }, async () => {
    const answer = await ask({ certificate: certificates[certificate], endpoint: loopback, env: env() });
    assertRefused(answer, ...patterns);
    assert.ok(answer.tls.failures.length <= 2, 'a certificate does not get better by trying again');
  });
}

const serviceRoute = (tls) => ({ [`${service}:443`]: tls.url });
const throughProxy = ({ proxy }) => ({ ...trusting(), HTTPS_PROXY: proxy.url });

test('HTTPS_PROXY leads to the service', { skip: unlessLanded('proxy') }, async () => {
  const answer = await ask({ certificate: serviceCertificate, routes: serviceRoute, env: throughProxy });
  assertAnswered(answer);
  assert.ok(answer.proxy.requests.length > 0);
  for (const { method, target, headers } of answer.proxy.requests) {
    assert.deepEqual([method, target], ['CONNECT', `${service}:443`]);
    assert.equal(headers.authorization, undefined, 'the signature is for the service alone');
  }
  assert.ok(answer.fake.requests.every(({ host }) => host === service));
});

test('configured endpoints may be ignored', { skip: unlessLanded('endpoint from environment') }, async () => {
  const answer = await ask({
    certificate: serviceCertificate,
    routes: serviceRoute,
    env: (context) => ({
      ...throughProxy(context),
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    }),
  });
  assertAnswered(answer);
});

test('NO_PROXY passes the proxy by', { skip: unlessLanded('proxy') }, async () => {
  const answer = await ask({
    certificate: certificates.good,
    endpoint: loopback,
    env: (context) => ({ ...throughProxy(context), NO_PROXY: 'elsewhere.example,127.0.0.1' }),
  });
  assertAnswered(answer);
  assert.deepEqual(answer.proxy.requests, []);
});

test('a proxy that wants a password gets that of its URL, and it is not shown', { skip: unlessLanded('proxy') }, async () => {
  const password = 'SecretOfProxy';
  const withPassword = (given) => ({ proxy }) => ({
    ...trusting(), HTTPS_PROXY: proxy.url.replace('http://', `http://person:${given}@`),
  });
  const common = { certificate: serviceCertificate, routes: serviceRoute, proxyCredentials: `person:${password}` };
  assertAnswered(await ask({ ...common, env: withPassword(password) }));
  const wrong = await ask({ ...common, env: withPassword('SecretButWrong') });
  assertRefused(wrong, /proxy|407/i);
  assert.ok(!wrong.stderr.includes('SecretButWrong'), wrong.stderr);
});

test('a clock that is off is put right by the service', { skip: unlessLanded('clock skew') }, async () => {
  const fake = await startFakeDynamodb(fakeDynamodbServer, {
    signers: [environment], tables: [usersTable], clock_offset_minutes: 20,
  });
  try {
    const answer = await run(sumac, countUsers({ endpoint_url: fake.endpoint }), {
      cwd: folder,
      env: { AWS_REGION: 'us-west-2', ...asEnvironment(environment) },
    });
    assert.equal(answer.stdout, 'n\n3\n', answer.stderr);
    assert.equal(fake.requests.filter(({ error }) => error === 'InvalidSignatureException').length, 1);
  } finally {
    await fake.stop();
  }
});
